"""What dated changes and closures bring to the world: numbers in its arrays, each on its day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amnok.mechanisms.cameras import Cameras
from amnok.mechanisms.roles import INNER, OUTER
from amnok.scenario.changes import Spell, spells
from amnok.scenario.kept import once
from amnok.scenario.model import Scenario
from amnok.scenario.politics import ways_of
from amnok.world import people, places, rates
from amnok.world.days import row_of
from amnok.world.rates import Records

if TYPE_CHECKING:
    from amnok.world.build import World

_CAMERAS = ("fixed_cameras", "rotating_cameras")


class Turn(NamedTuple):
    """A day on which numbers change, and what the world holds from then on.

    t: the day, as a row of `world.days`; the others as in `World`.
    """

    t: int
    scenario: Scenario
    rates: Records
    sizes: Records
    goods: Records
    routes: Records
    feeds: NDArray[np.float64]


def turns(scenario: Scenario) -> tuple[Turn, ...]:
    """Each day on which numbers change, the first of the spin-up among them; none if none does."""
    return _turns(scenario) if spells(scenario) else ()


def on(scenario: Scenario, date: dt.date) -> tuple[Scenario, Records]:
    """The scenario with its numbers as they are on a date of its period, and the routes then."""
    past = [turn for turn in turns(scenario) if turn.t <= row_of(scenario, date)]
    return (past[-1].scenario, past[-1].routes) if past else (scenario, places.routes(scenario))


@once
def _turns(scenario: Scenario) -> tuple[Turn, ...]:
    return tuple(_turn(scenario, spell) for spell in spells(scenario))


def _turn(scenario: Scenario, spell: Spell) -> Turn:
    now = spell.scenario
    routes = places.routes(now)
    names = list(now.sectors)
    for sectors, there in spell.parts:
        here = np.isin(routes["sector"], [names.index(name) for name in sectors])
        routes[here] = places.routes(there)[here]
    for closure, chance in spell.shut:
        routes["open"][places.shut(now, closure), ways_of(closure.direction)] *= 1.0 - chance
    return Turn(
        row_of(scenario, spell.start),
        now,
        rates.rates(now),
        places.sizes(now),
        places.goods(now),
        routes,
        places.feeds(now),
    )


def take(world: World, turn: Turn) -> None:
    """Put what a turn brings into the world's arrays."""
    is_moved = bool((world.sizes != turn.sizes).any())
    for name in ("rates", "sizes", "goods", "feeds"):
        getattr(world, name)[...] = getattr(turn, name)
    put_routes(world.routes, turn)
    if is_moved:
        size = world.traits["size_class"]
        world.shipping_rate[:] = people.shipping_rates(turn.scenario)[size]
        if len(world.dealt):
            world.dealt[...] = people.dealt(turn.scenario, world.traits, world.traders[INNER])
        partners = world.traders[OUTER]
        world.offered[...] = people.offered(turn.scenario, world.traits, partners)


def put_routes(routes: Records, turn: Turn) -> None:
    """Put what a turn brings into routes; cameras that a plan has placed stay where they are."""
    cameras = turn.scenario.section(Cameras)
    stay = cameras is not None and cameras.allocation != "fixed"
    for field in turn.routes.dtype.names:
        if not (stay and field in _CAMERAS):
            routes[field] = turn.routes[field]

"""Games that a border's own numbers make: who checks, whom to search, what would deter.

A scenario says what leaks cost senders and how officials act, but not what officials gain by it.
What depends on that (the worth of a find, the cost of a search) is for the caller to say; the
chances that make *traders* waver do not depend on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import get_args

from amnok.errors import AmnokError, Fault
from amnok.games.consignor import ConsignorGame
from amnok.games.consignor_sides import Consignment, Police
from amnok.games.one_shot import OneShotGame
from amnok.mechanisms.patrols import Patrols
from amnok.mechanisms.security_police import SecurityPolice
from amnok.mechanisms.self_inspection import SelfInspection
from amnok.scenario import Scenario
from amnok.scenario.changes import on
from amnok.scenario.model import needed
from amnok.scenario.places import Direction, TraderSize
from amnok.world import places
from amnok.world.chances import (
    let_go_probability,
    mean_patrol_probability,
    search_factor,
    search_probability,
)
from amnok.world.consignment import items_carried, punishment, spot_check
from amnok.world.days import day_of
from amnok.world.rates import Records, rates

_USUAL = SimpleNamespace(
    channel=places.RIVER, guarded=True, bulk=1.0, search_exposure=1.0, patrol_exposure=1.0
)
"""A usual way, with as much of a route's record as is asked for here."""


def consignments_on(
    scenario: Scenario, day: dt.date, direction: Direction = "export"
) -> tuple[Consignment, ...]:
    """The kinds of consignment that can carry a leak out, or in, as they are on a day.

    One kind for each goods and size of trader, of the size's median items on a way of usual bulk.
    Only leaks that a search would find count, so a search finds whatever leak there is;
    senders look at one item more than they do on average, if that is not a whole number. `per_day`
    is what sets out on an average day of the year, halts and fears apart.

    Args:
        scenario: the border.
        day: in its period.
        direction: of the goods: `export` or `import`.

    Raises:
        AmnokError: the day is not in the scenario's period, or there is no such direction.
    """
    if direction not in get_args(Direction):
        problem = f"no direction is called '{direction}'"
        raise AmnokError(Fault(problem, "export or import", path="direction"))
    scenario = on(scenario, day)
    found = needed(scenario, SecurityPolice).find_rate.number
    numbers = rates(scenario)[0]
    loss = float(punishment(numbers, _mean_day(scenario, day)))
    checks = needed(scenario, SelfInspection)
    kinds = {name: one for name, one in scenario.goods.items() if one.direction == direction}
    weights = sum(one.weight.number for one in kinds.values())
    return tuple(
        Consignment(
            items=_items(size),
            spot_check=spot_check(numbers),
            leak_rate=goods.leak_rate.number * found,
            effectiveness=checks.effectiveness.number,
            leak_loss=loss,
            minute_cost=checks.minute_cost.number,
            minutes=goods.minutes.number,
            per_day=_sent(scenario, size, direction) * goods.weight.number / weights,
            name=f"{name}, {trader}",
        )
        for name, goods in kinds.items()
        for trader, size in scenario.traders.sizes.items()
        if goods.leak_rate.number > 0.0
    )


def consignor_games(
    scenario: Scenario,
    day: dt.date,
    find_value: float,
    search_cost: float,
    direction: Direction = "export",
) -> dict[str, ConsignorGame]:
    """The consignor's game of each kind of consignment on a day, by "goods, size".

    Args:
        scenario: the border.
        day: in its period.
        find_value, search_cost: what a find is worth to the police, and what a search costs them
            (money). No scenario says.
        direction: of the goods: `export` or `import`.

    Raises:
        AmnokError: the day is not in the period, there is no such direction, or the payoffs are out
            of range.
    """
    police = Police(1.0, find_value, search_cost)
    return {
        one.name: ConsignorGame(one, police) for one in consignments_on(scenario, day, direction)
    }


def search_chance_on(scenario: Scenario, day: dt.date) -> float:
    """Chance in the simulation that a consignment on a usual way is searched on a day."""
    scenario = on(scenario, day)
    needed(scenario, SecurityPolice)
    numbers = rates(scenario)[0]
    factor = search_factor(numbers, False, False)
    return float(search_probability(numbers, _USUAL, _mean_day(scenario, day), 1.0, factor))


@dataclass(frozen=True)
class PatrolGame:
    """Whether to send goods across while patrols are about.

    Attributes:
        goods, size: what is sent, and by a trader of which size.
        game: gain and penalty are the two partners' together; cost and loss are the caller's.
        deterring: chance of losing the goods to a patrol at which sending no longer pays.
        in_force: that chance in the simulation on the day, on a usual way over land or the river.
    """

    goods: str
    size: str
    game: OneShotGame
    deterring: float
    in_force: float


def patrol_games(
    scenario: Scenario, day: dt.date, patrol_cost: float, missed_loss: float
) -> tuple[PatrolGame, ...]:
    """The one-shot inspection game of each goods and size against the outer side's patrols.

    A violation gains the goods' margin (before transport and bribes, so that less would deter) and
    costs, when met and not let go, the goods and the arrests that follow.

    Args:
        scenario: the border.
        day: in its period.
        patrol_cost, missed_loss: what it costs the patrol to be there, and what a consignment that
            gets through costs it (money). No scenario says; `deterring` does not depend on them.

    Raises:
        AmnokError: the day is not in the period, or the payoffs are out of range.
    """
    return tuple(_patrol_games(scenario, day, patrol_cost, missed_loss))


def _patrol_games(
    scenario: Scenario, day: dt.date, cost: float, loss: float
) -> Iterator[PatrolGame]:
    scenario = on(scenario, day)
    patrols = needed(scenario, Patrols)
    numbers, kinds = rates(scenario)[0], places.sizes(scenario)
    date = _mean_day(scenario, day)
    met = mean_patrol_probability(numbers, _USUAL, date, 1.0)
    for name, goods in scenario.goods.items():
        named = zip(kinds, date.aim, scenario.traders.sizes.items(), strict=False)
        for kind, aim, (trader, size) in named:
            worth = _items(size) * goods.value.number
            gain = worth * max(0.0, goods.markup.number - 1)
            penalty = worth + patrols.arrest_share.number * size.arrest_loss.number
            held = 1 - let_go_probability(numbers, kind, False, float(aim))
            deterring = gain / (gain + penalty) if gain > 0.0 else 0.0
            yield PatrolGame(
                name, trader, OneShotGame(gain, penalty, cost, loss), deterring, met * held
            )


def _mean_day(scenario: Scenario, day: dt.date) -> Records:
    """A day as it is on average over the sectors."""
    by_zone, sectors = day_of(scenario, day), places.sectors(scenario)
    mean: Records = by_zone[0].copy()
    for name in ("intensity", "aim", "camera_level"):
        mean[name] = places.over_sectors(by_zone[name], sectors, 0)
    return mean


def _items(size: TraderSize) -> int:
    return int(items_carried(size.items.number, _USUAL.bulk))


def _sent(scenario: Scenario, size: TraderSize, direction: Direction) -> float:
    """Consignments of a direction in a day by inner-side traders of a size."""
    people = scenario.traders.inner.number * size.share_inner.number
    inward = size.import_share.number
    part = inward if direction == "import" else 1 - inward
    return people * size.shipping_rate.number * part

"""Word of mouth: what traders hear of other sectors, late, and of traders of other sizes.

Each evening people of a sector give up a share of what they go by, and take up as much of what was
known elsewhere some days ago. What is passed on is evidence for each trader, bad events and trials
alike, so that it depends neither on how many people there are nor on where a sector ends.
"""

from __future__ import annotations

from typing import Any

from amnok.compiling import rule, step
from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.mechanisms.roles import INNER, OUTER
from amnok.quantity import Days, Sectors, Share
from amnok.vector_math import exp

TOLD_OF_SECTORS = ("searched", "shipped", "taken_in", "person_days")  # as in `of_sector`
TOLD_OF_KINDS = ("lost", "tried", "released", "fined")  # as in `of_route`


class WordOfMouth(Section):
    """How fast, and how far, evidence of risk travels among traders."""

    between_sectors: Share
    """Share of the evidence that people go by which each day gives way to what is told of other
    sectors, if all whom they talk to were elsewhere. At 0 nobody hears of other sectors; high: the
    whole border soon believes the same.
    """

    reach: Sectors
    """Sectors along the border over which people's ties fade to about a third. Low: only the next
    sector is heard of; high: the farthest as much as the next.
    """

    delay: Days
    """Days that word takes from one sector to the next; farther ones take as many times longer. At
    0 it is there the same evening; high: what is told is long past.
    """

    between_sizes: Share
    """Share of the evidence that people go by which each day gives way to what traders of all sizes
    in the sector have seen. At 0 each size goes by what befalls its own; at 1 all sizes believe the
    same.
    """


@rule
def closeness(distance: float, reach: float) -> float:
    """How closely people of two sectors are tied, relative to one: `exp(-distance/reach)`.

    Args:
        distance: between the sectors (sectors along the border).
        reach: over which ties fade to about a third (sectors); 0 or less ties only one's own.

    Returns:
        A weight from 0 to 1.

    Source: assumption.

    >>> round(closeness(2.0, 2.0), 6), closeness(0.0, 0.0), closeness(1.0, 0.0)
    (0.367879, 1.0, 0.0)
    """
    if reach <= 0.0:
        return 1.0 if distance <= 0.0 else 0.0
    return exp(-distance / reach)


@rule
def days_on_the_way(delay: float, distance: float) -> float:
    """Whole days after which word from another sector is there: `round(delay * distance)`.

    Args:
        delay: from one sector to the next (days).
        distance: between the sectors (sectors along the border).

    Returns:
        Days; halves are rounded up.

    Source: assumption.

    >>> days_on_the_way(3.0, 2.0), days_on_the_way(0.4, 1.0)
    (6.0, 0.0)
    """
    return (delay * distance + 0.5) // 1.0


@rule
def taken_up(known: float, own: float, told: float, weight: float) -> float:
    """Evidence after one more is heard: `known + weight * (told - own)`.

    Weights of all who are heard add up to 1 at most, so what is known stays between the least and
    the most that anybody goes by; where all go by the same, nothing changes.

    Args:
        known: evidence with what was heard so far tonight (events for each trader).
        own: evidence before anything was heard (events for each trader).
        told: what the others went by when word set out (events for each trader).
        weight: of those others (0 to 1).

    Returns:
        Evidence (events for each trader).

    Source: model of consensus by repeated averaging (DeGroot); the delay is an assumption.

    >>> taken_up(1.0, 1.0, 3.0, 0.25)
    1.5
    """
    return known + weight * (told - own)


@step
def hear(world: Any, state: Any, t: int) -> None:
    """Write down what each sector goes by tonight, and take up what others went by some days ago.

    What was known before the first day is nothing, and nobody tells it.
    """
    note_down(world, state, t)
    for sector in range(len(world.sectors)):
        for size in range(len(world.sizes)):
            hear_of_sectors(world, state, t, sector, size)
        area = world.sectors[sector]
        for route in range(area.first_route, area.last_route):
            for size in range(len(world.sizes)):
                hear_of_routes(world, state, t, sector, route, size)
        even_out(world, state, sector)


@step
def of_sector(risk: Any) -> tuple[float, float, float, float]:
    """What people of a sector and size go by of searches and arrests."""
    return risk.searched, risk.shipped, risk.taken_in, risk.person_days


@step
def of_route(risk: Any) -> tuple[float, float, float, float]:
    """What senders of a size go by of losses and payments on a route."""
    return risk.lost, risk.tried, risk.released, risk.fined


@step
def take_up_of_sector(risk: Any, own: Any, told: Any, senders: float, partners: float) -> None:
    """Hear one more of searches, with the weight `senders`, and of arrests, with `partners`."""
    risk.searched = taken_up(risk.searched, own[0], told[0], senders)
    risk.shipped = taken_up(risk.shipped, own[1], told[1], senders)
    risk.taken_in = taken_up(risk.taken_in, own[2], told[2], partners)
    risk.person_days = taken_up(risk.person_days, own[3], told[3], partners)


@step
def take_up_of_route(risk: Any, own: Any, told: Any, weight: float) -> None:
    """Hear one more of losses and payments."""
    risk.lost = taken_up(risk.lost, own[0], told[0], weight)
    risk.tried = taken_up(risk.tried, own[1], told[1], weight)
    risk.released = taken_up(risk.released, own[2], told[2], weight)
    risk.fined = taken_up(risk.fined, own[3], told[3], weight)


@step
def note_down(world: Any, state: Any, t: int) -> None:
    """Keep tonight's evidence until word of it has arrived everywhere; of routes, by kind."""
    tonight = t % len(state.told_of_sectors)
    by_sector, by_kind = state.told_of_sectors[tonight], state.told_of_kinds[tonight]
    by_kind[:] = 0.0
    for sector in range(len(world.sectors)):
        for size in range(len(world.sizes)):
            page = by_sector[sector, size]
            page[0], page[1], page[2], page[3] = of_sector(state.sector_risk[sector, size])
    for route in range(len(world.routes)):
        way = world.routes[route]
        for size in range(len(world.sizes)):
            page = by_kind[way.sector, way.kind, size]
            own = of_route(state.route_risk[route, size])
            for n in range(len(own)):
                page[n] += own[n] / way.alike


@step
def hear_of_sectors(world: Any, state: Any, t: int, sector: int, size: int) -> None:
    """What people of a size hear of searches and arrests in other sectors."""
    risk, depth = state.sector_risk[sector, size], len(state.told_of_sectors)
    own = of_sector(risk)
    for other in range(len(world.sectors)):
        lag = world.lags[sector, other]
        if other != sector and lag <= t:
            told = state.told_of_sectors[(t - lag) % depth, other, size]
            senders = world.hearing[INNER, sector, other, size]
            partners = world.hearing[OUTER, sector, other, size]
            take_up_of_sector(risk, own, told, senders, partners)


@step
def hear_of_routes(world: Any, state: Any, t: int, sector: int, route: int, size: int) -> None:
    """What senders of a size hear of losses and payments on routes of a kind elsewhere."""
    risk, kind = state.route_risk[route, size], world.routes[route].kind
    own, depth = of_route(risk), len(state.told_of_kinds)
    for other in range(len(world.sectors)):
        lag = world.lags[sector, other]
        if other != sector and lag <= t and world.has_kind[other, kind]:
            told = state.told_of_kinds[(t - lag) % depth, other, kind, size]
            take_up_of_route(risk, own, told, world.hearing[INNER, sector, other, size])


@step
def even_out(world: Any, state: Any, sector: int) -> None:
    """Traders of all sizes of a sector talk: each moves towards what the mean trader goes by."""
    share, area = world.rates[0].word_of_mouth.between_sizes, world.sectors[sector]
    if share <= 0.0:
        return
    inner, outer = 0.0, 0.0
    for size in range(len(world.sizes)):
        inner += world.traders[INNER, sector, size]
        outer += world.traders[OUTER, sector, size]
    searched, shipped, taken_in, person_days = 0.0, 0.0, 0.0, 0.0
    for size in range(len(world.sizes)):
        own = of_sector(state.sector_risk[sector, size])
        senders = world.traders[INNER, sector, size] / max(inner, 1.0)
        partners = world.traders[OUTER, sector, size] / max(outer, 1.0)
        searched, shipped = searched + senders * own[0], shipped + senders * own[1]
        taken_in, person_days = taken_in + partners * own[2], person_days + partners * own[3]
    for size in range(len(world.sizes)):
        risk, told = state.sector_risk[sector, size], (searched, shipped, taken_in, person_days)
        take_up_of_sector(risk, of_sector(risk), told, share, share)
    for route in range(area.first_route, area.last_route):
        even_out_route(world, state, sector, route, inner, share)


@step
def even_out_route(
    world: Any, state: Any, sector: int, route: int, inner: float, share: float
) -> None:
    """The same of a route, about which the `inner` senders of the sector talk."""
    lost, tried, released, fined = 0.0, 0.0, 0.0, 0.0
    for size in range(len(world.sizes)):
        own = of_route(state.route_risk[route, size])
        part = world.traders[INNER, sector, size] / max(inner, 1.0)
        lost, tried = lost + part * own[0], tried + part * own[1]
        released, fined = released + part * own[2], fined + part * own[3]
    for size in range(len(world.sizes)):
        risk, told = state.route_risk[route, size], (lost, tried, released, fined)
        take_up_of_route(risk, of_route(risk), told, share)


MECHANISM = Mechanism(
    "word_of_mouth",
    WordOfMouth,
    "What traders hear of other sectors, late, and of traders of other sizes.",
    shapes=("checking", "crossings"),
    label="Word of mouth between sectors and sizes",
    claims="R07-2, R20-1, R20-3",
    contrasts=(
        Contrast(
            "word_of_mouth",
            "Word travels between sectors and sizes",
            setting({"word_of_mouth.between_sectors": 0.0, "word_of_mouth.between_sizes": 0.0}),
        ),
    ),
    keeps=("told_of_sectors", "told_of_kinds"),
)

"""Where dated things hold: in all sectors or in some, and which sectors are alike in that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from amnok.mechanisms.roles import ROLES
from amnok.mechanisms.targeting import Targeting
from amnok.quantity import SomeOrAll, is_among

if TYPE_CHECKING:
    from amnok.scenario.model import Scenario
    from amnok.scenario.politics import Agency, Change, Closure, Halt, Order

Zones: TypeAlias = tuple[tuple[str, ...], ...]
"""Groups of sectors that are alike."""

_MOST_NAMED = 3


def alike(sectors: Iterable[str], things: Iterable[SomeOrAll]) -> Zones:
    """The sectors, those together in which the same of several things hold.

    >>> alike(["hills", "delta", "lake"], ["all", ("delta",)])
    (('hills', 'lake'), ('delta',))
    """
    held, groups = list(things), dict[tuple[bool, ...], list[str]]()
    for sector in sectors:
        groups.setdefault(tuple(is_among(sector, one) for one in held), []).append(sector)
    return tuple(map(tuple, groups.values()))


def label_of(scenario: Scenario, name: str, one: Order | Change | Closure | Halt) -> str:
    """What tables and charts call something dated: its label, and in brackets where it holds, and
    for which goods, if for some."""
    label = one.label or name.replace("_", " ").capitalize()
    direction = getattr(one, "direction", "both")  # an order has none
    some = [] if direction == "both" else [f"{direction}s"]
    if one.sectors != "all":
        named = [scenario.sectors[sector].label for sector in one.sectors]
        some.append(", ".join(named) if len(named) <= _MOST_NAMED else f"{len(named)} sectors")
    return f"{label} ({'; '.join(some)})" if some else label


def short_of(label: str, called: str) -> str:
    """What marks on charts call something dated: what sentences do, else its label.

    >>> short_of("October 2018 order", "the October order"), short_of("A crackdown", "")
    ('October order', 'A crackdown')
    """
    own = called.removeprefix("the ")
    return own[:1].upper() + own[1:] or label


def zones(scenario: Scenario) -> Zones:
    """Sectors in which days are alike: with the same orders, halts, campaigns and agencies."""
    targeting = scenario.section(Targeting)
    campaigns = targeting.campaigns if targeting is not None else {}
    kinds = (scenario.orders, scenario.calendar.halts, campaigns, scenario.agencies)
    return alike(scenario.sectors, (one.sectors for kind in kinds for one in kind.values()))


class Post(NamedTuple):
    """An agency, its name, and the sectors that it serves, in the border's order; `serves` says of
    each sector of the border whether it is one of them."""

    name: str
    agency: Agency
    sectors: tuple[str, ...]
    serves: tuple[bool, ...]


def posts(scenario: Scenario) -> tuple[Post, ...]:
    """Agencies in the order of their roles, those of one role as written, and where each serves."""
    found = []
    for role in ROLES:
        mine = {name: one for name, one in scenario.agencies.items() if one.role == role}
        taken = {sector for one in mine.values() if one.sectors != "all" for sector in one.sectors}
        for name, one in mine.items():
            here = one.sectors if one.sectors != "all" else {*scenario.sectors} - taken
            sectors = tuple(each for each in scenario.sectors if each in here)
            found.append(Post(name, one, sectors, tuple(each in here for each in scenario.sectors)))
    return tuple(found)

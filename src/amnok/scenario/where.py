"""Where dated things hold: in all sectors or in some, and which sectors are alike in that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from amnok.mechanisms.targeting import Targeting
from amnok.quantity import SomeOrAll, is_among

if TYPE_CHECKING:
    from amnok.scenario.model import Scenario
    from amnok.scenario.politics import Change, Closure, Halt, Order

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
    """What tables and charts call something dated: its label, and where it holds if in some."""
    label = one.label or name.replace("_", " ").capitalize()
    if one.sectors == "all":
        return label
    named = [scenario.sectors[sector].label for sector in one.sectors]
    where = ", ".join(named) if len(named) <= _MOST_NAMED else f"{len(named)} sectors"
    return f"{label} ({where})"


def short_of(label: str, called: str) -> str:
    """What marks on charts call something dated: what sentences do, else its label.

    >>> short_of("October 2018 order", "the October order"), short_of("A crackdown", "")
    ('October order', 'A crackdown')
    """
    own = called.removeprefix("the ")
    return own[:1].upper() + own[1:] or label


def zones(scenario: Scenario) -> Zones:
    """Sectors in which days are alike: in which the same orders, halts and campaigns hold."""
    targeting = scenario.section(Targeting)
    campaigns = targeting.campaigns if targeting is not None else {}
    dated = (scenario.orders, scenario.calendar.halts, campaigns)
    return alike(scenario.sectors, (one.sectors for kind in dated for one in kind.values()))

"""Where dated things hold: in all sectors or in some, and which sectors are alike in that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from amnok.mechanisms.targeting import Targeting

if TYPE_CHECKING:
    from amnok.scenario.model import Scenario
    from amnok.scenario.politics import Change, Closure, Halt, Order

Sectors: TypeAlias = Annotated[tuple[str, ...], Field(min_length=1)] | Literal["all"]
Zones: TypeAlias = tuple[tuple[str, ...], ...]
"""Groups of sectors that are alike."""

_MOST_NAMED = 3


def holds_in(where: Sectors, sector: str | None) -> bool:
    """Whether what holds in such sectors holds in one of them; without one, whether in all.

    >>> holds_in("all", "delta"), holds_in(("hills",), "delta"), holds_in(("hills",), None)
    (True, False, False)
    """
    return where == "all" or sector in where


def alike(sectors: Iterable[str], things: Iterable[Sectors]) -> Zones:
    """The sectors, those together in which the same of several things hold.

    >>> alike(["hills", "delta", "lake"], ["all", ("delta",)])
    (('hills', 'lake'), ('delta',))
    """
    held, groups = list(things), dict[tuple[bool, ...], list[str]]()
    for sector in sectors:
        groups.setdefault(tuple(holds_in(one, sector) for one in held), []).append(sector)
    return tuple(map(tuple, groups.values()))


def label_of(scenario: Scenario, name: str, one: Order | Change | Closure | Halt) -> str:
    """What tables and charts call something dated: its label, and where it holds if in some."""
    label = one.label or name.replace("_", " ").capitalize()
    if one.sectors == "all":
        return label
    named = [scenario.sectors[sector].label for sector in one.sectors]
    where = ", ".join(named) if len(named) <= _MOST_NAMED else f"{len(named)} sectors"
    return f"{label} ({where})"


def zones(scenario: Scenario) -> Zones:
    """Sectors in which days are alike: in which the same orders, halts and campaigns hold."""
    targeting = scenario.section(Targeting)
    campaigns = targeting.campaigns if targeting is not None else {}
    dated = (scenario.orders, scenario.calendar.halts, campaigns)
    return alike(scenario.sectors, (one.sectors for kind in dated for one in kind.values()))

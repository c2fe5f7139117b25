"""Ways by boat, which ice stops, and ways on foot, which high water hinders (R28-2, R30-1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from amnok.compiling import rule
from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.quantity import Probability, Ratio, SomeOrAll, is_among


class Boats(Section):
    """Which ways are by boat, what ice does to them, and what high water does to the others."""

    NEUTRAL: ClassVar[Mapping[str, float]] = {"wading": 1.0}

    ice: Probability
    """Chance that a way by boat is shut on a day on which its sector's river is frozen, drawn for
    each way and day. At 0 boats always find a channel; at 1 they lie still all winter.
    """

    wading: Ratio
    """How many times as much high water raises the cost of a river way that is not by boat, beside
    `river.stage_cost`. At 1 people on foot mind high water as boats do; high: they give up in wet
    weeks.
    """

    kinds: SomeOrAll = "all"
    """The kinds of route that are taken by boat, by name, or `all`; only those over a river or
    at sea are."""

    sectors: SomeOrAll = "all"
    """The sectors where they are, or `all`."""

    def carry(self, sector: str, kind: str) -> bool:
        """Whether a kind of route is taken by boat in a sector, if it is over water."""
        return is_among(sector, self.sectors) and is_among(kind, self.kinds)


@rule
def open_despite_ice(share: float, ice: float) -> float:
    """Share of icy days on which a way by boat is open: `share * (1 - ice)`.

    Args:
        share: share of other days on which it is (0 to 1).
        ice: chance that ice shuts it (probability).

    Returns:
        A share of days.

    Source: claim R30-1; independence is an assumption.

    >>> open_despite_ice(1.0, 0.75)
    0.25
    """
    return share * (1.0 - ice)


@rule
def hindrance(stage_cost: float, by_boat: bool, wading: float) -> float:
    """How much high water raises a way's cost: `stage_cost` by boat, else `stage_cost * wading`.

    Args:
        stage_cost: relative rise of the cost from low water to the bank (dimensionless).
        by_boat: whether the way is by boat.
        wading: how many times as much it is on foot (dimensionless).

    Returns:
        Relative rise of the cost (dimensionless).

    Source: claims R28-2, R35-2; the product form is an assumption.

    >>> hindrance(0.5, True, 3.0), hindrance(0.5, False, 3.0)
    (0.5, 1.5)
    """
    return stage_cost if by_boat else stage_cost * wading


MECHANISM = Mechanism(
    "boats",
    Boats,
    "Ways by boat, which ice stops, and high water on the others.",
    shapes=("crossings",),
    label="Boats and ice, high water on foot",
    claims="R28-2, R30-1, R35-2",
    contrasts=(
        Contrast(
            "boats",
            "Ice stops boats, high water hinders walkers",
            setting({"boats.ice": 0.0, "boats.wading": 1.0}),
        ),
    ),
)

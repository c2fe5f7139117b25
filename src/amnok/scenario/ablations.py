"""What is switched off to see which pattern goes with it: of mechanisms, and of all else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amnok.mechanisms import MECHANISMS
from amnok.mechanisms.form import Contrast, Values, orders_off, setting

if TYPE_CHECKING:
    from amnok.scenario.model import Scenario

STOP = ("police", "patrol")  # roles of the agencies that stop people on the outer bank


def _same_minutes(scenario: Scenario) -> Values:
    exports = {
        name: kind.minutes.number
        for name, kind in scenario.goods.items()
        if kind.direction == "export"
    }
    even = {f"goods.{name}.minutes": sum(exports.values()) / len(exports) for name in exports}
    return setting(even)(scenario)


def _alike(scenario: Scenario) -> Values:
    """All sizes are as exempt, and as cheap to bring in, as the smallest."""
    sizes = scenario.traders.sizes
    smallest = min(sizes.values(), key=lambda size: size.items.number)
    values: dict[str, float] = {}
    for name in sizes:
        values[f"traders.sizes.{name}.exemption"] = smallest.exemption.number
        values[f"traders.sizes.{name}.bring_in_cost"] = smallest.bring_in_cost.number
    return setting(values)(scenario)


def _no_halts(scenario: Scenario) -> Values:
    return {f"calendar.halts.{name}.strength": 0.0 for name in scenario.calendar.halts}


_OTHERS = (
    Contrast(
        "investigated_wariness",
        "Investigation makes traders wary",
        setting({"learning.investigated_wariness": 1.0}),
    ),
    Contrast("checking_time", "Goods differ in checking time", _same_minutes),
    Contrast("halts", "Political dates stop the trade", _no_halts),
    Contrast("crackdown", "Central order to crack down", lambda one: orders_off(one, STOP)),
    Contrast("selection", "The large are exempt and costly to arrest", _alike),
)

CONTRASTS: tuple[Contrast, ...] = (
    *(contrast for one in MECHANISMS for contrast in one.contrasts),
    *_OTHERS,
)
"""What can be switched off: `without` in a measure, `carried_by` of a pattern."""

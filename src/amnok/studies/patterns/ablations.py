"""What is switched off to see which pattern goes with it: of mechanisms, and of all else."""

from __future__ import annotations

from amnok.mechanisms import MECHANISMS
from amnok.mechanisms.form import Contrast, Values, orders_off, setting
from amnok.scenario import Scenario
from amnok.studies.patterns.windows import STOP


def _same_minutes(scenario: Scenario) -> Values:
    exports = {
        name: kind.minutes.number
        for name, kind in scenario.goods.items()
        if kind.direction == "export"
    }
    return {f"goods.{name}.minutes": sum(exports.values()) / len(exports) for name in exports}


def _alike(scenario: Scenario) -> Values:
    """All sizes are as exempt, and as cheap to bring in, as the smallest."""
    sizes = scenario.traders.sizes
    smallest = min(sizes.values(), key=lambda size: size.items.number)
    values: dict[str, float] = {}
    for name in sizes:
        values[f"traders.sizes.{name}.exemption"] = smallest.exemption.number
        values[f"traders.sizes.{name}.bring_in_cost"] = smallest.bring_in_cost.number
    return values


def _no_halts(scenario: Scenario) -> Values:
    return {f"calendar.halts.{name}.strength": 0.0 for name in scenario.calendar.halts}


_OTHERS = (
    Contrast(
        "investigated_wariness",
        "Investigation makes traders wary",
        "P02",
        setting({"learning.investigated_wariness": 1.0}),
    ),
    Contrast("checking_time", "Goods differ in checking time", "P03", _same_minutes),
    Contrast("halts", "Political dates stop the trade", "P04", _no_halts),
    Contrast("crackdown", "Central order to crack down", "P09", lambda one: orders_off(one, STOP)),
    Contrast("selection", "The large are exempt and costly to arrest", "P10", _alike),
)

CONTRASTS: tuple[Contrast, ...] = tuple(
    sorted(
        (*_OTHERS, *(contrast for one in MECHANISMS for contrast in one.contrasts)),
        key=lambda contrast: contrast.pattern,
    )
)
"""What can be switched off, in the order of the patterns."""

"""What is switched off to see which pattern goes with it: of mechanisms, and of all else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from amnok.mechanisms import MECHANISMS
from amnok.mechanisms.form import Contrast, Rival, Values, orders_off, setting

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


def _as_the_smallest(*fields: str) -> Callable[[Scenario], Values]:
    """All sizes of traders have, in some fields, the numbers of the smallest."""

    def off(scenario: Scenario) -> Values:
        sizes = scenario.traders.sizes
        smallest = min(sizes.values(), key=lambda size: size.items.number)
        same = {field: getattr(smallest, field).number for field in fields}
        values = {
            f"traders.sizes.{name}.{field}": value
            for name in sizes
            for field, value in same.items()
        }
        return setting(values)(scenario)

    return off


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
    Contrast(
        "selection",
        "The large are exempt and costly to arrest",
        _as_the_smallest("exemption", "bring_in_cost"),
    ),
)

RIVALS: tuple[Rival, ...] = (
    Rival(
        "visibility",
        "The large cross where nobody looks",
        _as_the_smallest("customs_access", "sea_access", "air_access"),
        ("selection",),
    ),
    Rival(
        "fear",
        "Sources fear monitored phones",
        setting({"reporting.fear": 0.0, "reporting.slowdown": 0.0, "reporting.call_traced": 0.0}),
        ("phone_monitoring",),
    ),
    Rival(
        "number_of_events",
        "The order changes how much there is to report",
        setting(
            {
                "patrols.intercept_boost": 0.0,
                "phones.question_boost": 0.0,
                "customs.stop_boost": 0.0,
                "quota.boost": 0.0,
            }
        ),
        ("phone_monitoring",),
    ),
    Rival(
        "checking_cost",
        "Checking costs time",
        setting({"self_inspection.minute_cost": 0.0}),
        ("leak_penalty", "checking_time"),
    ),
    Rival(
        "learned_risk",
        "Senders learn how risky it is",
        setting({"learning.prior_weight": 1e6}),
        ("leak_penalty", "open_channels"),
    ),
)
"""Explanations beside those of the reports: exemption or visibility, fear or fewer events, cost or
risk. They are switched off to tell which of the two a pattern needs."""

CONTRASTS: tuple[Contrast, ...] = (
    *(contrast for one in MECHANISMS for contrast in one.contrasts),
    *_OTHERS,
)
"""What can be switched off: `without` in a measure, `carried_by` of a pattern."""

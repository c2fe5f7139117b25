"""Levers: what a scenario's switches and policies set, and how far each can be moved."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amnok.errors import Fault, ScenarioError
from amnok.quantity import Parameter, Prior, Unit
from amnok.scenario import overrides
from amnok.scenario.changes import unit_at
from amnok.scenario.document import Document, value_at
from amnok.scenario.loading import document_of, scenario_of
from amnok.scenario.model import Scenario
from amnok.scenario.overrides import with_values
from amnok.scenario.policies import Policy, policies, policy_override

# What a scenario without policies and switches is moved by, as far as it is there.
_USUAL = ("quota.arrests", "security_police.search_base", "patrols.intercept_base")
_WIDE = 2.0  # standard deviations of a prior that a slider covers on either side


@dataclass(frozen=True)
class Range:
    """How far a slider moves a parameter: low and high, both allowed, and the step between."""

    low: float
    high: float
    step: float


@dataclass(frozen=True)
class Levers:
    """What can be moved.

    Attributes:
        paths: parameters that switches and policies set; first those of switches, which are
            there to be turned.
        policies: for each policy, what it sets: value by path. Policies that set more than numbers
            (dates, how effort is allocated) are left out: sliders would apply half of them.
        named: the policies themselves.
        ranges: for every numeric parameter.
    """

    paths: tuple[str, ...]
    policies: Mapping[str, Mapping[str, float]]
    named: Mapping[str, Policy]
    ranges: Mapping[str, Range]


def levers(name_or_path: str | Path) -> Levers:
    """The levers of a scenario, from its switches and policies.

    Raises:
        ScenarioError: the scenario or one of its policies is not valid.
    """
    named, border = policies(name_or_path), _Overridden(document_of(name_or_path))
    set_by: dict[str, dict[str, float]] = {}
    faults: list[Fault] = []
    for policy in named.values():
        try:
            values, no_more = border.under((), [policy_override(policy)])
        except ScenarioError as error:
            faults += error.faults
        else:
            if no_more:
                set_by[policy.name] = values
    if faults:
        raise ScenarioError(dict.fromkeys(faults))
    moved = [*border.switched(), *set_by.values()]
    return _levers(border.base, set_by, named, moved if any(moved) else [_usual(border.base)])


class _Overridden:
    """What overrides set of a scenario. Most set numbers alone, which is seen in what files hold,
    at a fraction of the cost of the scenario that they make."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._switches: Any = document.data.get("switches") or {}
        self._written = _less_numbers(document.data)
        self.base = scenario_of(document.copy(), ())
        self._rest = _less_numbers(self.base.model_dump())

    def under(
        self, sets: overrides.Sets, settings: Sequence[overrides.Settings] = ()
    ) -> tuple[dict[str, float], bool]:
        """The numbers that change, value by path, and whether nothing else does.

        Raises:
            ScenarioError: with every fault of the overrides and of what they lead to.
        """
        draft = self._document.copy()
        faults = overrides.apply(draft, self._switches, sets, settings)
        if not faults and _less_numbers(draft.data) == self._written:
            values = _changed_in(draft.data, self.base)
            with suppress(ScenarioError):  # which is told below, with file and line
                with_values(self.base, values)
                return values, True
        other = scenario_of(self._document.copy(), sets, settings)
        return changed(self.base, other), _less_numbers(other.model_dump()) == self._rest

    def switched(self) -> Iterator[dict[str, float]]:
        """What every option of every switch sets; one that does not fit the rest moves nothing."""
        for name, options in self._switches.items():
            for option in options:
                with suppress(ScenarioError):
                    yield self.under([f"{name}={option}"])[0]


def _changed_in(data: Any, base: Scenario) -> dict[str, float]:
    """Numbers that differ between what files hold and a scenario: value in the files, by path."""
    found = {}
    for path, one in base.parameters():
        written = value_at(data, tuple(path.split(".")))
        if _is_number(one) and written["value"] != one.value:
            found[path] = float(written["value"])
    return found


def levers_of_saved(scenario: Scenario) -> Levers:
    """Those of a scenario that is on its own: usual ones, and how strong its dated events are."""
    return _levers(scenario, {}, {}, [_usual(scenario)])


def _usual(scenario: Scenario) -> dict[str, float]:
    """Paths alone: NaN asks for no value to be reached."""
    orders = [f"orders.{name}.intensity" for name in scenario.orders]
    news = [
        f"changes.{path}.{what}"
        for name, one in scenario.changes.items()
        for path in (name, *(f"{name}.sets.{each}" for each in one.sets))
        for what in ("strength", "value", "factor")
    ]
    shut = [f"closures.{name}.strength" for name in scenario.closures]
    return dict.fromkeys([*_USUAL, *orders, *shut, *news], math.nan)


def _levers(
    base: Scenario,
    set_by: Mapping[str, Mapping[str, float]],
    named: Mapping[str, Policy],
    moved: Sequence[Mapping[str, float]],
) -> Levers:
    known = {path: one for path, one in base.parameters() if _is_number(one)}
    wanted = dict.fromkeys(path for values in moved for path in values if path in known)
    used: dict[str, list[float]] = {}
    for values in moved:
        for path, value in values.items():
            used.setdefault(path, []).append(value)
    return Levers(
        paths=tuple(wanted),
        policies=set_by,
        named=named,
        ranges={
            path: range_of(unit_at(base, path), one, used.get(path, ()))
            for path, one in known.items()
        },
    )


def changed(base: Scenario, other: Scenario) -> dict[str, float]:
    """Numbers that differ between two scenarios: value in the other, by path."""
    before = dict(base.parameters())
    return {
        path: one.number
        for path, one in other.parameters()
        if path in before and _is_number(one) and one.value != before[path].value
    }


def _less_numbers(data: Any) -> Any:
    """A scenario's plain data without the values of numbers, and notes on who set them."""
    if not isinstance(data, dict):
        return data
    left_out = {"value", "note"} if isinstance(data.get("value"), int | float) else set()
    return {key: _less_numbers(part) for key, part in data.items() if key not in left_out}


def _is_number(parameter: Parameter) -> bool:
    return isinstance(parameter.value, int | float)


def range_of(unit: Unit | None, parameter: Parameter, also: Sequence[float] = ()) -> Range:
    """What a slider covers: the bulk of the prior, the value as it is, and what policies set.

    Args:
        unit: of the parameter.
        parameter: with its prior.
        also: further values to reach; NaN counts for nothing.
    """
    low, high = bulk(parameter.prior)
    reached = [parameter.number, *(value for value in also if not math.isnan(value))]
    low, high = min(low, *reached), max(high, *reached)
    if unit is not None:
        low, high = max(low, unit.low), min(high, unit.high)
    step = 10.0 ** math.floor(math.log10((high - low) / 100)) if high > low else 1.0
    whole_low, whole_high = math.floor(low / step) * step, math.ceil(high / step) * step
    if unit is not None:
        whole_low, whole_high = max(whole_low, unit.low), min(whole_high, unit.high)
    return Range(float(f"{whole_low:.12g}"), float(f"{whole_high:.12g}"), float(f"{step:.12g}"))


def bulk(prior: Prior) -> tuple[float, float]:
    """About the middle 95% of a prior of numbers; normal for a beta, which is near enough here."""
    if prior.uniform is not None:
        low, high = prior.uniform
        return float(low), float(high)  # type: ignore[arg-type]
    if prior.lognormal is not None:
        median, spread = prior.lognormal
        return median / spread**_WIDE, median * spread**_WIDE
    if prior.beta is not None:
        mean, strength = prior.beta
        reach = _WIDE * math.sqrt(mean * (1 - mean) / (strength + 1))
        return max(mean - reach, 0.0), min(mean + reach, 1.0)
    assert prior.normal is not None
    mean, deviation = prior.normal
    return mean - _WIDE * deviation, mean + _WIDE * deviation

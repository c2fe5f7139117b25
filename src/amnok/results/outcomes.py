"""Outcomes: what a policy is judged by, each over a stretch of days, with its unit.

They are measures (`scenario/builtin/usual/outcomes.yaml`, and the border's own), taken from the
books of a replicate as plain arrays, which is fast enough for sweeps of many thousand runs;
`labelled` gives them names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok.draws import Key
from amnok.engine import Outcome
from amnok.results.measuring.evaluate import Arms
from amnok.results.measuring.sources import BookSource, Kept, ReplicateSource
from amnok.scenario import Scenario
from amnok.scenario.measures.compiling import CompiledMeasure, Compiler
from amnok.scenario.measures.definitions import Frame, frame_text
from amnok.scenario.measures.dimensions import Space
from amnok.scenario.measures.plan import AS_IS, TotalPlan
from amnok.scenario.measures.units import in_currency
from amnok.scenario.measures.vocabulary import Definitions, Measure
from amnok.variables import MONEY, Variable, VariableTable

Arrays = Mapping[str, NDArray[np.float64]]
SIGNED = ("index",)  # units of quantities that may lie below zero
_DAY, _SECTOR, _GOODS = "day", "sector", "goods"
_PRICE = "{money} per {item}"


class OutcomeKind(NamedTuple):
    """What an outcome is.

    Attributes:
        dims: its dimensions.
        unit: in the border's currency; of a price, by the item.
        text: what it is in a few words.
        adds_up: whether it may be summed over its dimensions.
        daily: dimensions of its counts of a day, the sector among them where the books have one;
            None if it has no such counts.
        is_price: whether it is a sum of money for an item of some goods.
    """

    dims: tuple[str, ...]
    unit: str
    text: str
    adds_up: bool
    daily: tuple[str, ...] | None
    is_price: bool = False


class _Said(NamedTuple):
    """Measures of one border, compiled, by the outcome that they are of."""

    space: Space
    compiled: Mapping[str, CompiledMeasure]


# Settings that move no name and no date have the same frame: what is compiled serves all of them.
@lru_cache(maxsize=64)
def _whole(frame: str, days: tuple[int, int] | None = None) -> _Said:
    """A border's outcomes over all days, or those first <= d < last."""
    known = Frame.model_validate_json(frame)
    compiler = known.compiler()
    outcomes = known.known.outcomes
    every = {name: compiler.compile(one, days, place=name) for name, one in outcomes.items()}
    return _Said(known.space, {name: one for name, one in every.items() if not one.missing})


@lru_cache(maxsize=16)
def _daily(frame: str) -> _Said:
    """Counts of each day, by sector where there is one, of outcomes that are plain sums."""
    known, whole = Frame.model_validate_json(frame), _whole(frame)
    found = {}
    for name, one in whole.compiled.items():
        period = ((0, known.space.calendar.days),)
        if isinstance(one.plan, TotalPlan) and one.plan.runs == period:
            compiled = _by_day(known, one)
            if compiled is not None:
                found[name] = compiled
    return _Said(known.space, found)


def _by_day(known: Frame, whole: CompiledMeasure) -> CompiledMeasure | None:
    dims = tuple(dim for dim in whole.dims if dim != _SECTOR)
    for kept in ((_SECTOR, *dims), dims):
        compiler = known.compiler()
        by = {"by": (_DAY, *kept)}
        found = compiler.compile(whole.measure.model_copy(update=by))
        if not compiler.faults and set(whole.dims) <= set(found.dims):
            return found
    return None


@lru_cache(maxsize=64)
def _totals(frame: str, n_days: int) -> _Said:
    """Outcomes as measures of the counts that are kept of some days."""
    known, whole, daily = Frame.model_validate_json(frame), _whole(frame), _daily(frame)
    variables, outcomes = {}, dict(known.known.outcomes)
    for name, one in daily.compiled.items():
        adds_up = whole.compiled[name].adds_up
        table = VariableTable(name, one.dims[1:], "", kind="flow" if adds_up else "level")
        variables[name] = Variable(table, name, whole.compiled[name].unit, "", "")
        head = "sum" if adds_up else "mean"
        dims = whole.compiled[name].dims
        outcomes[name] = Measure.model_validate({head: name, "by": dims})
    definitions = Definitions.model_construct(**{**dict(known.known), "outcomes": outcomes})
    found = {}
    for name in whole.compiled:
        compiler = Compiler(known.space, definitions, variables)
        one = compiler.compile(outcomes[name], (0, n_days))
        if not compiler.faults:
            found[name] = one
    return _Said(known.space, found)


def kinds(scenario: Scenario) -> dict[str, OutcomeKind]:
    """The outcomes that a border has, in their order."""
    frame = frame_text(scenario)
    daily = _daily(frame).compiled
    space, compiled = _whole(frame)
    return {
        name: OutcomeKind(
            one.dims,
            space.told_in(_PRICE)[0] if _is_price(one) else in_currency(one.unit, space.currency),
            one.measure.label or name.replace("_", " "),
            one.adds_up,
            daily[name].dims if name in daily else None,
            _is_price(one),
        )
        for name, one in compiled.items()
    }


def _is_price(one: CompiledMeasure) -> bool:
    return one.unit == MONEY and _GOODS in one.dims and not one.adds_up


def told_in(scenario: Scenario, outcome: str, where: Collection[str]) -> tuple[str, float]:
    """The unit in which people are told of an outcome, and how many of it are in its own.

    Prices are told by what people count their goods by, a sack of grain by the kilogram.

    Args:
        scenario: whose outcome it is.
        outcome: its name.
        where: names along its dimensions, the goods among them.
    """
    space, kind = _whole(frame_text(scenario)).space, kinds(scenario)[outcome]
    goods = next((one for one in where if one in scenario.goods), "")
    return space.told_in(_PRICE, goods) if kind.is_price else (kind.unit, 1.0)


def counted(scenario: Scenario) -> dict[str, OutcomeKind]:
    """Those of them that counts of days tell, see `daily` and `totals`."""
    known = _totals(frame_text(scenario), scenario.period.days).compiled
    return {name: one for name, one in kinds(scenario).items() if name in known}


def outcomes(outcome: Outcome, scenario: Scenario, key: Key, days: slice) -> Arrays:
    """The outcomes of one replicate.

    Args:
        outcome: the replicate as it ended.
        scenario: what was simulated.
        key: the replicate's key, with which official counts and reports are drawn.
        days: which days count, as positions within the period.

    Returns:
        An array for each of `kinds`, with its dimensions. Sizes are of the inner-side sender for
        what crosses, of the person stopped for arrests and days of detention.
    """
    first, last, _ = days.indices(scenario.period.days)
    said = _whole(frame_text(scenario), (first, last))
    return _values(said, BookSource(outcome, scenario, key))


def daily(outcome: Outcome, scenario: Scenario, key: Key, only: Collection[str] = ()) -> Arrays:
    """What outcomes are made from, day by day, by `OutcomeKind.daily`.

    Args and sizes: as for `outcomes`, and `only` as for `totals`.
    """
    return _values(_daily(frame_text(scenario)), BookSource(outcome, scenario, key), only)


def totals(found: Arrays, scenario: Scenario, only: Collection[str] = ()) -> Arrays:
    """The outcomes of some days.

    Args:
        found: from `daily`, of the days that count.
        scenario: what was simulated.
        only: names of those that are wanted, as far as there are any; all of them by default.
    """
    n_days = len(next(iter(found.values())))
    return _values(_totals(frame_text(scenario), n_days), Kept(found), only)


def _values(said: _Said, source: ReplicateSource, only: Collection[str] = ()) -> Arrays:
    arms, known = Arms(said.space, {AS_IS: source}), said.compiled
    return {name: arms.value(known[name].plan) for name in known if not only or name in only}


def names(scenario: Scenario) -> dict[str, list[str]]:
    """Labels along every dimension that outcomes have."""
    kept = (
        pair for one in _whole(frame_text(scenario)).compiled.values() for pair in one.plan.kept
    )
    return {dim: [str(label) for label in labels] for dim, labels in kept}


def labelled(arrays: Arrays, scenario: Scenario, lead: tuple[str, ...] = ()) -> xr.Dataset:
    """Outcomes with names, units and descriptions; `lead` are dimensions before their own."""
    coordinates = names(scenario)
    chosen = {name: kind for name, kind in kinds(scenario).items() if name in arrays}
    return xr.Dataset(
        {
            name: (
                (*lead, *kind.dims),
                arrays[name],
                {"units": kind.unit, "long_name": kind.text},
            )
            for name, kind in chosen.items()
        },
        coords={dim: coordinates[dim] for kind in chosen.values() for dim in kind.dims},
    )

"""Measures and statements asked of results: a dataset, a saved run, or a comparison of policies."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import ValidationError

from amnok.arguments import verb, wrong
from amnok.errors import AmnokError, Fault, nearest
from amnok.results.given import given_dataset
from amnok.results.measuring.evaluate import Arms
from amnok.results.measuring.sources import Labelled, Outcomes, ReplicateSource, outcome_variables
from amnok.results.whole import frame_in
from amnok.scenario import Scenario, document, wording
from amnok.scenario.measures import statements
from amnok.scenario.measures.compiling import CompiledMeasure, Compiler
from amnok.scenario.measures.definitions import Frame, frame_of
from amnok.scenario.measures.plan import AS_IS, BASE
from amnok.scenario.measures.units import in_currency
from amnok.scenario.measures.vocabulary import TIMES, Measure
from amnok.variables import Variable


@runtime_checkable
class Compared(Protocol):
    """A comparison of policies: outcomes [policy, replicate, ...], `base` first."""

    values: xr.Dataset
    scenario: Scenario


Results: TypeAlias = (
    "xr.Dataset | str | os.PathLike[str] | Scenario | Compared | Mapping[str, xr.Dataset]"
)
"""What can be asked. A mapping holds datasets of the same people and draws by arm: "" as it is, and
by the mechanism that an arm is without."""

Asked: TypeAlias = "str | Mapping[str, Any] | Measure"


class StatementResult(NamedTuple):
    """What a statement comes to.

    Attributes:
        value: mean over replicates; NaN where there is nothing to measure.
        holds: whether it lies where it must; None where there is nothing to measure.
        values: of each replicate.
        unit: of the value.
    """

    value: float
    holds: bool | None
    values: NDArray[np.float64]
    unit: str


class Statement(statements.Statement):
    """A measure and where it must lie, as a value of its own.

    >>> Statement.said({"sum": "arrests", "at_most": 10}).asked
    'at most 10'
    """

    @classmethod
    def said(cls, data: Mapping[str, Any]) -> Statement:
        """A statement from the words of docs/measures.md.

        Raises:
            AmnokError: with everything that is wrong with it.
        """
        read: Statement = _read(cls, data)
        return read

    def evaluate(self, run: Results) -> StatementResult:
        """What it comes to, and whether it holds; see `evaluate`."""
        return evaluate(self, run)


@verb
def measure(run: Results, what: Asked) -> xr.DataArray:
    """A measure of results, for each replicate.

    Args:
        run: a dataset of `amnok.run`, the path of a saved run, a scenario (simulated once, with
            seed 1), a `Comparison`, or datasets by arm.
        what: name of a variable, a measure or an outcome; or a measure, also as a dict with the
            words of docs/measures.md.

    Returns:
        [replicate, dimensions that it keeps], with `units` and `long_name`; NaN where there is
        nothing to measure. Blocks of days (`week`) are named by their first days.

    Raises:
        AmnokError: the measure is not one that these results can tell.
    """
    asked = _Asked(run)
    said = asked.named(what)
    compiled = asked.compiled(said)
    values = asked.values(compiled)
    coords: dict[str, Any] = {"replicate": asked.replicates}
    for (dim, names), count in zip(compiled.plan.kept, values.shape[1:], strict=True):
        coords[dim] = asked.blocks(dim, count) if dim in TIMES else list(names)
    attrs = {"units": asked.unit(compiled), "long_name": said.label}
    return xr.DataArray(values, coords, ("replicate", *compiled.dims), attrs=attrs)


def evaluate(statement: statements.Statement, run: Results) -> StatementResult:
    """What a statement comes to in results, and whether it holds.

    Args:
        statement: a measure and its bounds.
        run: as for `measure`. What compares with `without` needs datasets by arm, what compares
            with `under` a comparison of policies.

    Raises:
        AmnokError: the statement is not one that these results can tell.
    """
    asked = _Asked(run)
    compiled = asked.compiled(statement)
    values = asked.values(compiled)
    seen = values[np.isfinite(values)]
    mean = float(seen.mean()) if len(seen) else math.nan
    return StatementResult(mean, statement.meets(mean), values, asked.unit(compiled))


class _Asked:
    """Results, whatever they are, as frame, variables and arms of each replicate."""

    def __init__(self, of: Any) -> None:
        if isinstance(of, str | os.PathLike | Scenario):
            of = given_dataset(of)
        if isinstance(of, xr.Dataset):
            self._set_datasets({AS_IS: of})
        elif isinstance(of, Mapping):
            self._set_datasets(of)
        elif isinstance(of, Compared):
            self._set_comparison(of)
        else:  # from Python anything may come
            problem = f"{document.describe(of)} is nothing that can be measured"
            raise AmnokError(Fault(problem, "a dataset, the path of a saved run, a comparison"))

    def _set_comparison(self, of: Compared) -> None:
        self.frame, variables = _of_comparison(of)
        policies = [str(name) for name in of.values["policy"].to_numpy()]
        known, space = self.frame.known, self.frame.space
        self.compiler = Compiler(space, known, variables, policies, has_days=False)
        self.replicates = of.values["replicate"].to_numpy()
        self._arms: Mapping[str, Callable[[int], ReplicateSource]] = {
            AS_IS if policy == BASE else policy: _outcomes(of.values, policy) for policy in policies
        }

    def _set_datasets(self, datasets: Mapping[str, xr.Dataset]) -> None:
        if AS_IS not in datasets:
            raise AmnokError(Fault('datasets by arm need one as it is, called ""'))
        arms = {arm: given_dataset(one) for arm, one in datasets.items()}
        self.frame = frame_in(arms[AS_IS])
        self.compiler = self.frame.compiler()
        self.replicates = arms[AS_IS]["replicate"].to_numpy()
        for arm, one in arms.items():
            if not np.array_equal(one["replicate"], self.replicates):
                problem = f"the datasets without {arm} and as it is are of different replicates"
                raise AmnokError(Fault(problem, "simulate both with the same seed and replicates"))
        self._arms = {arm: _labelled(one) for arm, one in arms.items()}

    def named(self, what: Asked) -> Measure:
        """The measure that is asked for."""
        if isinstance(what, Measure):
            return what
        if isinstance(what, Mapping):
            read: Measure = _read(Measure, what)
            return read
        if not isinstance(what, str):
            raise wrong("what", what, "a name, or a measure in the words of docs/measures.md")
        known = self.frame.known.usable
        if what in known:
            return known[what]
        variable = self.compiler.variables.get(what)
        if variable is None:
            fix = nearest(what, [*known, *self.compiler.variables])
            raise AmnokError(Fault(f"no measure '{what}'", fix))
        head = _head(variable)
        by = variable.axes if head == "mean" else None
        return Measure.model_validate({head: what, "by": by, "label": variable.label})

    def compiled(self, said: Measure) -> CompiledMeasure:
        """A measure on these results' border."""
        found = self.compiler.compile(said)
        if self.compiler.faults:
            raise AmnokError(self.compiler.faults)
        for arm in sorted(found.arms - set(self._arms)):
            problem = f"these results have no arm without {arm}"
            fix = "give datasets by arm, or state it in a scenario: `amnok verify` simulates arms"
            raise AmnokError(Fault(problem, fix))
        return found

    def values(self, compiled: CompiledMeasure) -> NDArray[np.float64]:
        """A measure in each replicate, [replicate, its dimensions]."""
        return np.stack([one.value(compiled.plan) for one in self._replicates()])

    def _replicates(self) -> Iterator[Arms]:
        for number in range(len(self.replicates)):
            yield Arms(self.frame.space, {arm: of(number) for arm, of in self._arms.items()})

    def blocks(self, dim: str, count: int) -> NDArray[np.datetime64]:
        """First days of the first blocks of days."""
        start = np.datetime64(self.frame.space.calendar.start, "ns")
        starts: NDArray[np.datetime64] = start + np.arange(count) * np.timedelta64(TIMES[dim], "D")
        return starts

    def unit(self, compiled: CompiledMeasure) -> str:
        """The unit of a measure, in the border's currency."""
        return in_currency(compiled.unit, self.frame.space.currency)


def _labelled(dataset: xr.Dataset) -> Callable[[int], ReplicateSource]:
    return lambda number: Labelled(dataset, number)


def _outcomes(values: xr.Dataset, policy: str) -> Callable[[int], ReplicateSource]:
    return lambda number: Outcomes(values.sel(policy=policy).isel(replicate=number))


def _of_comparison(of: Compared) -> tuple[Frame, Any]:
    """A frame in which outcomes are all that is known, each by its dimensions."""
    frame = frame_of(of.scenario)
    compiler, outcomes = frame.compiler(), frame.known.outcomes
    adds_up = [name for name, one in outcomes.items() if compiler.compile(one).adds_up]
    variables = outcome_variables(of.values, adds_up)
    known = {
        name: Measure.model_validate({_head(one): name, "by": one.axes, "label": one.label})
        for name, one in variables.items()
    }
    own = frame.own.model_copy(update={"measures": known, "outcomes": known})
    return Frame.model_construct(space=frame.space, own=own), variables


def _head(variable: Variable) -> str:
    """How a variable is measured when nothing else is said."""
    return "mean" if variable.table.kind == "level" else "sum"


def _read(kind: Any, data: Mapping[str, Any]) -> Any:
    try:
        return kind.model_validate(dict(data))
    except ValidationError as error:
        raise AmnokError(wording.faults(error, dict(data), kind)) from None

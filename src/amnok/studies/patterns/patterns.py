"""The patterns that a border states, as measures of a replicate: `docs/measures.md` has the words.

Grimm et al. 2005, Science 310: 987-991: a model is judged by several patterns at once, each too
weak to judge it alone. One set of parameters has to show all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from amnok.errors import ScenarioError
from amnok.scenario import Scenario
from amnok.scenario.ledger import ReportedPattern
from amnok.scenario.measures.compiling import CompiledMeasure, Compiler
from amnok.scenario.measures.definitions import Frame, frame_of
from amnok.scenario.measures.statements import Statement
from amnok.scenario.measures.units import in_currency


@dataclass(frozen=True)
class Measured:
    """One number of a replicate, and where a pattern says that it lies.

    Attributes:
        name: the statement's; no other pattern of the border has it.
        said: the statement.
        compiled: how it is measured on the border.
        unit: its unit, for readers.
    """

    name: str
    said: Statement
    compiled: CompiledMeasure
    unit: str

    @property
    def text(self) -> str:
        """What it is in a few words."""
        return self.said.label or self.name.replace("_", " ")


@dataclass(frozen=True)
class Pattern:
    """A pattern holds if all that it says does.

    Attributes:
        name: its id.
        reported: as the border states it.
        measures: what it says that can be measured on the border.
    """

    name: str
    reported: ReportedPattern
    measures: tuple[Measured, ...]

    @property
    def is_there(self) -> bool:
        """Whether the border has something to measure, or the pattern asks for nothing."""
        return bool(self.measures) or not self.reported.says


@dataclass(frozen=True)
class Patterns:
    """Every pattern that a border states.

    Attributes:
        frame: what their measures refer to.
        all: in the order of the file.
    """

    frame: Frame
    all: tuple[Pattern, ...]

    @property
    def measures(self) -> dict[str, Measured]:
        """Everything that is measured, by name."""
        return {one.name: one for pattern in self.all for one in pattern.measures}

    @property
    def arms(self) -> list[str]:
        """The mechanisms that a replicate is also simulated without, in their order."""
        return sorted({arm for one in self.measures.values() for arm in one.compiled.arms})

    @property
    def beyond(self) -> list[str]:
        """Patterns that speak of what the border does not have, by name."""
        return [one.name for one in self.all if not one.is_there]


def measured(compiler: Compiler, name: str, said: Statement, place: str) -> Measured:
    """A statement on a compiler's border; what is wrong with it is told at a place."""
    compiled = compiler.compile(said, place=place)
    return Measured(name, said, compiled, in_currency(compiled.unit, compiler.space.currency))


def patterns_of(scenario: Scenario) -> Patterns:
    """The patterns of a border and how they are measured on it.

    Raises:
        ScenarioError: a statement is not one that the border's books can tell.
    """
    frame = frame_of(scenario)
    compiler = frame.compiler()
    found = []
    for key, pattern in scenario.patterns.items():
        measures = (
            measured(compiler, name, said, f"patterns.{key}.says.{name}")
            for name, said in pattern.says.items()
        )
        there = tuple(one for one in measures if not one.compiled.missing)
        found.append(Pattern(key, pattern, there))
    if compiler.faults:
        raise ScenarioError(compiler.faults)
    return Patterns(frame, tuple(found))

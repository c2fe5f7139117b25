"""The windows, measures, outcomes, rows and charts that a border has: the usual and its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from amnok.errors import Fault, nearest
from amnok.quantity import Part
from amnok.scenario import document
from amnok.scenario.ablations import CONTRASTS
from amnok.scenario.kept import once
from amnok.scenario.measures.compiling import CompiledMeasure, Compiler
from amnok.scenario.measures.dimensions import ITEM, Space, space_of
from amnok.scenario.measures.plan import AS_IS, BASE, totals
from amnok.scenario.measures.vocabulary import (
    DIMENSIONS,
    TIMES,
    WEEK,
    ChartOf,
    Definitions,
    Measure,
)

if TYPE_CHECKING:
    from amnok.scenario.model import Scenario

FRAME = "border"
"""The attribute of a dataset that holds what measures of its border refer to."""

USUAL = Path(str(files("amnok.scenario").joinpath("builtin", "usual")))
_FIELDS = tuple(Definitions.model_fields)
_TAKEN = {*DIMENSIONS, *TIMES, "policy", "replicate", "point", BASE}  # by other things


class Frame(Part):
    """What measures of a border refer to; a dataset carries it along.

    Attributes:
        space: the border's names and days.
        own: what the border defines beside the usual.
    """

    space: Space
    own: Definitions

    @property
    def known(self) -> Definitions:
        """The usual definitions and the border's own, which replace those of their names."""
        both: dict[str, Any] = {
            name: {**getattr(usual(), name), **getattr(self.own, name)} for name in _FIELDS
        }
        return Definitions.model_construct(**both)

    def compiler(self) -> Compiler:
        """What turns measures into plans on this border."""
        return Compiler(self.space, self.known)


@cache
def usual() -> Definitions:
    """The definitions that every border has."""
    data: dict[str, Any] = {}
    for name in _FIELDS:
        data |= document.read(USUAL / f"{name}.yaml").data
    return Definitions.model_validate(data)


def frame_of(scenario: Scenario) -> Frame:
    """What measures of a border refer to."""
    own = {name: getattr(scenario, name) for name in _FIELDS}
    return Frame(space=space_of(scenario), own=Definitions.model_construct(**own))


@once
def frame_text(scenario: Scenario) -> str:
    """What measures of a border refer to, as JSON."""
    return frame_of(scenario).model_dump_json(exclude_defaults=True, by_alias=True)


def faults(scenario: Scenario, as_written: bool = False) -> list[Fault]:
    """Everything that is wrong with what a border says of measures, with its dotted path.

    Args:
        scenario: the border.
        as_written: whether nothing in it is overridden, so that its windows should have days.
    """
    compiler = frame_of(scenario).compiler()
    found, kept = [*_misnamed(scenario)], {}
    for name in scenario.windows:
        compiler.check_window(name, f"windows.{name}", as_written)
    for place, measure in everything(scenario):
        before = len(compiler.faults)
        compiled = compiler.compile(measure, place=place)
        if len(compiler.faults) == before:
            kept[place] = set(compiled.dims)
            found += _misplaced(place, compiled, compiler.space.calendar.days)
    return [*found, *_mislabelled(scenario, kept), *compiler.faults]


def everything(scenario: Scenario) -> Iterator[tuple[str, Measure]]:
    """Every measure that a border states, with its dotted path."""
    for name in ("measures", "outcomes"):
        for key, measure in getattr(scenario, name).items():
            yield f"{name}.{key}", measure
    for key, row in scenario.rows.items():
        yield f"rows.{key}.measure", row.measure
    for key, chart in scenario.charts.items():
        for number, line in enumerate(chart.lines):
            yield f"charts.{key}.lines[{number}].measure", line.measure
    for key, pattern in scenario.patterns.items():
        for name, statement in pattern.says.items():
            yield f"patterns.{key}.says.{name}", statement
    for key, claim in scenario.claims.items():
        for number, statement in enumerate(claim.says):
            yield f"claims.{key}.says[{number}]", statement


def _misplaced(place: str, compiled: CompiledMeasure, days: int) -> Iterator[Fault]:
    """A measure that keeps what its reader cannot show."""
    kind, blocks = place.split(".")[0], [dim for dim in compiled.dims if dim in TIMES]
    if kind == "charts":
        yield from _not_by_week(place, compiled, days)
    if kind in ("outcomes", "rows") and blocks:
        problem = f"keeps {blocks[0]}, and is one number of all its days"
        yield Fault(problem, f"leave {blocks[0]} out of `by`", path=place)


def _not_by_week(place: str, compiled: CompiledMeasure, days: int) -> Iterator[Fault]:
    """A line of a chart that is something else than a number for each week of the period."""
    parts = list(totals(compiled.plan))
    if compiled.dims[:1] != ("week",) or any(one.block != WEEK for one in parts):
        yield Fault("is not by week", "by: [week, ..]", path=place)
    elif any(one.arm != AS_IS or one.runs != ((0, days),) for one in parts):
        yield Fault("speaks of other days or arms than a run", "leave that out", path=place)


def _mislabelled(scenario: Scenario, kept: Mapping[str, set[str]]) -> Iterator[Fault]:
    """Texts with a `{word}` that stands for nothing that their measure keeps."""
    texts = [(f"rows.{key}", "label", row.label) for key, row in scenario.rows.items()]
    for key, row in scenario.rows.items():
        yield from _unknown_words(f"rows.{key}.unit", row.unit, {"money", ITEM})
        measure = f"rows.{key}.measure"
        is_one = isinstance(row.measure.where.get("goods"), str)
        if f"{{{ITEM}}}" in row.unit and not is_one and "goods" not in kept.get(measure, {"goods"}):
            fix = f"by: [goods], or where: {{goods: ..}}, or no {{{ITEM}}} in the unit"
            yield Fault("is not of one kind of goods", fix, path=measure)
    for key, chart in scenario.charts.items():
        yield from _unknown_words(f"charts.{key}.title", chart.title, {"staple"})
        yield from _unknown_words(f"charts.{key}.unit", chart.unit, {"money", ITEM})
        if f"{{{ITEM}}}" in chart.unit:
            yield from _of_several_goods(key, chart)
        if chart.surveyed:
            yield from _unsurveyed(key, chart, kept)
        texts += [
            (f"charts.{key}.lines[{number}]", "label", line.label)
            for number, line in enumerate(chart.lines)
        ]
    for place, field, text in texts:
        known = kept.get(f"{place}.measure")
        words = None if known is None else known - set(TIMES)
        yield from _unknown_words(f"{place}.{field}", text, words)


def _of_several_goods(key: str, chart: ChartOf) -> Iterator[Fault]:
    """Lines of a chart that is told by the item of its goods, and not of one kind, or of others."""
    first = chart.lines[0].measure.where.get("goods")
    for number, line in enumerate(chart.lines):
        goods = line.measure.where.get("goods")
        if not isinstance(goods, str) or goods != first:
            place = f"charts.{key}.lines[{number}].measure"
            fix = f"where: {{goods: ..}}, the same in all lines, or no {{{ITEM}}} in the unit"
            yield Fault("is not of one kind of goods", fix, path=place)


def _unsurveyed(key: str, chart: ChartOf, kept: Mapping[str, set[str]]) -> Iterator[Fault]:
    """Lines beside which there are no surveyed prices."""
    for number, line in enumerate(chart.lines):
        place = f"charts.{key}.lines[{number}].measure"
        is_one = isinstance(line.measure.where.get("goods"), str)
        if place in kept and not (is_one and kept[place] == {"week", "market"}):
            fix = "by: [week, market] and where: {goods: ..}, or leave `surveyed` out"
            yield Fault("has no surveyed prices beside it", fix, path=place)


def _unknown_words(place: str, text: str, known: Collection[str] | None) -> Iterator[Fault]:
    """What in braces is none of the words that are known; None if these are not."""
    try:
        words = [word for _, word, *_ in Formatter().parse(text) if word is not None]
    except ValueError:
        yield Fault("has an unmatched brace", "{size}, or no brace", path=place)
        return
    for word in words:
        if known is not None and word not in known:
            yield Fault(f"'{{{word}}}' stands for nothing", nearest(word, known), path=place)


def _misnamed(scenario: Scenario) -> Iterator[Fault]:
    for name in scenario.outcomes:
        if name in _TAKEN:
            problem = f"'{name}' is the name of something else in results"
            yield Fault(problem, "rename it", path=f"outcomes.{name}")
    known = [one.name for one in CONTRASTS]
    said = Counter(one for pattern in scenario.patterns.values() for one in pattern.says)
    for name, pattern in scenario.patterns.items():
        if pattern.carried_by and pattern.carried_by not in known:
            problem = f"no mechanism '{pattern.carried_by}'"
            fix = nearest(pattern.carried_by, known)
            yield Fault(problem, fix, path=f"patterns.{name}.carried_by")
        for one in pattern.says:
            if said[one] > 1:
                problem = f"'{one}' is said by several patterns"
                yield Fault(problem, "rename it", path=f"patterns.{name}.says.{one}")

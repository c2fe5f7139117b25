"""From a measure to its plan on one border: names are resolved, units derived, faults told."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from amnok.counts import measurable
from amnok.errors import nearest
from amnok.scenario.measures import plan as plans
from amnok.scenario.measures.contexts import Context, is_many
from amnok.scenario.measures.dimensions import Space
from amnok.scenario.measures.plan import MeasurePlan, Nothing, TotalPlan
from amnok.scenario.measures.statements import Statement
from amnok.scenario.measures.totals import Totals
from amnok.scenario.measures.units import Unit, times, unit_of, written
from amnok.scenario.measures.vocabulary import (
    REGISTERED,
    TIMES,
    Against,
    Measure,
    Node,
)
from amnok.scenario.measures.windows import Anchor

_PLAIN = {"share": "share", "concentration": "index"}  # units of what is a plain number
_DEEPEST = 20  # measures that use each other


@dataclass(frozen=True)
class CompiledMeasure:
    """A measure on one border.

    Attributes:
        measure: as it was said.
        plan: how it is evaluated.
        missing: what it speaks of and the border does not have: mechanisms, agencies, variables.
        variables: what it is made of; `arms`: in which arms, beside a run as it is.
    """

    measure: Measure
    plan: MeasurePlan
    missing: frozenset[str]
    variables: frozenset[str]
    arms: frozenset[str]

    @property
    def dims(self) -> tuple[str, ...]:
        """The dimensions that it keeps."""
        return self.plan.dims

    @property
    def adds_up(self) -> bool:
        """Whether values of its cells may be added up."""
        return isinstance(self.plan, TotalPlan) and self.measure.mean is None

    @property
    def unit(self) -> str:
        """Its unit in words, with `money` for the currency."""
        return written(
            self.plan.unit or {}, self.measure.per, _PLAIN.get(self.measure.head, "ratio")
        )


class Compiler(Totals):
    """Turns measures into plans. What is wrong is gathered in `faults`, with dotted paths.

    Args:
        space: the border.
        known: windows, measures and outcomes by name.
        variables: what measures are made of, by name; those of books by default.
        policies: arms of a comparison.
        has_days: False where variables are added up over their days already.
    """

    def compile(
        self,
        measure: Measure,
        days: tuple[int, int] | None = None,
        where: Mapping[str, Any] | None = None,
        place: str = "",
    ) -> CompiledMeasure:
        """A measure over all days of the period, or those first <= d < last, in some cells."""
        self._missing, self._variables, self._arms = set(), set(), set()
        first, last = days or (0, self.space.calendar.days if self.has_days else 1)
        whole = Context(((first, last),), Anchor(first, first, last), place=place)
        plan = self._node(measure, replace(whole, where=dict(where or {})))
        if isinstance(measure, Statement) and plan.dims:
            problem = f"a statement is one number, and this keeps {', '.join(plan.dims)}"
            self._fault(whole, problem, "leave out `by`")
        self.faults = list(dict.fromkeys(self.faults))  # one place may be read in two contexts
        found = (frozenset(one) for one in (self._missing, self._variables, self._arms))
        return CompiledMeasure(measure, plan, *found)

    def _node(self, node: Node, context: Context) -> MeasurePlan:
        if isinstance(node, str):
            return self._sum((node,), context, False, None)
        self._check_keys(node.where, context.at("where"))
        where = {**context.where, **node.where}
        by = context.by if node.by is None else node.by
        inside = replace(context, where=where, by=by)
        inside = replace(inside, arm=self._arm(node, inside))
        found = self._days(node.over, inside, context.at("over"))
        if not is_many(self._window(node.over)):
            if node.take is not None:
                fix = "give `over` a window with `blocks` or `river`"
                self._fault(context.at("take"), "there is one stretch of days only", fix)
            return self._finished(node, found[0][0])
        if node.take is None:
            self._fault(context, "there are several stretches of days", "say which: `take: max`")
        parts = tuple((self._finished(node, one), condition) for one, condition in found)
        none = self._finished(node, replace(inside, runs=None))
        nothing = Nothing(none.kept, none.unit)
        return plans.TakenPlan(none.kept, none.unit, node.take or "max", parts, nothing)

    def _finished(self, node: Measure, context: Context) -> MeasurePlan:
        """The value of a head, compared and scaled."""
        value = self._compared(node, context) if node.against else self._head(node, context)
        if not node.absolute and node.per == 1:
            return value
        return plans.Scaled(value.kept, value.unit, value, 0.0, node.absolute, node.per)

    def _compared(self, node: Measure, context: Context) -> MeasurePlan:
        """A measure in two contexts, or beside another."""
        other = node.against
        assert other is not None
        place = context.at("against")
        self._check_keys(other.where, place.at("where"))
        aside = replace(context, where={**context.where, **other.where})
        aside = replace(aside, arm=self._arm(other, replace(aside, place=place.place)))
        if is_many(self._window(other.over)):
            self._fault(place.at("over"), "is several stretches of days", "compare with one")
            return self._nothing(context, None)
        aside = self._days(other.over, aside, place.at("over"))[0][0]
        if other.within:
            return self._within(node, other, context, aside)
        first = self._head(node, context)
        if other.measure is None:
            second = self._head(node, aside, other)
        else:
            second = self._node(other.measure, replace(aside, place=place.at("measure").place))
        if node.as_ == "difference":
            return self._pair("difference", first, second, context)
        ratio = self._pair("ratio", first, second, context)
        if node.as_ == "ratio":
            return ratio
        return plans.Scaled(ratio.kept, ratio.unit, ratio, 1.0, False, 1.0)

    def _head(self, node: Measure, context: Context, aside: Against | None = None) -> MeasurePlan:
        at = context.at(node.head)
        if node.sum is not None or node.mean is not None:
            names = node.mean if node.sum is None else node.sum
            assert names is not None
            listed = (names,) if isinstance(names, str) else names
            return self._sum(listed, at, node.mean is not None, node.unit)
        if node.use is not None:
            return self._use(node.use, at, [node] if aside is None else [node, aside])
        if node.python is not None:
            return self._python(node.python, at)
        if node.share is not None:
            return self._share(node, context)
        if node.least or node.most:
            return self._extreme(node, at)
        if node.concentration is not None:
            return self._concentration(node.concentration, at)
        pair = node.difference if node.ratio is None else node.ratio
        assert pair is not None
        first, second = (self._node(one, at.at(place)) for place, one in enumerate(pair))
        if node.difference is not None:
            return self._pair("difference", first, second, context)
        return self._pair("ratio", first, second, context, node.empty)

    def _use(self, name: str, at: Context, users: Sequence[Measure | Against]) -> MeasurePlan:
        """A named measure; what its users say of the context goes before what it says itself."""
        known = self.known.usable
        if name not in known:
            self._fault(at, f"no measure '{name}'", nearest(name, known))
            return self._nothing(at, None)
        if name in at.used or len(at.used) > _DEEPEST:
            ring = " -> ".join((*at.used, name))
            self._fault(at, f"measures use each other in a cycle: {ring}", "break the cycle")
            return self._nothing(at, None)
        before = len(self.faults)
        own = known[name]
        said = {key for one in users for key in one.where}
        kept: dict[str, Any] = {"where": {k: v for k, v in own.where.items() if k not in said}}
        if any(one.over is not None for one in users):
            kept["over"] = None
        if any(isinstance(one, Measure) and one.by is not None for one in users):
            kept["by"] = None
        plan = self._node(own.model_copy(update=kept), replace(at, used=(*at.used, name)))
        # What is wrong with another measure here is told here, unless it is wrong there as well.
        homes = (f"measures.{name}.", f"outcomes.{name}.")
        told = {one.problem for one in self.faults[:before] if f"{one.path}.".startswith(homes)}
        self.faults[before:] = [
            replace(one, path=at.place, problem=f"in {name}: {one.problem}")
            for one in self.faults[before:]
            if one.problem not in told
        ]
        return plan

    def _python(self, name: str, at: Context) -> MeasurePlan:
        if name not in REGISTERED:
            self._fault(at, f"no measure '{name}' in Python", nearest(name, REGISTERED))
            return self._nothing(at, None)
        unit, needs = REGISTERED[name]
        self._missing.update(set(needs) - set(self.space.sections))
        if at.runs is None or self._missing:
            return Nothing((), unit_of(unit))
        return plans.Registered((), unit_of(unit), name, at.arm, at.runs)

    def _share(self, node: Measure, context: Context) -> MeasurePlan:
        assert node.share is not None
        at = context.at("share")
        whole = self._node(node.share, at)
        if node.among is None:
            self._check_keys(node.part, context.at("part"))
            inside = replace(at, where={**at.where, **node.part})
            part = self._node(node.share, inside)
            return self._pair("share", part, whole, at, node.empty)
        if node.among not in whole.dims:
            kept = ", ".join(whole.dims) or "none"
            problem = f"shares along {node.among}, and the measure keeps {kept}"
            self._fault(context.at("among"), problem, f"add {node.among} to `by`")
            return self._nothing(context, {})
        return plans.Among(whole.kept, {}, whole, whole.dims.index(node.among))

    def _extreme(self, node: Measure, at: Context) -> MeasurePlan:
        parts = [self._node(one, at.at(place)) for place, one in enumerate(node.least or node.most)]
        self._alike(parts, at)
        first = parts[0]
        return plans.Extreme(
            first.kept, first.unit, "least" if node.least else "most", tuple(parts)
        )

    def _alike(self, parts: list[MeasurePlan], at: Context) -> None:
        first = parts[0]
        for one in parts[1:]:
            if one.unit is not None and first.unit is not None and one.unit != first.unit:
                units = f"{written(first.unit)} and {written(one.unit)}"
                self._fault(at, f"compares {units}", "compare what has one unit")
            if one.kept != first.kept:
                fix = "give both the same `by` and `where`"
                self._fault(at, f"compares {_told(first)} with {_told(one)}", fix)

    def _concentration(self, pair: tuple[Node, Node], at: Context) -> MeasurePlan:
        of, along = (self._node(one, at.at(place)) for place, one in enumerate(pair))
        if of.dims[-1:] != ("size",) or along.dims != ("size",):
            fix = "by: [.., size] of the first, by: [size] of the second"
            self._fault(at, "a concentration is over sizes", fix)
            return self._nothing(at, {})
        return plans.Concentration(of.kept[:-1], {}, of, along, self.space.by_size)

    def _pair(
        self,
        how: Any,
        first: MeasurePlan,
        second: MeasurePlan,
        context: Context,
        empty: float | None = None,
    ) -> MeasurePlan:
        """Two values along the dimensions of the first; the second may lack some of them."""
        if [one for one in first.kept if one in second.kept] != [*second.kept]:
            problem = f"{_told(second)} cannot be set against {_told(first)}"
            fix = "keep the same in both, or less in the second (`by`, `where`)"
            self._fault(context, problem, fix)
            return self._nothing(context, None)
        unit: Unit | None = None
        if first.unit is not None and second.unit is not None:
            unit = times(first.unit, second.unit, -1)
            if how == "difference":
                if unit:
                    problem = f"cannot take {written(second.unit)} from {written(first.unit)}"
                    self._fault(context, problem, "take away what has the same unit")
                unit = first.unit
        lacking = tuple(place for place, one in enumerate(first.kept) if one not in second.kept)
        none = math.nan if empty is None else empty
        return plans.PairPlan(first.kept, unit, how, first, second, lacking, none)

    def _within(
        self, node: Measure, other: Against, context: Context, aside: Context
    ) -> MeasurePlan:
        """Compared cell by cell; a mean weighted by the smaller denominator."""
        at = context.at("against")
        second = node if other.measure is None else other.measure
        if node.ratio is None or isinstance(second, str) or second.ratio is None:
            problem = "only a ratio can be compared within cells"
            self._fault(at.at("within"), problem, "give both as `ratio: [.., ..]`")
            return self._nothing(context, None)
        more = set() if second is node else second.words - {"ratio", "where", "label"}
        if more:
            problem = f"compared within cells it is a ratio with where, without {', '.join(more)}"
            self._fault(at.at("measure"), problem, "say it of both, outside")
        if context.by:
            problem = f"compared within cells it is one number, and keeps {', '.join(context.by)}"
            self._fault(context, problem, "leave out `by`")
        tops, bottoms = [], []
        for one, here in ((node, context), (second, aside)):
            assert one.ratio is not None
            inside = replace(here, by=other.within)
            if one is not node:
                self._check_keys(one.where, at.at("measure", "where"))
                path = at.at("measure", "ratio").place
                inside = replace(inside, where={**here.where, **one.where}, place=path)
            else:
                inside = replace(inside, place=context.at("ratio").place)
            tops.append(self._node(one.ratio[0], inside.at(0)))
            bottoms.append(self._node(one.ratio[1], inside.at(1)))
        units = [
            times(top.unit, bottom.unit, -1)
            for top, bottom in zip(tops, bottoms, strict=True)
            if top.unit is not None and bottom.unit is not None
        ]
        if len(units) == 2 and units[0] != units[1] and node.as_ == "difference":
            problem = f"cannot take {written(units[1])} from {written(units[0])}"
            self._fault(at, problem, "take away what has the same unit")
        unit = units[0] if units and node.as_ == "difference" else {}
        return plans.Within(
            (), unit, node.as_, (tops[0], tops[1]), (bottoms[0], bottoms[1]), other.at_least
        )


def cells(
    space: Space, of: CompiledMeasure
) -> Iterator[tuple[dict[str, str | bool], tuple[int, ...]]]:
    """The cells that a measure keeps, by name and by position; without those that are empty.

    Of a bank without agencies, say, there are no arrests. Of blocks of days a cell has all, and
    they have no place in its position.
    """
    axes = {axis for name in of.variables for axis in measurable()[name].axes}
    kept = []
    for key, names in of.plan.kept:
        if key in TIMES:
            continue
        owned = [set(values) for dim, values in space.owners.get(key, {}).items() if dim in axes]
        inside = set().union(*owned) if owned and key not in axes else set(names)
        kept.append([(key, name, at) for at, name in enumerate(names) if name in inside])
    for cell in itertools.product(*kept):
        yield {key: name for key, name, _ in cell}, tuple(at for *_, at in cell)


def _told(plan: MeasurePlan) -> str:
    """What a plan keeps, in words."""
    kept = [f"{dim} ({len(names)})" if names else dim for dim, names in plan.kept]
    return ", ".join(kept) or "a total"

"""Totals of variables in a context: where plans touch the books."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amnok.errors import nearest
from amnok.scenario.measures.contexts import Context, Contexts
from amnok.scenario.measures.plan import Cells, MeasurePlan, Nothing, TotalPlan
from amnok.scenario.measures.units import Unit, times, unit_of, written
from amnok.scenario.measures.vocabulary import ATTRIBUTES, TIMES
from amnok.variables import Variable


class Totals(Contexts):
    """Turns sums and means of variables into plans; see `compiling.Compiler`."""

    def _nothing(self, context: Context, unit: Unit | None) -> Nothing:
        known = (key for key in context.by if key in self.space.labels or key in TIMES)
        kept = tuple((key, self._names(key, context.where)) for key in known)
        return Nothing(kept, unit, _blocks(context)[1])

    def _names(self, key: str, where: Mapping[str, Any]) -> tuple[str | bool, ...]:
        """The names that are kept along a dimension; none of blocks of days."""
        names = self.space.labels.get(key, ())
        if key not in where or not names:
            return names
        chosen = self.space.chosen(key, where[key])
        return tuple(name for name in names if not isinstance(chosen, str) and name in chosen)

    def _sum(
        self, names: tuple[str, ...], context: Context, is_mean: bool, unit: str | None
    ) -> MeasurePlan:
        """A total of variables over days and cells: where plans touch the books."""
        listed = (self._variable(name, names, context) for name in names)
        found = [one for one in listed if one is not None]
        there = [one for one in found if one.name not in self.space.missing]
        if len(there) < len(names):
            if found and not there:
                self._missing.update(one.name for one in found)
            if not there:
                return self._nothing(context, self._unit(found, context, is_mean, unit))
        times_kept = [key for key in context.by if key in TIMES]
        keys = tuple(key for key in context.by if key not in TIMES)
        cells = [self._cells(one, context, keys, is_mean) for one in there]
        derived = self._unit(there, context, is_mean, unit)
        good = [one for one in cells if one is not None]
        is_idle = not set(self.space.idle).isdisjoint(context.where)
        nothing = self._nothing(context, derived)
        if len(good) < len(cells) or context.runs is None or is_idle:
            return nothing
        if len(times_kept) > 1 or (times_kept and context.by[0] not in TIMES):
            self._fault(context, "keeps blocks of days that do not come first", "by: [week, ..]")
            return nothing
        self._variables.update(one.name for one in good)
        block, blocks = _blocks(context)
        n_days = sum(last - first for first, last in context.runs)
        per = (min(block, n_days) if block else n_days) if is_mean else 1
        return TotalPlan(
            nothing.kept,
            derived,
            context.arm,
            tuple(good),
            context.runs,
            block,
            blocks,
            1.0 / per,
        )

    def _variable(self, name: str, names: tuple[str, ...], context: Context) -> Variable | None:
        if name in self.variables:
            return self.variables[name]
        at = context.at(names.index(name)) if len(names) > 1 else context
        self._fault(at, f"no variable '{name}'", nearest(name, self.variables))
        return None

    def _unit(
        self, variables: list[Variable], context: Context, is_mean: bool, unit: str | None
    ) -> Unit | None:
        units = []
        for one in variables:
            if one.table.kind == "level" and not is_mean:
                self._fault(context, f"{one.name} does not add up", "use `mean`")
            if one.table.kind != "level" and is_mean and not self.has_days:
                self._fault(context, f"{one.name} has no days to be a mean of", "use `sum`")
            days = {"flow": -1, "stock": 0, "level": 0} if is_mean else {"flow": 0, "stock": 1}
            power = days.get(one.table.kind, 0)
            units.append(
                times(unit_of(one.unit), {"days": 1}, power) if power else unit_of(one.unit)
            )
        if unit is not None:
            return unit_of(unit)
        if any(one != units[0] for one in units):
            listed = " and ".join(dict.fromkeys(map(written, units)))
            self._fault(context, f"adds up {listed}", "say what that gives: `unit: ..`")
            return None
        return units[0] if units else None

    def _cells(
        self, one: Variable, context: Context, by: tuple[str, ...], is_mean: bool
    ) -> Cells | None:
        """Which group each cell of a variable belongs to; None if it cannot take a key."""
        dims = one.axes
        sizes = tuple(len(self.space.labels[dim]) for dim in dims)
        keys: list[tuple[int, tuple[int, ...], int]] = []
        good = True
        for key in (*(key for key in context.where if key not in by), *by):
            if key not in self.space.labels:
                if key not in context.where:  # else told already
                    fix = nearest(key, [*self.space.labels, *TIMES])
                    self._fault(context.at("by"), f"no dimension or attribute '{key}'", fix)
                good = False
                continue
            found = self.space.along(key, dims)
            if found is None:
                have = [*dims, *(name for name, (of, _) in ATTRIBUTES.items() if set(of) & {*dims})]
                fix = f"it has {', '.join(have) or 'none'}"
                self._fault(context, f"{one.name} is not kept by {key}", fix)
                good = False
                continue
            names = {name: place for place, name in enumerate(self._names(key, context.where))}
            along = tuple(names.get(value, -1) for value in found[1])
            # Of such people or agencies there are none.
            if max(along, default=-1) < 0 and key != "sector":
                self._missing.add(f"{key} {context.where[key]}")
            keys.append((dims.index(found[0]), along, len(names) if key in by else 0))
        if not good:
            return None
        cells = Cells(one.name, sizes, tuple(keys))
        if one.table.kind == "level" and is_mean and cells.most > 1:
            fix = f"keep (`by`) or pin (`where`) {', '.join(dims[at] for at in cells.added)}"
            self._fault(context, f"{one.name} does not add up over cells", fix)
            return None
        return cells


def _blocks(context: Context) -> tuple[int, int]:
    """Days of each block that is kept apart, and how many there are; 0 for no blocks."""
    block = next((TIMES[key] for key in context.by if key in TIMES), 0)
    n_days = sum(last - first for first, last in context.runs or ())
    return block, max(1, n_days // block) if block and n_days else 0

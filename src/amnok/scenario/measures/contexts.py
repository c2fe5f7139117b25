"""The context that a measure stands in: days, cells, arm; and what one says of it.

The rule of contexts: a measure takes the context that it stands in and overrides it key by key. A
filter that a variable cannot take is a fault, never passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from amnok.counts import measurable
from amnok.errors import Fault, nearest
from amnok.scenario.ablations import CONTRASTS
from amnok.scenario.document import dotted
from amnok.scenario.measures.dimensions import Space
from amnok.scenario.measures.plan import AS_IS, BASE
from amnok.scenario.measures.vocabulary import Against, Definitions, Measure, Window
from amnok.scenario.measures.windows import Anchor, RiverCondition, Runs, anchors, stretches
from amnok.variables import Variable

_MECHANISMS = {one.name for one in CONTRASTS}
# What an anchor asks for, where a window turns out to have no day.
_NEEDS = {
    "order": "an order must start within the period",
    "order_to": "an order must start within the period",
    "before_orders": "there must be a week before the first order",
    "halt": "a halt needs two weeks before and after it",
    "river": "a rise of the river needs two weeks before it",
}


@dataclass(frozen=True)
class Context:
    """Where a measure is evaluated: everything that a comparison may change.

    Attributes:
        runs: the days; None if there are none.
        place: the path of the measure, for faults.
    """

    runs: Runs | None
    anchor: Anchor | None = None
    arm: str = AS_IS
    where: Mapping[str, Any] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    place: str = ""
    used: tuple[str, ...] = ()

    def at(self, *keys: str | int) -> Context:
        """The same at a place inside."""
        return replace(self, place=dotted((self.place, *keys) if self.place else keys))


class Contexts:
    """Resolves what a measure says of its context; see `compiling.Compiler`."""

    def __init__(
        self,
        space: Space,
        known: Definitions,
        variables: Mapping[str, Variable] | None = None,
        policies: Collection[str] = (),
        has_days: bool = True,
    ) -> None:
        self.space, self.known, self.policies = space, known, policies
        self.has_days = has_days
        self.variables = measurable() if variables is None else variables
        self.faults: list[Fault] = []
        self._missing: set[str] = set()
        self._variables: set[str] = set()
        self._arms: set[str] = set()

    def _fault(self, context: Context, problem: str, fix: str = "") -> None:
        self.faults.append(Fault(problem, fix, path=context.place))

    def _window(self, over: str | Window | None) -> Window | None:
        return self.known.windows.get(over) if isinstance(over, str) else over

    def _days(
        self, over: str | Window | None, context: Context, place: Context
    ) -> list[tuple[Context, RiverCondition | None]]:
        """Contexts for the stretches of days of a window, each with what a run must show."""
        if over is None:
            return [(context, None)]
        window = self._window(over)
        if not self.has_days:
            problem = "outcomes of a comparison are added up over its days already"
            self._fault(place, problem, "ask a dataset, or compare these days: `days` of `compare`")
            return [(context, None)]
        if window is None:
            self._fault(place, f"no window '{over}'", nearest(str(over), self.known.windows))
            return [(replace(context, runs=None, anchor=None), None)]
        if window.anchors:
            is_known = self._names_what_there_is(window, None if isinstance(over, str) else place)
            found = anchors(window, self.space.calendar) if is_known else []
        else:
            found = [context.anchor] if context.anchor is not None else []
        result: list[tuple[Context, RiverCondition | None]] = []
        for anchor in found:
            inside, condition = context, anchor.condition if window.river is not None else None
            sectors = anchor.sectors if condition is None else condition.sectors
            if sectors is not None:
                inside = replace(context, where=self._in_sectors(context.where, sectors))
            result += [
                (replace(inside, runs=runs, anchor=anchor), condition)
                for runs in stretches(window, anchor, self.space.calendar)
            ]
        if result or is_many(window):
            return result
        return [(replace(context, runs=None, anchor=None), None)]

    def _in_sectors(self, where: Mapping[str, Any], sectors: tuple[str, ...]) -> dict[str, Any]:
        wanted = self.space.chosen("sector", where["sector"]) if "sector" in where else sectors
        return {**where, "sector": tuple(name for name in sectors if name in wanted)}

    def check_window(self, name: str, place: str, needs_days: bool) -> None:
        """Tell what is wrong with a named window: what it names, or that it has no day here.

        Args:
            name: of the window.
            place: its path.
            needs_days: whether one without any is at fault; it is not if a mechanism is missing.
        """
        window, at = self.known.windows[name], Context(None, place=place)
        missing, self._missing = self._missing, set()
        if window.anchors and self._names_what_there_is(window, at) and needs_days:
            calendar = self.space.calendar
            found = (stretches(window, one, calendar) for one in anchors(window, calendar))
            if not self._missing and not any(found):
                last = calendar.start + dt.timedelta(days=calendar.days - 1)
                problem = f"no day of it is in the period from {calendar.start} to {last}"
                self._fault(at, problem, _NEEDS.get(window.anchors[0], "change its dates"))
        self._missing = missing

    def _names_what_there_is(self, window: Window, place: Context | None) -> bool:
        """Whether a window names what there is; what needs a mechanism may not be there.

        Faults are told at a place, if one is given: those of named windows stand at their own.
        """
        calendar, roles = self.space.calendar, self.space.labels["role"]
        wanted = [*self.space.known("role"), "cameras"]
        named: list[tuple[tuple[str | int, ...], str, str | None, Iterable[str]]] = [
            (("phase",), "phase", window.phase, calendar.phases),
            (("order",), "order", window.order, calendar.orders),
            (("halt",), "halt", window.halt, [*calendar.halts, "full"]),
            *((("order_to", n), "role", one, wanted) for n, one in enumerate(window.order_to)),
        ]
        unknown = [one for one in named if one[2] is not None and one[2] not in one[3]]
        if place is not None:
            for keys, word, name, known in unknown:
                self._fault(place.at(*keys), f"no {word} '{name}'", nearest(str(name), known))
        has_cameras = ("cameras",) if "cameras" in self.space.sections else ()
        if window.order_to and {*roles, *has_cameras}.isdisjoint(window.order_to):
            self._missing.update(window.order_to)
        if window.river is not None and "river" not in self.space.sections:
            self._missing.add("river")
        return not unknown

    def _arm(self, node: Measure | Against, context: Context) -> str:
        """The arm that a measure is to be evaluated in."""
        if node.under is not None:
            if node.under not in self.policies:
                fix = (
                    "policies are compared by `amnok compare`; a mechanism is left out by `without`"
                )
                fix = nearest(node.under, self.policies) if self.policies else fix
                self._fault(context.at("under"), f"no policy '{node.under}'", fix)
            return AS_IS if node.under == BASE else node.under
        if node.without is None:
            return context.arm
        if node.without not in _MECHANISMS:
            fix = nearest(node.without, _MECHANISMS)
            self._fault(context.at("without"), f"no mechanism '{node.without}'", fix)
            return AS_IS
        self._arms.add(node.without)
        return node.without

    def _check_keys(self, where: Mapping[str, Any], place: Context) -> None:
        for key, wanted in where.items():
            if key not in self.space.labels:
                fix = nearest(key, self.space.labels)
                self._fault(place.at(key), f"no dimension or attribute '{key}'", fix)
            else:
                unknown = self.space.chosen(key, wanted)
                if isinstance(unknown, str):
                    fix = nearest(unknown, self.space.known(key))
                    self._fault(place.at(key), f"no '{unknown}' along {key}", fix)


def is_many(window: Window | None) -> bool:
    """Whether a window may be several stretches of days."""
    return window is not None and (window.river is not None or window.blocks is not None)

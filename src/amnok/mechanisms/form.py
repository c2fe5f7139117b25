"""What a mechanism says of itself: the form that every module of this package fills in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from amnok.decisions import Decision
from amnok.mechanisms.roles import Role
from amnok.quantity import Part
from amnok.variables import Variable

PlanMethod = Literal["stackelberg", "quantal"]
Values = Mapping[str, float]


class Section(Part):
    """A section that a border may leave out: it then has no such mechanism.

    Kernels of a border without it read the numbers in NEUTRAL, and 0 for all others.
    """

    NEUTRAL: ClassVar[Mapping[str, float]] = {}


@dataclass(frozen=True)
class Contrast:
    """What is switched off to see which patterns go with it; all else, draws too, stays as it is.

    Attributes:
        name: short, for the command line and for data.
        label: what is switched off, in a few words.
        off: the values that switch it off in a scenario, by path. What a scenario lacks, an order
            for cameras say, leaves nothing to switch off, and the values are empty.
        where: the parts of a scenario that it is about, as its people call them, if it names any.
        called: what sentences call it, after "because of"; without it, the mechanism by its label.
    """

    name: str
    label: str
    off: Callable[[Any], Values]
    where: Callable[[Any], Sequence[str]] | None = field(default=None, kw_only=True)
    called: str = field(default="", kw_only=True)

    def label_on(self, scenario: Any) -> str:
        """The label with the parts of a scenario that it is about."""
        parts = self.where(scenario) if self.where else ()
        return f"{self.label}: {', '.join(parts)}" if parts else self.label


@dataclass(frozen=True)
class Rival(Contrast):
    """Another explanation of a pattern: without it, the pattern stays if it needs nothing of it.

    Attributes:
        of: names of the contrasts that are said to carry the patterns.
    """

    of: tuple[str, ...]


@dataclass(frozen=True)
class Alarm:
    """What makes it likelier that somebody meets a consignment, if it is raised.

    The day draws whether it is; plans and games expect it with that chance.

    Attributes:
        draw: the decision whether it is raised.
        raised: a step: the chance that it is, from `rates`, `way` (a route) and `day`.
        factor: a step: how many times likelier a meeting then is, from `rates`.
        book: a step that counts it, given `tally` and `trip`.
    """

    draw: Decision
    raised: Callable[..., float]
    factor: Callable[..., float]
    book: Callable[..., None]


@dataclass(frozen=True)
class Mechanism:
    """A mechanism of a border, which the border may leave out.

    Attributes:
        name: of its section in a scenario, and of its module.
        section: its numbers.
        text: one sentence on what the section holds.
        shapes: outcomes that its numbers shape most directly, keys of `evidence.STANDS_ON`.
        label: what its formulas are about, in a few words; nothing if it has none.
        claims: of the ledger, that they stand on.
        roles: of the agencies that act by it.
        does: what it does to people, in the words of `amnok.variables`.
        results: what it adds to the results: counts, and variables of other tables. That each needs
            this mechanism goes without saying.
        keeps: state variables that only it needs, as in `engine.state.State`.
        draws: what it lets chance decide; two mechanisms may use different words of one draw.
        warns_patrols: what it does to the chance that a patrol meets a consignment.
        contrasts: what can be switched off of it, for patterns to go with it.
    """

    name: str
    section: type[Section]
    text: str
    shapes: tuple[str, ...] = ()
    label: str = ""
    claims: str = "-"
    roles: tuple[Role, ...] = ()
    does: tuple[str, ...] = ()
    results: tuple[Variable, ...] = ()
    keeps: tuple[str, ...] = ()
    draws: tuple[Decision, ...] = ()
    warns_patrols: Alarm | None = None
    contrasts: tuple[Contrast, ...] = ()


def setting(values: Values) -> Callable[[Any], Values]:
    """These values by path, as far as a scenario has the sections that they are in."""

    def off(scenario: Any) -> Values:
        there = dict(scenario.parameters())
        return {path: value for path, value in values.items() if path in there}

    return off


def orders_off(scenario: Any, targets: Collection[str]) -> Values:
    """No orders that raise what agencies of such roles do (or `cameras`); relaxations stay."""
    names = {name for name, agency in scenario.agencies.items() if agency.role in targets}
    names |= {"cameras"}.intersection(targets)
    return {
        f"orders.{name}.intensity": 0.0
        for name, order in scenario.orders.items()
        if not (order.lowers or names.isdisjoint(scenario.moved_by(order)))
    }

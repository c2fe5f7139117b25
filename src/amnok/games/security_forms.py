"""Game files of security games: what may stand in them, and their answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated

import numpy as np
from pydantic import Field

from amnok.errors import AmnokError, Fault
from amnok.games.bayesian import BayesianGame
from amnok.games.gamefile import Answer, GameFile, PlanTable
from amnok.games.marginals import allocations
from amnok.games.quantal import QuantalGame
from amnok.games.schedules import ScheduleGame
from amnok.games.security import SecurityGame
from amnok.games.targets import Floats, Targets
from amnok.quantity import Part
from amnok.scenario.consistency import nearest

_MOST_SETS = 100  # that a table shows
_UNPROVEN = "Time ran out: the best plan so far; the gap says how far from the best it can be."

NotNegative = Annotated[float, Field(ge=0)]
Seconds = Annotated[float, Field(gt=0)]


class TargetPart(Part):
    """Payoffs at one target; `value` stands for a game of all or nothing, 0 if covered."""

    value: float | None = None
    defender_covered: float | None = None
    defender_uncovered: float | None = None
    attacker_covered: float | None = None
    attacker_uncovered: float | None = None


_PAYOFFS = tuple(name for name in TargetPart.model_fields if name != "value")
_TargetParts = Annotated[dict[str, TargetPart], Field(min_length=1)]


def targets_of(parts: Mapping[str, TargetPart], path: str = "targets") -> Targets:
    """The targets of a file, in its order.

    Raises:
        AmnokError: a target has not either `value` or the four payoffs, or these do not fit.
    """
    faults = []
    for name, part in parts.items():
        given = [one for one in _PAYOFFS if getattr(part, one) is not None]
        if (part.value is None) == (not given) or (given and len(given) < len(_PAYOFFS)):
            missing = [one for one in _PAYOFFS if one not in given]
            problem = f"lacks {', '.join(missing)}" if given else "has no payoffs"
            if part.value is not None:
                problem = f"has value and {', '.join(given)}"
            fix = f"either value, or all of {', '.join(_PAYOFFS)}"
            faults.append(Fault(problem, fix, path=f"{path}.{name}"))
    if faults:
        raise AmnokError(faults)
    columns: list[list[float]] = [[], [], [], []]
    for part in parts.values():
        value = part.value
        row = [getattr(part, one) for one in _PAYOFFS] if value is None else [0, -value, 0, value]
        for column, number in zip(columns, row, strict=True):
            column.append(float(number))
    try:
        return Targets(*map(np.array, columns))
    except AmnokError as error:
        raise AmnokError(_named(fault, list(parts), path) for fault in error.faults) from None


def _named(fault: Fault, names: list[str], path: str) -> Fault:
    """A fault of a list's entry as one of the target that it belongs to."""
    entry = re.fullmatch(r"(\w+)\[(\d+)\]", fault.path)
    if entry is None:
        return fault
    return replace(fault, path=f"{path}.{names[int(entry[2])]}.{entry[1]}")


def _coverage(names: Iterable[str], targets: Targets, coverage: Floats) -> PlanTable:
    defender, attacker = targets.defender(coverage), targets.attacker(coverage)
    rows = zip(names, coverage.tolist(), defender.tolist(), attacker.tolist(), strict=True)
    columns = ("target", "covered", "defender, if attacked", "attacker, if attacked")
    return PlanTable("Coverage", columns, tuple(rows))


class SecurityFile(GameFile):
    """`game: security`; resources need not be whole if `divisible`."""

    resources: NotNegative
    divisible: bool = False
    targets: _TargetParts

    def answer(self, exact: bool) -> Answer:
        names = list(self.targets)
        if not self.divisible and self.resources != int(self.resources):
            problem = f"is {self.resources:g}, must be a whole number"
            raise AmnokError(Fault(problem, "or set divisible: true", path="resources"))
        targets = targets_of(self.targets)
        plan = SecurityGame(targets, self.resources).solve()
        tables = [_coverage(names, targets, plan.coverage)]
        if not self.divisible and len(names) <= _MOST_SETS:
            sets = allocations(plan.coverage)
            rows = tuple(
                (float(chance), ", ".join(names[place] for place in covered) or "none")
                for chance, covered in zip(sets.chances, sets.covered, strict=True)
            )
            tables.append(PlanTable("What to cover together", ("chance", "targets"), rows))
        return Answer(
            f"Security game: {len(names):,} targets, {self.resources:g} resources",
            {"value to the defender": plan.value, "value to the attacker": plan.attacker_value},
            tuple(tables),
            plan.certificate,
            (f"The attacker strikes {names[plan.attacked]}; ties go to the defender.",),
        )


class ScheduleFile(GameFile):
    """`game: security-schedules`; schedules are lists of targets, by name."""

    resources: Annotated[int, Field(ge=0)]
    targets: _TargetParts
    schedules: Annotated[dict[str, Annotated[list[str], Field(min_length=1)]], Field(min_length=1)]

    def answer(self, exact: bool) -> Answer:
        names, tours = list(self.targets), list(self.schedules)
        faults = [
            Fault(
                f"no target is called '{name}'",
                nearest(name, names),
                path=f"schedules.{tour}[{place}]",
            )
            for tour, stops in self.schedules.items()
            for place, name in enumerate(stops)
            if name not in self.targets
        ]
        faults += [
            Fault("names a target twice", path=f"schedules.{tour}")
            for tour, stops in self.schedules.items()
            if len(set(stops)) < len(stops)
        ]
        if faults:
            raise AmnokError(faults)
        targets = targets_of(self.targets)
        numbered = [[names.index(name) for name in stops] for stops in self.schedules.values()]
        plan = ScheduleGame(targets, numbered, self.resources).solve()
        rows = tuple(
            (float(chance), ", ".join(tours[place] for place in patrol) or "none")
            for chance, patrol in zip(plan.chances, plan.patrols, strict=True)
        )
        return Answer(
            f"Security game over schedules: {len(names):,} targets, {len(tours):,} schedules, "
            f"{self.resources} at once",
            {"value to the defender": plan.value, "value to the attacker": plan.attacker_value},
            (
                PlanTable("Patrols", ("chance", "schedules"), rows),
                _coverage(names, targets, plan.coverage),
            ),
            plan.certificate,
            (f"The attacker strikes {names[plan.attacked]}; ties go to the defender.",),
        )


class QuantalFile(GameFile):
    """`game: quantal-security`; either `weights` (SUQR) or `rationality` (logit)."""

    resources: NotNegative
    targets: _TargetParts
    weights: tuple[float, float, float] | None = None
    rationality: NotNegative | None = None

    def answer(self, exact: bool) -> Answer:
        if self.weights is not None and self.rationality is not None:
            fix = "keep weights for SUQR, rationality for logit choice"
            raise AmnokError(Fault("is given beside weights", fix, path="rationality"))
        names, targets = list(self.targets), targets_of(self.targets)
        if self.rationality is not None:
            game = QuantalGame.logit(targets, self.resources, self.rationality)
        elif self.weights is not None:
            game = QuantalGame.suqr(targets, self.resources, self.weights)
        else:
            game = QuantalGame.suqr(targets, self.resources)
        plan = game.solve()
        rows = zip(names, plan.coverage.tolist(), plan.attacked.tolist(), strict=True)
        return Answer(
            f"Security game, attackers choose with noise: {len(names):,} targets, "
            f"{self.resources:g} resources",
            {"value to the defender": plan.value},
            (PlanTable("Coverage", ("target", "covered", "attacked"), tuple(rows)),),
            plan.certificate,
        )


class TypePart(Part):
    """One type of attacker: how likely it is, and what is at stake with it."""

    chance: Annotated[float, Field(ge=0, le=1)]
    targets: _TargetParts


class BayesianFile(GameFile):
    """`game: bayesian-security`; every type names the same targets."""

    resources: NotNegative
    types: Annotated[dict[str, TypePart], Field(min_length=1)]
    seconds: Seconds | None = None

    def answer(self, exact: bool) -> Answer:
        kinds = list(self.types)
        names = list(self.types[kinds[0]].targets)
        faults, types = [], []
        for kind, part in self.types.items():
            path = f"types.{kind}.targets"
            if set(part.targets) != set(names):
                problem = f"are not those of {kinds[0]}: {', '.join(names)}"
                faults.append(Fault(problem, "name the same targets", path=path))
                continue
            try:
                types.append(targets_of({name: part.targets[name] for name in names}, path))
            except AmnokError as error:
                faults += error.faults
        total = sum(part.chance for part in self.types.values())
        if abs(total - 1.0) > 1e-9:
            problem = f"the chances of all types add up to {total:.12g}"
            faults.append(Fault(problem, "they must add up to 1", path="types"))
        if faults:
            raise AmnokError(faults)
        chances = np.array([part.chance for part in self.types.values()])
        game = BayesianGame(types, chances, self.resources)
        plan = game.solve(self.seconds or np.inf)
        struck = [names[place] for place in plan.attacked]
        told = zip(kinds, chances.tolist(), struck, plan.attacker_values.tolist(), strict=True)
        covered = tuple(zip(names, plan.coverage.tolist(), strict=True))
        return Answer(
            f"Security game against {len(kinds)} types: {len(names):,} targets, "
            f"{self.resources:g} resources",
            {"value to the defender": plan.value},
            (
                PlanTable("Coverage", ("target", "covered"), covered),
                PlanTable("Types", ("type", "chance", "strikes", "its payoff"), tuple(told)),
            ),
            plan.certificate,
            () if plan.finished else (_UNPROVEN,),
        )

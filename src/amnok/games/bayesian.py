"""Security games against attackers of several types: the small, the large, the protected.

The defender commits to coverage without knowing which type will come; each type has payoffs of its
own and strikes where it pays best, ties going to the defender (a Bayesian strong Stackelberg
equilibrium). One mixed-integer program says which target each type strikes (DOBSS, Paruchuri et al.
2008, for security games), within bounds from each type alone; a linear program then says how to
cover. `BayesianGame.check` proves the value another way, by linear programs in a tree of cases.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from amnok.allocation.certificate import Certificate, Game, Inputs
from amnok.cells import counted
from amnok.errors import AmnokError, Fault
from amnok.games.files import UNPROVEN, Amount, Answer, GameFile, Seconds, plan_table
from amnok.games.highs import INFINITY, Program
from amnok.games.security import SecurityGame, attacker_level, over_budget
from amnok.games.targets import Floats, TargetParts, Targets, span, targets_of
from amnok.quantity import Part

_CLOSE = 1e-10  # in payoffs from 0 to 1
_LOOSE = 1e-7  # for limits that only help HiGHS: tight ones made it lose solutions


@dataclass(frozen=True, eq=False)
class BayesianGame(Game["BayesianPlan"]):
    """Types of attackers at the same targets.

    Attributes:
        types: what is at stake with each type, [type]; the defender's payoffs may differ too.
        chances: how likely each type is, [type]; they add up to 1.
        resources: how many targets can be covered at once, 0 or more; need not be whole.

    Raises:
        AmnokError: types differ in their number of targets, chances are none, or resources are
            below 0; every fault at once.
    """

    types: Sequence[Targets]
    chances: Floats
    resources: float

    def __post_init__(self) -> None:
        inputs = Inputs()
        inputs.require(len(self.types) > 0, "types", "is empty", "one at least")
        for index, targets in enumerate(self.types):
            count, wanted = len(targets), len(self.types[0])
            problem = f"has {count} targets, must be {wanted} as the first"
            inputs.require(count == wanted, f"types[{index}]", problem)
        chances = inputs.vector(
            "chances", self.chances, length=len(self.types) or None, least=0.0, most=1.0
        )
        total = float(chances.sum())
        if np.isfinite(total):
            good = abs(total - 1.0) <= 1e-9
            inputs.require(good, "chances", f"add up to {total:.12g}, must be 1")
        resources = float(inputs.number("resources", self.resources, least=0.0))
        inputs.done()
        object.__setattr__(self, "types", tuple(self.types))
        object.__setattr__(self, "chances", chances)
        object.__setattr__(self, "resources", resources)

    def scale(self) -> float:
        """The largest payoff in absolute size."""
        return max(targets.scale() for targets in self.types)

    def value(self, coverage: Floats, attacked: Sequence[int]) -> float:
        """Expected payoff of the defender if each type attacks the target named."""
        rows = zip(self.chances, self.types, attacked, strict=True)
        return float(sum(chance * one.defender(coverage)[place] for chance, one, place in rows))

    def solve(self, seconds: float = INFINITY) -> BayesianPlan:
        """The best plan, or the best found in time with its gap; needs the extra `solve`.

        Raises:
            AmnokError: the time is no number above 0, or HiGHS is not installed.

        >>> small, large = Targets.zero_sum([4, 1]), Targets.zero_sum([1, 4])
        >>> BayesianGame([small, large], [0.5, 0.5], 1).solve().value
        -2.0
        """
        inputs = Inputs()
        if seconds != INFINITY:
            inputs.number("seconds", seconds, above=0.0)
        inputs.done()
        scaled = [_scaled(self, targets) for targets in self.types]
        deadline = time.monotonic() + seconds
        attacked, bound, finished = _attacked(self, scaled, seconds)
        coverage = _cover(self, scaled, attacked)
        if attacked is None or coverage is None:
            # HiGHS took what no coverage allows, by a hair, or found nothing at all.
            tree = _Tree(self, scaled, -INFINITY, deadline)
            tree.grow((), 0.0)
            attacked, bound, finished = tree.best, tree.bound, tree.finished
            coverage = _cover(self, scaled, attacked)
            assert coverage is not None
        value = self.value(coverage, attacked)
        low, unit = _defender_range(self)
        bound = value if finished else max(value, low + bound * unit)
        certificate = _certificate(self, coverage, attacked, value, bound)
        payoffs = np.array(
            [one.attacker(coverage)[place] for one, place in zip(self.types, attacked, strict=True)]
        )
        coverage.setflags(write=False)
        return BayesianPlan(coverage, attacked, value, payoffs, finished, certificate)

    def check(self, plan: BayesianPlan, seconds: float = INFINITY) -> Certificate:
        """The certificate of a plan, made anew from the payoffs.

        The bound comes from linear programs in a tree of cases: which target the first type
        strikes, which the second, and so on; a branch ends where even the most from all other types
        cannot beat the plan. It grows weaker, never wrong, if the time runs out.

        Raises:
            AmnokError: the plan has not one coverage for each target and one attacked for each
                type.
        """
        inputs, count = Inputs(), len(self.types[0])
        coverage = inputs.vector("coverage", plan.coverage, length=count)
        same = len(plan.attacked) == len(self.types)
        inputs.require(same, "attacked", f"must name {len(self.types)} targets, one for each type")
        for index, target in enumerate(plan.attacked):
            inputs.count(f"attacked[{index}]", target, most=count - 1)
        inputs.done()
        low, unit = _defender_range(self)
        value = self.value(coverage, plan.attacked)
        types = [_scaled(self, targets) for targets in self.types]
        tree = _Tree(self, types, (value - low) / unit, time.monotonic() + seconds)
        tree.grow((), 0.0)
        return _certificate(self, coverage, plan.attacked, plan.value, low + tree.bound * unit)


@dataclass(frozen=True, eq=False)
class BayesianPlan:
    """Coverage to commit to.

    Attributes:
        coverage: chance that each target is covered, [target].
        attacked: the target that each type chooses, [type].
        value: expected payoff of the defender.
        attacker_values: payoff of each type, [type].
        finished: False if time ran out before the plan was proven best; the gap says how far off.
        certificate: what proves it.
    """

    coverage: Floats
    attacked: tuple[int, ...]
    value: float
    attacker_values: Floats
    finished: bool
    certificate: Certificate


def _defender_range(game: BayesianGame) -> tuple[float, float]:
    return span(
        np.stack([one.defender_uncovered for one in game.types]),
        np.stack([one.defender_covered for one in game.types]),
    )


@dataclass(frozen=True, eq=False)
class _Scaled:
    """A type with payoffs from 0 to 1, and what it would do if it were the only one."""

    open: Floats
    loss: Floats
    worth: Floats
    gain: Floats
    level: float  # the lowest payoff that it can be held to
    possible: NDArray[np.bool_]  # targets that it can be made to attack
    most: float  # that the defender can get from it
    choice: int


def _scaled(game: BayesianGame, targets: Targets) -> _Scaled:
    low, unit = span(targets.attacker_covered, targets.attacker_uncovered)
    worst, defender_unit = _defender_range(game)
    open_, covered = (
        (targets.attacker_uncovered - low) / unit,
        (targets.attacker_covered - low) / unit,
    )
    worth = (targets.defender_uncovered - worst) / defender_unit
    alone = Targets((targets.defender_covered - worst) / defender_unit, worth, covered, open_)
    level = attacker_level(alone, game.resources)
    plan = SecurityGame(alone, game.resources).solve()
    return _Scaled(
        open_,
        alone.attacker_loss,
        worth,
        alone.defender_gain,
        level.value,
        open_ >= level.value - max(level.tie, _CLOSE),
        float(plan.certificate.bound),
        plan.attacked,
    )


def _attacked(
    game: BayesianGame, types: list[_Scaled], seconds: float
) -> tuple[tuple[int, ...] | None, float, bool]:
    """The target that each type strikes under the best plan; a bound; whether that is certain.

    None for the targets if HiGHS finds no plan at all, which is for lack of digits.

    Columns: coverage c [target], the payoffs of each type z [type] and of the defender from it
    v [type], and whether the type strikes a target q [type, target].
    """
    count, kinds = len(types[0].open), len(types)
    z, v = count, count + kinds
    gains = np.zeros(count + 2 * kinds + kinds * count)
    gains[v : v + kinds] = game.chances
    lower, upper = np.zeros(len(gains)), np.ones(len(gains))
    for k, one in enumerate(types):
        first = v + kinds + k * count
        lower[z + k] = max(0.0, one.level - _LOOSE)
        upper[v + k] = min(1.0, one.most + _LOOSE)
        upper[first : first + count] = one.possible
    whole = np.arange(len(gains)) >= v + kinds
    program = Program(gains, lower, upper, whole)
    program.row(-INFINITY, game.resources, np.arange(count), 1.0)
    for k, one in enumerate(types):
        first = v + kinds + k * count
        program.row(1.0, 1.0, np.arange(first, first + count), 1.0)
        for i in range(count):
            # z is at least the payoff at every target, and no more at the one that is struck.
            program.row(one.open[i], INFINITY, [z + k, i], [1.0, one.loss[i]])
            if not one.possible[i]:
                continue
            most = one.open.max() - (one.open[i] - one.loss[i])
            columns = [z + k, i, first + i]
            program.row(-INFINITY, one.open[i] + most, columns, [1.0, one.loss[i], most])
            most = max(0.0, one.most - one.worth[i])
            columns = [v + k, i, first + i]
            program.row(-INFINITY, one.worth[i] + most, columns, [1.0, -one.gain[i], most])
    answer = program.solve(seconds)
    bound = min(1.0, answer.bound) if answer else 1.0
    if answer is None:
        return None, bound, False
    if not len(answer.values):
        return _fallback(game, types), bound, False
    struck = answer.values[v + kinds :].reshape(kinds, count).argmax(axis=1)
    return tuple(int(place) for place in struck), bound, answer.optimal


def _fallback(game: BayesianGame, types: list[_Scaled]) -> tuple[int, ...]:
    """What each type strikes under the coverage that is best against the most likely one."""
    coverage = (
        SecurityGame(game.types[int(np.argmax(game.chances))], game.resources).solve().coverage
    )
    return tuple(_best_reply(one, coverage) for one in types)


def _best_reply(one: _Scaled, coverage: Floats) -> int:
    payoffs = one.open - coverage * one.loss
    worth = one.worth + coverage * one.gain
    worth[payoffs < payoffs.max() - _CLOSE] = -np.inf
    return int(worth.argmax())


def _cover(
    game: BayesianGame, types: list[_Scaled], attacked: Sequence[int] | None
) -> Floats | None:
    """The best coverage under which each type strikes the target named; None if there is none."""
    answer = None if attacked is None else _cases(game, types, attacked).solve()
    return None if answer is None else np.clip(answer.values, 0.0, 1.0)


def _cases(game: BayesianGame, types: list[_Scaled], attacked: Sequence[int]) -> Program:
    """Coverage that is best against the first types, each striking the target named."""
    gains = np.zeros(len(types[0].open))
    for one, chance, target in zip(types, game.chances, attacked, strict=False):
        gains[target] += chance * one.gain[target]
    program = Program(gains, 0.0, 1.0)
    program.row(-INFINITY, game.resources, np.arange(len(gains)), 1.0)
    for one, target in zip(types, attacked, strict=False):
        matrix = -np.diag(one.loss)
        matrix[:, target] += one.loss[target]
        program.rows(-INFINITY, one.open[target] - one.open, matrix)
    return program


class _Tree:
    """A bound on every plan: a plan's value, unless some case beats it.

    Attributes:
        bound: no plan is better, in payoffs from 0 to 1.
        best: the targets struck in the case that beats the plan by most, or nothing.
        finished: False if time ran out; then `best` may be no case at all.
    """

    def __init__(
        self, game: BayesianGame, types: list[_Scaled], value: float, deadline: float
    ) -> None:
        self._game, self._types, self._deadline = game, types, deadline
        self.bound, self.finished = value, True
        self.best = _fallback(game, types)
        # The most from the types that follow each.
        most = game.chances * [one.most for one in types]
        self._rest = np.append(np.cumsum(most[::-1])[::-1][1:], 0.0)

    def grow(self, attacked: tuple[int, ...], certain: float) -> None:
        """Look at all cases in which the first types strike these targets."""
        kind = len(attacked)
        one, chance = self._types[kind], self._game.chances[kind]
        for target in np.flatnonzero(one.possible):
            case = (*attacked, int(target))
            base = certain + float(chance * one.worth[target])
            rest = float(self._rest[kind])
            answer = _cases(self._game, self._types, case).solve()
            reached = -INFINITY if answer is None else base + answer.objective + rest
            if reached <= self.bound + _CLOSE:
                continue
            if kind + 1 == len(self._types):
                self.bound, self.best = reached, case
            elif time.monotonic() > self._deadline:
                self.bound, self.finished = reached, False
            else:
                self.grow(case, base)


def _certificate(
    game: BayesianGame,
    coverage: Floats,
    attacked: Sequence[int],
    claimed: float,
    bound: float,
) -> Certificate:
    value = game.value(coverage, attacked)
    regrets = []
    for targets, place in zip(game.types, attacked, strict=True):
        payoffs = targets.attacker(coverage)
        regrets.append(float(payoffs.max() - payoffs[place]))
    bound = max(bound, value)
    return Certificate(
        bound=bound,
        gap=max(bound - value, abs(claimed - value)),
        residual=over_budget(coverage, game.resources),
        regret_inspected=max(0.0, *regrets),
        scale=game.scale(),
    )


class TypePart(Part):
    """One type of attacker: how likely it is, and what is at stake with it."""

    chance: Annotated[float, Field(ge=0, le=1)]
    targets: TargetParts


class BayesianFile(GameFile):
    """Its keys; every type names the same targets."""

    game: ClassVar[str] = "bayesian-security"

    resources: Amount
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
            f"Security game against {counted(len(kinds), 'type')}: "
            f"{counted(len(names), 'target')}, {counted(self.resources, 'resource')}",
            {"value to the defender": plan.value},
            (
                plan_table("Coverage", ("target", "covered"), covered),
                plan_table("Types", ("type", "chance", "strikes", "its payoff"), tuple(told)),
            ),
            plan.certificate,
            () if plan.finished else (UNPROVEN,),
        )

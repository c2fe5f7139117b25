"""Security games in which a resource covers the targets of a schedule: a beat, a tour, a shift.

The defender mixes patrols, each a set of at most m schedules; a target is covered if any of them
covers it. The attacker sees how often each target is covered and strikes where it pays best; ties
go to the defender. Coverage that adds up need not come from any such mixture, so patrols are found
as they are needed: column generation.

For each target t, a linear program finds the mixture under which attacking t is a best reply and
the defender gets most (multiple linear programs, Conitzer and Sandholm 2006). Its prices say which
patrol would help most (the slave of ASPEN, Jain et al. 2010). First, the lowest payoff that the
attacker can be held to says which targets need looking at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from amnok.allocation.certificate import Certificate, Game, Inputs
from amnok.cells import counted
from amnok.errors import AmnokError, Fault, nearest
from amnok.games.files import Answer, GameFile, plan_table
from amnok.games.highs import INFINITY, Program
from amnok.games.patrols import PatrolSets
from amnok.games.targets import Floats, TargetParts, Targets, coverage_table, span, targets_of

_CLOSE = 1e-10  # in payoffs that lie between -1 and 1


@dataclass(frozen=True, eq=False)
class ScheduleGame(Game["SchedulePlan"]):
    """Targets, schedules, and how many schedules can run at once.

    Attributes:
        targets: what is at stake.
        schedules: the targets that each schedule covers, [schedule][...], counted from 0.
        resources: how many schedules can run at once, 0 or more.

    Raises:
        AmnokError: a schedule is empty or names a target that is none, or one twice, there are no
            schedules, or resources are no whole number of 0 or more; every fault at once.
    """

    targets: Targets
    schedules: Sequence[Sequence[int]]
    resources: int

    def __post_init__(self) -> None:
        inputs = Inputs()
        inputs.count("resources", self.resources)
        inputs.require(len(self.schedules) > 0, "schedules", "is empty", "one at least")
        most = len(self.targets) - 1
        kept = []
        for index, schedule in enumerate(self.schedules):
            path = f"schedules[{index}]"
            inputs.require(len(schedule) > 0, path, "covers no target")
            named = [
                inputs.count(f"{path}[{place}]", target, most=most)
                for place, target in enumerate(schedule)
            ]
            inputs.require(len(set(named)) == len(named), path, "names a target twice")
            kept.append(tuple(named))
        inputs.done()
        object.__setattr__(self, "schedules", tuple(kept))

    def covers(self) -> NDArray[np.bool_]:
        """Whether each schedule covers each target, [schedule, target]."""
        result = np.zeros((len(self.schedules), len(self.targets)), dtype=np.bool_)
        for row, schedule in enumerate(self.schedules):
            result[row, list(schedule)] = True
        return result

    def solve(self) -> SchedulePlan:
        """The strong Stackelberg equilibrium; needs the extra `solve`.

        Raises:
            AmnokError: HiGHS is not installed.

        >>> game = ScheduleGame(Targets.zero_sum([4, 4, 4]), [[0, 1], [1, 2]], 1)
        >>> plan = game.solve()
        >>> plan.coverage, plan.value
        (array([0.5, 1. , 0.5]), -2.0)
        """
        search = _Search(self)
        search.hold_down()
        for target in np.argsort(-search.bounds, kind="stable"):
            if search.bounds[target] > search.value + _CLOSE:
                search.let_attack(int(target))
        return _plan(self, search)

    def check(self, plan: SchedulePlan) -> Certificate:
        """The certificate of a plan, made anew from the payoffs, the patrols and the multipliers.

        Let attacking t be a best reply to coverage c. With multipliers y_j >= 0, the defender gets
        at most `defender(t) + sum_j y_j * (attacker(t) - attacker(j))`, and at most what the best
        single patrol makes of this sum. The largest such bound over all t holds for every mixture.

        Raises:
            AmnokError: lists differ in length, or name a schedule or a target that is none.
        """
        inputs, count = Inputs(), len(self.targets)
        chances = inputs.vector("chances", plan.chances, length=len(plan.patrols))
        attacked = inputs.count("attacked", plan.attacked, most=count - 1)
        multipliers = inputs.matrix(
            "multipliers", plan.multipliers, shape=(count, count), least=0.0
        )
        for index, patrol in enumerate(plan.patrols):
            for place, schedule in enumerate(patrol):
                path = f"patrols[{index}][{place}]"
                inputs.count(path, schedule, most=len(self.schedules) - 1)
        inputs.done()
        return _certificate(self, plan.patrols, chances, attacked, plan.value, multipliers)


@dataclass(frozen=True, eq=False)
class SchedulePlan:
    """Patrols to mix.

    Attributes:
        patrols: schedules that run together, [patrol][...].
        chances: how often each patrol runs, [patrol].
        coverage: chance that each target is covered, [target].
        attacked: the target that the attacker chooses.
        value: payoff of the defender.
        attacker_value: payoff of the attacker.
        multipliers: what proves the bound, [attacked, other]: see `ScheduleGame.check`.
        certificate: what proves the plan.
    """

    patrols: tuple[tuple[int, ...], ...]
    chances: Floats
    coverage: Floats
    attacked: int
    value: float
    attacker_value: float
    multipliers: Floats
    certificate: Certificate


class _Mixture(NamedTuple):
    """A mixture of the patrols known: its chances, the slack it needs, the prices of the rows."""

    chances: Floats
    slack: float
    prices: Floats
    gain: float


class _Search:
    """Patrols known so far, the best mixture of them, and what proves that none is better.

    Payoffs are shifted and scaled to lie between 0 and 1, each side's by its own range.
    """

    def __init__(self, game: ScheduleGame) -> None:
        targets = game.targets
        low, unit = span(targets.attacker_covered, targets.attacker_uncovered)
        self._open, self._loss = (
            (targets.attacker_uncovered - low) / unit,
            (targets.attacker_loss / unit),
        )
        low, self._unit = span(targets.defender_uncovered, targets.defender_covered)
        self._worst = (targets.defender_uncovered - low) / self._unit
        self._gain = targets.defender_gain / self._unit
        self._ratio = self._unit / unit  # from multipliers of shifted payoffs to those of payoffs
        self._patrols = PatrolSets(game.covers(), game.resources)
        self._known: dict[tuple[int, ...], Floats] = {(): np.zeros(len(targets))}
        self.bounds = np.full(len(targets), np.inf)
        self._multipliers = np.zeros((len(targets), len(targets)))
        self.value, self.attacked = -np.inf, 0
        self.mixture: list[tuple[tuple[int, ...], float]] = []

    @property
    def multipliers(self) -> Floats:
        """[attacked, other], in payoffs of the defender over payoffs of the attacker."""
        return self._multipliers * self._ratio

    def hold_down(self) -> None:
        """The mixture that leaves the attacker least, and what that says about each target."""
        found = self._mix(-np.diag(self._loss), -self._open, np.zeros(len(self._open)), None)
        weights = found.prices / found.prices.sum()
        above = self._open - found.slack
        for target, spare in enumerate(above):
            gain, loss = self._gain[target], self._loss[target]
            if spare < -_CLOSE:
                # Nobody attacks here: with a factor so large, the bound is below all payoffs.
                self.bounds[target] = -np.inf
                self._multipliers[target] = max(2.0, gain / max(loss, _CLOSE)) / -spare * weights
            elif loss > max(0.0, spare):
                # To be worth attacking it must not be covered by more than spare / loss.
                self.bounds[target] = self._worst[target] + gain / loss * max(0.0, spare)
                self._multipliers[target] = gain / loss * weights
            else:
                self.bounds[target] = self._worst[target] + gain
        coverage = self._coverage(found.chances)
        payoffs = self._open - coverage * self._loss
        worth = self._worst + coverage * self._gain
        worth[payoffs < payoffs.max() - _CLOSE] = -np.inf
        self._keep(int(worth.argmax()), float(worth.max()), found.chances)

    def let_attack(self, target: int) -> None:
        """The best mixture under which this target is a best reply, if there is any."""
        matrix = -np.diag(self._loss)
        matrix[:, target] += self._loss[target]
        right = self._open[target] - self._open
        first = self._mix(matrix, right, np.zeros(len(right)), None)
        if first.slack > _CLOSE:
            self.bounds[target] = -np.inf
            self._multipliers[target] = first.prices * (2.0 / first.slack)
            return
        gains = np.where(np.arange(len(right)) == target, self._gain, 0.0)
        second = self._mix(matrix, right, gains, max(0.0, first.slack))
        self.bounds[target] = self._worst[target] + second.gain
        self._multipliers[target] = second.prices
        self._keep(target, self.bounds[target], second.chances)

    def _keep(self, attacked: int, value: float, chances: Floats) -> None:
        if value > self.value:
            self.attacked, self.value = attacked, value
            used = zip(self._known, chances, strict=True)
            self.mixture = [(patrol, float(chance)) for patrol, chance in used if chance > 0]

    def _coverage(self, chances: Floats) -> Floats:
        return np.asarray(chances @ np.array(list(self._known.values())))

    def _mix(self, matrix: Floats, right: Floats, gains: Floats, slack: float | None) -> _Mixture:
        """Maximise gains @ c with matrix @ c <= right + slack over the coverages c of mixtures.

        The slack is as given, or first of all as small as can be.
        """
        # Columns: the slack, then a chance for each patrol.
        if slack is None:
            program = Program([-1.0], -2.0, INFINITY)
        else:
            program = Program([0.0], 0.0, slack)
        program.rows(-INFINITY, right, np.full((len(right), 1), -1.0))
        program.row(1.0, 1.0, [], [])
        for covered in self._known.values():
            program.column(float(gains @ covered), 0.0, 1.0, np.append(matrix @ covered, 1.0))
        while True:
            answer = program.solve()
            assert answer is not None
            prices = np.maximum(0.0, answer.prices[:-1])
            patrol = self._helpful(gains - prices @ matrix, answer.prices[-1])
            if patrol is None:
                chances = np.maximum(0.0, answer.values[1:])
                return _Mixture(
                    chances / chances.sum(), float(answer.values[0]), prices, answer.objective
                )
            covered = self._patrols.covered(patrol).astype(np.float64)
            self._known[patrol] = covered
            program.column(float(gains @ covered), 0.0, 1.0, np.append(matrix @ covered, 1.0))

    def _helpful(self, rewards: Floats, share: float) -> tuple[int, ...] | None:
        """A patrol that earns more than its share; the greedy one if it does."""
        enough = share + _CLOSE * max(1.0, float(np.abs(rewards).max()))
        patrol = self._patrols.good(rewards)
        if patrol not in self._known and rewards[self._patrols.covered(patrol)].sum() > enough:
            return patrol
        patrol, earned = self._patrols.best(rewards)
        return patrol if patrol not in self._known and earned > enough else None


def _plan(game: ScheduleGame, search: _Search) -> SchedulePlan:
    patrols = tuple(patrol for patrol, _ in search.mixture)
    chances = np.array([chance for _, chance in search.mixture])
    coverage = _coverage(game, patrols, chances)
    attacked, multipliers = search.attacked, search.multipliers
    value = float(game.targets.defender(coverage)[attacked])
    attacker_value = float(game.targets.attacker(coverage)[attacked])
    certificate = _certificate(game, patrols, chances, attacked, value, multipliers)
    return SchedulePlan(
        patrols, chances, coverage, attacked, value, attacker_value, multipliers, certificate
    )


def _coverage(game: ScheduleGame, patrols: Sequence[Sequence[int]], chances: Floats) -> Floats:
    """How often each target is covered by a mixture, [target]."""
    covers, result = game.covers(), np.zeros(len(game.targets))
    for patrol, chance in zip(patrols, chances, strict=True):
        result += chance * covers[list(patrol)].any(axis=0)
    return np.minimum(1.0, result)


def _certificate(
    game: ScheduleGame,
    patrols: Sequence[Sequence[int]],
    chances: Floats,
    attacked: int,
    claimed: float,
    multipliers: Floats,
) -> Certificate:
    targets = game.targets
    coverage = _coverage(game, patrols, chances)
    payoffs = targets.attacker(coverage)
    value = float(targets.defender(coverage)[attacked])
    bound = max(value, _bound(game, multipliers))
    too_many = max(len(patrol) for patrol in patrols) - game.resources
    unsure = abs(float(chances.sum()) - 1.0)
    return Certificate(
        bound=bound,
        gap=max(bound - value, abs(claimed - value)),
        residual=max(0.0, unsure, -float(chances.min()), float(too_many)),
        regret_inspected=max(0.0, float(payoffs.max() - payoffs[attacked])),
        scale=targets.scale(),
    )


def _bound(game: ScheduleGame, multipliers: Floats) -> float:
    targets, all_patrols = game.targets, PatrolSets(game.covers(), game.resources)
    open_, loss = targets.attacker_uncovered, targets.attacker_loss
    bounds = []
    for target, prices in enumerate(multipliers):
        rewards = prices * loss
        rewards[target] += targets.defender_gain[target] - float(prices.sum()) * loss[target]
        _, best = all_patrols.best(rewards)
        apart = float(prices @ (open_[target] - open_))
        bounds.append(float(targets.defender_uncovered[target]) + apart + best)
    return max(bounds)


class ScheduleFile(GameFile):
    """Its keys; schedules are lists of targets, by name."""

    game: ClassVar[str] = "security-schedules"

    resources: Annotated[int, Field(ge=0)]
    targets: TargetParts
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
            f"Security game over schedules: {counted(len(names), 'target')}, "
            f"{counted(len(tours), 'schedule')}, {self.resources} at once",
            {"value to the defender": plan.value, "value to the attacker": plan.attacker_value},
            (
                plan_table("Patrols", ("chance", "schedules"), rows),
                coverage_table(names, targets, plan.coverage),
            ),
            plan.certificate,
            (f"The attacker strikes {names[plan.attacked]}; ties go to the defender.",),
        )

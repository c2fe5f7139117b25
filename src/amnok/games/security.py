"""Security games: where to look, when attackers learn how likely each target is covered.

The defender commits to coverage (c_1, ..., c_n), 0 <= c_i <= 1, sum c_i <= m. The attacker sees it
and strikes where it pays best; ties go to the defender (a strong Stackelberg equilibrium). In a
zero-sum game this is the equilibrium of the game in which both choose at once.

The method is ORIGAMI (Kiekintveld et al. 2009), exact and in the time of one sort. Covering every
target just enough that the attacker gets no more than z anywhere takes

    R(z) = sum over targets of max(0, uncovered_i - z) / (uncovered_i - covered_i)

resources. R falls and is linear between the sorted `uncovered`: one pass finds the z that uses up
all m. No coverage holds the attacker lower, and the lower z, the higher the coverage, and with it
the defender's payoff, of any target that is worth attacking at z.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from amnok.allocation.certificate import Certificate, Game, Inputs
from amnok.cells import counted
from amnok.compiling import kernel
from amnok.errors import AmnokError, Fault
from amnok.games.files import Amount, Answer, GameFile, plan_table
from amnok.games.marginals import allocations
from amnok.games.targets import Floats, TargetParts, Targets, coverage_table, targets_of

_EPSILON = float(np.finfo(np.float64).eps)
_TIE = 64 * _EPSILON
"""Payoffs this close, relative to what they were computed from, are taken as equal."""
_MOST_SETS = 100  # that a table shows


@dataclass(frozen=True, eq=False)
class SecurityGame(Game["SecurityPlan"]):
    """Targets, and resources that can cover any of them.

    Attributes:
        targets: what is at stake.
        resources: how many targets can be covered at once, 0 or more; need not be whole where
            resources are divisible (hours of a patrol).

    Raises:
        AmnokError: resources are no finite number, or below 0.
    """

    targets: Targets
    resources: float

    def __post_init__(self) -> None:
        inputs = Inputs()
        resources = float(inputs.number("resources", self.resources, least=0.0))
        object.__setattr__(self, "resources", inputs.done(resources))

    def solve(self) -> SecurityPlan:
        """The strong Stackelberg equilibrium, exact up to rounding; n log n for n targets.

        Resources that would change nothing are left over.

        Source: Kiekintveld et al. 2009, ORIGAMI.

        >>> plan = SecurityGame(Targets.zero_sum([10, 6, 3]), 1).solve()
        >>> plan.coverage, plan.value
        (array([0.625, 0.375, 0.   ]), -3.75)
        """
        targets = self.targets
        level = attacker_level(targets, self.resources)
        coverage = level.coverage
        left = self.resources - float(coverage.sum())
        worth = targets.defender(coverage)
        # Where coverage does not touch the attacker, what is left may still help the defender.
        untouched = (targets.attacker_loss == 0.0) & (targets.attacker_uncovered >= level.value)
        spare = min(1.0, max(0.0, left))
        worth[untouched] += spare * targets.defender_gain[untouched]
        worth[targets.attacker_uncovered < level.value - level.tie] = -np.inf
        attacked = int(worth.argmax())
        if untouched[attacked]:
            coverage[attacked] = spare
        # A plan that does not hold is a bug of ours: the certificate would say so.
        return _plan(self, coverage, attacked)

    def check(self, plan: SecurityPlan) -> Certificate:
        """The certificate of a plan, made anew from the payoffs, whoever found the plan.

        Raises:
            AmnokError: the plan has not one coverage for each target, or attacks none of them.
        """
        inputs = Inputs()
        coverage = inputs.vector("coverage", plan.coverage, length=len(self.targets))
        attacked = inputs.count("attacked", plan.attacked, most=len(self.targets) - 1)
        inputs.done()
        return certify(self, coverage, attacked, plan.value)


@dataclass(frozen=True, eq=False)
class SecurityPlan:
    """Coverage to commit to.

    Attributes:
        coverage: chance that each target is covered, [target].
        attacked: the target that the attacker chooses.
        value: payoff of the defender.
        attacker_value: payoff of the attacker.
        certificate: what proves it.
    """

    coverage: Floats
    attacked: int
    value: float
    attacker_value: float
    certificate: Certificate


def _plan(game: SecurityGame, coverage: Floats, attacked: int) -> SecurityPlan:
    value = float(game.targets.defender(coverage)[attacked])
    attacker_value = float(game.targets.attacker(coverage)[attacked])
    certificate = certify(game, coverage, attacked, value)
    coverage.setflags(write=False)
    return SecurityPlan(coverage, attacked, value, attacker_value, certificate)


class Level(NamedTuple):
    """The lowest payoff that the attacker can be held to, the coverage that does it, [target], and
    how far below it another payoff is still a tie."""

    value: float
    coverage: Floats
    tie: float


def attacker_level(targets: Targets, resources: float) -> Level:
    """How low m resources can hold the attacker: the z of the module's docstring."""
    open_, loss = targets.attacker_uncovered, targets.attacker_loss
    floor = float(targets.attacker_covered.max())
    above = np.flatnonzero(open_ > floor)
    order = above[np.argsort(-open_[above])]
    reached, used_up = _support(open_[order], loss[order], resources, floor)
    held = order[:reached]
    anchor = float(open_[held[-1]]) if used_up else floor
    weight = 1.0 / loss[held]
    drop, tie = 0.0, _TIE * abs(anchor)
    if used_up:
        # Over again with NumPy's pairwise sums, and from the anchor: nothing cancels.
        total = float(weight.sum())
        needed = float(((open_[held] - anchor) * weight).sum())
        drop = max(0.0, (resources - needed) / total)
        tie = _TIE * (float((np.abs(open_[held]) * weight).sum()) + resources) / total
    coverage = np.zeros(len(targets))
    coverage[held] = np.minimum(1.0, ((open_[held] - anchor) + drop) * weight)
    return Level(anchor - drop, coverage, tie)


@kernel
def _support(open_: Floats, loss: Floats, resources: float, floor: float) -> tuple[int, bool]:
    """How many of the targets, sorted down, get coverage; and whether resources run out there."""
    needed, weight = 0.0, 0.0
    for k in range(len(open_)):
        below = open_[k + 1] if k + 1 < len(open_) else floor
        weight += 1.0 / loss[k]
        needed += (open_[k] - below) * weight
        if needed >= resources:
            return k + 1, True
    return len(open_), False


def certify(game: SecurityGame, coverage: Floats, attacked: int, claimed: float) -> Certificate:
    """Feasibility, the attacker's regret, and a bound on what any coverage can bring.

    For any weights y >= 0 that add up to 1, the attacker gets at least sum y_i * (payoff at i),
    which is at least sum y_i * uncovered_i - m * max(y_i * loss_i), under every coverage. With y_i
    proportional to 1/loss_i over the covered targets this is a floor z, and a target that is worth
    attacking at z or above cannot be covered by more than (uncovered - z) / loss.
    """
    targets, m = game.targets, game.resources
    open_, loss = targets.attacker_uncovered, targets.attacker_loss
    payoffs = targets.attacker(coverage)
    floor = max(_weak_duality(targets, coverage, m), float(targets.attacker_covered.max()))
    touched = loss > 0
    most = np.full(len(targets), min(1.0, m))
    most[touched] = np.clip((open_[touched] - floor) / loss[touched], 0.0, most[touched])
    if not touched.all():
        spent = float((np.maximum(0.0, open_[touched] - floor) / loss[touched]).sum())
        most[~touched] = min(1.0, max(0.0, m - spent))
    possible = open_ >= floor
    possible[attacked] = True
    bound = float(targets.defender(most)[possible].max())
    value = float(targets.defender(coverage)[attacked])
    return Certificate(
        bound=max(bound, value),
        gap=max(0.0, bound - value, abs(claimed - value)),
        residual=over_budget(coverage, m),
        regret_inspected=max(0.0, float(payoffs.max() - payoffs[attacked])),
        scale=targets.scale(),
    )


def _weak_duality(targets: Targets, coverage: Floats, resources: float) -> float:
    """A payoff that the attacker gets at least, whatever is covered."""
    held = np.flatnonzero((coverage > 0) & (targets.attacker_loss > 0))
    if not len(held):
        # The most that is uncovered, less what all resources on it take away.
        chosen = int(targets.attacker_uncovered.argmax())
        share = min(1.0, resources)
        return float(targets.attacker_uncovered[chosen] - share * targets.attacker_loss[chosen])
    open_, weight = targets.attacker_uncovered[held], 1.0 / targets.attacker_loss[held]
    least = float(open_.min())
    return least + (float(((open_ - least) * weight).sum()) - resources) / float(weight.sum())


def over_budget(coverage: Floats, resources: float) -> float:
    """The most by which coverage breaks 0 <= c <= 1 or sum c <= m; the latter relative to m."""
    excess = (float(coverage.sum()) - resources) / max(1.0, resources)
    return max(0.0, float(-coverage.min()), float(coverage.max() - 1.0), excess)


class SecurityFile(GameFile):
    """Its keys; resources need not be whole if `divisible`."""

    game: ClassVar[str] = "security"

    resources: Amount
    divisible: bool = False
    targets: TargetParts

    def answer(self, exact: bool) -> Answer:
        names = list(self.targets)
        if not self.divisible and self.resources != int(self.resources):
            problem = f"is {self.resources:g}, must be a whole number"
            raise AmnokError(Fault(problem, "or set divisible: true", path="resources"))
        targets = targets_of(self.targets)
        plan = SecurityGame(targets, self.resources).solve()
        tables = [coverage_table(names, targets, plan.coverage)]
        if not self.divisible and len(names) <= _MOST_SETS:
            sets = allocations(plan.coverage)
            rows = tuple(
                (float(chance), ", ".join(names[place] for place in covered) or "none")
                for chance, covered in zip(sets.chances, sets.covered, strict=True)
            )
            tables.append(plan_table("What to cover together", ("chance", "targets"), rows))
        return Answer(
            f"Security game: {counted(len(names), 'target')}, "
            f"{counted(self.resources, 'resource')}",
            {"value to the defender": plan.value, "value to the attacker": plan.attacker_value},
            tuple(tables),
            plan.certificate,
            (f"The attacker strikes {names[plan.attacked]}; ties go to the defender.",),
        )

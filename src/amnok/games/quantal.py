"""Security games against attackers who choose with noise: quantal response.

The attacker strikes target i with a chance proportional to exp(a_i - b_i * c_i): attraction a_i,
and deterrence b_i >= 0 by coverage c_i. SUQR (Nguyen et al. 2013) has a = w2*reward + w3*penalty
and b = -w1 for weights w; logit choice has a = r*uncovered and b = r*(uncovered - covered).

The defender maximises N(c)/D(c), with D = sum exp(a_i - b_i c_i) and N the same sum of payoffs.
For a trial value v the question is whether max_c N(c) - v*D(c) is above 0 (Dinkelbach 1967). It is
a sum of terms of one coverage each,

    exp(a - b*c) * (u - v + c*g)        u = uncovered, g = covered - uncovered, of the defender

that rise to a peak and are concave up to it; beyond it nobody needs to cover. So the problem that
looks without convexity is convex where it counts: one price of a resource decides all coverages.
The optimum is global, and the price proves it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from amnok.allocation.certificate import Certificate, Game, Inputs
from amnok.cells import counted
from amnok.compiling import allocating_kernel, rule
from amnok.errors import AmnokError, Fault
from amnok.games.files import Amount, Answer, GameFile, Real, plan_table
from amnok.games.security import attacker_level, over_budget
from amnok.games.targets import LARGEST, Floats, TargetParts, Targets, span, targets_of
from amnok.vector_math import log

_STEPS = 200  # towards the price, many more than it takes
_ROUNDS = 200
_NARROW = 1e-9  # between logs of prices so close, losses are of second order: below rounding
_CLOSE = 1e-13  # values between 0 and 1 that count as the same
_HALVINGS = 100  # towards a coverage, many more than it takes
_SAME = 4e-16  # coverages
_LARGEST = 600.0  # exponent
_NOTHING = 1e-100
_STRONGEST = 1e4
"""Exponents beyond this leave nothing of a choice with noise but the best target."""


@dataclass(frozen=True, eq=False)
class QuantalGame(Game["QuantalPlan"]):
    """Targets, resources, and how attackers choose; see `suqr` and `logit`.

    Attributes:
        targets: what is at stake.
        resources: how many targets can be covered at once, 0 or more; need not be whole.
        attraction: a_i, [target].
        deterrence: b_i, 0 or more, [target].

    Raises:
        AmnokError: a number is none or out of range, or a list has not one for each target.
    """

    targets: Targets
    resources: float
    attraction: Floats
    deterrence: Floats

    def __post_init__(self) -> None:
        inputs, count = Inputs(), len(self.targets)
        resources = float(inputs.number("resources", self.resources, least=0.0))
        attraction = inputs.vector("attraction", self.attraction, length=count)
        deterrence = inputs.vector("deterrence", self.deterrence, length=count, least=0.0)
        inputs.done()
        for name, pull in (("attraction", attraction), ("deterrence", deterrence)):
            fix = "attackers who are as sure as that play game: security"
            strongest = float(np.abs(pull).max())
            if strongest > _STRONGEST:
                problem = f"is {strongest:g}, must be at most {_STRONGEST:g} in size"
                inputs.faults.append(Fault(problem, fix, path=name))
        inputs.done()
        for name, value in (
            ("resources", resources),
            ("attraction", attraction),
            ("deterrence", deterrence),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def suqr(
        cls, targets: Targets, resources: float, weights: ArrayLike = (-9.85, 0.37, 0.15)
    ) -> QuantalGame:
        """Subjective utility: weights of coverage (at most 0), reward and penalty.

        Reward and penalty are what the attacker gets uncovered and covered. The default weights
        were fitted to people at play with payoffs from -10 to 10 (Nguyen et al. 2013; recalled).
        """
        inputs = Inputs()
        fitted = inputs.vector("weights", weights, length=3)
        inputs.require(fitted[0] <= 0.0, "weights[0]", f"is {fitted[0]}, must be at most 0")
        inputs.done()
        with np.errstate(over="ignore", invalid="ignore"):  # what is infinite is refused
            reward = fitted[1] * targets.attacker_uncovered
            attraction = reward + fitted[2] * targets.attacker_covered
        attraction = np.nan_to_num(attraction, nan=LARGEST, posinf=LARGEST, neginf=-LARGEST)
        return cls(targets, resources, attraction, np.full(len(targets), 0.0 - fitted[0]))

    @classmethod
    def logit(cls, targets: Targets, resources: float, rationality: float) -> QuantalGame:
        """Logit choice over expected payoffs: 0 chooses blindly, a large rationality the best."""
        inputs = Inputs()
        rate = float(inputs.number("rationality", rationality, least=0.0))
        inputs.done()
        with np.errstate(over="ignore"):  # what is infinite is refused
            attraction, deterrence = (
                np.minimum(np.maximum(rate * payoffs, -LARGEST), LARGEST)
                for payoffs in (targets.attacker_uncovered, targets.attacker_loss)
            )
        return cls(targets, resources, attraction, deterrence)

    def choices(self, coverage: Floats) -> Floats:
        """Chance that each target is attacked, [target]."""
        pull = self.attraction - self.deterrence * coverage
        weights = np.exp(pull - pull.max())
        return np.asarray(weights / weights.sum())

    def solve(self) -> QuantalPlan:
        """The best coverage, up to rounding.

        >>> targets = Targets.zero_sum([10, 6, 3])
        >>> plan = QuantalGame.suqr(targets, 1).solve()
        >>> plan.coverage.round(3), round(plan.value, 3)
        (array([0.58 , 0.378, 0.043]), -3.03)
        """
        targets = self.targets
        low, unit = span(targets.defender_uncovered, targets.defender_covered)
        worth, gain = (targets.defender_uncovered - low) / unit, targets.defender_gain / unit
        scaled = replace(self, targets=_between_0_and_1(targets, low, unit))
        starts = [np.zeros(len(targets)), attacker_level(targets, self.resources).coverage]
        value, coverage = max(
            ((_value(scaled, one), one) for one in starts), key=lambda one: one[0]
        )
        bound, best = 1.0, (1.0, -math.inf)
        level = value
        for _ in range(_ROUNDS):
            trial, price = _best(
                self.attraction, self.deterrence, worth - level, gain, self.resources
            )
            above = _above(scaled, trial, level, price)
            if above < bound:
                bound, best = above, (level, price)
            reached = _value(scaled, trial)
            rise = max(0.0, reached - value)
            if rise > 0.0:
                coverage, value = trial, reached
            if bound - value <= 2 * _CLOSE:
                break
            # From the best so far to a better one (Dinkelbach); then some times as far above it,
            # which is either too much, and a bound, or lengthens steps that are too small.
            far = value + max(4.0 * rise, _CLOSE)
            level = min(far, 0.5 * (value + bound)) if level < value or rise == 0.0 else value
        log_price = best[1] + math.log(unit)
        # A level that is the value itself proves nothing once rounding has had its share.
        levels = [low + (best[0] + hair * _CLOSE) * unit for hair in (0, 1, 16, 256)]
        return min(
            (_plan(self, coverage, one, log_price) for one in levels),
            key=lambda plan: plan.certificate.bound,
        )

    def check(self, plan: QuantalPlan) -> Certificate:
        """The certificate of a plan, made anew from the payoffs, the coverage, the level and price.

        For any level v and price p >= 0, the most of N(c) - v*D(c) over all plans is at most `p*m +
        sum_i max_c (term_i(c) - p*c)`, each maximum over one coverage. If that is not above 0, no
        plan is worth more than v; otherwise it can lie above v by so much over the least D.

        Raises:
            AmnokError: the plan has not one coverage for each target, or its price is none.
        """
        inputs = Inputs()
        coverage = inputs.vector("coverage", plan.coverage, length=len(self.targets))
        level = float(inputs.number("level", plan.level))
        good = plan.log_price < math.inf
        inputs.require(good, "log_price", f"is {plan.log_price}, must be a number or -inf")
        inputs.done()
        return _certificate(self, coverage, level, plan.log_price, plan.value)


@dataclass(frozen=True, eq=False)
class QuantalPlan:
    """Coverage to commit to.

    Attributes:
        coverage: chance that each target is covered, [target].
        attacked: chance that each is attacked then, [target].
        value: expected payoff of the defender.
        level: a payoff, and
        log_price: the log of a price of resources, that prove the bound: see `QuantalGame.check`.
        certificate: what proves the plan.
    """

    coverage: Floats
    attacked: Floats
    value: float
    level: float
    log_price: float
    certificate: Certificate


def _plan(game: QuantalGame, coverage: Floats, level: float, log_price: float) -> QuantalPlan:
    coverage.setflags(write=False)
    value = _value(game, coverage)
    certificate = _certificate(game, coverage, level, log_price, value)
    return QuantalPlan(coverage, game.choices(coverage), value, level, log_price, certificate)


def _between_0_and_1(targets: Targets, low: float, unit: float) -> Targets:
    """The same targets with the defender's payoffs shifted and scaled."""
    # What rounds to less than Targets takes is 0 for all purposes here.
    covered, uncovered = (
        np.where(np.abs(one) < _NOTHING, 0.0, one)
        for one in (
            (targets.defender_covered - low) / unit,
            (targets.defender_uncovered - low) / unit,
        )
    )
    return replace(targets, defender_covered=covered, defender_uncovered=uncovered)


def _value(game: QuantalGame, coverage: Floats) -> float:
    return float(game.choices(coverage) @ game.targets.defender(coverage))


@allocating_kernel
def _best(
    pull: Floats, deterrence: Floats, worth: Floats, gain: Floats, resources: float
) -> tuple[Floats, float]:
    """Coverage that maximises the sum of terms within the resources, and the log of the price."""
    count = len(pull)
    high, low = -np.inf, -np.inf
    dear, cheap = np.zeros(count), np.empty(count)
    used_dear, used_cheap = 0.0, 0.0
    for i in range(count):
        rising = gain[i] - deterrence[i] * worth[i]
        if rising > 0.0:
            high = max(high, pull[i] + log(rising))
        cheap[i] = _coverage(-np.inf, pull[i], deterrence[i], worth[i], gain[i])
        used_cheap += cheap[i]
    if used_cheap <= resources:
        return cheap, -np.inf
    trial = np.empty(count)
    stride = 4.0
    for step in range(_STEPS):
        # By secants, and halving now and then; first of all, in strides towards no price at all.
        share = (used_cheap - resources) / (used_cheap - used_dear) if step % 3 else 0.5
        middle = low + min(0.98, max(0.02, share)) * (high - low)
        if low == -np.inf:
            middle, stride = high - stride, 2.0 * stride
        if high - low <= _NARROW or not low < middle < high:
            break
        used = 0.0
        for i in range(count):
            trial[i] = _coverage(middle, pull[i], deterrence[i], worth[i], gain[i])
            used += trial[i]
        if used > resources:
            low, used_cheap = middle, used
            cheap[:] = trial
        else:
            high, used_dear = middle, used
            dear[:] = trial
    # Both ends are best at nearly the same price, and so is what lies between them.
    share = (resources - used_dear) / (used_cheap - used_dear)
    for i in range(count):
        dear[i] += share * (cheap[i] - dear[i])
    return dear, high


@rule
def _coverage(price: float, pull: float, deterrence: float, worth: float, gain: float) -> float:
    """Where a term rises just as fast as the price, given as a log, from 0 to 1.

    The slope, exp(pull - deterrence*c) * rising(c), falls until it is 0 and stays below from there.
    """
    rising = gain - deterrence * worth
    if rising <= 0.0 or pull + log(rising) <= price:
        return 0.0
    rising -= deterrence * gain
    if rising > 0.0 and pull - deterrence + log(rising) >= price:
        return 1.0
    if price == -math.inf:
        return min(1.0, max(0.0, 1.0 / deterrence - worth / gain))
    # Newton's method for the log of the slope, which is concave; halving where it leaves [0, 1].
    low, high, c = 0.0, 1.0, 0.0
    for _ in range(_HALVINGS):
        rising = gain - deterrence * (worth + gain * c)
        new = -1.0
        if rising > 0.0:
            height = pull - deterrence * c + log(rising) - price
            new = c + height * rising / (deterrence * (rising + gain))
        if rising > 0.0 and height > 0.0:
            low = c
        else:
            high = c
        if not low <= new <= high:
            new = 0.5 * (low + high)
        if abs(new - c) <= _SAME:
            return new
        c = new
    return c


def _certificate(
    game: QuantalGame, coverage: Floats, level: float, log_price: float, claimed: float
) -> Certificate:
    targets = game.targets
    value = _value(game, coverage)
    most = float(targets.defender_covered.max())
    bound = max(value, min(most, _above(game, coverage, level, log_price)))
    return Certificate(
        bound=bound,
        gap=max(bound - value, abs(claimed - value)),
        residual=over_budget(coverage, game.resources),
        scale=targets.scale(),
    )


def _above(game: QuantalGame, coverage: Floats, level: float, log_price: float) -> float:
    """What no plan is worth more than, by a level and a price; `coverage` only sets the scale."""
    deterrence = game.deterrence
    worth, gain = game.targets.defender_uncovered - level, game.targets.defender_gain
    pull = game.attraction - float((game.attraction - deterrence * coverage).max())
    price = math.exp(min(_LARGEST, log_price - float((game.attraction - pull).max())))

    def weight(c: Floats | float) -> Floats:
        # Cut off, a weight keeps its sign and stays larger than all that matter.
        return np.asarray(np.exp(np.minimum(_LARGEST, pull - deterrence * c)))

    def term(c: Floats) -> Floats:
        return np.asarray(weight(c) * (worth + gain * c))

    # Each term is concave while it rises: halve towards where its slope is the price.
    low, high = np.zeros(len(pull)), np.ones(len(pull))
    for _ in range(30):
        middle = 0.5 * (low + high)
        on = weight(middle) * (gain - deterrence * (worth + gain * middle)) > price
        low, high = np.where(on, middle, low), np.where(on, high, middle)
    ends = (np.zeros(len(pull)), np.ones(len(pull)), low)
    best = np.max([term(c) - price * c for c in ends], axis=0)
    excess = price * game.resources + float(best.sum())
    if excess <= 0.0:
        return level
    least = float(weight(min(1.0, game.resources)).sum())
    return level + excess / least if least > 0.0 else math.inf


class QuantalFile(GameFile):
    """Its keys; either `weights` (SUQR) or `rationality` (logit)."""

    game: ClassVar[str] = "quantal-security"

    resources: Amount
    targets: TargetParts
    weights: tuple[Real, Real, Real] | None = None
    rationality: Amount | None = None

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
            f"Security game, attackers choose with noise: {counted(len(names), 'target')}, "
            f"{counted(self.resources, 'resource')}",
            {"value to the defender": plan.value},
            (plan_table("Coverage", ("target", "covered", "attacked"), tuple(rows)),),
            plan.certificate,
        )

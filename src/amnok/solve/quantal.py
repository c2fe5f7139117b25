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

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from amnok.compiling import allocating_kernel, rule
from amnok.elementary import exp, log
from amnok.solve.certificate import Certificate, Inputs
from amnok.solve.security import over_budget
from amnok.solve.targets import Floats, Targets

_STEPS = 400  # towards the price, many more than it takes
_ROUNDS = 200
_NARROW = 1e-9  # between prices so close, losses are of second order: below rounding
_CLOSE = 1e-13  # values between 0 and 1 that count as the same


@dataclass(frozen=True, eq=False)
class QuantalGame:
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
        attraction = fitted[1] * targets.attacker_uncovered + fitted[2] * targets.attacker_covered
        return cls(targets, resources, attraction, np.full(len(targets), 0.0 - fitted[0]))

    @classmethod
    def logit(cls, targets: Targets, resources: float, rationality: float) -> QuantalGame:
        """Logit choice over expected payoffs: 0 chooses blindly, a large rationality the best."""
        inputs = Inputs()
        rate = float(inputs.number("rationality", rationality, least=0.0))
        inputs.done()
        attraction = rate * targets.attacker_uncovered
        return cls(targets, resources, attraction, rate * targets.attacker_loss)

    def choices(self, coverage: Floats) -> Floats:
        """Chance that each target is attacked, [target]."""
        pull = self.attraction - self.deterrence * coverage
        weights = np.exp(pull - pull.max())
        return np.asarray(weights / weights.sum())


@dataclass(frozen=True, eq=False)
class QuantalPlan:
    """Coverage to commit to.

    Attributes:
        coverage: chance that each target is covered, [target].
        attacked: chance that each is attacked then, [target].
        value: expected payoff of the defender.
        level: a payoff, and
        price: one of resources, that prove the bound: see `check_quantal`.
        certificate: what proves the plan.
    """

    coverage: Floats
    attacked: Floats
    value: float
    level: float
    price: float
    certificate: Certificate


def solve_quantal(game: QuantalGame) -> QuantalPlan:
    """The best coverage, up to rounding.

    >>> targets = Targets.zero_sum([10, 6, 3])
    >>> plan = solve_quantal(QuantalGame.suqr(targets, 1))
    >>> plan.coverage.round(3), round(plan.value, 3)
    (array([0.497, 0.317, 0.186]), -3.785)
    """
    targets = game.targets
    low, unit = _range(targets)
    worth, gain = (targets.defender_uncovered - low) / unit, targets.defender_gain / unit
    pull = game.attraction - game.attraction.max()
    coverage = np.zeros(len(targets))
    value, bound, level = _value(game, coverage, worth, gain), 1.0, 1.0
    best_price = 0.0
    trial_level = value
    for _ in range(_ROUNDS):
        trial, price = _best(pull, game.deterrence, worth - trial_level, gain, game.resources)
        reached = _value(game, trial, worth, gain)
        rose = reached > value + _CLOSE
        if reached > value:
            coverage, value = trial, reached
        if rose:
            trial_level = value
            continue
        above = trial_level + _above(game, worth - trial_level, gain, price)
        if above < bound:
            bound, level, best_price = above, trial_level, price
        if bound - value <= _CLOSE:
            break
        # Where rounding hides what a small change of a value would bring, halve the gap.
        trial_level = 0.5 * (value + bound)
    return _plan(game, coverage, low + level * unit, best_price * unit)


def _plan(game: QuantalGame, coverage: Floats, level: float, price: float) -> QuantalPlan:
    coverage.setflags(write=False)
    value = float(game.choices(coverage) @ game.targets.defender(coverage))
    certificate = _certificate(game, coverage, level, price, value)
    return QuantalPlan(coverage, game.choices(coverage), value, level, price, certificate)


def _range(targets: Targets) -> tuple[float, float]:
    """The defender's least payoff, and how far they reach; 1 if they are all the same."""
    low = float(targets.defender_uncovered.min())
    return low, float(targets.defender_covered.max()) - low or 1.0


def _value(game: QuantalGame, coverage: Floats, worth: Floats, gain: Floats) -> float:
    return float(game.choices(coverage) @ (worth + coverage * gain))


@allocating_kernel
def _best(
    pull: Floats, deterrence: Floats, worth: Floats, gain: Floats, resources: float
) -> tuple[Floats, float]:
    """Coverage that maximises the sum of terms within the resources, and the price of one more."""
    count = len(pull)
    steepest = 0.0
    for i in range(count):
        steepest = max(steepest, _slope(0.0, pull[i], deterrence[i], worth[i], gain[i]))
    high, low = steepest, 0.0
    dear, cheap = np.zeros(count), np.empty(count)
    used_dear, used_cheap = 0.0, 0.0
    for i in range(count):
        cheap[i] = _coverage(0.0, pull[i], deterrence[i], worth[i], gain[i])
        used_cheap += cheap[i]
    if used_cheap <= resources:
        return cheap, 0.0
    trial = np.empty(count)
    for step in range(_STEPS):
        # Prices can be very small, so their ratio counts; by secants, and halving now and then.
        middle = high * 1e-3
        if low > 0.0:
            share = (used_cheap - resources) / (used_cheap - used_dear) if step % 3 else 0.5
            share = min(0.98, max(0.02, share))
            middle = low * (high / low) ** share
        if high - low <= _NARROW * high or not low < middle < high:
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
def _slope(c: float, pull: float, deterrence: float, worth: float, gain: float) -> float:
    """How fast a term rises with its coverage."""
    return exp(pull - deterrence * c) * (gain - deterrence * (worth + gain * c))


@rule
def _coverage(price: float, pull: float, deterrence: float, worth: float, gain: float) -> float:
    """Where a term rises just as fast as the price, from 0 to 1; 0 if it never does."""
    if _slope(0.0, pull, deterrence, worth, gain) <= price:
        return 0.0
    if _slope(1.0, pull, deterrence, worth, gain) >= max(price, 0.0):
        # The slope falls until it is 0, and stays below from there on.
        return 1.0
    if gain == 0.0:
        return min(1.0, (pull + log(-deterrence * worth / price)) / deterrence)
    peak = 1.0 / deterrence - worth / gain
    if price <= 0.0:
        return min(1.0, max(0.0, peak))
    # With s = deterrence * (peak - c): s * exp(s) * gain * exp(pull - deterrence*peak) = price.
    s = _lambert(log(price / gain) - pull + deterrence * peak)
    return min(1.0, max(0.0, peak - s / deterrence))


@rule
def _lambert(logarithm: float) -> float:
    """The s > 0 with s * exp(s) = exp(logarithm)."""
    s = logarithm - log(logarithm) if logarithm > 2.0 else exp(logarithm - 1.0)
    if logarithm < -1.0:
        s = exp(logarithm)
    for _ in range(20):
        # Newton's step for s + log(s) = logarithm, which is concave.
        new = s * (1.0 + logarithm - log(s)) / (1.0 + s)
        if abs(new - s) <= 4e-16 * s:
            break
        s = new if new > 0.0 else 0.5 * s
    return s


def check_quantal(game: QuantalGame, plan: QuantalPlan) -> Certificate:
    """The certificate of a plan, made anew from the payoffs, the coverage, the level and price.

    For any level v and price p >= 0, the most of N(c) - v*D(c) over all plans is at most
    `p*m + sum_i max_c (term_i(c) - p*c)`, each maximum over one coverage. That over the least that
    D can be is how far the value of any plan can lie above v.

    Raises:
        AmnokError: the plan has not one coverage for each target, or its price is below 0.
    """
    inputs = Inputs()
    coverage = inputs.vector("coverage", plan.coverage, length=len(game.targets))
    level = float(inputs.number("level", plan.level))
    price = float(inputs.number("price", plan.price, least=0.0))
    inputs.done()
    return _certificate(game, coverage, level, price, plan.value)


def _certificate(
    game: QuantalGame, coverage: Floats, level: float, price: float, claimed: float
) -> Certificate:
    targets = game.targets
    value = float(game.choices(coverage) @ targets.defender(coverage))
    worth, gain = targets.defender_uncovered - level, targets.defender_gain
    most = float(targets.defender_covered.max())
    bound = max(value, min(most, level + _above(game, worth, gain, price)))
    return Certificate(
        bound=bound,
        gap=max(bound - value, abs(claimed - value)),
        residual=over_budget(coverage, game.resources),
        scale=targets.scale(),
    )


def _above(game: QuantalGame, worth: Floats, gain: Floats, price: float) -> float:
    """How far the value of any plan can lie above 0 if uncovered targets are worth this much."""
    deterrence = game.deterrence
    pull = game.attraction - game.attraction.max()

    def term(c: Floats) -> Floats:
        return np.asarray(np.exp(pull - deterrence * c) * (worth + gain * c))

    def rises(c: Floats) -> NDArray[np.bool_]:
        rising = gain - deterrence * (worth + gain * c)
        return np.asarray(np.exp(pull - deterrence * c) * rising > price)

    # Each term is concave while it rises: halve towards where its slope is the price.
    low, high = np.zeros(len(pull)), np.ones(len(pull))
    for _ in range(30):
        middle = 0.5 * (low + high)
        on = rises(middle)
        low, high = np.where(on, middle, low), np.where(on, high, middle)
    ends = (np.zeros(len(pull)), np.ones(len(pull)), low)
    best = np.max([term(c) - price * c for c in ends], axis=0)
    excess = price * game.resources + float(best.sum())
    least = float(np.exp(pull - deterrence * min(1.0, game.resources)).sum())
    return max(0.0, excess) / least

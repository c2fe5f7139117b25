"""What it is worth to learn something: how much less uncertain, and how much better chosen.

By regression on draws that are there already, as Strong, Oakley & Brennan (2014) and Strong et al.
(2015) do for parameters and for samples: no new simulations. Everything is predicted out of fold,
so that something irrelevant is worth nothing, up to its standard error.

    variance    E Var(g | x) - E Var(g | x, y)
    nats        the gain in the expected log score of a prediction of g
    choice      E max_a E[benefit_a | x, y] - E max_a E[benefit_a | x]

Everything here knows tables only, not borders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from amnok.errors import AmnokError, Fault
from amnok.studies.inference.learning import Array, Features, Scores
from amnok.studies.inference.tables import read_table, read_weights, too_few, whole_number

_SHOWS = 4.0  # standard errors


@dataclass(frozen=True)
class EstimatedNumber:
    """A number and its standard error."""

    value: float
    se: float


@dataclass(frozen=True)
class Value:
    """What learning something is worth for a target.

    Attributes:
        before: variance of the target that what is seen leaves, on average.
        cut: by how much learning lowers it.
        share: the same as a share of `before`.
        nats: information gained.
    """

    before: float
    cut: EstimatedNumber
    share: EstimatedNumber
    nats: EstimatedNumber


@dataclass(frozen=True)
class ChoiceValue:
    """What learning something is worth for a choice among options.

    Attributes:
        best: the option that is best on average, as things are.
        sample: expected value of what would be learned (EVSI, or EVPPI for a parameter).
        perfect: expected value of knowing everything (EVPI).
    """

    best: int
    sample: EstimatedNumber
    perfect: EstimatedNumber


def value_of(
    learned: Any, target: Any, *, seen: Any = None, weights: Any = None, seed: int = 1
) -> Value:
    """How much less uncertain a target would be, if something were learned.

    Args:
        learned: draws of what would be learned, [draw] or [draw, column]: a parameter, a claim's
            truth, or a series.
        target: draws of what one wants to know, [draw]. At most 12 different values are cases.
        seen: draws of what is seen anyway, [draw, column]; nothing by default.
        weights: [draw]; those of a posterior make it the value given an observation.
        seed: of folds and random features.

    Raises:
        AmnokError: the tables do not fit each other, are too short or are not finite.
    """
    known, wanted, x, v = _tables(learned, target, "target", seen, weights, seed)
    if wanted.shape[1] != 1:
        raise AmnokError([Fault("a target has one column")])
    g, scores = wanted[:, 0], Scores(wanted[:, 0])
    told = scores.of(g)[:, None] if scores.cases is None else (wanted == scores.cases).astype(float)
    without, given, features = _means(known, np.concatenate([wanted, told], axis=1), x, v, seed)
    before = (g - without[:, 0]) ** 2
    gain = before - (g - given[:, 0]) ** 2
    if scores.cases is None:
        nats = _nats(told[:, 0] - without[:, 1], told[:, 0] - given[:, 1], x, features, v, seed)
    else:
        nats = _nats_of_cases(told, without[:, 1:], given[:, 1:], v)
    return Value(float(v @ before), _mean(gain, v), _ratio(gain, before, v), nats)


def value_for_choice(
    learned: Any, benefits: Any, *, seen: Any = None, weights: Any = None, seed: int = 1
) -> ChoiceValue:
    """How much better one would choose, if something were learned.

    Args:
        learned: as for `value_of`.
        benefits: draws of the net benefit of each option, [draw, option]; more is better.
        seen: as for `value_of`.
        weights: as for `value_of`.
        seed: of folds and random features.

    Raises:
        AmnokError: as for `value_of`, or there are not at least two options.
    """
    known, benefit, x, v = _tables(learned, benefits, "benefits", seen, weights, seed)
    if benefit.shape[1] < 2:
        raise AmnokError([Fault("a choice needs two options")])
    each = np.arange(len(v))
    # What counts is how options differ, and that is learned best from the differences.
    best = int((v @ benefit).argmax())
    benefit = benefit - benefit[:, [best]]
    without, given, _ = _means(known, benefit, x, v, seed)
    now, then = without.argmax(axis=1), given.argmax(axis=1)
    perfect = _mean(benefit.max(axis=1) - benefit[each, now], v)
    sample = _chosen(
        given[each, then] - given[each, now], benefit[each, then] - benefit[each, now], v
    )
    return ChoiceValue(best, sample, perfect)


def _chosen(predicted: Array, came: Array, v: Array) -> EstimatedNumber:
    """Gain by choosing after learning.

    The prediction varies far less than what came, but choosing the greatest makes it too high. It
    is brought down where that shows; else what may not show is part of the standard error.
    """
    found, off = _mean(predicted, v), _mean(came - predicted, v)
    if abs(off.value) > _SHOWS * off.se:
        return _mean(came, v)
    return EstimatedNumber(found.value, float(np.hypot(found.se, off.value)))


def _means(
    known: Array, wanted: Array, x: Array, v: Array, seed: int
) -> tuple[Array, Array, Features]:
    """Means of what is wanted, without and with what is learned, out of fold; and of what it is
    learned with.
    """
    n = len(v) * v
    middle = v @ wanted
    without = np.broadcast_to(middle, wanted.shape)
    inputs = known
    if x.shape[1]:
        both = Features(x, seed, n).learn(np.concatenate([wanted, known], axis=1)).means
        without = both[:, : wanted.shape[1]]
        # What a second look at the same finds is no merit of what is learned.
        again = Features(both, seed + 1, n, anchored=True)
        without = without + again.learn(wanted - without).means
        inputs = np.concatenate([known, both], axis=1)
    features = Features(inputs, seed + 3, n, anchored=True)
    return without, without + features.learn(wanted - without).means, features


def _nats_of_cases(is_case: Array, without: Array, given: Array, v: Array) -> EstimatedNumber:
    chances = [np.clip(one, 1e-4, 1.0) for one in (without, given)]
    logs = [np.log(np.sum(is_case * one, axis=1) / one.sum(axis=1)) for one in chances]
    return _mean(logs[1] - logs[0], v)


def _nats(
    off: Array, off_given: Array, x: Array, features: Features, v: Array, seed: int
) -> EstimatedNumber:
    """Of a number, from its errors without and with what is learned."""
    spread = np.zeros(len(v))
    if x.shape[1]:
        seen = Features(x, seed + 2, len(v) * v, anchored=True)
        spread = _log_spread(off, seen, spread, v)
    spread_given = _log_spread(off_given, features, spread, v)
    return _mean(_log_score(off_given, spread_given, v) - _log_score(off, spread, v), v)


def _log_spread(off: Array, features: Features, before: Array, v: Array) -> Array:
    """Log of the variance of errors, as far as features tell more of it than is told before."""
    logs = np.log(off**2 + 1e-6 * (v @ off**2)) - before
    return before + features.learn((logs - v @ logs)[:, None]).means[:, 0]


def _log_score(off: Array, spread: Array, v: Array) -> Array:
    """Log density of normal errors."""
    variance = np.exp(np.clip(spread, -6.0, 6.0))
    variance = variance * (v @ (off**2 / variance))
    return np.asarray(-0.5 * (np.log(2.0 * np.pi * variance) + off**2 / variance))


def _mean(values: Array, v: Array) -> EstimatedNumber:
    mean = float(v @ values)
    return EstimatedNumber(mean, float(np.sqrt(np.sum(v**2 * (values - mean) ** 2))))


def _ratio(part: Array, whole: Array, v: Array) -> EstimatedNumber:
    total = float(v @ whole)
    share = float(v @ part) / total
    return EstimatedNumber(
        share, float(np.sqrt(np.sum(v**2 * (part - share * whole) ** 2))) / total
    )


def _tables(
    learned: Any, wanted: Any, argument: str, seen: Any, weights: Any, seed: int
) -> tuple[Array, Array, Array, Array]:
    faults: list[Fault] = []
    _, known = read_table(learned, "learned", "learned", faults)
    _, target = read_table(wanted, argument, "wanted", faults)
    x, v = np.empty((len(target), 0)), np.ones(0)
    if seen is not None:
        _, x = read_table(seen, "seen", "seen", faults)
    if not faults:
        v = read_weights(weights, len(target), faults)
        if not len(known) == len(target) == len(x):
            faults.append(Fault("the tables have different numbers of draws"))
        faults += too_few(len(target))
        if not all(np.isfinite(one).all() for one in (known, target, x)):
            faults.append(Fault("a draw is not a finite number"))
        elif not faults and not np.ptp(target[v > 0.0], axis=0).any():
            faults.append(Fault("the target is the same in all draws"))
    faults += whole_number("seed", seed, 0)
    if faults:
        raise AmnokError(faults)
    some = v > 0.0
    return known[some], target[some], x[some], v[some] / v.sum()

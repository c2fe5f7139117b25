"""Chance: probabilities and distributions that every system shares. Carries no claim of its own.

A distribution takes the uniform draw `u` in (0, 1) as its last argument and inverts it, so that one
draw gives one outcome and the outcome moves one way only when a parameter moves: two arms of a
comparison that share their draws then differ only where the policy makes them differ.
"""

from __future__ import annotations

import math

from amnok.compiling import long_rule, rule
from amnok.vector_math import exp, expm1, log, log1p, log_positive

_LOG_SMALLEST = -600.0
"""Below exp(-600) the first term of a binomial sum nears the smallest normal double, exp(-708)."""


@rule
def probability(value: float) -> float:
    """Hold a value within [0, 1]: `min(1, max(0, value))`.

    >>> probability(1.7), probability(-0.2), probability(0.4)
    (1.0, 0.0, 0.4)
    """
    return min(1.0, max(0.0, value))


@rule
def driven_chance(base: float, boost: float, intensity: float, factor: float) -> float:
    """Chance of an official act that an order drives: `(base + boost*intensity) * factor`.

    Held within 0 and 1: an order that lowers leaves at least nothing.

    Args:
        base: chance with no order in force (probability).
        boost: what an order of intensity 1 adds to it (probability).
        intensity: intensity of the order in force (dimensionless, 0 = none, below 0 = lowered).
        factor: multiplier for effort, exposure and the like (dimensionless).

    Returns:
        A probability.

    Source: assumption; the linear form is the simplest that steps up with an order (claim B04).

    >>> driven_chance(0.01, 0.04, 0.5, 2.0), driven_chance(0.01, 0.04, -0.5, 2.0)
    (0.06, 0.0)
    """
    return probability((base + boost * intensity) * factor)


@rule
def log_none(chance: float, count: int) -> float:
    """Log of the chance that none of `count` independent events happens: `count * log(1 - chance)`.

    Args:
        chance: chance of each event (probability).
        count: number of events.

    Returns:
        A log probability: 0 for no events, minus infinity for certain ones.

    >>> log_none(0.5, 0), log_none(1.0, 3)
    (0.0, -inf)
    """
    if count <= 0 or chance <= 0.0:
        return 0.0
    if chance >= 1.0:
        return -math.inf
    return count * log1p(-chance)


@rule
def at_least_one(chance: float, count: int) -> float:
    """Chance of at least one of `count` independent events: `1 - (1 - chance)**count`.

    Args:
        chance: chance of each event (probability).
        count: number of events.

    Returns:
        A probability, exact to the last digits for small chances too.

    >>> round(at_least_one(0.1, 2), 12)
    0.19
    """
    # 0 minus, not a unary minus: no events must give 0.0, not -0.0.
    return 0.0 - expm1(log_none(chance, count))


@rule
def _polynomial(
    x: float,
    c0: float,
    c1: float,
    c2: float,
    c3: float,
    c4: float,
    c5: float,
    c6: float,
    c7: float,
) -> float:
    """The polynomial `c0 + c1*x + ... + c7*x**7`, by Horner's rule."""
    upper = ((c7 * x + c6) * x + c5) * x + c4
    return (((upper * x + c3) * x + c2) * x + c1) * x + c0


# fmt: off
@rule
def normal_quantile(u: float) -> float:
    """Quantile of the standard normal distribution.

    Three rational approximations, each for one range of u; relative error about 1e-16.

    Args:
        u: uniform draw in (0, 1).

    Returns:
        The z with P(Z <= z) = u (dimensionless).

    Source: Wichura 1988, Applied Statistics 37(3), algorithm AS 241 (PPND16).

    >>> normal_quantile(0.5)
    0.0
    >>> round(normal_quantile(0.975), 12)
    1.95996398454
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _polynomial(
            r,
            3.3871328727963666080e0, 1.3314166789178437745e2,
            1.9715909503065514427e3, 1.3731693765509461125e4,
            4.5921953931549871457e4, 6.7265770927008700853e4,
            3.3430575583588128105e4, 2.5090809287301226727e3,
        ) / _polynomial(
            r,
            1.0, 4.2313330701600911252e1,
            6.8718700749205790830e2, 5.3941960214247511077e3,
            2.1213794301586595867e4, 3.9307895800092710610e4,
            2.8729085735721942674e4, 5.2264952788528545610e3,
        )
    r = math.sqrt(-log(min(u, 1.0 - u)))
    if r <= 5.0:
        r -= 1.6
        z = _polynomial(
            r,
            1.42343711074968357734e0, 4.63033784615654529590e0,
            5.76949722146069140550e0, 3.64784832476320460504e0,
            1.27045825245236838258e0, 2.41780725177450611770e-1,
            2.27238449892691845833e-2, 7.74545014278341407640e-4,
        ) / _polynomial(
            r,
            1.0, 2.05319162663775882187e0,
            1.67638483018380384940e0, 6.89767334985100004550e-1,
            1.48103976427480074590e-1, 1.51986665636164571966e-2,
            5.47593808499534494600e-4, 1.05075007164441684324e-9,
        )
    else:
        r -= 5.0
        z = _polynomial(
            r,
            6.65790464350110377720e0, 5.46378491116411436990e0,
            1.78482653991729133580e0, 2.96560571828504891230e-1,
            2.65321895265761230930e-2, 1.24266094738807843860e-3,
            2.71155556874348757815e-5, 2.01033439929228813265e-7,
        ) / _polynomial(
            r,
            1.0, 5.99832206555887937690e-1,
            1.36929880922735805310e-1, 1.48753612908506148525e-2,
            7.86869131145613259100e-4, 1.84631831751005468180e-5,
            1.42151175831644588870e-7, 2.04426310338993978564e-15,
        )
    return z if q > 0.0 else -z
# fmt: on


@rule
def exponential(u: float) -> float:
    """Standard exponential variate: `-log(u)`.

    Args:
        u: uniform draw in (0, 1).

    Returns:
        An exponential variate of mean 1, above 0 (dimensionless).

    Source: inverse of the exponential's survival function.

    >>> round(exponential(0.5), 6)
    0.693147
    """
    return -log_positive(u)


@rule
def gumbel_of(waiting: float) -> float:
    """Standard Gumbel variate of a standard exponential one: `-log(waiting)`.

    Args:
        waiting: as `exponential` gives it (dimensionless, above 0).

    Returns:
        A Gumbel variate of location 0 and scale 1 (dimensionless).

    Source: Johnson, Kotz & Balakrishnan 1995, Continuous Univariate Distributions 2, ch. 22.

    >>> gumbel_of(exponential(0.3)) == gumbel(0.3)
    True
    """
    return -log_positive(waiting)


@rule
def gumbel(u: float) -> float:
    """Standard Gumbel variate: `-log(-log(u))`.

    The option with the largest utility plus Gumbel draw is a multinomial logit choice.

    Args:
        u: uniform draw in (0, 1).

    Returns:
        A Gumbel variate of location 0 and scale 1 (dimensionless).

    Source: McFadden 1974, conditional logit.

    >>> round(gumbel(0.5), 6)
    0.366513
    """
    return gumbel_of(exponential(u))


@rule
def _count_reaching(n: int, p: float, none: float, level: float, beyond: bool) -> int:
    """Smallest k whose binomial CDF reaches `level` (goes beyond it, if `beyond`).

    `none` is the chance of k = 0.
    """
    odds = p / (1.0 - p)
    mass = none
    total = mass
    k = 0
    while k < n and (total < level or (beyond and total == level)):
        mass *= odds * (n - k) / (k + 1)
        k += 1
        # Past the mean, terms too small to count can never reach the level: the rest is rounding.
        if k > n * p and total + mass == total:
            break
        total += mass
    return k


@long_rule
def binomial(n: int, p: float, u: float) -> int:
    """Binomial variate by inversion: the smallest k with P(X <= k) >= u.

    It rises with u, with p and with n. The sum runs over the rarer of the two outcomes. Where even
    its first term would underflow, `n*log(1 - min(p, 1-p)) < -600` (so n*p*(1-p) > 400), the
    quantile is taken from the normal distribution with a skewness term and a continuity correction
    (Cornish-Fisher): `ceil(n*p + sd*z + (1-2p)*(z**2 - 1)/6 - 1/2)` held within [0, n]; it is then
    off by one at most, seldom.

    Args:
        n: number of trials; none or fewer give 0.
        p: chance of success in each trial (probability); p <= 0 gives 0, p >= 1 gives n.
        u: uniform draw in (0, 1).

    Returns:
        A count from 0 to n.

    Source: Cornish & Fisher 1938 for the normal branch.

    >>> binomial(10, 0.5, 0.5), binomial(10, 0.5, 0.99), binomial(1_000_000, 0.5, 0.5)
    (5, 9, 500000)
    """
    if n <= 0 or p <= 0.0 or u <= 0.0:
        return 0
    if p >= 1.0 or u >= 1.0:
        return n
    log_zero = log_none(p, n)
    none = exp(log_zero)
    if u <= none:
        return 0
    log_rarer = log_zero if p <= 0.5 else log_none(1.0 - p, n)
    if log_rarer < _LOG_SMALLEST:
        z = normal_quantile(u)
        middle = n * p + math.sqrt(n * p * (1.0 - p)) * z
        skewed = middle + (1.0 - 2.0 * p) * (z * z - 1.0) / 6.0
        return min(n, max(0, int(math.ceil(skewed - 0.5))))  # noqa: RUF046 - a float on a GPU
    if p <= 0.5:
        return _count_reaching(n, p, none, u, False)
    # P(X <= k) >= u where P(failures <= n-k-1) <= 1-u: the failures' first count beyond 1-u.
    return n - _count_reaching(n, 1.0 - p, exp(log_rarer), 1.0 - u, True)


@long_rule
def exponential_days(mean: float, u: float) -> int:
    """Whole days of an exponential waiting time: `floor(-mean * log(1 - u))`.

    Args:
        mean: mean waiting time (days); none or less gives 0.
        u: uniform draw in (0, 1).

    Returns:
        Days, 0 or more.

    Source: assumption.

    >>> exponential_days(10.0, 0.5), exponential_days(0.0, 0.9)
    (6, 0)
    """
    if mean <= 0.0:
        return 0
    return int(math.floor(-mean * log1p(-u)))  # noqa: RUF046 - a float on a GPU

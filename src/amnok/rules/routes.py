"""Routes: which one a trader takes, and where an agency looks (claims A11, A14, B09)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.rules.distributions import exponential
from amnok.vector_math import log_positive

_PI = 3.141592653589793
_LEAST_SINE = 1e-250  # so that it has a logarithm, which is then multiplied by nothing


@rule
def route_utility(margin: float, cost: float, risk: float, loss: float, scale: float) -> float:
    """Systematic utility of sending a consignment by a route: `(margin - cost - risk*loss)/scale`.

    Staying home has utility 0. With a Gumbel draw added to each (`distributions.gumbel`), the best
    option is a multinomial logit choice; with `shared_part` for routes of a channel, a nested one.

    Args:
        margin: what the consignment earns across the border (money).
        cost: crossing, bribes, checking (money).
        risk: believed chance of losing by this route (probability).
        loss: what that would cost (money).
        scale: spread of what the model leaves out (money, above 0).

    Returns:
        Utility (dimensionless).

    Source: claims A14, B09; McFadden 1974, conditional logit.

    >>> route_utility(1_000.0, 300.0, 0.1, 2_000.0, 250.0)
    2.0
    """
    return (margin - cost - risk * loss) / scale


@rule
def sine(x: float) -> float:
    """`sin(pi*x)`, but no less than 1e-250, for x from 0 to 1.

    A Taylor series to the 21st power, exact to the last digits up to a quarter turn. It multiplies
    by numbers known beforehand, as to divide takes the processor eight times as long.

    Args:
        x: share of half a turn (0 to 1).

    Returns:
        Sine (dimensionless).

    Source: Taylor series of the sine, Abramowitz & Stegun 1964, 4.3.65.

    >>> sine(0.5), round(sine(1.0 / 6.0), 15)
    (1.0, 0.5)
    """
    turn = _PI * min(x, 1.0 - x)
    z = turn * turn
    ratio = z * 1.9572941063391263e-20 - 8.22063524662433e-18
    ratio = ratio * z + 2.8114572543455206e-15
    ratio = ratio * z - 7.647163731819816e-13
    ratio = ratio * z + 1.6059043836821613e-10
    ratio = ratio * z - 2.505210838544172e-08
    ratio = ratio * z + 2.7557319223985893e-06
    ratio = ratio * z - 0.0001984126984126984
    ratio = ratio * z + 0.008333333333333333
    ratio = ratio * z - 0.16666666666666666
    ratio = ratio * z + 1.0
    return max(turn * ratio, _LEAST_SINE)


@rule
def shared_part(dissimilarity: float, u_shape: float, u_size: float) -> float:
    """What the routes of a channel share of a person's own reasons: a draw E, so that `E + l*G` is
    standard Gumbel for each of them, with G standard Gumbel too.

    Formula: `E = l * log(S)` with S positive stable of index l, so `E[exp(-t*S)] = exp(-t**l)` and
    the largest of `V + E + l*G` is a nested logit choice. By Kanter's representation of S, with
    `a = l*pi*u`, `b = (1-l)*pi*u` and W standard exponential,
    `E = log(sin a / sin(pi*u)) + (1-l) * log(sin b / sin a / W)`.

    Args:
        dissimilarity: l, how far routes of a channel are chosen as if they had nothing in common (0
            to 1): 1 is multinomial logit, 0 is one draw for all of them.
        u_shape: uniform draw u in (0, 1).
        u_size: uniform draw in (0, 1), behind W.

    Returns:
        A draw (dimensionless), on the scale of the utility.

    Source: Cardell 1997, Econometric Theory 13(2); Kanter 1975, Annals of Probability 3(4);
    McFadden 1978 for nested logit.

    >>> shared_part(1.0, 0.3, 0.8), round(shared_part(0.0, 0.3, 0.5), 6)
    (0.0, 0.366513)
    """
    first = shared_sines(dissimilarity, u_shape)
    second = size_sines(dissimilarity, u_shape)
    return shared_of(dissimilarity, first, second, exponential(u_size))


@rule
def shared_sines(dissimilarity: float, u_shape: float) -> float:
    """The first pair of sines in `shared_part`: `sin(l*pi*u) / sin(pi*u)`.

    Args:
        dissimilarity: l, as in `shared_part` (0 to 1).
        u_shape: uniform draw u in (0, 1).

    Returns:
        Ratio (dimensionless, above 0).

    Source: Kanter 1975, Annals of Probability 3(4).

    >>> shared_sines(1.0, 0.3)
    1.0
    """
    return sine(dissimilarity * u_shape) / sine(u_shape)


@rule
def size_sines(dissimilarity: float, u_shape: float) -> float:
    """The second pair of sines in `shared_part`: `sin((1-l)*pi*u) / sin(l*pi*u)`.

    Args:
        dissimilarity: l, as in `shared_part` (0 to 1).
        u_shape: uniform draw u in (0, 1).

    Returns:
        Ratio (dimensionless, above 0).

    Source: Kanter 1975, Annals of Probability 3(4).

    >>> size_sines(0.5, 0.3)
    1.0
    """
    return sine((1.0 - dissimilarity) * u_shape) / sine(dissimilarity * u_shape)


@rule
def shared_of(dissimilarity: float, first: float, second: float, waiting: float) -> float:
    """`shared_part` put together: `log(first) + (1-l)*log(second / W)`.

    Args:
        dissimilarity: l, as in `shared_part` (0 to 1).
        first: its `shared_sines` (dimensionless, above 0).
        second: its `size_sines` (dimensionless, above 0).
        waiting: the exponential draw W (dimensionless, above 0).

    Returns:
        A draw (dimensionless), on the scale of the utility.

    Source: Kanter 1975, Annals of Probability 3(4).

    >>> round(shared_of(0.5, 1.0, 2.0, 2.0 / 2.718281828459045), 12)
    0.5
    """
    return log_positive(first) + (1.0 - dissimilarity) * log_positive(second / waiting)


@rule
def effort_on_route(
    base_effort: float, follow: float, finds_here: float, finds_mean: float
) -> float:
    """Effort an agency puts on a route: `base * ((1 - follow) + follow * finds/mean)`.

    Effort moves towards routes with more recent finds and, over routes of equal base effort, keeps
    its total.

    Args:
        base_effort: effort by plan (dimensionless, 1 = an even spread).
        follow: how far it follows finds (0 = never, 1 = wholly).
        finds_here: recent finds on this route (discounted count).
        finds_mean: their mean over routes (discounted count); 0 or less leaves the plan.

    Returns:
        Effort (dimensionless), 0 or more.

    Source: claim A14 for effort on major routes; the form is an assumption.

    >>> effort_on_route(1.0, 0.5, 6.0, 2.0), effort_on_route(1.0, 0.5, 0.0, 0.0)
    (2.0, 1.0)
    """
    if finds_mean <= 0.0:
        return base_effort
    return base_effort * ((1.0 - follow) + follow * (finds_here / finds_mean))

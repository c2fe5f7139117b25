"""Routes: which one a trader takes, and where an agency looks (claims A11, A14, B09)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.rules.distributions import gumbel
from amnok.vector_math import log_positive

_PI = 3.141592653589793
_LEAST_SINE = 1e-300  # so that it has a logarithm, which is then multiplied by nothing


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
def log_sine(x: float) -> float:
    """Logarithm of `sin(pi*x)`, of no less than 1e-300, for x from 0 to 1.

    A Taylor series to the 21st power: the sine is exact to the last digits up to a quarter turn.

    Args:
        x: share of half a turn (0 to 1).

    Returns:
        Logarithm (dimensionless).

    Source: Taylor series of the sine, Abramowitz & Stegun 1964, 4.3.65.

    >>> abs(log_sine(0.5)) < 1e-15, round(log_sine(1.0 / 6.0), 12) == -0.69314718056
    (True, True)
    """
    turn = _PI * min(x, 1.0 - x)
    z = turn * turn
    sine = 1.0 - z / 420.0
    sine = 1.0 - z / 342.0 * sine
    sine = 1.0 - z / 272.0 * sine
    sine = 1.0 - z / 210.0 * sine
    sine = 1.0 - z / 156.0 * sine
    sine = 1.0 - z / 110.0 * sine
    sine = 1.0 - z / 72.0 * sine
    sine = 1.0 - z / 42.0 * sine
    sine = 1.0 - z / 20.0 * sine
    sine = 1.0 - z / 6.0 * sine
    return log_positive(max(turn * sine, _LEAST_SINE))


@rule
def shared_part(dissimilarity: float, u_shape: float, u_size: float) -> float:
    """What the routes of a channel share of a person's own reasons: a draw E, so that `E + l*G` is
    standard Gumbel for each of them, with G standard Gumbel too.

    Formula: `E = l * log(S)` with S positive stable of index l, so `E[exp(-t*S)] = exp(-t**l)` and
    the largest of `V + E + l*G` is a nested logit choice. By Kanter's representation of S,
    `E = (1-l)*(G' + log sin((1-l)*pi*u)) + l*log sin(l*pi*u) - log sin(pi*u)`, with G' Gumbel.

    Args:
        dissimilarity: l, how far routes of a channel are chosen as if they had nothing in common (0
            to 1): 1 is multinomial logit, 0 is one draw for all of them.
        u_shape: uniform draw u in (0, 1).
        u_size: uniform draw in (0, 1), behind G'.

    Returns:
        A draw (dimensionless), on the scale of the utility.

    Source: Cardell 1997, Econometric Theory 13(2); Kanter 1975, Annals of Probability 3(4);
    McFadden 1978 for nested logit.

    >>> shared_part(1.0, 0.3, 0.8), round(shared_part(0.0, 0.3, 0.5), 6) == round(gumbel(0.5), 6)
    (0.0, True)
    """
    shape = shared_shape(dissimilarity, u_shape)
    return shared_of(dissimilarity, u_shape, shape, gumbel(u_size))


@rule
def shared_shape(dissimilarity: float, u_shape: float) -> float:
    """What `shared_part` adds to the factor `1-l`: `l*log sin(l*pi*u) - log sin(pi*u)`.

    Args:
        dissimilarity: l, as in `shared_part` (0 to 1).
        u_shape: uniform draw u in (0, 1).

    Returns:
        A term of the draw (dimensionless).

    Source: Kanter 1975, Annals of Probability 3(4).

    >>> shared_shape(1.0, 0.3)
    0.0
    """
    return dissimilarity * log_sine(dissimilarity * u_shape) - log_sine(u_shape)


@rule
def shared_of(dissimilarity: float, u_shape: float, shape: float, size: float) -> float:
    """`shared_part` put together: `(1-l)*(G' + log sin((1-l)*pi*u)) + shape`.

    Args:
        dissimilarity: l, as in `shared_part` (0 to 1).
        u_shape: uniform draw u in (0, 1).
        shape: its `shared_shape` (dimensionless).
        size: the Gumbel draw G' (dimensionless).

    Returns:
        A draw (dimensionless), on the scale of the utility.

    Source: Kanter 1975, Annals of Probability 3(4).

    >>> shared_of(0.4, 0.3, shared_shape(0.4, 0.3), gumbel(0.8)) == shared_part(0.4, 0.3, 0.8)
    True
    """
    alike = 1.0 - dissimilarity
    return alike * (size + log_sine(alike * u_shape)) + shape


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

"""Border guards: liability, the price of looking away, and the bribe agreed (claims A04, A09)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.rules.distributions import probability
from amnok.vector_math import exp, log1p

_LEAST_ODDS, _CERTAIN = -30.0, 40.0  # beyond, nothing changes in the last digits


@rule
def held_responsible(liability: float, find_belief: float) -> float:
    """Chance, as the guard sees it, of being held responsible: `min(1, liability*find_belief)`.

    Args:
        liability: chance that a find on the route is laid at the guard's door (probability).
        find_belief: believed chance that this consignment leads to a find (probability).

    Returns:
        A probability.

    Source: claim A09; the product form is an assumption.

    >>> held_responsible(0.5, 0.25)
    0.125
    """
    return probability(liability * find_belief)


@rule
def reservation_price(
    responsible_chance: float, penalty: float, effort: float, strictness: float
) -> float:
    """The least a guard takes to look away: `strictness * (chance*penalty + effort)`.

    Args:
        responsible_chance: chance of being held responsible (probability).
        penalty: what that would cost the guard (CNY).
        effort: cost of the guard's trouble (CNY).
        strictness: 1 for the usual guard, more for one who replaced a guard that was caught.

    Returns:
        Price (CNY per consignment).

    Source: claims A04, A09; strictness is an assumption.

    >>> reservation_price(0.125, 40_000.0, 100.0, 1.0)
    5100.0
    """
    return strictness * (responsible_chance * penalty + effort)


@rule
def sender_surplus(value: float, reservation: float, lead: float) -> float:
    """What a sender gains by a way over the best alternative: `min(V, R + lead)`.

    The alternatives are to stay home, which is worth nothing, and the best other way at the least
    that officials there would take. `V - R` less what that one is worth then is the lead, so
    `V - max(0, other) = min(V, R + lead)`.

    Args:
        value: what the way is worth to the sender before the bribe, V (CNY).
        reservation: the guard's least price R (CNY, 0 or more).
        lead: by how much this way is better than any other if each official took the least
            (CNY, 0 or more); any large number if there is no other.

    Returns:
        Surplus S (CNY).

    Source: claims A04, A09; Shapley & Shubik 1971, the core of a market with one buyer.

    >>> sender_surplus(240.0, 30.0, 1e9), sender_surplus(240.0, 30.0, 0.0)
    (240.0, 30.0)
    """
    return min(value, reservation + lead)


@rule
def agreed_bribe(surplus: float, reservation: float, bargaining_share: float) -> float:
    """The bribe trader and guard agree on: `R + beta*(S - R)`, or -1 for no deal if `S < R`.

    Args:
        surplus: the trader's gain S over the best alternative (CNY).
        reservation: the guard's least price R (CNY, 0 or more).
        bargaining_share: the guard's share beta of what is left between them (0 to 1).

    Returns:
        Bribe (CNY), or -1.0 where the guard refuses.

    Source: claims A04, A09; Nash 1950, the bargaining problem.

    >>> agreed_bribe(1_000.0, 400.0, 0.25), agreed_bribe(300.0, 400.0, 0.25)
    (550.0, -1.0)
    """
    if surplus < reservation:
        return -1.0
    return reservation + bargaining_share * (surplus - reservation)


@rule
def mean_lead(log_odds: float, gain: float) -> float:
    """Mean lead of a way that was chosen by random utility, held to its `gain`.

    Formula: `(log(1 + o) - log(1 + o*exp(-g))) / P`, with o the odds of the way among all, P the
    chance and g the gain. It is the mean of `min(lead, g)`, as the lead exceeds x with the chance
    `o*exp(-x) / (1 + o*exp(-x)) / P`.

    Args:
        log_odds: log of the odds that this way is chosen rather than another (dimensionless).
        gain: what the way is worth at the guard's least price, in units of the utility's scale
            (dimensionless, 0 or more).

    Returns:
        The mean lead (dimensionless), from 0 to `gain`.

    Source: McFadden 1974, conditional logit, for the utilities; the integral is elementary.

    >>> round(mean_lead(0.0, 1e9), 6), round(mean_lead(0.0, 0.0), 6)
    (1.386294, 0.0)
    """
    odds = min(max(log_odds, _LEAST_ODDS), gain + _CERTAIN)
    return (_softplus(odds) - _softplus(odds - gain)) * (1.0 + exp(-odds))


@rule
def _softplus(x: float) -> float:
    """The integral of the logistic function, `log(1 + exp(x))`."""
    return max(x, 0.0) + log1p(exp(-abs(x)))

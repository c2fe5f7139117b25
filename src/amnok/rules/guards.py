"""Border guards: liability, the price of looking away, and the bribe agreed (claims A04, A09)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.rules.distributions import probability


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

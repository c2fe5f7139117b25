"""Border guards: liability, the price of looking away, and the bribe agreed (claims A04, A09)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import model_validator

from amnok.compiling import rule, step
from amnok.draws import Key
from amnok.mechanisms.cameras import CAMERA_DRAW
from amnok.mechanisms.deeds import (
    DETAINED,
    LOST,
    PASSED,
    TURNED_BACK,
    Trip,
    arrest_outer,
    detain,
    seize,
)
from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.mechanisms.roles import GUARD, INNER
from amnok.quantity import Days, Money, Persons, Probability, Ratio, Share
from amnok.rules.distributions import probability
from amnok.variables import (
    ARREST,
    BRIBES,
    FLOW,
    GUARD_PRICES,
    KEPT_BRIBES,
    MONEY,
    PAID,
    SEIZE,
    STOP,
    Count,
    Variable,
)
from amnok.vector_math import exp, expm1, log1p

_LEAST_CLIENTS = 1e-9  # so that none is not a division by nothing
_LEAST_ODDS, _CERTAIN = -30.0, 40.0  # beyond, nothing changes in the last digits


class Guards(Section):
    """Border guards: how many of them deal, what they ask and risk, how the money is split."""

    NEUTRAL: ClassVar[Mapping[str, float]] = {"collusion": 1.0}  # nobody stands there

    collusion: Probability
    """Share of border guards who let consignments pass for money, drawn for each crossing. Any
    other guard seizes the goods and detains the sender. Low: their routes are closed to smugglers
    by honest guards; at 1 every guard can be paid.
    """

    effort: Ratio
    """What a guard asks for the mere trouble of looking away, as a share of the goods' worth. It is
    part of the least price the guard accepts. Low: without risk guards are cheap; high: small gains
    are not worth a crossing.
    """

    penalty: Money
    """What being held responsible for a leak would cost a guard, in money. Times the chance of it,
    this is the risk in the guard's least price. Low: guards do not mind leaks; high: a little
    liability makes bribes very expensive.
    """

    bargaining_share: Share
    """The guard's part of the gain that is left between the guard's least price and the most the
    sender would pay. At 0 a bribe is the guard's least price; at 1 the guard takes all that the
    sender gains over the best other way.
    """

    liability_usual: Probability
    """Chance that a guard is held responsible for a leak found on the route, in ordinary times. It
    enters the price of a bribe and is the chance that the guard is then removed. At 0 guards answer
    for nothing; high: bribes carry the risk of leaks.
    """

    liability_campaign: Probability
    """What an order of intensity 1 to the guards adds to the chance that a guard is held
    responsible for a leak. Low: a campaign leaves bribes as they are; high: it raises them and
    removes many guards.
    """

    strict_factor: Ratio
    """Factor on the least price of a guard who has replaced one that was removed. Senders do not
    foresee it and may be turned back. At 1 the new guard is like the old one; high: the route is
    nearly closed for a time.
    """

    strict_days: Days
    """Mean days for which a guard who has replaced a removed one stays strict, from the next day
    on. Low: the route is soon as before; high: it stays expensive for long.
    """

    clients: Persons
    """How many of a sector's senders deal with the same guard, on each kind of route where guards
    stand. It says how many guards a removal leaves in place. Low: a new guard meets few; high: one
    new guard makes the whole route strict.
    """

    share_superiors: Share
    """Share of each bribe that the guard passes on to superiors. It moves money between the
    accounts of officials and changes nobody's decision. Low: the guard keeps more; high: most of it
    goes up.
    """

    share_security: Share
    """Share of each bribe to a guard that goes to the security police. It moves money between the
    accounts of officials and changes nobody's decision. Low: the guard keeps more; high: the
    security police live off the guards.
    """

    @model_validator(mode="after")
    def _shares_fit(self) -> Guards:
        passed_on = self.share_superiors.number + self.share_security.number
        if passed_on > 1:
            raise ValueError(
                f"share_superiors and share_security add up to {passed_on:g}, more than 1"
            )
        return self


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
def load_find_chance(find_belief: float, load: float) -> float:
    """Chance that a leak is found in a load: `1 - (1 - belief)**load`.

    Args:
        find_belief: believed chance that a leak is found in a usual outward load (probability).
        load: what the consignment carries, in usual ones (dimensionless); 0 for what comes in.

    Returns:
        A probability.

    Source: claim A09; items of a load leak independently, as when they are packed.

    >>> load_find_chance(0.5, 2.0), load_find_chance(0.5, 0.0)
    (0.75, 0.0)
    """
    found = 0.0 - expm1(load * log1p(-find_belief))
    return found if load > 0.0 else 0.0  # a choice and no branch: a loop over loads is vector code


@rule
def reservation_price(
    responsible_chance: float, penalty: float, effort: float, strictness: float
) -> float:
    """The least a guard takes to look away: `strictness * (chance*penalty + effort)`.

    Args:
        responsible_chance: chance of being held responsible (probability).
        penalty: what that would cost the guard (money).
        effort: cost of the guard's trouble (money).
        strictness: 1 for the usual guard, more for one who replaced a guard that was caught.

    Returns:
        Price (money per consignment).

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
        value: what the way is worth to the sender before the bribe, V (money).
        reservation: the guard's least price R (money, 0 or more).
        lead: by how much this way is better than any other if each official took the least
            (money, 0 or more); any large number if there is no other.

    Returns:
        Surplus S (money).

    Source: claims A04, A09; Shapley & Shubik 1971, the core of a market with one buyer.

    >>> sender_surplus(240.0, 30.0, 1e9), sender_surplus(240.0, 30.0, 0.0)
    (240.0, 30.0)
    """
    return min(value, reservation + lead)


@rule
def agreed_bribe(surplus: float, reservation: float, bargaining_share: float) -> float:
    """The bribe trader and guard agree on: `R + beta*(S - R)`, or -1 for no deal if `S < R`.

    Args:
        surplus: the trader's gain S over the best alternative (money).
        reservation: the guard's least price R (money, 0 or more).
        bargaining_share: the guard's share beta of what is left between them (0 to 1).

    Returns:
        Bribe (money), or -1.0 where the guard refuses.

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


@rule
def guards_on_route(senders: float, alike: float, clients: float) -> float:
    """How many guards work a route: `senders / (alike * clients)`.

    Args:
        senders: inner-side traders of the sector (persons).
        alike: routes of the same kind in the sector, which share them.
        clients: senders who deal with the same guard (persons).

    Returns:
        Guards, 1 or more (persons).

    Source: assumption; guards are posted where there is traffic.

    >>> guards_on_route(2000.0, 2.0, 100.0), guards_on_route(50.0, 2.0, 100.0)
    (10.0, 1.0)
    """
    return max(1.0, senders / max(alike * clients, _LEAST_CLIENTS))


@rule
def strict_share(share: float, removed: float, guards: float, days: float) -> float:
    """Share of a route's guards who are new and strict: `min(1, s * exp(-1/d) + removed/guards)`.

    Args:
        share: yesterday's share s (0 to 1).
        removed: guards removed today, whom strict ones replace (persons).
        guards: guards on the route (persons, 1 or more).
        days: mean days d for which they stay strict (days); 0 or less is not at all.

    Returns:
        Tomorrow's share (0 to 1).

    Source: claim A09; that posts go one by one, and the fading, are assumptions.

    >>> strict_share(0.0, 1.0, 4.0, 14.0), round(strict_share(0.25, 0.0, 4.0, 14.0), 6)
    (0.25, 0.232766)
    """
    if days <= 0.0:
        return 0.0
    return probability(share * exp(-1.0 / days) + removed / guards)


@step
def meet(
    world: Any,
    state: Any,
    tally: Any,
    key: Key,
    t: int,
    trip: Trip,
    planned: Any,
    bank: int,
    accepts_bribe: bool,
    bribe: float,
) -> int:
    """A guard agrees on a price and splits it with others, or refuses; the odd one arrests: the
    sender on the inner bank, the partner on the outer one."""
    outcome = PASSED
    if not accepts_bribe:
        outcome = LOST
        size = trip.size if bank == INNER else trip.partner_size
        event = tally.events[trip.block, GUARD, size]
        event.stops += 1
        event.detections += 1
        seize(tally, trip.block, GUARD, size, planned)
        if bank == INNER:
            event.arrests += 1
            days = world.rates[0].security_police.contraband_days
            detain(state, key, t, t - world.spin_up, trip.i, DETAINED, days)
        else:
            arrest_outer(world, state, tally, key, t, trip.block, trip.partner, GUARD, 1.0)
    elif bribe < 0.0:
        outcome = TURNED_BACK
        tally.flow[trip.block, trip.local, trip.size].refused += 1
    else:
        pay(world, state, tally, trip, bribe)
    return outcome


@step
def pay(world: Any, state: Any, tally: Any, trip: Trip, bribe: float) -> None:
    """The guard's bribe, of which others get their shares."""
    guards = world.rates[0].guards
    up, aside = bribe * guards.share_superiors, bribe * guards.share_security
    bribes = tally.bribes[trip.block, trip.size]
    bribes.superiors += up
    bribes.security_police += aside
    bribes.guards += bribe - up - aside
    state.traders[trip.i].cash -= bribe
    tally.flow[trip.block, trip.local, trip.size].guard_bribes += bribe


no_liability = setting({"guards.liability_usual": 0.0, "guards.liability_campaign": 0.0})


MECHANISM = Mechanism(
    "guards",
    Guards,
    "What border guards ask and risk.",
    shapes=("bribes",),
    label="Border guards: liability, price, bribe",
    claims="A04, A09",
    roles=("guard",),
    contrasts=(
        Contrast("collusion", "Guards take bribes", setting({"guards.collusion": 0.0})),
        Contrast("guard_liability", "Guards are liable for leaks", no_liability),
    ),
    does=(STOP, SEIZE, ARREST, PAID),
    results=(
        Count(
            FLOW,
            "refused",
            "consignments",
            "Turned back: no deal with the guard",
            "The goods stay with the sender, who tries again.",
        ),
        Count(
            FLOW,
            "items_turned_back",
            "items",
            "Items turned back",
            "Those of refused consignments.",
        ),
        Count(
            FLOW,
            "guard_bribes",
            MONEY,
            "Paid to guards, before they pass on their part",
            "Also for what was seized later on its way; payments for release are not in it.",
        ),
        Count(
            BRIBES,
            "guards",
            MONEY,
            "Kept by guards",
            "What is left of guard_bribes once others have their shares.",
            of=KEPT_BRIBES,
        ),
        Count(
            BRIBES,
            "superiors",
            MONEY,
            "Kept by guards' superiors",
            "Their share of guard_bribes.",
            of=KEPT_BRIBES,
        ),
        Variable(
            GUARD_PRICES,
            "guard_price",
            MONEY,
            "What letting a usual outward load pass costs a guard in risk",
            "Chance of being held responsible times the penalty; the guard's trouble is not in it.",
        ),
    ),
    draws=(CAMERA_DRAW,),
    keeps=("guards.strict",),
)

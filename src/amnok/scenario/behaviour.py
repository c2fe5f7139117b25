"""How people come to believe in risks, and how prices answer to trade."""

from __future__ import annotations

from amnok.quantity import (
    ConsignmentsPerTrader,
    Days,
    Elasticity,
    Probability,
    Ratio,
    Sparse,
    StandardDeviations,
    neutral,
)

_SHARES = ("goods.*.border_share_inner", "goods.*.border_share_outer")


class Learning(Sparse):
    """How people come to believe what they believe about risk."""

    memory: Days = neutral(1.0, "stop", is_needed=True)
    """Days over which what traders have heard fades to about a third; the finds that agencies
    follow fade as fast. Low: beliefs follow the last few days; high: they change slowly and old
    trouble keeps its weight.
    """

    salience: Ratio = neutral(1.0, "stop")
    """Weight of a bad event in shared beliefs, relative to its number: 2 counts each twice. It is
    the bias of beliefs, and the only one. At 1 they follow the facts; high: people believe so many
    times the risk that there is.
    """

    prior_weight: ConsignmentsPerTrader = neutral(1.0, "stop", "entry_exit", is_needed=True)
    """How much experience the first belief is worth, in consignments of every trader (in days of
    every trader for arrests), so that beliefs do not depend on how many trade. Low: the first few
    events decide what people believe; high: beliefs hardly move from where they began.
    """

    prior_search: Probability = neutral(0.0, "security_police", is_needed=True)
    """Chance of a search per consignment that senders believe in before any experience. Low: people
    start out careless; high: they start out checking.
    """

    prior_loss: Probability = neutral(0.0, "seize", is_needed=True)
    """Chance that a consignment on a route is lost, that senders believe in before any experience.
    Low: all routes look safe at first; high: few ship until they have seen that it works.
    """

    prior_find: Probability = neutral(0.0, "guards")
    """Chance that a consignment of usual size that a guard lets out leads to a leak being found, as
    guards believe before any experience. Low: bribes start cheap; high: guards ask for the risk
    from the start.
    """

    prior_arrest: Probability = neutral(0.0, "protection", is_needed=True)
    """Chance per day of being arrested that traders of the outer bank believe in before any
    experience. It decides who buys protection. Low: few buy it at first; high: most who can do.
    """

    personal_spread: StandardDeviations = neutral(0.0, "stop")
    """How much people differ in caution: standard deviation of the logarithm of a lasting personal
    factor on believed risks. At 0 all of a sector and size believe the same; high: some fear far
    more than others.
    """

    investigated_wariness: Ratio = neutral(1.0, "security_police")
    """Factor on a sender's believed chance of a search on the day of being investigated. It fades
    with `wariness_memory`. At 1 an investigation teaches nothing; high: those investigated check
    everything for long.
    """

    bad_event_wariness: Ratio = neutral(1.0, "seize")
    """Factor on a sender's believed chance of loss on the day after losing a consignment; it fades
    with `wariness_memory`. At 1 a loss changes nothing; high: those who lost goods stay home for
    long.
    """

    wariness_memory: Days = neutral(
        1.0, "learning.investigated_wariness", "learning.bad_event_wariness", is_needed=True
    )
    """Days over which the wariness after an own bad experience fades to about a third. Low: it is
    soon forgotten; high: it lasts for the whole period.
    """


class Prices(Sparse):
    """How prices answer to what crosses."""

    smoothing: Days = neutral(1.0, *_SHARES, is_needed=True)
    """Days over which traded quantities are averaged before they move prices. Low: prices jump with
    each day's trade; high: they answer late and gently.
    """

    elasticity_selling: Elasticity = neutral(1.0, *_SHARES, is_needed=True)
    """Elasticity of demand where goods arrive. Low: a small shortage raises the price steeply;
    high: prices hardly move.
    """

    elasticity_buying: Elasticity = neutral(1.0, *_SHARES, is_needed=True)
    """Elasticity of supply where goods come from. Low: less trade makes goods much cheaper there;
    high: prices hardly move.
    """

    elasticity_other: Elasticity = neutral(1.0, *_SHARES, is_needed=True)
    """Elasticity of what does not cross the border: how much more other suppliers and stores
    deliver at a higher price, and other buyers take at a lower one. Low: prices stay where a
    closure puts them; high: they come back most of the way.
    """

    adjustment: Days = neutral(1.0, *_SHARES, is_needed=True)
    """Days over which other supply and demand close a gap in trade to about a third. Low: a
    closure is felt for some days; high: for months.
    """

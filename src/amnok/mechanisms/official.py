"""Official statistics and price surveys."""

from __future__ import annotations

from amnok.mechanisms.form import Mechanism, Section
from amnok.quantity import Days, Share, StandardDeviations


class Official(Section):
    """What official statistics and price surveys show of what happened."""

    arrests_recorded: Share
    """Share of arrests that get into the official statistics. Low: most stay off the books; at 1
    the statistics are complete.
    """

    questionings_recorded: Share
    """Share of questionings that get into the official statistics. Low: most stay off the books; at
    1 the statistics are complete.
    """

    seizures_recorded: Share
    """Share of seized items that get into the official statistics. Low: most stay with those who
    seized them; at 1 the statistics are complete.
    """

    survey_interval: Days
    """Days between two surveys of prices on the inner bank; rounded, at least 1. Low: prices are
    seen almost daily; high: short swings are missed.
    """

    survey_noise: StandardDeviations
    """Error of a surveyed price: standard deviation of its logarithm. At 0 surveys are exact; high:
    they hide what moves prices.
    """


MECHANISM = Mechanism(
    "official",
    Official,
    "What official statistics and price surveys show.",
)

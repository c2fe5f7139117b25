"""Official statistics and price surveys."""

from __future__ import annotations

from amnok.decisions import Decision
from amnok.mechanisms.form import Mechanism, Section
from amnok.quantity import Days, Share, StandardDeviations
from amnok.variables import ARREST, DECLARED, MONEY, OFFICIAL, QUESTION, SEIZE, SURVEYS, Variable

OFFICIAL_DRAW = Decision(18, "OFFICIAL", "what an agency writes down")
SURVEY_DRAW = Decision(19, "SURVEY", "a market price as surveyed")


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
    shapes=("records",),
    results=(
        Variable(
            OFFICIAL,
            "official_arrests",
            "persons",
            "Arrests as an agency writes them down",
            "The part of arrests that is recorded.",
            needs=(ARREST,),
        ),
        Variable(
            OFFICIAL,
            "official_questionings",
            "persons",
            "Questionings as an agency writes them down",
            "The part of questionings that is recorded.",
            needs=(QUESTION,),
        ),
        Variable(
            OFFICIAL,
            "official_items_seized",
            "items",
            "Items seized as an agency writes them down",
            "The part of items_seized that is recorded.",
            needs=(SEIZE,),
        ),
        Variable(
            OFFICIAL,
            "official_value_seized",
            MONEY,
            "Worth of the items seized on paper",
            "The recorded items at the mean worth of the items seized.",
            needs=(SEIZE,),
        ),
        Variable(
            DECLARED,
            "declared_value",
            MONEY,
            "Worth of trade as customs declare it",
            "What crossed at customs in goods under no sanctions; all else is off the books.",
            needs=("customs",),
        ),
        Variable(
            SURVEYS,
            "surveyed_price",
            MONEY,
            "Market price of an item as surveyed",
            "The price of the day with the error of a survey.",
        ),
    ),
    draws=(OFFICIAL_DRAW, SURVEY_DRAW),
)

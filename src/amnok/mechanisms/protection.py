"""Protection bought from the outer police."""

from __future__ import annotations

from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.quantity import Probability, Ratio


class Protection(Section):
    """Bribes to the outer police for being left alone; the monthly fee goes by a trader's size."""

    effect: Probability
    """Chance that protection makes a patrol or a questioning officer let the payer go; buyers count
    on it. At 0 it is useless and nobody buys it; at 1 those who pay are always let go.
    """

    premium: Ratio
    """How much protection raises the cost of arresting a person for the quota: it is multiplied by
    1 plus this. At 0 payers are taken like anyone; high: the quota falls on those who do not pay.
    """


MECHANISM = Mechanism(
    "protection",
    Protection,
    "Protection that traders of the outer bank buy from the police.",
    contrasts=(
        Contrast(
            "protection",
            "Paying the police protects",
            "P12",
            setting({"protection.effect": 0.0, "protection.premium": 0.0}),
        ),
    ),
)

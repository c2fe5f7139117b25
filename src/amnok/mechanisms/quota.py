"""The arrest quota of the outer police."""

from __future__ import annotations

from amnok.mechanisms.form import Mechanism, Section
from amnok.quantity import ArrestsPerMonth, Days, Probability, Ratio, Share, StandardDeviations


class Quota(Section):
    """The outer police's arrest quota, filled from the known, the cheapest to bring in first."""

    arrests: ArrestsPerMonth
    """Arrests that the outer police of a sector are asked for each month, per 1,000 traders there.
    At 0 there is no quota; high: more are asked for than the police know of.
    """

    boost: Ratio
    """How much an order of intensity 1 to the police raises the quota, relative to its usual size:
    3 makes it four times as high. Low: the quota is the same all year; high: nearly all arrests
    come under an order.
    """

    late_push: Share
    """How far arrests are put off to the end of the month. At 0 they come evenly; at 1 they grow
    with the square of the time gone, most of them in the last days.
    """

    search_noise: StandardDeviations
    """How much the cost of arresting one person differs by chance from that of others like them,
    anew each day (standard deviation of its logarithm). Low: always the smallest are taken; high:
    luck matters more than size.
    """

    highest_cost: Ratio
    """Highest cost at which the police still arrest a person for the quota, relative to an
    unprotected pedlar (1). Low: the quota stays unfilled rather than touch the large; high: nobody
    is safe by cost.
    """

    detention_days: Days
    """Mean days in detention of a trader arrested on the outer bank, by police or patrols. Low:
    they are soon back; high: partners are missing for long.
    """

    prison_share: Probability
    """Chance that an arrest on the outer bank ends in prison rather than in detention. Low: prison
    is rare; high: it is the rule.
    """

    prison_days: Days
    """Mean days in prison after an arrest on the outer bank. Low: they come back within the period;
    high: they are gone for all of it.
    """


MECHANISM = Mechanism(
    "quota",
    Quota,
    "The arrest quota of the outer police, and terms of arrest there.",
    roles=("police",),
)

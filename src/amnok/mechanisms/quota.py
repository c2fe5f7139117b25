"""Quotas: how many must be brought in, and who is cheapest (claims B07, B08, B10, B12)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.decisions import Decision
from amnok.mechanisms.form import Mechanism, Section
from amnok.quantity import ArrestsPerMonth, Days, Probability, Ratio, Share, StandardDeviations
from amnok.rules.distributions import probability
from amnok.variables import ARREST, IMPRISON, OUTER_ARREST, STOP

QUOTA_DRAW = Decision(14, "QUOTA", "how easily a known person is found; prison or not")


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


@rule
def quota_due(quota: float, month_share: float, late_push: float) -> float:
    """How much of a month's quota is due by now: `quota * (x + push*x*(x - 1))`.

    A push above 0 leaves more for the second half; the whole quota is due at the month's end.

    Args:
        quota: persons to bring in over the month.
        month_share: share x of the month gone, held within 0 to 1.
        late_push: how much is put off (0 = even, 1 = as the square of x).

    Returns:
        Persons due by now, from 0 to `quota`, never falling within a month.

    Source: claim B08; auerbach2018 for the fuller second half. The form is an assumption.

    >>> quota_due(10.0, 0.5, 0.0), quota_due(10.0, 0.5, 1.0), quota_due(10.0, 1.0, 1.0)
    (5.0, 2.5, 10.0)
    """
    x = probability(month_share)
    return quota * (x + late_push * x * (x - 1.0))


@rule
def cost_to_bring_in(
    size_cost: float, is_protected: bool, protection_premium: float, noise: float
) -> float:
    """What it costs an agency to bring a person in: `size_cost * (1 + premium) * noise`.

    The premium stands only for those who pay for protection. Cheapest first fills the quota.

    Args:
        size_cost: cost for one of this size (dimensionless, pedlar = 1).
        is_protected: whether the person pays for protection.
        protection_premium: how much dearer that makes a person (dimensionless).
        noise: what sets one person apart from the next (dimensionless, mean about 1).

    Returns:
        Cost (dimensionless).

    Source: claims B07, B10, B11; the product form is an assumption.

    >>> cost_to_bring_in(2.0, True, 3.0, 1.0), cost_to_bring_in(2.0, False, 3.0, 1.0)
    (8.0, 2.0)
    """
    if is_protected:
        return size_cost * (1.0 + protection_premium) * noise
    return size_cost * noise


MECHANISM = Mechanism(
    "quota",
    Quota,
    "The arrest quota of the outer police, and terms of arrest there.",
    label="Quotas and whom they fall on",
    claims="B07, B08, B10, B12",
    roles=("police",),
    does=(
        STOP,
        ARREST,
        OUTER_ARREST,
        IMPRISON,
    ),
    draws=(QUOTA_DRAW,),
    keeps=(
        "sectors.quota_filled",
        "sectors.quota_asked",
        "sectors.quota_carried",
    ),
)

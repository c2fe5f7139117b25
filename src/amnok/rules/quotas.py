"""Quotas: how many must be brought in, and who is cheapest (claims B07, B08, B10, B12)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.rules.distributions import probability


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

"""Protection: who on the Chinese side pays the MPS to be left alone (claim B11)."""

from __future__ import annotations

from amnok.compiling import rule


@rule
def buys_protection(monthly_risk: float, loss: float, effect: float, fee: float) -> bool:
    """Whether a month's protection is worth its fee: `risk * loss * effect > fee`.

    Args:
        monthly_risk: believed chance of being brought in during a month (probability).
        loss: what being brought in costs (CNY).
        effect: share of that risk which protection takes away (0 to 1).
        fee: price of protection (CNY per month).

    Returns:
        True if it pays.

    Source: claim B11; a risk-neutral buyer is an assumption.

    >>> buys_protection(0.1, 20_000.0, 0.5, 800.0), buys_protection(0.01, 20_000.0, 0.5, 800.0)
    (True, False)
    """
    return monthly_risk * loss * effect > fee

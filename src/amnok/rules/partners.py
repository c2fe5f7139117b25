"""Partners on the outer bank: whether what they earn is worth the risk (claims B07, B11)."""

from __future__ import annotations

from amnok.compiling import rule


@rule
def takes_part(earned: float, risk: float, loss: float) -> bool:
    """Whether a partner takes goods for the next month: unless `s*m*trips < risk*loss`.

    Args:
        earned: what the partner earns in a month, its share s of the margin m on so many trips
            (money).
        risk: believed chance of being taken in during the month, less what protection takes off
            (probability).
        loss: what being taken in costs (money).

    Returns:
        False for one who refuses.

    Source: Becker 1968, crime as a choice under risk; a risk-neutral partner is an assumption.

    >>> takes_part(0.4 * 500.0 * 10.0, 0.3, 6_000.0), takes_part(0.4 * 500.0 * 10.0, 0.4, 6_000.0)
    (True, False)
    """
    return earned >= risk * loss

"""Hired carriers, paid by weight and sector (claims R06-3, R06-4, R41-1)."""

from __future__ import annotations

from pydantic import Field

from amnok.compiling import rule
from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.quantity import MoneyPerKilogram, Share
from amnok.variables import ACCOUNTS, MONEY, Count


class Carriers(Section):
    """People who carry goods for a fee by the kilogram, wherever guards may stand."""

    share: Share
    """Share of what goes where guards may stand, by weight, that hired people carry; the rest costs
    what the way itself costs. At 0 everyone carries their own; at 1 every kilogram is paid for.
    """

    fee: MoneyPerKilogram
    """What a carrier takes for a kilogram where `fees` has no other number. Low: heads are cheap;
    high: cheap and heavy goods stay home.
    """

    fees: dict[str, MoneyPerKilogram] = Field(default_factory=dict)
    """What a carrier takes for a kilogram in a sector, by name of the sector. Low: heads are cheap
    there; high: the way is hard, or guards are many.
    """

    def fee_in(self, sector: str) -> float:
        """What a kilogram costs in a sector (money)."""
        return self.fees.get(sector, self.fee).number


@rule
def carrying_fee(kilograms: float, share: float, fee: float) -> float:
    """What carriers take for a consignment: `share * fee * kilograms`.

    Args:
        kilograms: weight of the consignment (kilograms).
        share: part of it that hired people carry (0 to 1).
        fee: for each kilogram (money).

    Returns:
        Money.

    Source: claim R06-3 for a fee by weight and sector.

    >>> carrying_fee(70.0, 0.5, 4.0)
    140.0
    """
    return share * fee * kilograms


MECHANISM = Mechanism(
    "carriers",
    Carriers,
    "Carriers who are paid by the kilogram.",
    shapes=("crossings",),
    label="Hired carriers",
    claims="R06-3, R06-4, R41-1",
    contrasts=(Contrast("carriers", "Carriers are hired", setting({"carriers.share": 0.0})),),
    results=(
        Count(
            ACCOUNTS,
            "carrying_fees",
            MONEY,
            "Paid to hired carriers",
            "By senders, for consignments that arrived or were lost; the part of transport_costs.",
        ),
    ),
)

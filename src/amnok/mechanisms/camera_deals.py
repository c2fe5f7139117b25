"""Cameras that guards are paid to see to (claim R26-2)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.quantity import Probability, Ratio


class CameraDeals(Section):
    """Guards who see to it, for money, that a camera does not see a consignment."""

    share: Probability
    """Chance that the deal with a guard takes in the cameras of a route, for each trip. At 0
    cameras see what they cover; at 1 they see nobody who deals with guards.
    """

    fee: Ratio
    """What seeing to the cameras costs a guard, as a share of the goods' worth: it is in the least
    price of each such deal. Low: cameras are bought off for nothing; high: they keep senders away
    by their price.
    """


@rule
def seen_despite_deals(seen: float, share: float) -> float:
    """Chance that a camera sees a consignment: `seen * (1 - share)`.

    Args:
        seen: chance without a deal (probability).
        share: chance that the deal takes in the cameras (probability).

    Returns:
        A probability.

    Source: claim R26-2; independence is an assumption.

    >>> seen_despite_deals(0.5, 0.5)
    0.25
    """
    return seen * (1.0 - share)


@rule
def effort_with_deals(effort: float, share: float, fee: float, has_cameras: bool) -> float:
    """What its trouble costs a guard on average: `effort + share*fee` where there are cameras.

    Args:
        effort: cost of looking away (share of the goods' worth).
        share: chance that the deal takes in the cameras (probability).
        fee: cost of seeing to them (share of the goods' worth).
        has_cameras: whether the route has any.

    Returns:
        A share of the goods' worth.

    Source: claim R26-2; that the price is that of the mean deal is an assumption.

    >>> effort_with_deals(0.03, 0.5, 0.04, True), effort_with_deals(0.03, 0.5, 0.04, False)
    (0.05, 0.03)
    """
    return effort + share * fee if has_cameras else effort


MECHANISM = Mechanism(
    "camera_deals",
    CameraDeals,
    "Guards who are paid to see to the cameras.",
    shapes=("bribes", "searches"),
    label="Cameras that are bought off",
    claims="R26-2",
    contrasts=(
        Contrast("camera_deals", "Cameras are bought off", setting({"camera_deals.share": 0.0})),
    ),
)

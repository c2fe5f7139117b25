"""Border guards: liability, the price of looking away, how the money is split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import model_validator

from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.quantity import Days, Money, Probability, Ratio, Share


class Guards(Section):
    """Border guards: how many of them deal, what they ask and risk, how the money is split."""

    NEUTRAL: ClassVar[Mapping[str, float]] = {"collusion": 1.0}  # nobody stands there

    collusion: Probability
    """Share of border guards who let consignments pass for money, drawn for each crossing. Any
    other guard seizes the goods and detains the sender. Low: the river is closed to smugglers by
    honest guards; at 1 every guard can be paid.
    """

    effort: Ratio
    """What a guard asks for the mere trouble of looking away, as a share of the goods' worth. It is
    part of the least price the guard accepts. Low: without risk guards are cheap; high: small gains
    are not worth a crossing.
    """

    penalty: Money
    """What being held responsible for a leak would cost a guard, in money. Times the chance of it,
    this is the risk in the guard's least price. Low: guards do not mind leaks; high: a little
    liability makes bribes very expensive.
    """

    bargaining_share: Share
    """The guard's part of the gain that is left between the guard's least price and the most the
    sender would pay. At 0 a bribe is the guard's least price; at 1 the guard takes the sender's
    whole gain.
    """

    liability_usual: Probability
    """Chance that a guard is held responsible for a leak found on the route, in ordinary times. It
    enters the price of a bribe and is the chance that the guard is then removed. At 0 guards answer
    for nothing; high: bribes carry the risk of leaks.
    """

    liability_campaign: Probability
    """What an order of intensity 1 to the guards adds to the chance that a guard is held
    responsible for a leak. Low: a campaign leaves bribes as they are; high: it raises them and
    removes many guards.
    """

    strict_factor: Ratio
    """Factor on the least price of a guard who has replaced one that was removed. Senders do not
    foresee it and may be turned back. At 1 the new guard is like the old one; high: the route is
    nearly closed for a time.
    """

    strict_days: Days
    """Days for which a guard who has replaced a removed one stays strict, from the next day on.
    Low: the route is soon as before; high: it stays expensive for long.
    """

    share_superiors: Share
    """Share of each bribe that the guard passes on to superiors. It moves money between the
    accounts of officials and changes nobody's decision. Low: the guard keeps more; high: most of it
    goes up.
    """

    share_security: Share
    """Share of each bribe to a guard that goes to the security police. It moves money between the
    accounts of officials and changes nobody's decision. Low: the guard keeps more; high: the
    security police live off the guards.
    """

    @model_validator(mode="after")
    def _shares_fit(self) -> Guards:
        passed_on = self.share_superiors.number + self.share_security.number
        if passed_on > 1:
            raise ValueError(
                f"share_superiors and share_security add up to {passed_on:g}, more than 1"
            )
        return self


no_liability = setting({"guards.liability_usual": 0.0, "guards.liability_campaign": 0.0})


MECHANISM = Mechanism(
    "guards",
    Guards,
    "What border guards ask and risk.",
    roles=("guard",),
    contrasts=(
        Contrast("collusion", "Guards take bribes", "P06", setting({"guards.collusion": 0.0})),
        Contrast("guard_liability", "Guards are liable for leaks", "P07", no_liability),
    ),
)

"""Self-inspection: what senders look through before they set out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from amnok.mechanisms.form import Mechanism, Section
from amnok.quantity import Items, MoneyPerMinute, Probability


class SelfInspection(Section):
    """What it costs a sender to look through a consignment, and how well that works."""

    NEUTRAL: ClassVar[Mapping[str, float]] = {"minute_cost": 1e12}  # nobody looks

    spot_check: Items
    """Items that a sender looks through in every consignment, out of habit, whatever the risk. With
    1.5, half of the senders check one item and half check two. Low: nobody checks unless fear of a
    search makes it pay; high: much is checked at all times.
    """

    effectiveness: Probability
    """Chance that checking an item finds and removes a leak hidden in it. Low: checking is of
    little use, so people check only by habit; high: a checked item is almost surely clean.
    """

    minute_cost: MoneyPerMinute
    """What a minute of checking is worth to the sender, in money. It is weighed in the decision and
    paid to nobody. Low: a small fear of searches is enough to check everything; high: only great
    fear is.
    """


MECHANISM = Mechanism(
    "self_inspection",
    SelfInspection,
    "How senders check their own goods for leaks.",
)

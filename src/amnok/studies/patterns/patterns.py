"""The fourteen patterns: what measures each, from where on it holds, and why from there.

Grimm et al. 2005, Science 310: 987-991: a model is judged by several patterns at once, each too
weak to judge it alone. One set of parameters has to show all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from amnok.studies.patterns import inner_bank as inner
from amnok.studies.patterns import outer_bank as outer
from amnok.studies.patterns.case import Case


@dataclass(frozen=True)
class Measure:
    """One number of a replicate that a pattern asks to lie on one side of a threshold.

    Attributes:
        of: gives the number; NaN where there is nothing to measure. Its docstring says what it is.
        unit: its unit.
        text: what it is in a few words.
        threshold: where it must lie at or above, or at or below.
        at_most: whether below.
        why: why the threshold lies there.
    """

    of: Callable[[Case], float]
    unit: str
    text: str
    threshold: float
    why: str
    at_most: bool = False

    @property
    def name(self) -> str:
        """The name of the function that measures it."""
        return self.of.__name__

    def meets(self, value: float) -> bool | None:
        """Whether a value lies on the right side; None for NaN.

        >>> MEASURES["crossings_on_halt_days"].meets(0.02)
        True
        """
        if math.isnan(value):
            return None
        return value <= self.threshold if self.at_most else value >= self.threshold


@dataclass(frozen=True)
class Pattern:
    """A pattern holds if all its measures lie where they must."""

    name: str
    measures: tuple[Measure, ...]


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "P01",
        (
            Measure(
                inner.items_checked_before,
                "items",
                "Checked per export consignment before the campaign, by the never investigated",
                2.0,
                "one item or two, says the claim",
                at_most=True,
            ),
            Measure(
                inner.share_checked_in_campaign,
                "share",
                "Share of export items checked in the campaign",
                0.9,
                "all, says the claim; a tenth is left for goods that are not worth the time",
            ),
        ),
    ),
    Pattern(
        "P02",
        (
            Measure(
                inner.investigated_check_more,
                "share",
                "Share of items checked: ever less never investigated, same sector and month",
                0.1,
                "a tenth of all items is a difference that people on the spot would notice",
            ),
        ),
    ),
    Pattern(
        "P03",
        (
            Measure(
                inner.added_hours_on_slow_goods,
                "share",
                "Share of added hours of checking that falls on goods slow to check",
                0.8,
                "nearly all; their share of items is well below that",
            ),
        ),
    ),
    Pattern(
        "P04",
        (
            Measure(
                inner.crossings_on_halt_days,
                "ratio",
                "Crossings a day while stopped, over the week before",
                0.1,
                "near zero: a tenth is what nobody would call trade",
                at_most=True,
            ),
            Measure(
                inner.crossings_after_halt,
                "ratio",
                "Crossings a day in the week after, over the week before",
                1.0,
                "at least the earlier level, says the claim",
            ),
        ),
    ),
    Pattern(
        "P05",
        (
            Measure(
                inner.change_in_high_water,
                "share",
                "Change of river crossings while the river is high, either way",
                0.1,
                "about unchanged: weeks differ by so much without rain",
                at_most=True,
            ),
            Measure(
                inner.crossings_in_flood,
                "ratio",
                "River crossings a day in a flood, over the weeks around",
                0.5,
                "a flood is felt: at least half of the trade stays away",
                at_most=True,
            ),
        ),
    ),
    Pattern(
        "P06",
        (
            Measure(
                inner.arrests_per_crossing,
                "persons",
                "Arrests per 1,000 crossings in quiet times",
                5.0,
                "very low: someone who crosses weekly is arrested once in four years",
                at_most=True,
            ),
            Measure(
                inner.paid_to_officials,
                "percent",
                "Paid to officials, per 100 of goods crossed in quiet times",
                5.0,
                "authorities know of the trade: half of what Kim (2010) finds households to pay",
            ),
        ),
    ),
    Pattern(
        "P07",
        (
            Measure(
                inner.dearer_guards,
                "ratio",
                "Guards' bribes in the campaign, as a share of goods, over those without liability",
                1.1,
                "a tenth more is what a sender would feel",
            ),
        ),
    ),
    Pattern(
        "P08",
        (
            Measure(
                inner.exposure_to_cameras,
                "ratio",
                "Chance of being seen on a watched route, after over before",
                1.5,
                "the highest ever, says the claim: half as high again at the least",
            ),
            Measure(
                inner.displaced_by_cameras,
                "percentage points",
                "River consignments on less watched routes, with less without the cameras",
                1.0,
                "a part of the traffic: one consignment in a hundred, beyond any noise of pairs",
            ),
        ),
    ),
    Pattern(
        "P09",
        (
            Measure(
                outer.steps_up,
                "ratio",
                "Patrol stops, questionings and finds: least rise in the first 60 days",
                1.5,
                "a step, not a drift: half as many again",
            ),
            Measure(
                outer.stays_up,
                "ratio",
                "The same in the lowest 90 days after",
                1.5,
                "stays up: no less than the step",
            ),
        ),
    ),
    Pattern(
        "P10",
        (
            Measure(
                outer.arrested_beyond_their_share,
                "ratio",
                "Smallest traders' share of arrests over their share of value",
                2.0,
                "far above: twice their share",
            ),
            Measure(
                outer.large_are_spared,
                "ratio",
                "Arrests per consignment taken on, largest over smallest traders",
                0.5,
                "only the small, says the claim: shares alone also show where the small are many",
                at_most=True,
            ),
        ),
    ),
    Pattern(
        "P11",
        (
            Measure(
                outer.large_by_customs_and_sea,
                "percent",
                "Change of the largest traders' value by customs and sea because of the order",
                2.0,
                "hardly: a fiftieth",
                at_most=True,
            ),
            Measure(
                outer.small_hit_harder,
                "percentage points",
                "Fall of the smallest traders' river trade beyond that",
                5.0,
                "so that the order can be seen to have done something to someone",
            ),
        ),
    ),
    Pattern(
        "P12",
        (
            Measure(
                outer.payers_keep_crossing,
                "ratio",
                "Crossings per person and day in the crackdown, payers over others, same size",
                1.05,
                "a twentieth more, within sizes, is beyond chance among thousands of partners",
            ),
        ),
    ),
    Pattern(
        "P13",
        (
            Measure(
                outer.follows_politics,
                "ratio",
                "Patrol stops per consignment and effort on days of stronger over weaker signals",
                1.05,
                "a twentieth more: signals differ by less than half between the halves",
            ),
        ),
    ),
    Pattern(
        "P14",
        (
            Measure(
                outer.reports_per_event,
                "ratio",
                "Published reports per event, crackdown over before",
                0.5,
                "rarer: half as many or fewer",
                at_most=True,
            ),
            Measure(
                outer.change_as_reported,
                "ratio",
                "Rise of arrests and questionings as reported, over the true rise",
                0.5,
                "understated: half of it or less is to be seen",
                at_most=True,
            ),
        ),
    ),
)

MEASURES: dict[str, Measure] = {
    measure.name: measure for pattern in PATTERNS for measure in pattern.measures
}

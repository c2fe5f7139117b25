"""The fourteen patterns: what measures each, from where on it holds, and why from there.

Grimm et al. 2005, Science 310: 987-991: a model is judged by several patterns at once, each too
weak to judge it alone. One set of parameters has to show all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from amnok.scenario import Scenario
from amnok.studies.patterns import inner_bank as inner
from amnok.studies.patterns import outer_bank as outer
from amnok.studies.patterns.case import Case
from amnok.variables import ARREST, OUTER_ARREST, PAID


@dataclass(frozen=True)
class Measure:
    """One number of a replicate that a pattern asks to lie on one side of a threshold.

    Attributes:
        of: gives the number; NaN where there is nothing to measure. Its docstring says what it is.
        unit: its unit.
        text: what it is in a few words.
        threshold: where it must lie at or above, or at or below.
        why: why the threshold lies there.
        needs: sections without which there is nothing to measure, as `Scenario.has` takes them.
        at_most: whether below.
    """

    of: Callable[[Case], float]
    unit: str
    text: str
    threshold: float
    why: str
    needs: tuple[str, ...] = ()
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
                "the claim says one or two items",
                needs=("self_inspection", "security_police"),
                at_most=True,
            ),
            Measure(
                inner.share_checked_in_campaign,
                "share",
                "Share of export items checked in the campaign",
                0.9,
                "the claim says all; up to 10% may be goods that are not worth the time",
                needs=("self_inspection", "security_police"),
            ),
        ),
    ),
    Pattern(
        "P02",
        (
            Measure(
                inner.investigated_check_more,
                "share",
                "Share of items checked: ever minus never investigated, same sector and month",
                0.1,
                "10% of all items is a difference that local people would notice",
                needs=("self_inspection", "security_police"),
            ),
        ),
    ),
    Pattern(
        "P03",
        (
            Measure(
                inner.added_hours_on_slow_goods,
                "share",
                "Share of the added hours of checking spent on goods that are slow to check",
                0.8,
                "the claim says nearly all; their share of items is well below that",
                needs=("self_inspection", "security_police"),
            ),
        ),
    ),
    Pattern(
        "P04",
        (
            Measure(
                inner.crossings_on_halt_days,
                "ratio",
                "Crossings a day during the halt, over the week before",
                0.1,
                "near zero: nobody would call 10% of the usual crossings trade",
                at_most=True,
            ),
            Measure(
                inner.crossings_after_halt,
                "ratio",
                "Crossings a day in the week after, over the week before",
                1.0,
                "the claim says at least the earlier level",
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
                "about unchanged: without rain, weeks differ by as much",
                needs=("river",),
                at_most=True,
            ),
            Measure(
                inner.crossings_in_flood,
                "ratio",
                "River crossings a day in a flood, over the weeks around",
                0.5,
                "a flood has an effect: trade falls by at least 50%",
                needs=("river",),
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
                "very low: someone who crosses every week is arrested once in four years",
                needs=(ARREST,),
                at_most=True,
            ),
            Measure(
                inner.paid_to_officials,
                "percent",
                "Paid to officials, per 100 of goods value crossed in quiet times",
                5.0,
                "officials know of the trade: half of what households pay according to Kim (2010)",
                needs=(PAID,),
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
                "+10% is a difference that a sender would notice",
                needs=("guards", "security_police"),
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
                "the claim says the highest ever: at least +50%",
                needs=("cameras",),
            ),
            Measure(
                inner.displaced_by_cameras,
                "percentage points",
                "River consignments on less watched routes, with minus without the cameras",
                1.0,
                "some of the traffic: 1% of consignments is more than the noise of pairs",
                needs=("cameras",),
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
                "a step, not a drift: +50%",
                needs=("patrols",),
            ),
            Measure(
                outer.stays_up,
                "ratio",
                "The same in the lowest 90 days after",
                1.5,
                "stays up: no lower than the step",
                needs=("patrols",),
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
                "far above: at least twice their share",
                needs=(OUTER_ARREST,),
            ),
            Measure(
                outer.large_are_spared,
                "ratio",
                "Arrests per consignment taken on, largest over smallest traders",
                0.5,
                "the claim says only the small; shares are high wherever the small are many",
                needs=(OUTER_ARREST,),
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
                "hardly changed: at most 2%",
                needs=("patrols|phones|quota",),
                at_most=True,
            ),
            Measure(
                outer.small_hit_harder,
                "percentage points",
                "Fall of the smallest traders' river trade beyond that",
                5.0,
                "so that the order visibly had an effect",
                needs=("patrols|phones|quota",),
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
                "+5% within a size is more than chance among thousands of partners",
                needs=("protection",),
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
                "+5%: signals differ by less than 50% between stronger and weaker days",
                needs=("patrols", "signals"),
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
                "rarer: at most half as many",
                needs=("reporting", f"{ARREST}|phones"),
                at_most=True,
            ),
            Measure(
                outer.change_as_reported,
                "ratio",
                "Rise of arrests and questionings as reported, over the true rise",
                0.5,
                "understated: at most half of the change is visible",
                needs=("reporting", "patrols|phones|quota"),
                at_most=True,
            ),
        ),
    ),
)

MEASURES: dict[str, Measure] = {
    measure.name: measure for pattern in PATTERNS for measure in pattern.measures
}


def measures_of(scenario: Scenario) -> dict[str, Measure]:
    """The measures that a border has something for."""
    return {name: one for name, one in MEASURES.items() if scenario.has(*one.needs)}

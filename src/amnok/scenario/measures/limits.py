"""Where the values of a measure can lie, from what it is made of: intervals end there too."""

from __future__ import annotations

import math
from functools import singledispatch

from amnok.counts import measurable
from amnok.scenario.measures import plan as plans
from amnok.scenario.measures.plan import MeasurePlan

Limits = tuple[float, float]
ANYWHERE: Limits = (-math.inf, math.inf)
_POSITIVE: Limits = (0.0, math.inf)


@singledispatch
def limits(plan: MeasurePlan) -> Limits:
    """Least and most that a plan can come to; infinite where nothing limits it."""
    return ANYWHERE


@limits.register
def _(plan: plans.TotalPlan) -> Limits:
    """What is counted is never below zero; a level (an order's intensity) may be."""
    kinds = {measurable()[one.name].table.kind for one in plan.cells if one.name in measurable()}
    return ANYWHERE if "level" in kinds or not kinds else _POSITIVE


@limits.register
def _(plan: plans.PairPlan) -> Limits:
    (least, most), (least_2, most_2) = limits(plan.first), limits(plan.second)
    if plan.how == "difference":
        return least - most_2, most - least_2
    if least < 0.0 or least_2 < 0.0:
        return ANYWHERE
    return (0.0, 1.0) if plan.how == "share" else _POSITIVE


@limits.register
def _(plan: plans.Among) -> Limits:
    return 0.0, 1.0


@limits.register
def _(plan: plans.Extreme) -> Limits:
    ends = list(zip(*map(limits, plan.parts), strict=True))
    pick = min if plan.how == "least" else max
    return pick(ends[0]), pick(ends[1])


@limits.register
def _(plan: plans.Concentration) -> Limits:
    return -1.0, 1.0


@limits.register
def _(plan: plans.Within) -> Limits:
    return {"ratio": _POSITIVE, "change": (-1.0, math.inf), "difference": ANYWHERE}[plan.how]


@limits.register
def _(plan: plans.Scaled) -> Limits:
    least, most = (end - plan.less for end in limits(plan.of))
    if plan.absolute:
        ends = (abs(least), abs(most))
        least, most = (0.0 if least <= 0.0 <= most else min(ends)), max(ends)
    return least * plan.per, most * plan.per


@limits.register
def _(plan: plans.TakenPlan) -> Limits:
    ends = [limits(one) for one, _ in plan.parts]
    if not ends:
        return ANYWHERE
    return min(least for least, _ in ends), max(most for _, most in ends)

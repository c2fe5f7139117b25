"""The patterns of the inner bank, P01 to P08, each as one number of a replicate.

A measure is NaN where the scenario or the replicate has nothing to measure.
"""

from __future__ import annotations

import math

import numpy as np

from amnok.results.ratios import CHECKED_PER_EXPORT, SHARE_CHECKED, ratio
from amnok.studies.patterns.case import Array, Case, Mask, Replicate
from amnok.studies.patterns.windows import WEEK, Event, Window

NEVER, EVER = 0, 1
_MONTH = 30
_LEAST_ITEMS = 50  # checked or not, before a share of them says anything


def items_checked_before(case: Case) -> float:
    """P01: items checked per export consignment before the campaign, never investigated (items)."""
    window = case.windows.before_campaign
    if window is None:
        return math.nan
    return case.as_is.ratio(CHECKED_PER_EXPORT, window, investigated=NEVER)


def share_checked_in_campaign(case: Case) -> float:
    """P01: share of export items that are checked during the campaign (share)."""
    window = case.windows.campaign
    if window is None:
        return math.nan
    return case.as_is.ratio(SHARE_CHECKED, window)


def investigated_check_more(case: Case) -> float:
    """P02: share of items checked, ever minus never investigated, same sector and month (share).

    A mean over sectors and 30-day months of the whole period, weighted by the items of the group
    that has fewer of them there, so that only cells count in which both are to be seen.
    """
    checked, items = case.as_is["export_items_checked"], case.as_is["export_items"]
    months = len(items) // _MONTH
    if months == 0:
        return math.nan

    def by_month(days: Array) -> Array:
        sums: Array = days[: months * _MONTH].reshape(months, _MONTH, *days.shape[1:]).sum(axis=1)
        return sums

    checked, items = by_month(checked), by_month(items)
    weight = items.min(axis=-1)
    share = np.divide(checked, items, out=np.zeros_like(items), where=items > 0)
    if weight.sum() < _LEAST_ITEMS:
        return math.nan
    return float(np.average(share[..., EVER] - share[..., NEVER], weights=weight))


def added_hours_on_slow_goods(case: Case) -> float:
    """P03: share of the campaign's added hours of checking on goods slow to check (share).

    Added: hours per consignment in the campaign less those before it, times the consignments of the
    campaign, which leaves out that goods have seasons.
    """
    before, during = case.windows.before_campaign, case.windows.campaign
    slow = _slow_to_check(case)
    if before is None or during is None or slow is None:
        return math.nan
    hours, consignments = case.as_is["goods_checking_hours"], case.as_is["goods_attempts"]
    hours, consignments = hours.sum(axis=1), consignments.sum(axis=1)  # over sectors

    def per_consignment(window: Window) -> Array:
        sent = consignments[window.days].sum(axis=0)
        rate: Array = np.divide(
            hours[window.days].sum(axis=0), sent, out=np.zeros(len(sent)), where=sent > 0
        )
        return rate

    sent = consignments[during.days].sum(axis=0)
    added = (per_consignment(during) - per_consignment(before)) * sent
    return ratio(float(added[slow].sum()), float(added.sum()))


def _slow_to_check(case: Case) -> Mask | None:
    """Which exports take half the middle time of all exports or more; None if all or none do."""
    goods = case.scenario.goods.values()
    minutes = np.array([kind.minutes.number for kind in goods])
    exported = np.array([kind.direction == "export" for kind in goods])
    if not exported.any():
        return None
    slow = exported & (minutes >= 0.5 * np.median(minutes[exported]))
    return slow if slow[exported].any() and not slow[exported].all() else None


def crossings_on_halt_days(case: Case) -> float:
    """P04: crossings a day while stopped, relative to the week before (ratio)."""
    halt = case.windows.halt
    return math.nan if halt is None else _relative(case, halt, halt)


def crossings_after_halt(case: Case) -> float:
    """P04: crossings a day in the week after the stop, relative to the week before (ratio)."""
    halt = case.windows.halt
    if halt is None:
        return math.nan
    return _relative(case, Window(halt.last, halt.last + WEEK), halt)


def _relative(case: Case, window: Window, event: Window) -> float:
    crossings = case.as_is.daily("crossings")
    before = crossings[event.first - WEEK : event.first].mean()
    return ratio(float(crossings[window.days].mean()), float(before))


def change_in_high_water(case: Case) -> float:
    """P05: change of river crossings a day while the river is high, against the weeks around.

    As a size without sign (share); the rise that is furthest from none, if there are several.
    """
    return max(
        (abs(_river_crossings(case, event) - 1) for event in _levels(case, flood=False)),
        default=math.nan,
    )


def crossings_in_flood(case: Case) -> float:
    """P05: river crossings a day in a flood, relative to the weeks around (ratio)."""
    return max(
        (_river_crossings(case, event) for event in _levels(case, flood=True)), default=math.nan
    )


def _levels(case: Case, flood: bool) -> list[Event]:
    """The scenario's rises that reach (or do not reach) where no river route can be taken."""
    river = [kind for kind in case.scenario.route_kinds.values() if kind.channel == "river"]
    impassable = max(kind.flood_stage.number for kind in river)
    passable = min(kind.flood_stage.number for kind in river)
    found = []
    for event in case.windows.rises:
        inside = case.named("sector", event.sectors)
        level = case.as_is["river_stage"][event.window.days, inside].mean()
        if (level >= impassable) if flood else (level < passable):
            found.append(event)
    return found


def _river_crossings(case: Case, event: Event) -> float:
    """Crossings a day in the sectors of an event, relative to two weeks before and two after.

    Days of a halt, and the week after it in which goods that waited go out, are left out.
    """
    inside = case.named("route_sector", event.sectors)
    crossings = case.as_is.daily("crossings", route=case.routes("river") & inside)
    around = np.zeros(len(crossings), dtype=np.bool_)
    around[event.window.first - 2 * WEEK : event.window.last + 2 * WEEK] = True
    around[event.window.days] = False
    for day in np.flatnonzero(case.as_is["halt"] > 0):
        around[day : day + WEEK] = False
    if not around.any():
        return math.nan
    return ratio(float(crossings[event.window.days].mean()), float(crossings[around].mean()))


def arrests_per_crossing(case: Case) -> float:
    """P06: arrests by either side's agencies per 1,000 crossings in quiet times (persons)."""
    window = case.windows.quiet
    if window is None:
        return math.nan
    crossings = case.as_is.total(window, "crossings")
    return 1000 * ratio(case.as_is.total(window, "arrests"), crossings)


def paid_to_officials(case: Case) -> float:
    """P06: what officials are paid in quiet times, per 100 of goods that cross (percent).

    Authorities know of the trade: they live on it.
    """
    window = case.windows.quiet
    if window is None:
        return math.nan
    return 100 * ratio(
        case.as_is.total(window, "bribes"), case.as_is.total(window, "value_crossed")
    )


def dearer_guards(case: Case) -> float:
    """P07: guards' bribes in the campaign, as a share of goods, over those without liability.

    Of what crosses the river, with the same people and draws in both arms: over time bribes move
    for other reasons as well, as senders who fear for their goods have less to give (ratio).
    """
    window = case.windows.campaign
    if window is None:
        return math.nan
    return ratio(
        _bribes(case, case.as_is, window), _bribes(case, case.without["liability"], window)
    )


def _bribes(case: Case, arm: Replicate, window: Window) -> float:
    river = case.routes("river")
    bribes = arm.total(window, "guard_bribes", route=river)
    return ratio(bribes, arm.total(window, "value_crossed", route=river))


def exposure_to_cameras(case: Case) -> float:
    """P08: chance that a camera sees a river consignment on a watched route, after over before."""
    before, during = case.windows.before_cameras, case.windows.cameras
    if before is None or during is None:
        return math.nan
    return ratio(_seen(case, during), _seen(case, before))


def _seen(case: Case, window: Window) -> float:
    watched = _watched(case)
    seen = case.as_is.total(window, "seen_by_camera", route=watched)
    return ratio(seen, case.as_is.total(window, "attempts", route=watched))


def displaced_by_cameras(case: Case) -> float:
    """P08: share of river consignments on less watched routes, less that without the cameras.

    In percentage points, with the same people and draws in both arms.
    """
    window = case.windows.cameras
    if window is None:
        return math.nan
    shares = []
    for arm in (case.as_is, case.without["cameras"]):
        elsewhere = arm.total(window, "attempts", route=case.routes("river") & ~_watched(case))
        shares.append(ratio(elsewhere, arm.total(window, "attempts", route=case.routes("river"))))
    return 100 * (shares[0] - shares[1])


def _watched(case: Case) -> Mask:
    """River routes of the kind that cameras cover most, [route]."""
    kinds = case.scenario.route_kinds
    cover = {
        name: kind.fixed_cameras.number + kind.rotating_cameras.number
        for name, kind in kinds.items()
        if kind.channel == "river"
    }
    most = max(cover.values())
    names = [kind for sector in case.scenario.sectors.values() for kind in sector.routes.values()]
    return np.array([cover.get(kind, -1.0) == most and most > 0 for kind in names])

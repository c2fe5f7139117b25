"""The patterns of the outer bank, P09 to P14, each as one number of a replicate.

A measure is NaN where the scenario or the replicate has nothing to measure.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from amnok.mechanisms.signals import Signals
from amnok.results.ratios import ratio
from amnok.studies.patterns.case import Array, Case, Replicate
from amnok.studies.patterns.windows import COMPARED, Window
from amnok.world.days import signal_levels

NO, YES = 0, 1  # pays for protection
_SEEN_EVENTS = ("arrests", "questionings", "searches")
_PER = 1000


def _patrol_stops(case: Case, window: Window) -> float:
    """Consignments met by a patrol per 1,000 that set out by river."""
    river = case.routes("river")
    met = case.as_is.total(window, "intercepts", route=river)
    return _PER * ratio(met, case.as_is.total(window, "attempts", route=river))


def _questionings(case: Case, window: Window) -> float:
    """Persons questioned per 1,000 consignments."""
    return _PER * ratio(
        case.as_is.total(window, "questionings"), case.as_is.total(window, "attempts")
    )


def _finds(case: Case, window: Window) -> float:
    """Persons found with goods, or brought in as known, per 1,000 consignments."""
    found = case.as_is.total(window, "detections", agency=case.outer_agencies())
    return _PER * ratio(found, case.as_is.total(window, "attempts"))


_MEASURES: tuple[Callable[[Case, Window], float], ...] = (
    _patrol_stops,
    _questionings,
    _finds,
)


def steps_up(case: Case) -> float:
    """P09: rise of patrol stops, questionings and finds in the order's first 60 days.

    The least of the three rates, each relative to the 60 days before the order (ratio).
    """
    order = case.windows.crackdown
    if order is None:
        return math.nan
    return _least_rise(case, Window(order.first, min(order.first + COMPARED, order.last)))


def stays_up(case: Case) -> float:
    """P09: the same in whichever 90 days after those the rates are lowest (ratio)."""
    order, length = case.windows.crackdown, 90
    if order is None:
        return math.nan
    starts = range(order.first + COMPARED, order.last - length + 1, length)
    return min(
        (_least_rise(case, Window(first, first + length)) for first in starts), default=math.nan
    )


def _least_rise(case: Case, window: Window) -> float:
    before = case.windows.before_crackdown
    if before is None:
        return math.nan
    return float(np.min([ratio(of(case, window), of(case, before)) for of in _MEASURES]))


def arrested_beyond_their_share(case: Case) -> float:
    """P10: smallest traders' share of the crackdown's arrests over their share of value (ratio)."""
    window, smallest = case.windows.crackdown, int(case.by_size()[0])
    if window is None:
        return math.nan
    outer = case.outer_agencies()
    arrests = case.as_is.total(window, "arrests", agency=outer)
    of_arrests = ratio(case.as_is.total(window, "arrests", agency=outer, size=smallest), arrests)
    value = case.as_is.total(window, "value_crossed")
    return ratio(of_arrests, ratio(case.as_is.total(window, "value_crossed", size=smallest), value))


def large_are_spared(case: Case) -> float:
    """P10: arrests per consignment taken on, largest over smallest traders' (ratio).

    What is left when it is set aside that the small are many and carry little.
    """
    window, sizes = case.windows.crackdown, case.by_size()
    if window is None:
        return math.nan
    rates = []
    for size in (int(sizes[-1]), int(sizes[0])):
        arrests = case.as_is.total(window, "arrests", agency=case.outer_agencies(), size=size)
        rates.append(ratio(arrests, case.as_is.total(window, "partner_attempts", size=size)))
    return ratio(*rates)


def large_by_customs_and_sea(case: Case) -> float:
    """P11: what the crackdown takes from the largest traders' value by customs and sea (percent).

    Against the same replicate without the order; as a size without sign.
    """
    return abs(_change(case, int(case.by_size()[-1]), "customs", "sea"))


def small_hit_harder(case: Case) -> float:
    """P11: what it takes from the smallest traders' river trade, less that, in percentage points.

    It shows that the order did something, and to whom.
    """
    large = _change(case, int(case.by_size()[-1]), "customs", "sea")
    return large - _change(case, int(case.by_size()[0]), "river")


def _change(case: Case, size: int, *channels: str) -> float:
    """Change of a size's value by some channels because of the order (percent)."""
    window = case.windows.crackdown
    if window is None:
        return math.nan
    ways = case.routes(*channels)
    with_it = case.as_is.total(window, "value_crossed", route=ways, size=size)
    without = case.without["crackdown"].total(window, "value_crossed", route=ways, size=size)
    return 100 * (ratio(with_it, without) - 1)


def payers_keep_crossing(case: Case) -> float:
    """P12: crossings per person and day in the crackdown, payers' over others' (ratio).

    Days of detention, prison and lying low count, as they are what protection saves. Within sizes,
    as large traders pay and trade more; a mean weighted by the person-days of the rarer group.
    """
    window = case.windows.crackdown
    if window is None:
        return math.nan
    outer = int(np.flatnonzero(case.as_is.labels("side") == case.scenario.sides.outer.key)[0])
    days = window.days
    crossings = case.as_is["partner_crossings"][days].sum(axis=(0, 1))  # [size, paying]
    everyone = case.as_is["people"][days, :, outer].sum(axis=(0, 1, 3))  # [size]
    paying = case.as_is["protected"][days, :, outer].sum(axis=(0, 1))
    others = everyone - paying
    weight = np.minimum(paying, others) * (crossings[:, NO] > 0)
    if weight.sum() < COMPARED:
        return math.nan
    rates = np.ones(len(weight))
    seen = weight > 0
    rates[seen] = (crossings[seen, YES] / paying[seen]) / (crossings[seen, NO] / others[seen])
    return float(np.average(rates, weights=weight))


def follows_politics(case: Case) -> float:
    """P13: patrol stops in the half of the order's days with stronger signals over the other half.

    Signals are added with weights of one each. Stops are those per consignment and patrol effort,
    route by route: traffic and effort move between routes for other reasons. Only until a campaign
    against leaks, as what is searched and seized first never meets a patrol (ratio).
    """
    order, campaign = case.windows.crackdown, case.windows.before_campaign
    if order is None:
        return math.nan
    window = order
    if campaign is not None and campaign.last - order.first >= COMPARED:
        window = Window(order.first, min(order.last, campaign.last))
    signals = case.scenario.section(Signals)
    if signals is None:
        return math.nan
    dates = [day.date() for day in case.as_is.dataset.indexes["day"]]
    level = signal_levels(signals.sanctions_talks, dates) + signal_levels(
        signals.tariff_talks, dates
    )
    strong = level[window.days] > np.median(level[window.days])
    river = case.routes("river")
    met = case.as_is["intercepts"][window.days].sum(axis=2)[:, river]
    sent = case.as_is["attempts"][window.days].sum(axis=2)[:, river]
    sent *= case.as_is["effort_patrols"][window.days][:, river]
    sums = sent.sum(axis=0)
    # Were all days alike, [route].
    expected = np.divide(met.sum(axis=0), sums, out=np.zeros_like(sums), where=sums > 0)
    strong_days = ratio(float(met[strong].sum()), float((sent[strong] * expected).sum()))
    weak_days = ratio(float(met[~strong].sum()), float((sent[~strong] * expected).sum()))
    return ratio(strong_days, weak_days)


def reports_per_event(case: Case) -> float:
    """P14: published reports per event in the crackdown, relative to before it (ratio).

    Events are arrests, questionings and searches; reports are those about them, by day of event.
    """
    before, during = case.windows.before_crackdown, case.windows.crackdown
    if before is None or during is None:
        return math.nan
    reports, events = _reports(case.as_is), _events(case.as_is)
    after, earlier = (
        ratio(float(reports[window.days].sum()), float(events[window.days].sum()))
        for window in (during, before)
    )
    return ratio(after, earlier)


def change_as_reported(case: Case) -> float:
    """P14: how much arrests and questionings rose as reported, over how much they did (ratio)."""
    before, during = case.windows.before_crackdown, case.windows.crackdown
    if before is None or during is None:
        return math.nan
    kinds = ("arrest", "questioning")
    outer = case.scenario.sides.outer.key
    reported = _reports(case.as_is, kinds, outer)
    agencies = case.outer_agencies()
    happened = case.as_is.there("arrests", "questionings")
    true = sum(case.as_is.daily(name, agency=agencies) for name in happened)
    return ratio(_rise(reported, during, before), _rise(np.asarray(true), during, before))


def _rise(series: Array, during: Window, before: Window) -> float:
    return ratio(float(series[during.days].mean()), float(series[before.days].mean()))


def _reports(run: Replicate, kinds: tuple[str, ...] = (), side: str = "") -> Array:
    """Reports published within the period, by the day of their event, [day]."""
    data, days = run.dataset, run.dataset.indexes["day"]
    kind, event = data["report_kind"].to_numpy(), data["event_day"].to_numpy()
    chosen = data["publication_day"].to_numpy() <= days[-1].to_datetime64()
    chosen &= np.isin(kind, kinds or ("arrest", "questioning", "search"))
    if side:
        chosen &= data["report_side"].to_numpy() == side
    return np.bincount(days.get_indexer(event[chosen]), minlength=len(days)).astype(np.float64)


def _events(run: Replicate) -> Array:
    return np.asarray(sum(run.daily(name) for name in run.there(*_SEEN_EVENTS)))

"""Measures that the vocabulary does not say: it would have to become a language of its own.

Each has a name, and unit and needs under that in `amnok.scenario.measures.vocabulary.REGISTERED`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from amnok.mechanisms.roles import GUARDED
from amnok.results.measuring.sources import ReplicateSource
from amnok.results.ratios import ratio
from amnok.scenario.measures.dimensions import Space
from amnok.scenario.measures.vocabulary import Window
from amnok.scenario.measures.windows import Runs, anchors, stretches
from amnok.world.days import signal_levels

_COMPARED = 60  # days before an order that it is compared with
_CAMPAIGN = Window(order_to=("security_police",))
_BEFORE = Window(part="before", days=_COMPARED)


def added_hours_on_slow_goods(source: ReplicateSource, space: Space, runs: Runs) -> float:
    """Share of the campaign's added hours of checking exports on goods slow to check (share).

    The claim is about what goes out; what comes in is checked too where it can leak.
    Added: hours per consignment in the campaign less those before it, times the consignments of the
    campaign, which leaves out that goods have seasons.
    """
    campaign = anchors(_CAMPAIGN, space.calendar)
    before = stretches(_BEFORE, campaign[0], space.calendar) if campaign else []
    if not before or "slow_to_check" in space.idle:
        return math.nan
    out = np.array(space.owners["direction"]["goods"]) == "export"
    hours = source.daily("goods_checking_hours").sum(axis=1)[:, out]
    sent = source.daily("goods_attempts").sum(axis=1)[:, out]

    def rate(stretch: tuple[int, int]) -> NDArray[np.float64]:
        days = slice(*stretch)
        return np.asarray(np.nan_to_num(ratio(hours[days].sum(axis=0), sent[days].sum(axis=0))))

    added = (rate(runs[0]) - rate(before[0][0])) * sent[slice(*runs[0])].sum(axis=0)
    slow = np.array(space.owners["slow_to_check"]["goods"])[out]
    return ratio(float(added[slow].sum()), float(added.sum()))


def follows_politics(source: ReplicateSource, space: Space, runs: Runs) -> float:
    """Patrol stops in the half of the days with stronger signals over the other half.

    Signals that patrols are believed to follow are added with weights of one each. Stops are those
    per consignment and patrol effort, route by route: traffic and effort move between routes for
    other reasons. Only until a campaign against leaks, as what is searched and seized first never
    meets a patrol (ratio).
    """
    (first, last), calendar, signals = runs[0], space.calendar, space.signals
    if not signals:
        return math.nan
    campaign = anchors(_CAMPAIGN, calendar)
    if campaign and campaign[0].first - first >= _COMPARED:
        last = min(last, campaign[0].first)
    days = slice(first, last)
    dates = [calendar.start + dt.timedelta(day) for day in range(first, last)]
    level = np.sum([signal_levels(one, dates) for one in signals], axis=0)
    strong = level > np.median(level)
    guarded = np.isin(space.owners["channel"]["route"], GUARDED)
    met = source.daily("intercepts")[days].sum(axis=2)[:, guarded]
    sent = source.daily("attempts")[days].sum(axis=2)[:, guarded]
    sent = sent * source.daily("effort_patrols")[days][:, guarded]
    expected = np.nan_to_num(ratio(met.sum(axis=0), sent.sum(axis=0)))  # were all days alike
    halves: list[float] = [
        ratio(float(met[half].sum()), float((sent[half] * expected).sum()))
        for half in (strong, ~strong)
    ]
    return ratio(halves[0], halves[1])


REGISTERED: dict[str, Callable[[ReplicateSource, Space, Runs], float]] = {
    "added_hours_on_slow_goods": added_hours_on_slow_goods,
    "follows_politics": follows_politics,
}

"""The world of each day, computed once per run: river, ice, season, halts, orders, months.

Row `t` is day `t - spin_up` of the period; orders, halts and dated events act only where the
calendar puts them, so the spin-up is an ordinary time before the first day.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amnok.compiling import allocating_kernel
from amnok.draws import Key, draw
from amnok.errors import AmnokError, Fault
from amnok.mechanisms.cameras import Cameras
from amnok.mechanisms.oversight import Oversight
from amnok.mechanisms.river import RIVER_DRAW, River
from amnok.mechanisms.roles import INNER, OUTER, ROLES, usual_bank
from amnok.mechanisms.signals import Signal, Signals
from amnok.mechanisms.targeting import Targeting
from amnok.quantity import is_among
from amnok.rules.calendar import season
from amnok.rules.distributions import normal_quantile
from amnok.rules.orders import order_strength, target_intensity, with_inertia
from amnok.scenario.changes import spells
from amnok.scenario.model import Scenario
from amnok.scenario.politics import Agency, ways_of
from amnok.scenario.where import posts, zones
from amnok.world.rates import Field, Records, record_type, records

_MOST_SIZES = 8  # of traders, by the scenario's own limit
DAY = [
    Field("halt", np.float64, "chance of staying home, with exports and with imports", (2,)),
    Field("camera_level", np.float64, "share of the cameras installed"),
    Field("month_share", np.float64, "share of the month gone at the day's end"),
    Field("month_start", np.bool_, "whether it is the first of a month"),
    Field("plan", np.int64, "which of the plans of effort is in force, see `World.plan`"),
    Field(
        "intensity", np.float64, "how hard each role works beyond its usual level", (len(ROLES),)
    ),
    Field("bank", np.int64, "bank on which each role stands: 0 the inner one", (len(ROLES),)),
    Field("aim", np.float64, "how hard campaigns aim at each size of trader", (_MOST_SIZES,)),
]
WATER = [
    Field("stage", np.float64, "level of the river: 0 low water, 1 the bank"),
    Field("frozen", np.bool_, "whether there is ice to walk on"),
]

Dates = Sequence[dt.date]


class RunCalendar(NamedTuple):
    """Dates, and where each lies in its year (1 to 366) and its month (share gone at its end)."""

    dates: tuple[dt.date, ...]
    year_day: NDArray[np.float64]
    month_share: NDArray[np.float64]


def days(scenario: Scenario) -> Records:
    """What each day brings to each zone, [day, zone]: sectors in which the same dates count.

    Nothing in it is drawn. The month is the same everywhere.
    """
    dates, _, month_share = calendar(scenario)
    places = zones(scenario)
    result = records((len(dates), len(places)), record_type(DAY))
    result["month_share"] = month_share[:, None]
    result["month_start"] = np.array([date.day == 1 for date in dates])[:, None]
    for zone, (sector, *_) in enumerate(places):
        here = result[:, zone]
        here["halt"] = _halt(scenario, dates, sector)
        cameras = functools.partial(_camera_level, sector=sector)
        here["camera_level"] = _by_day(scenario, "cameras", cameras)
        here["intensity"] = _intensity(scenario, dates, sector)
        here["bank"] = _banks(scenario, sector)
        here["aim"] = _aim(scenario, dates, sector)
    return result


def date_in(scenario: Scenario, date: dt.date | str) -> dt.date:
    """A date of the period.

    Raises:
        AmnokError: it is not in the scenario's period, or no date.
    """
    period = scenario.period
    try:
        wanted = dt.date.fromisoformat(date) if isinstance(date, str) else date
    except ValueError:
        fix = "write 2018-11-01"
        raise AmnokError(Fault(f"'{date}' is not a date", fix, path="date")) from None
    if not period.start <= wanted <= period.end:
        fix = f"the period is {period.start} to {period.end}"
        raise AmnokError(Fault(f"{wanted} lies outside the period", fix, path="date"))
    return wanted


def day_of(scenario: Scenario, date: dt.date | str) -> Records:
    """A date of the period by zones, as in `days`; faults are those of `date_in`."""
    return days(scenario)[row_of(scenario, date_in(scenario, date))]


def row_of(scenario: Scenario, date: dt.date) -> int:
    """Where a date lies in tables with a row a day."""
    return scenario.period.spin_up + (date - scenario.period.start).days


def _by_day(
    scenario: Scenario, section: str, table: Callable[[Scenario], NDArray[Any]]
) -> NDArray[Any]:
    """A table with a row a day, each by the section's numbers as they are on that day."""
    result, now = table(scenario), getattr(scenario, section)
    for spell in spells(scenario):
        if getattr(spell.scenario, section) is not now:
            now = getattr(spell.scenario, section)
            first = row_of(scenario, spell.start)
            result[first:] = table(spell.scenario)[first:]
    return result


def water(scenario: Scenario, key: Key) -> Records:
    """The river, [day, sector]: stage (0 low water, 1 the bank) and ice; the rain is drawn."""
    dates = calendar(scenario).dates
    result = records((len(dates), len(scenario.sectors)), record_type(WATER))
    result["stage"] = _stage(scenario, key)
    result["frozen"] = _by_day(scenario, "sectors", _frozen)
    return result


def calendar(scenario: Scenario) -> RunCalendar:
    """Every simulated date, the spin-up first."""
    first = scenario.period.start - dt.timedelta(days=scenario.period.spin_up)
    return _calendar(first, scenario.period.spin_up + scenario.period.days)


@functools.lru_cache(maxsize=8)
def _calendar(first: dt.date, total: int) -> RunCalendar:
    """The same for all replicates, and for all points of a sweep that leave the period alone."""
    dates = tuple(first + dt.timedelta(days=offset) for offset in range(total))
    year_day = np.array([date.timetuple().tm_yday for date in dates], dtype=np.float64)
    month_share = np.array([_month_share(date) for date in dates])
    year_day.flags.writeable = month_share.flags.writeable = False
    return RunCalendar(dates, year_day, month_share)


def _month_share(date: dt.date) -> float:
    next_month = (date.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return date.day / (next_month - date.replace(day=1)).days


def _covers(dates: Dates, start: dt.date, length: float) -> NDArray[np.bool_]:
    """Which days lie in the `length` days from `start` on."""
    offset = np.arange(len(dates)) + (dates[0] - start).days
    return (offset >= 0) & (offset < round(length))


def seasons(scenario: Scenario) -> NDArray[np.float64]:
    """How much of each kind of goods there is, relative to its year's mean, [day, goods]."""
    return _by_day(scenario, "goods", _usual_seasons)


def _usual_seasons(scenario: Scenario) -> NDArray[np.float64]:
    goods = scenario.goods.values()
    peaks = np.array([kind.season_peak.number for kind in goods])
    strengths = np.array([kind.season_strength.number for kind in goods])
    return _seasons(calendar(scenario).year_day, peaks, strengths)


@allocating_kernel
def _seasons(
    year: NDArray[np.float64], peaks: NDArray[np.float64], strengths: NDArray[np.float64]
) -> NDArray[np.float64]:
    result = np.empty((len(year), len(peaks)))
    for t in range(len(year)):
        for g in range(len(peaks)):
            result[t, g] = season(year[t], peaks[g], strengths[g])
    return result


def _halt(scenario: Scenario, dates: Dates, sector: str) -> NDArray[np.float64]:
    """Chance that a halt keeps a consignment home, [day, direction]; of several, the strongest."""
    chance = np.zeros((len(dates), 2))
    for halt in scenario.calendar.halts.values():
        if is_among(sector, halt.sectors):
            on = _covers(dates, halt.start.date, halt.days.number), ways_of(halt.direction)
            chance[on] = np.maximum(chance[on], halt.strength.number)
    return chance


def _frozen(scenario: Scenario) -> NDArray[np.bool_]:
    """Whether a sector's river is frozen, between its dates of freeze and thaw, [day, sector]."""
    if scenario.section(River) is None:
        return np.zeros((len(calendar(scenario).dates), len(scenario.sectors)), dtype=np.bool_)
    year = calendar(scenario).year_day
    columns = []
    for sector in scenario.sectors.values():
        freeze, thaw = sector.freeze.number, sector.thaw.number
        after, before = year >= freeze, year < thaw
        columns.append(after | before if freeze > thaw else after & before)
    return np.stack(columns, axis=1)


def _stage(scenario: Scenario, key: Key) -> NDArray[np.float64]:
    """Base level, monsoon, rain that fades (one draw a day for the whole river), dated rises."""
    river = scenario.section(River)
    dates, year, _ = calendar(scenario)
    if river is None:
        return np.zeros((len(dates), len(scenario.sectors)))
    distance = np.abs(year - river.monsoon_peak.number)
    distance = np.minimum(distance, 365.25 - distance)
    level = river.base_stage.number + river.monsoon_height.number * np.exp(
        -0.5 * (distance / 30.0) ** 2
    )
    level = level + _rain(river, len(dates), scenario.period.spin_up, key)
    names = list(scenario.sectors)
    stage = np.repeat(level[:, None], len(names), axis=1)
    for event in river.events.values():
        on = _covers(dates, event.start.date, event.days.number)
        hit = np.array([is_among(name, event.sectors) for name in names])
        stage[np.ix_(on, hit)] += event.height.number
    return np.maximum(stage, 0.0)


def _rain(river: River, n_days: int, spin_up: int, key: Key) -> NDArray[np.float64]:
    """A stationary AR(1) series with the scenario's standard deviation and memory."""
    keep = float(np.exp(-1.0 / max(river.rain_memory.number, 1e-6)))
    return river.rain_height.number * _stationary(key, n_days, spin_up, keep)


@allocating_kernel
def _stationary(key: Key, n_days: int, spin_up: int, keep: float) -> NDArray[np.float64]:
    """An AR(1) series of mean 0 and variance 1 that keeps so much of a day for the next."""
    fresh = math.sqrt(1.0 - keep**2)
    series = np.empty(n_days)
    for t in range(n_days):
        shock = normal_quantile(draw(key, 0, t - spin_up, RIVER_DRAW))
        series[t] = shock if t == 0 else keep * series[t - 1] + fresh * shock
    return series


def _aim(scenario: Scenario, dates: Dates, sector: str) -> NDArray[np.float64]:
    """How hard campaigns aim at each size, [day, size]; of several, the hardest."""
    aim, names = np.zeros((len(dates), _MOST_SIZES)), list(scenario.traders.sizes)
    targeting = scenario.section(Targeting)
    for one in targeting.campaigns.values() if targeting is not None else ():
        on = _covers(dates, one.start.date, one.days.number) & is_among(sector, one.sectors)
        for size, share in one.sizes.items():
            column = aim[:, names.index(size)]
            column[on] = np.maximum(column[on], share.number)
    return aim


def inspected(scenario: Scenario) -> NDArray[np.bool_]:
    """Where officials of either bank are inspected by date, [day, side, sector]."""
    dates, names = calendar(scenario).dates, list(scenario.sectors)
    result = np.zeros((len(dates), 2, len(names)), dtype=np.bool_)
    oversight = scenario.section(Oversight)
    for one in oversight.inspections.values() if oversight is not None else ():
        on = _covers(dates, one.start.date, one.days.number)
        hit = np.array([is_among(name, one.sectors) for name in names])
        result[:, INNER if one.bank == "inner" else OUTER] |= on[:, None] & hit
    return result


def _ordered(scenario: Scenario, target: str, dates: Dates, sector: str) -> NDArray[np.float64]:
    """Summed strength of the orders in force in a sector for one agency, or `cameras`; below 0 if
    lowered."""
    start = scenario.period.start
    total = np.zeros(len(dates))
    for order in scenario.orders.values():
        if target not in scenario.moved_by(order) or not is_among(sector, order.sectors):
            continue
        first = (order.start.date - start).days
        last = (order.end.date - start).days if order.end else 10**6
        offset = (dates[0] - start).days
        _add_order(total, offset, first, last, order.ramp.number, order.strength)
    return total


@allocating_kernel
def _add_order(
    total: NDArray[np.float64], offset: int, first: int, last: int, ramp: float, intensity: float
) -> None:
    """Add the strength of one order; `offset` is the day of the period in row 0."""
    for t in range(len(total)):
        total[t] += order_strength(t + offset, first, last, ramp, intensity)


def signal_levels(signal: Signal, dates: Dates) -> NDArray[np.float64]:
    """A political signal on each date, [day]."""
    ordinals = [date.toordinal() for date in dates]
    points = [date.toordinal() for date, _ in signal.points]
    levels = [level for _, level in signal.points]
    return signal.scale.number * np.interp(ordinals, points, levels)


def _intensity(scenario: Scenario, dates: Dates, sector: str) -> NDArray[np.float64]:
    """How hard each role works in a sector beyond its usual level, [day, role]."""
    result = np.zeros((len(dates), len(ROLES)))
    for name, agency, served, _ in posts(scenario):
        if sector not in served:
            continue
        ordered = _ordered(scenario, name, dates, sector)
        pull = _pull(scenario, agency, dates)
        followed = _followed(ordered, pull, agency.inertia.number)
        result[:, ROLES.index(agency.role)] = agency.usual_level.number + followed
    return result


def _banks(scenario: Scenario, sector: str) -> list[int]:
    """The bank on which each role stands in a sector, [role]."""
    banks = {role: usual_bank(role) for role in ROLES}
    banks |= {
        one.agency.role: one.agency.stands for one in posts(scenario) if sector in one.sectors
    }
    return [INNER if banks[role] == "inner" else OUTER for role in ROLES]


def _pull(scenario: Scenario, agency: Agency, dates: Dates) -> NDArray[np.float64]:
    """What signals make of orders to an agency, [day]: each times its weight, added up."""
    section, pull = scenario.section(Signals), np.zeros(len(dates))
    for name, signal in section.named.items() if section is not None else ():
        if name in agency.weights:
            pull += agency.weights[name].number * signal_levels(signal, dates)
    return pull


@allocating_kernel
def _followed(
    ordered: NDArray[np.float64], pull: NDArray[np.float64], inertia: float
) -> NDArray[np.float64]:
    """An agency's intensity, [day], which moves towards what is asked of it with inertia."""
    series = np.empty(len(ordered))
    current = 0.0
    for t in range(len(ordered)):
        target = target_intensity(ordered[t], pull[t])
        current = with_inertia(current, target, inertia)
        series[t] = current
    return series


def _camera_level(scenario: Scenario, sector: str) -> NDArray[np.float64]:
    """Share of a sector's cameras installed on each date: the usual, and what orders do to it."""
    cameras = scenario.section(Cameras)
    dates = calendar(scenario).dates
    if cameras is None:
        return np.zeros(len(dates))
    usual = cameras.usual_level.number
    ordered = np.clip(_ordered(scenario, "cameras", dates, sector), -1.0, 1.0)
    room = np.where(ordered > 0.0, 1.0 - usual, usual)
    return usual + room * ordered

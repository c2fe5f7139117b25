"""The ledger of what can be seen: official counts, surveyed prices, published source reports.

Each is made from the truth with keyed draws, so two arms that differ in a policy share the clerks,
the surveyors and the editors.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok import counts
from amnok.arguments import wrong
from amnok.compiling import allocating_kernel
from amnok.draws import Key, draw, draw4
from amnok.engine import Outcome
from amnok.mechanisms.official import OFFICIAL_DRAW, SURVEY_DRAW, Official
from amnok.mechanisms.reporting import EDITOR_DRAW, TIP, Reporting
from amnok.results.arrays import named
from amnok.results.truth import by_agency, labelled
from amnok.rules.distributions import binomial, exponential_days, normal_quantile
from amnok.scenario import Scenario
from amnok.variables import REPORTED
from amnok.world import Labels
from amnok.world.places import INNER
from amnok.world.rates import Records

VISIBLE = "visible"
REPORT_COLUMNS = ("replicate", "event_day", "publication_day", "sector", "side", "kind", "sources")
OF_REPORTS = tuple(one if one.endswith("_day") else f"report_{one}" for one in REPORT_COLUMNS)
"""The variables of a dataset that hold these columns."""
_STALE = 36_500  # days after an event from which no editor prints it
# Columns of a tip.
_EVENT_DAY, _ARRIVAL, _SECTOR, _SIDE, _KIND, _SOURCE, _EVENT = range(len(TIP))


def visible(
    outcome: Outcome, labels: Labels, scenario: Scenario, key: Key
) -> dict[str, xr.Variable]:
    """Every variable of what is visible, by name, and the coordinate `survey_day`."""
    books = outcome.books
    official, reporting = scenario.section(Official), scenario.section(Reporting)
    found: dict[str, xr.Variable] = {}
    if official is not None:
        written = official_variables(books.events, official, key)
        found |= {
            one.name: labelled(by_agency(written[one.name], one, scenario), one, scenario.currency)
            for one in counts.OFFICIAL_COUNTS
        }
        if scenario.has("customs"):
            worth = declared(books.goods, scenario)
            declared_value = counts.DECLARED_VALUE
            found[declared_value.name] = labelled(worth, declared_value, scenario.currency)
        prices = books.prices["price"][:, INNER]
        found |= _surveyed(prices, labels, official, scenario.currency, key)
    if reporting is not None:
        reports = published(books.tips[: books.tip_count[0]], reporting, key)
        found |= _report_variables(reports, labels, outcome.replicate)
    return found


@allocating_kernel
def _recorded(
    arrests: NDArray[np.float64],
    questionings: NDArray[np.float64],
    items: NDArray[np.float64],
    shares: tuple[float, float, float],
    key: Key,
) -> NDArray[np.int64]:
    """What is written down of each day's counts, [arrests, questionings, items; day; cell]."""
    n_days, n_cells = arrests.shape
    result = np.zeros((3, n_days, n_cells), dtype=np.int64)
    for day in range(n_days):
        for cell in range(n_cells):
            u_arrests, u_questionings, u_items, _ = draw4(key, cell, day, OFFICIAL_DRAW)
            result[0, day, cell] = binomial(int(arrests[day, cell]), shares[0], u_arrests)
            result[1, day, cell] = binomial(int(questionings[day, cell]), shares[1], u_questionings)
            result[2, day, cell] = binomial(int(items[day, cell]), shares[2], u_items)
    return result


def official_counts(
    events: Records, official: Official, key: Key
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """What agencies write down: arrests, questionings, items seized, [day, sector, role, size].

    Each event is written down with its share; the rest stays unwritten.

    Args:
        events: from the books, [day, sector, role, size].
        official: the shares that are written down.
        key: the replicate's key.
    """
    shape = events.shape
    arrests, questionings, items = (
        np.ascontiguousarray(events[name]).reshape(shape[0], -1)
        for name in ("arrests", "questionings", "items_seized")
    )
    shares = (
        official.arrests_recorded.number,
        official.questionings_recorded.number,
        official.seizures_recorded.number,
    )
    recorded = _recorded(arrests, questionings, items, shares, key)
    return recorded[0].reshape(shape), recorded[1].reshape(shape), recorded[2].reshape(shape)


def official_variables(
    events: Records, official: Official, key: Key
) -> dict[str, NDArray[np.float64]]:
    """The same by name of the variable, and the worth of what was seized on paper."""
    arrests, questionings, recorded = official_counts(events, official, key)
    items, value = events["items_seized"], events["value_seized"]
    worth = value * np.divide(recorded, items, out=np.zeros_like(items), where=items > 0)
    seen = (arrests, questionings, recorded, worth)
    return {
        one.name: values.astype(np.float64)
        for one, values in zip(counts.OFFICIAL_COUNTS, seen, strict=True)
    }


def declared(moved: NDArray[np.void], scenario: Scenario) -> NDArray[np.float64]:
    """What customs declare of what went their way, [day, sector, side it is brought to, goods].

    Goods under sanctions are waved through and not written down: seafood passes in mass quantity
    (claim B08), while the declared trade has none from 2018 on. Nor is what firms with a permit
    keep off the books.

    Args:
        moved: the table of goods, [day, sector, goods].
        scenario: says which goods are under sanctions, and which way each goes.
    """
    goods = scenario.goods.values()
    written = np.array([not one.sanctioned for one in goods])
    inward = np.array([one.direction == "import" for one in goods])
    brought = np.stack([inward, ~inward]) & written  # [side, goods], the inner side first
    on_the_books = moved["goods_value_customs"] - moved["goods_value_off_books"]
    result: NDArray[np.float64] = on_the_books[:, :, np.newaxis, :] * brought
    return result


@allocating_kernel
def _noisy(
    prices: NDArray[np.float64], days: NDArray[np.int64], noise: float, key: Key
) -> NDArray[np.float64]:
    """Prices [survey, cell] times lognormal noise with median 1."""
    result = np.empty_like(prices)
    for row in range(prices.shape[0]):
        for cell in range(prices.shape[1]):
            z = normal_quantile(draw(key, cell, days[row], SURVEY_DRAW))
            result[row, cell] = prices[row, cell] * np.exp(noise * z)
    return result


def _surveyed(
    prices: NDArray[np.float64], labels: Labels, official: Official, currency: str, key: Key
) -> dict[str, xr.Variable]:
    """Inner-side prices [day, goods, market], seen every so many days with noise."""
    interval = max(1, round(official.survey_interval.number))
    days = np.arange(0, len(prices), interval)
    chosen = np.ascontiguousarray(prices[days])
    noise = official.survey_noise.number
    seen = _noisy(chosen.reshape(len(days), -1), days, noise, key).reshape(chosen.shape)
    return {
        "survey_day": named("survey_day", labels.dates.as_unit("ns").to_numpy()[days]),
        counts.SURVEYED.name: labelled(seen, counts.SURVEYED, currency),
    }


@allocating_kernel
def _edited(
    tips: NDArray[np.int64], window: int, alone: float, editing: float, key: Key
) -> NDArray[np.int64]:
    """Reports [report; event day, publication day, sector, side, kind, sources] from sorted tips.

    Tips about one event (day, sector, side, kind, number) lie together, by arrival. A second source
    within `window` days of the first confirms the event, and editing starts; without one, editing
    starts after the window, with chance `alone`.
    """
    reports = np.empty((len(tips), 6), dtype=np.int64)
    n_reports, first = 0, 0
    while first < len(tips):
        tip = tips[first]
        end, confirmed = first, -1
        while end < len(tips) and _is_same_event(tips[end], tip):
            if confirmed < 0 and tips[end, _SOURCE] != tip[_SOURCE]:
                confirmed = tips[end, _ARRIVAL]
            end += 1
        event = (tip[_SECTOR] * 2 + tip[_SIDE]) * len(REPORTED) + tip[_KIND]
        u_alone, u_editing, _, _ = draw4(key, event, tip[_EVENT_DAY], EDITOR_DRAW, tip[_EVENT])
        is_confirmed = 0 <= confirmed <= tip[_ARRIVAL] + window
        if is_confirmed or u_alone < alone:
            start = confirmed if is_confirmed else tip[_ARRIVAL] + window
            published = start + exponential_days(editing, u_editing)
            reports[n_reports, 0], reports[n_reports, 1] = tip[_EVENT_DAY], published
            for column in range(_SECTOR, _KIND + 1):  # a slice compiles Numba's text formatting
                reports[n_reports, column] = tip[column]
            reports[n_reports, 5] = _sources_by(tips[first:end], published)
            n_reports += 1
        first = end
    return reports[:n_reports]


@allocating_kernel
def _is_same_event(one: NDArray[np.int64], other: NDArray[np.int64]) -> bool:
    same_place = one[_SECTOR] == other[_SECTOR] and one[_SIDE] == other[_SIDE]
    same_kind = one[_KIND] == other[_KIND] and one[_EVENT] == other[_EVENT]
    return bool(same_place and same_kind and one[_EVENT_DAY] == other[_EVENT_DAY])


@allocating_kernel
def _sources_by(tips: NDArray[np.int64], day: int) -> int:
    """Different sources among tips that arrived by a day."""
    total = 0
    for row in range(len(tips)):
        is_new = tips[row, _ARRIVAL] <= day
        for earlier in range(row):
            is_new = is_new and tips[earlier, _SOURCE] != tips[row, _SOURCE]
        total += is_new
    return total


def published(tips: NDArray[np.int32], reporting: Reporting, key: Key) -> NDArray[np.int64]:
    """The reports that editors make of tips, by publication day.

    Args:
        tips: [tip, TIP], in any order.
        reporting: how long editors wait for a second source, and how bold they are without one.
        key: the replicate's key.

    Returns:
        [report; event day, publication day, sector, side, kind, sources at publication]. A report
        may be published after the last day of the period, but within a hundred years.
    """
    wide = tips.astype(np.int64)
    by = (_SOURCE, _ARRIVAL, _EVENT, _KIND, _SIDE, _SECTOR, _EVENT_DAY)
    order = np.lexsort([wide[:, column] for column in by])
    reports = _edited(
        wide[order],
        round(reporting.corroboration_days.number),
        reporting.single_source_published.number,
        reporting.editing_days.number,
        key,
    )
    # Dates of days beyond a few centuries cannot be written down.
    reports = reports[reports[:, 1] - reports[:, 0] < _STALE]
    return reports[np.argsort(reports[:, 1], kind="stable")]


def _report_variables(
    reports: NDArray[np.int64], labels: Labels, replicate: int
) -> dict[str, xr.Variable]:
    start = labels.dates.as_unit("ns").to_numpy()[0]
    dates = start + reports[:, :2] * np.timedelta64(1, "D")
    columns: dict[str, tuple[NDArray[Any], str]] = {
        "report_replicate": (np.full(len(reports), replicate), "Replicate"),
        "event_day": (dates[:, 0], "Day of the event"),
        "publication_day": (dates[:, 1], "Day of publication"),
        "report_sector": (np.array(labels.sectors)[reports[:, 2]], "Sector of the event"),
        "report_side": (np.array(labels.sides)[reports[:, 3]], "Side of the event"),
        "report_kind": (np.array(REPORTED)[reports[:, 4]], "Kind of event"),
        "report_sources": (reports[:, 5].astype(np.int32), "Sources at publication"),
    }
    result = {}
    for name, (values, long_name) in columns.items():
        attrs = {"long_name": long_name, "ledger": VISIBLE}
        if name == "report_sources":
            attrs["units"] = "sources"
        result[name] = named("report", values, attrs)
    return result


def reports(dataset: xr.Dataset) -> pd.DataFrame:
    """The published source reports of a dataset's replicates, one a row.

    Columns: replicate, event_day and publication_day (datetime64), sector, side, kind, sources (how
    many had called by publication). Days after the period's last are publications still to come.

    Raises:
        AmnokError: it is no dataset of a run, or of one whose border has no reports.
    """
    if not isinstance(dataset, xr.Dataset) or any(
        name not in dataset or dataset[name].dims != ("report",) for name in OF_REPORTS
    ):
        raise wrong("dataset", dataset, "what `amnok.run` returns, of a border with `reporting`")
    columns = zip(REPORT_COLUMNS, OF_REPORTS, strict=True)
    table = pd.DataFrame({column: dataset[name].to_numpy() for column, name in columns})
    is_here = table["replicate"].isin(dataset["replicate"].to_numpy().reshape(-1))
    return table[is_here].reset_index(drop=True)

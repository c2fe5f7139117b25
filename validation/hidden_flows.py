"""Hidden flows given the prices of rice and the declared trade of 2018 and 2019.

    python -m amnok bank sino-korean-border --draws 400 --traders 2000 --full 0 --out runs/bank
    python validation/hidden_flows.py runs/bank

The figures lie in the folder that AMNOK_DATA names (`validation/reality.py`). The posterior is
fitted on the surveys of rice up to May 2019; those from June on are forecast and scored, beside the
naive forecasts of `amnok score` and the prior. Prices are in won and of rice, the model's in yuan
and of grain: only moves are compared, from the mean of the surveys that are fitted. Declared trade
holds what the model has not (whole trains of goods): its moves are told, and not fitted.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from reality import PLACES, RICE, folder, missing, rice

from amnok.studies.inference.banks import Bank, open_bank
from amnok.studies.inference.checking import unusual
from amnok.studies.inference.conditioning import Conditioner, make_ready
from amnok.studies.inference.observing import Seen
from amnok.studies.inference.posterior import Posterior, weighted_quantile
from amnok.studies.scoring import NAIVE, weighted_interval_score
from amnok.studies.scoring.scores import COVERAGES, LEVELS, covered

Array = NDArray[np.float64]
SERIES, GOODS, WEEK = "surveyed_price", "grain", 7
UNTIL = "2019-05-31"  # the last day that is fitted
TRADE = "dprk/china_dprk_trade_monthly_press.csv"
EACH = 91  # days of a mean of surveys
A_YEAR = 26  # surveys


def surveys(bank: Bank) -> pd.DataFrame:
    """Surveys within the period that a bank has: place, date and value, by date."""
    period = bank.scenario.period
    table: pd.DataFrame = rice(folder() / RICE)
    table["date_from"] = pd.to_datetime(table["date_from"])
    inside = table["date_from"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    return table[inside].sort_values(["place", "date_from"], kind="stable", ignore_index=True)


def in_runs(bank: Bank, table: pd.DataFrame) -> Array:
    """The price of each survey in each run, [run, survey]: the model's own last survey by then."""
    weeks = (table["date_from"] - pd.Timestamp(bank.scenario.period.start)).dt.days // WEEK
    columns = []
    for place, week in zip(table["place"], weeks, strict=True):
        found = bank.layout.parts_of(SERIES, (str(place), "", "", GOODS, ""))
        assert found is not None
        columns.append(bank.weekly[:, found[0], int(week)].astype(float))
    return np.stack(columns, 1)


def moves(values: Array, table: pd.DataFrame) -> Array:
    """Logarithms, [..., survey], over the mean of those of the same place that are fitted."""
    logs = np.log(values)
    fitted = is_fitted(table)
    for place in PLACES:
        mine = (table["place"] == place).to_numpy()
        logs[..., mine] -= logs[..., mine & fitted].mean(axis=-1, keepdims=True)
    return logs


def is_fitted(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Which surveys are fitted."""
    return (table["date_from"] <= pd.Timestamp(UNTIL)).to_numpy()


def by_period(logs: Array, table: pd.DataFrame) -> Array:
    """Means of fitted moves by place and quarter, [..., place and period]."""
    start = table["date_from"].min()
    period = ((table["date_from"] - start).dt.days // EACH).to_numpy()
    fitted, columns = is_fitted(table), []
    for place in PLACES:
        mine = (table["place"] == place).to_numpy() & fitted
        columns += [logs[..., mine & (period == one)].mean(axis=-1) for one in set(period[mine])]
    return np.stack(columns, -1)


def flows(bank: Bank) -> pd.DataFrame:
    """What is hidden in each run over the period."""
    layout, found = bank.layout, {}
    runs = np.arange(len(bank.points))
    for at, (quantity, axis, label) in enumerate(layout.hidden, len(layout.seen)):
        if axis in ("", "size"):
            name = " ".join(one for one in (quantity, label) if one)
            found[name] = bank.whole(runs, [at]).sum(axis=(1, 2))
    return pd.DataFrame({name: one for name, one in found.items() if np.ptp(one) > 0.0})


def told(found: pd.DataFrame, table: Conditioner, posterior: Posterior) -> pd.DataFrame:
    """Flows before and after: ends of 80% and medians, and the share of the variance (in normal
    scores, over all runs) that prices tell.
    """
    rows, levels = [], [0.1, 0.5, 0.9]
    after = posterior.quantile(levels)
    for name, learned in zip(found, table.explained, strict=True):
        rows.append([name, *found[name].quantile(levels), *after[name], learned])
    columns = ["flow", "prior 10%", "50%", "90%", "posterior 10%", "50%", "90%", "told by prices"]
    return pd.DataFrame(rows, columns=columns)


def forecasts(table: pd.DataFrame, made: Array, posterior: Posterior) -> dict[str, Array]:
    """Quantiles of the surveys that are not fitted, [level, survey], by who forecasts them.

    A run forecasts the last fitted survey of a place, moved as its own price moves from then on.
    """
    ahead = np.flatnonzero(~is_fitted(table))
    weights = np.zeros(len(made))
    np.add.at(weights, posterior.rows, posterior.weights)
    found = {name: np.empty((len(LEVELS), len(ahead))) for name in ("posterior", "prior")}
    found |= {one.label: np.empty((len(LEVELS), len(ahead))) for one in NAIVE}
    for place in PLACES:
        mine = (table["place"] == place).to_numpy()
        past = np.flatnonzero(mine & is_fitted(table))
        at = np.flatnonzero(mine[ahead])
        values = table["value"].to_numpy()
        for horizon, one in enumerate(at, start=1):
            members = values[past[-1]] * made[:, ahead[one]] / made[:, past[-1]]
            for name, v in (("posterior", weights), ("prior", np.ones(len(made)))):
                some = v > 0.0
                found[name][:, one] = weighted_quantile(members[some], v[some], np.array(LEVELS))
            for naive in NAIVE:
                quantiles = naive.quantiles(values[past], np.array([horizon]), A_YEAR)
                found[naive.label][:, one] = quantiles[:, 0]
    return found


def scores(table: pd.DataFrame, found: dict[str, Array]) -> pd.DataFrame:
    """Mean weighted interval score in won, and how many surveys lie within intervals."""
    came = table["value"].to_numpy(dtype=float)[~is_fitted(table)]
    rows = []
    for name, quantiles in found.items():
        if not np.isfinite(quantiles).all():
            continue
        inside = [float(covered(quantiles, came, level).mean()) for level in COVERAGES]
        rows.append([name, float(weighted_interval_score(quantiles, came).mean()), *inside])
    columns = ["forecast", "WIS", *(f"within {level:.0%}" for level in COVERAGES)]
    return pd.DataFrame(rows, columns=columns)


def declared(bank: Bank, posterior: Posterior) -> pd.DataFrame:
    """Declared trade by month over that of June 2018, and worth that crosses at customs in runs."""
    table = pd.read_csv(folder() / TRADE)
    table = table[table["month"].str.fullmatch(r"201[89]-\d\d")].dropna(subset="total_musd")
    layout, start = bank.layout, pd.Timestamp(bank.scenario.period.start)
    column = len(layout.seen) + layout.hidden.index(("value_crossed", "channel", "customs"))
    of_month = {}
    for month in table["month"]:
        first = pd.Timestamp(f"{month}-01")
        weeks = layout.part_of_weeks(first, first + pd.offsets.MonthEnd())
        if first >= start:
            of_month[month] = bank.weekly[posterior.rows, column].astype(float) @ weeks
    observed = table.set_index("month")["total_musd"]
    (first, *later), rows = of_month, []
    some = of_month[first] > 0.0
    for month in later:
        ratio = of_month[month][some] / of_month[first][some]
        ends = weighted_quantile(ratio, posterior.weights[some], np.array([0.1, 0.5, 0.9]))
        rows.append([month, observed[month] / observed[first], *ends])
    return pd.DataFrame(rows, columns=["month", "observed", "10%", "50%", "90%"])


def main() -> None:
    """Print what was inferred, and the scores."""
    if reason := missing():
        print(f"skipped: {reason}", file=sys.stderr)
        return
    bank = open_bank(sys.argv[1])
    table = surveys(bank)
    made = in_runs(bank, table)
    x = by_period(moves(made, table), table)
    seen = by_period(moves(table["value"].to_numpy(dtype=float)[None], table), table)[0]
    hidden = flows(bank)
    ready = make_ready(hidden, x, held_out=0)
    posterior, fitted = ready.given(seen), is_fitted(table)
    far = unusual(Seen([], seen, x, []))
    print(
        f"{len(bank.points)} runs, {posterior.effective:.0f} effective draws; "
        f"{fitted.sum()} surveys fitted, {(~fitted).sum()} forecast; standard deviation of the "
        f"fitted moves {np.std(seen):.3f}, in the middle run {np.median(np.std(x, axis=1)):.3f}; "
        f"{far:.0%} of the runs look less unusual"
    )
    print(told(hidden, ready, posterior).to_string(index=False, float_format="{:.3g}".format))
    found = forecasts(table, made, posterior)
    print(scores(table, found).to_string(index=False, float_format="{:.3g}".format))
    print(declared(bank, posterior).to_string(index=False, float_format="{:.2f}".format))


if __name__ == "__main__":
    main()

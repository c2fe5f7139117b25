"""The model held against what really happened: prices of rice, and declared trade.

    python validation/reality.py observe OUT      the figures as files for `amnok verify --data`
    python validation/reality.py hold OUT         what docs/validation.md tells of them, as JSON

The figures lie in the folder that AMNOK_DATA names, by default in `../shared/data` beside the
checkout, and do not ship. Without them it says so, writes that down, and ends well.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import amnok
from amnok.reporting import render
from amnok.reporting.held import held_sheet, move
from amnok.scenario import load
from amnok.studies.scoring.held import Held
from amnok.studies.scoring.windows import OPPOSITE, SAME
from amnok.table import Column, Table

ROOT = Path(__file__).parent.parent
DEFAULT = ROOT.parent / "shared" / "data"
RICE = "dprk/rice_2009_2021.csv"
CHAPTERS = "dprk/china_imports_from_dprk_annual_hs.csv"
TOTALS = "dprk/china_dprk_trade_monthly_press.csv"
RATES = "dprk/fx_ecb_monthly.csv"
FILES = (RICE, CHAPTERS, TOTALS, RATES)
# Chapters and headings of the harmonized system that a kind of goods of the model stands for.
GOODS = {
    "seafood": ("03",),
    "minerals": ("2701", "2601"),
    "textiles": ("61", "62"),
    "manufactures": ("6704",),
}
BY_WIRE = "2716"  # electricity, which nobody carries
TRADE_YEAR, FACTOR = 2019, 1.5
BORDER, CLOSURE = "sino-korean-border", "border-closure-2020"
SINCE, YEAR_LATER = "2020-01-28", "2021-01-27"
PLACES = ("pyongyang", "sinuiju", "hyesan")
REPLICATES, DRAWS = 20, 50
ORDERS = (
    "2018-08-01/2018-09-10:2018-10-16/2018-12-31",
    "2019-04-01/2019-05-31:2019-06-01/2019-07-31",
    "2019-01-01/2019-05-31:2019-06-01/2019-07-31",
)
# The last survey before the closure and the first after it; then quarter by quarter.
JUMP = "2020-01-27/2020-01-27:2020-02-06/2020-02-06"
QUARTERS = tuple(
    f"2020-01-27/2020-01-27:{first}/{last}"
    for first, last in (
        ("2020-02-01", "2020-03-31"),
        ("2020-04-01", "2020-06-30"),
        ("2020-07-01", "2020-09-30"),
        ("2020-10-01", "2020-12-31"),
        ("2021-01-01", "2021-03-31"),
        ("2021-04-01", "2021-06-30"),
    )
)


def folder() -> Path:
    """Where the figures lie."""
    return Path(os.environ.get("AMNOK_DATA") or DEFAULT)


def missing() -> str:
    """Why the model cannot be held against them; empty if it can."""
    absent = [name for name in FILES if not (folder() / name).is_file()]
    if not absent:
        return ""
    return f"needs figures that do not ship, and AMNOK_DATA does not hold: {', '.join(absent)}"


def rice(file: Path) -> pd.DataFrame:
    """Surveyed prices of rice as observations of the price of grain on the inner bank.

    They are in won and of one kind of grain: only moves can be compared. The series is the price of
    the day, not the model's own survey, which is made on other days.
    """
    wide = pd.read_csv(file).rename(columns={"date": "date_from"})
    wide = wide.rename(columns={f"{place}_kpw_kg": place for place in PLACES})
    long = wide.melt("date_from", PLACES, var_name="place", value_name="value").dropna()
    return long.assign(
        series="price", side="nk", goods="grain", source="Daily NK", note="won a kilogram of rice"
    )


def trade(data: Path) -> pd.DataFrame:
    """Trade as Chinese customs declare it, in CNY at the mean rate of each year.

    What comes to China by chapter (UN Comtrade) and in all but electricity; what goes to North
    Korea in all, as the press quotes customs: the total less what comes to China.
    """
    rate = pd.read_csv(data / RATES, parse_dates=["month"]).set_index("month")["cny_per_usd"]
    by_year = rate.groupby(rate.index.year).mean()
    table = pd.read_csv(data / CHAPTERS, dtype={"hs": str}).set_index("hs").drop(columns="label")
    table.columns = table.columns.astype(int)
    rows = [("cn", "", table.loc["TOTAL"] - table.loc[BY_WIRE], "UN Comtrade")]
    rows += [("cn", one, table.loc[list(hs)].sum(), "UN Comtrade") for one, hs in GOODS.items()]
    press = pd.read_csv(data / TOTALS, dtype={"month": str}).set_index("month")
    both = 1e6 * press.loc[str(TRADE_YEAR), "total_musd"]
    out = pd.Series({TRADE_YEAR: both - table.loc["TOTAL", TRADE_YEAR]})
    rows.append(("nk", "", out, "press quoting Chinese customs"))
    found = [
        {
            "date_from": f"{year}-01-01",
            "date_to": f"{year}-12-31",
            "series": "declared_value",
            "side": side,
            "goods": goods,
            "unit": "CNY",
            "value": round(value * by_year[year]),
            "source": source,
        }
        for side, goods, values, source in rows
        for year, value in values.items()
    ]
    return pd.DataFrame(found)


def observe(out: Path) -> None:
    """Write the figures as tidy files."""
    out.mkdir(parents=True, exist_ok=True)
    rice(folder() / RICE).to_csv(out / "rice.csv", index=False)
    trade(folder()).to_csv(out / "trade.csv", index=False)


def markdown(table: Table) -> str:
    """A table without its title: the page has headings of its own."""
    return render(replace(table, title="", notes=()), "markdown").strip()


def told(found: Held, name: str, scenario: str) -> Table:
    """One of the tables that `amnok verify --data` shows."""
    return next(one for one in held_sheet(found, load(scenario)).tables if one.name == name)


def at(found: Held, place: str, window: str) -> pd.Series[Any]:
    """A move of one place, or of one over another, between two windows."""
    earlier, later = window.split(":")
    moves = found.moves
    chosen = (moves["place"] == place) & (moves["from"] == earlier) & (moves["to"] == later)
    row: pd.Series[Any] = moves[chosen].iloc[0]
    return row


def orders(file: Path) -> dict[str, str]:
    """The October order and the campaign of June 2019."""
    found = amnok.verify(
        BORDER, data=file, between=ORDERS, relative_to="pyongyang", replicates=REPLICATES
    )
    october, june = at(found, "hyesan", ORDERS[0]), at(found, "hyesan", ORDERS[1])
    gap = at(found, "hyesan over pyongyang", ORDERS[2])
    signs = found.moves["sign"].value_counts()
    nearest = int((found.moves["nearest"] == "model").sum())
    verdict = (
        f"October 2018, Hyesan: {_beside(october)}. June and July 2019: {_beside(june)}; over "
        f"Pyongyang, against January to May: {_beside(gap)}. Of {len(found.moves)} moves "
        f"the model has the sign of {signs.get(SAME, 0)}, the opposite in "
        f"{signs.get(OPPOSITE, 0)}, and none in the others; it is nearest to what was observed in "
        f"{nearest}."
    )
    return {"orders": markdown(told(found, "moves", BORDER)), "orders_verdict": verdict}


def _beside(row: Any) -> str:
    ends = f"[{move(row['low'])}, {move(row['high'])}]"
    return f"{move(row['observed'])} observed, {move(row['model'])} {ends} in the model"


def closure(file: Path) -> dict[str, Any]:
    """The closure of January 2020: the first jump, the path, and scores of the ensemble."""
    found = amnok.verify(
        CLOSURE, data=file, since=SINCE, moves=True, between=(JUMP, *QUARTERS),
        relative_to="pyongyang", replicates=REPLICATES,
    )  # fmt: skip
    drawn = amnok.verify(CLOSURE, data=file, since=SINCE, moves=True, draws=DRAWS)
    year, whole = errors(found, YEAR_LATER), errors(found)
    first = found.moves["to"] == JUMP.split(":")[1]
    later = ~first & (found.moves["place"] == "hyesan over pyongyang")
    gaps = replace(found, moves=found.moves[later])
    found = replace(found, moves=found.moves[first])
    jump = at(found, "hyesan", JUMP)
    assert found.forecast is not None
    assert drawn.forecast is not None
    paths = found.paths().assign(date_from=lambda rows: rows["date_from"].dt.date.astype(str))
    last = last_before(file)
    paths["base"] = paths["place"].map(last)
    columns = ["place", "date_from", "base", "observed", "model", "low", "high"]
    return {
        "jump": markdown(told(found, "moves", CLOSURE)),
        "quarters": markdown(told(gaps, "moves", CLOSURE)),
        "errors_year": error_table(year),
        "errors": error_table(whole),
        "scores": score_table(found, drawn),
        "paths": paths[columns].to_dict(orient="records"),
        "since": SINCE,
        "closure_verdict": (
            f"The first jump in Hyesan: {_beside(jump)}. {_goal(year, 'over one year')} "
            f"{_goal(whole, 'to June 2021')}"
        ),
    }


def last_before(file: Path) -> dict[str, float]:
    """Of each place the last price before the closure."""
    seen = pd.read_csv(file)
    seen = seen[seen["date_from"] < SINCE].sort_values("date_from")
    last = seen.groupby("place")["value"].last()
    return {str(place): float(value) for place, value in last.items()}


def errors(found: Held, until: str = "9999") -> pd.DataFrame:
    """Mean error of the logarithm by place up to a day, and the mean over places."""
    paths = found.paths()
    inside = paths[paths["date_to"].dt.date.astype(str) <= until]
    own = {"observed", "low", "high", "ratio", "horizon"}
    names = [one for one in inside.select_dtypes("number") if one not in own]
    off = np.log(inside[names]).sub(np.log(inside["observed"]), axis=0).abs()
    table: pd.DataFrame = off.groupby(inside["place"], sort=False).mean()
    table.loc["all markets"] = table.mean()
    return table


def error_table(table: pd.DataFrame) -> str:
    """Errors by place."""
    columns = [Column("place", "", form=str.title)]
    columns += [Column(str(name), form="{:.3f}".format) for name in table.columns]
    records = table.rename_axis("place").reset_index().to_dict(orient="records")
    return markdown(Table.of("", columns, records))


def _goal(table: pd.DataFrame, when: str) -> str:
    mean = table.loc["all markets"]
    model, nothing = round(mean["model"], 3), round(mean["last value"], 3)
    verdict = "the goal is met" if model < nothing else "**the goal is missed**"
    return f"Its error {when} is {model:.3f}, that of no change {nothing:.3f}: {verdict}."


def score_table(chance: Held, drawn: Held) -> str:
    """Scores of the ensemble with the scenario's numbers, of that of draws, and of the naive."""
    assert chance.forecast is not None
    assert drawn.forecast is not None
    first, second = chance.forecast.scores(), drawn.forecast.scores()
    first = first.replace("model", f"model, its own numbers ({chance.members} replicates)")
    second = second[second["forecast"] == "model"]
    second = second.replace("model", f"model, numbers drawn from priors ({drawn.members} draws)")
    both = pd.concat([first.iloc[:1], second, first.iloc[1:]])
    columns = [
        Column("forecast", ""),
        Column("wis", "WIS (won)", form="{:.0f}".format),
        Column("relative", "against no change", form="{:.2f}".format),
        *(Column(f"in_{c}%", f"within {c}%", form="{:.0%}".format) for c in (50, 80, 95)),
    ]
    return markdown(Table.of("", columns, both.to_dict(orient="records")))


def declared(file: Path) -> dict[str, str]:
    """Trade of 2019 as customs declare it, beside what crosses in the model."""
    found = amnok.verify(
        BORDER, data=file, since=f"{TRADE_YEAR}-01-01", replicates=REPLICATES
    ).paths()
    border = load(BORDER)
    run = amnok.run(BORDER, replicates=REPLICATES)
    year = run.sel(day=slice(f"{TRADE_YEAR}-01-01", f"{TRADE_YEAR}-12-31"))
    crossed = {
        name: year[name].sum(("day", "sector")).mean("replicate").to_series()
        for name in ("goods_value_crossed", "goods_value_customs")
    }
    rows = []
    for one in found.to_dict(orient="records"):
        names = [one["goods"]] if one["goods"] else _brought(border, one["side"])
        everything, bridges = (float(each[names].sum()) for each in crossed.values())
        rows.append(
            {
                "to": {"cn": "China", "nk": "North Korea"}[one["side"]],
                "goods": border.goods[one["goods"]].label if one["goods"] else "all",
                "observed": one["observed"] / 1e6,
                **{name: one[name] / 1e6 for name in ("model", "low", "high")},
                "verdict": _within(one["model"], one["observed"]),
                "customs": bridges / 1e6,
                "crossed": everything / 1e6,
            }
        )
    columns = [
        Column("to"),
        Column("goods"),
        *(Column("observed", "declared"), Column("model", "model declares", ends=("low", "high"))),
        *(Column("low"), Column("high"), Column("verdict", f"within {FACTOR} times")),
        *(Column("customs", "model: over bridges"), Column("crossed", "model: by all ways")),
    ]
    totals = {one["to"]: one for one in rows if one["goods"] == "all"}
    seafood = next(one for one in rows if one["goods"] == border.goods["seafood"].label)
    china, korea = (totals[name] for name in ("China", "North Korea"))
    return {
        "trade": markdown(Table.of("", columns, rows)),
        "trade_verdict": (
            f"Of seafood the model declares {seafood['model']:.0f} as China does, while goods for "
            f"{seafood['crossed']:.0f} million cross. Of what is declared as going to China it has "
            f"{china['model'] / china['observed']:.0%}, of what goes to North Korea "
            f"{korea['model'] / korea['observed']:.0%}: "
            + ("both are" if {china["verdict"], korea["verdict"]} == {"yes"} else "**that is not**")
            + f" within {FACTOR} times."
        ),
    }


def _brought(border: Any, side: str) -> list[str]:
    """Goods that are brought to a bank."""
    inward = "import" if side == border.sides.inner.key else "export"
    return [name for name, one in border.goods.items() if one.direction == inward]


def _within(model: float, observed: float) -> str:
    if observed == model:
        return "yes"
    if min(model, observed) <= 0:
        return "no"
    return "yes" if 1 / FACTOR <= model / observed <= FACTOR else "no"


def hold(out: Path) -> dict[str, Any]:
    """Everything that the page tells of what really happened."""
    observe(out)
    rice_file, trade_file = out / "rice.csv", out / "trade.csv"
    return {**orders(rice_file), **closure(rice_file), **declared(trade_file)}


def main() -> None:
    """Do what is asked, or say why not."""
    what, out = sys.argv[1], Path(sys.argv[2])
    reason = missing()
    if reason:
        print(f"skipped: {reason}", file=sys.stderr)
    out.mkdir(parents=True, exist_ok=True)
    if what == "observe" and not reason:
        observe(out)
    elif what == "hold":
        found = {"skipped": reason} if reason else hold(out)
        (out / "reality.json").write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

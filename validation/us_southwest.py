"""The south-west land border of the United States: from the customs' files to the tidy format, and
the scale of the scenario.

    python validation/us_southwest.py observe FOLDER observed.csv
    python validation/us_southwest.py fit FOLDER
    python validation/us_southwest.py predict FOLDER prediction.csv

FOLDER holds `seizures_2018-10_2020-02.csv` of U.S. Customs and Border Protection. `observe` writes
what `amnok score --data` reads. `fit` prints the numbers that make the model's seizures of
October 2018 to August 2019 as many as were observed, and how near it comes; nothing later is read.
`predict` writes quantiles of the seizures of March 2020 to March 2021, a row for each month of each
series, which nothing of that time was seen for.
"""

from __future__ import annotations

import calendar
import datetime as dt
import math
import sys
from pathlib import Path

import pandas as pd

import amnok
from amnok.scenario import load

BORDER, AHEAD = "us-southwest-border", "us-southwest-2020"
SINCE, UNTIL, DRAWS = dt.date(2020, 3, 1), dt.date(2021, 3, 31), 50
FILE = "seizures_2018-10_2020-02.csv"
FITTED = ("2018-10-01", "2019-08-31")
AGENCIES = {"OFO_ports": "field-operations", "USBP_between": "border-patrol"}
CORRIDORS = {
    "SAN DIEGO FIELD OFFICE": "california",
    "SAN DIEGO SECTOR": "california",
    "EL CENTRO SECTOR": "california",
    "TUCSON FIELD OFFICE": "arizona",
    "YUMA SECTOR": "arizona",
    "TUCSON SECTOR": "arizona",
    "EL PASO FIELD OFFICE": "west-texas",
    "EL PASO SECTOR": "west-texas",
    "BIG BEND SECTOR": "west-texas",
    "LAREDO FIELD OFFICE": "south-texas",
    "DEL RIO SECTOR": "south-texas",
    "LAREDO SECTOR": "south-texas",
    "RIO GRANDE VALLEY SECTOR": "south-texas",
}
KIND_OF = {
    "california": "fence",
    "arizona": "desert",
    "west-texas": "upper_rio_grande",
    "south-texas": "lower_rio_grande",
}
SERIES = ([], ["place"], ["size"])  # of each agency: all, by corridor, by drug
ROUNDS, REPLICATES = 30, 4


def seizures(folder: Path) -> pd.DataFrame:
    """Seizure events by month, agency, corridor and drug; what the model lacks is left out."""
    table = pd.read_csv(folder / FILE)
    table = table.assign(
        agency=table["component"].map(AGENCIES),
        place=table["area"].map(CORRIDORS),
        size=table["drug"].str.lower(),
    )
    return table[table["size"].isin(load(BORDER).traders.sizes)]


def tidy(events: pd.DataFrame) -> pd.DataFrame:
    """Observations as `amnok score` reads them; a month without an event is a zero."""
    months = sorted(events["month"].unique())
    parts = []
    for cells in SERIES:
        keys = ["agency", *cells]
        counts = events.pivot_table(index="month", columns=keys, values="events", aggfunc="sum")
        counts = counts.reindex(months).fillna(0)
        rows = counts.melt(ignore_index=False).reset_index()
        parts.append(rows.reindex(columns=["month", "agency", "place", "size", "value"]))
    rows = pd.concat(parts, ignore_index=True).rename(columns={"month": "date_from"})
    rows.insert(1, "date_to", [month_end(first) for first in rows["date_from"]])
    rows.insert(2, "series", "detections")
    return rows.assign(unit="persons", source="U.S. Customs and Border Protection")


def month_end(first: str) -> str:
    """The last day of the month that begins on a day."""
    day = dt.date.fromisoformat(first)
    return str(day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def modelled(sets: dict[str, object]) -> pd.Series[float]:
    """Mean monthly seizures of the model in the months fitted, by agency, corridor and size."""
    until = {"period.end": FITTED[1]}
    dataset = amnok.run(BORDER, sets={**sets, **until}, replicates=REPLICATES)
    found = dataset["detections"].sum("day").mean("replicate").to_series()
    found.index = found.index.set_names({"sector": "place"})
    return found[found.index.get_level_values("agency").isin(list(AGENCIES.values()))]


def logit(share: float) -> float:
    """The logarithm of the odds."""
    return math.log(share / (1.0 - share))


def at_ports(counts: pd.Series[float], by: str) -> pd.Series[float]:
    """Share of seizures that are made at ports, by one of the cells."""
    table = counts.groupby([by, "agency"]).sum().unstack("agency")
    ports: pd.Series[float] = table["field-operations"] / table.sum(axis=1)
    return ports


def fit(events: pd.DataFrame) -> dict[str, float]:
    """The numbers that are set to the seizures, by path of the scenario."""
    border = load(BORDER)
    inside = events[events["month"].between(*FITTED)]
    target = inside.groupby(["place", "agency", "size"])["events"].sum()
    sizes, places = list(border.traders.sizes), list(border.sectors)
    total = border.traders.inner.number
    share = {one: border.traders.sizes[one].share_inner.number for one in sizes}
    access = {one: border.traders.sizes[one].customs_access.number for one in sizes}
    weight = {one: border.sectors[one].weight_inner.number for one in places}
    cost = {one: border.route_kinds[KIND_OF[one]].crossing_cost.number for one in places}
    for _ in range(ROUNDS):
        sets = paths(total, share, access, weight, cost)
        model = modelled(sets)
        total *= target.sum() / model.sum()
        for one in sizes:
            share[one] *= target.xs(one, level="size").sum() / model.xs(one, level="size").sum()
            gap = logit(at_ports(target, "size")[one]) - logit(at_ports(model, "size")[one])
            odds = math.exp(logit(access[one]) + 0.8 * gap)
            access[one] = min(odds / (1.0 + odds), 0.99)
        for one in places:
            weight[one] *= target.xs(one, level="place").sum() / model.xs(one, level="place").sum()
            gap = logit(at_ports(target, "place")[one]) - logit(at_ports(model, "place")[one])
            cost[one] = max(cost[one] + 0.08 * gap, 0.01)
        whole = sum(share.values())
        share = {one: part / whole for one, part in share.items()}
        first = weight[places[0]]
        weight = {one: part / first for one, part in weight.items()}
    tell(target, modelled(paths(total, share, access, weight, cost)))
    return paths(total, share, access, weight, cost)


def paths(
    total: float,
    share: dict[str, float],
    access: dict[str, float],
    weight: dict[str, float],
    cost: dict[str, float],
) -> dict[str, float]:
    """The fitted numbers by path, as far as a scenario needs them: shares add up to 1."""
    *others, last = share
    rounded = {one: round(share[one], 4) for one in others}
    rounded[last] = round(1.0 - sum(rounded.values()), 4)
    return {
        "traders.inner": float(round(total, -1)),
        **{f"traders.sizes.{one}.share_inner": part for one, part in rounded.items()},
        **{f"traders.sizes.{one}.share_outer": part for one, part in rounded.items()},
        **{f"traders.sizes.{one}.customs_access": round(part, 3) for one, part in access.items()},
        **{f"sectors.{one}.weight_inner": round(part, 3) for one, part in weight.items()},
        **{f"sectors.{one}.weight_outer": round(part, 3) for one, part in weight.items()},
        **{f"route_kinds.{KIND_OF[one]}.crossing_cost": round(c, 3) for one, c in cost.items()},
    }


def tell(target: pd.Series[float], model: pd.Series[float]) -> None:
    """Print how near the model comes, seizures a month."""
    months = len(pd.period_range(*FITTED, freq="M"))
    for by in (["agency"], ["agency", "place"], ["agency", "size"]):
        both = {"observed": target.groupby(by).sum(), "model": model.groupby(by).sum()}
        print((pd.DataFrame(both) / months).round(1).to_string(), end="\n\n")


def predict(events: pd.DataFrame) -> pd.DataFrame:
    """Quantiles of what nobody has seen, a row for each month of each series."""
    found = amnok.score(AHEAD, tidy(events), SINCE, UNTIL, moves=True, draws=DRAWS)
    rows = found.tidy()
    rows = rows[rows["forecast"] == "model"].assign(month=lambda one: one["date_from"].dt.date)
    wide = rows.pivot(index=["agency", "place", "size", "month"], columns="level", values="value")
    wide.columns = [f"q{level:g}" for level in wide.columns]
    return wide.round(2).reset_index()


def main(words: list[str]) -> None:
    """What the command line asks for."""
    events = seizures(Path(words[1]))
    if words[0] == "observe":
        tidy(events).to_csv(words[2], index=False)
    elif words[0] == "predict":
        predict(events).to_csv(words[2], index=False)
    else:
        for path, value in fit(events).items():
            print(f"{path} = {value}")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Write docs/performance.md and its plot from the results of the other benchmarks.

python benchmarks/report.py FOLDER     (with full_day.json, growth.json, limit.json, reduced.json)
"""

from __future__ import annotations

import collections
import json
import platform
import statistics
import string
import sys
from pathlib import Path
from typing import Any

import limit
import machine
import matplotlib as mpl
import numba
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot as plt

ROOT = Path(__file__).parents[1]
TEMPLATE = Path(__file__).with_name("performance.md.in")
PEERS = {"Mesa": 250, "NumPy": 15, "Starsim": 10, "JAX": 4}


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; the first column to the left, the others to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def spread(values: list[float], digits: int) -> str:
    """Median and range."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def full_day(result: dict[str, Any]) -> str:
    """The table of the full day."""
    rows = [
        [
            f"{row['traders']:,}",
            str(row["days"]),
            f"{row['replicates']:,}",
            str(row["threads"]),
            spread(row["times"], 2),
            spread(row["rates"], 1),
            machine.gigabytes(row["memory"]),
        ]
        for row in result["rows"]
    ]
    head = ["traders", "days", "replicates", "threads", "seconds", "M trader-days/s", "peak GB"]
    return table(head, rows)


def growth(result: dict[str, Any]) -> str:
    """The table of exponents."""
    rows = []
    for direction, entry in result.items():
        pairs = zip(entry["sizes"], entry["seconds"], strict=True)
        points = ", ".join(f"{size:,}: {seconds:.2f}" for size, seconds in pairs)
        rows.append([direction, f"{entry['exponent']:.2f}", points])
    return table(["direction", "exponent", "size: fastest seconds"], rows)


def rates(result: dict[str, float]) -> str:
    """The machine's best, in words."""
    names = {
        "philox": "a draw",
        "normal_quantile": "a normal quantile",
        "bytes": "a byte",
        "consignments": "a consignment to book",
    }
    parts = [f"{names.get(name, name)} {value:.2g} ns" for name, value in result.items()]
    return ", ".join(parts)


def plot(growths: dict[str, Any], file: Path) -> None:
    """Time against size, each direction relative to its smallest size."""
    figure, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
    for marker, (direction, entry) in zip("os^Dv", growths.items(), strict=True):
        sizes, seconds = np.array(entry["sizes"]), np.array(entry["seconds"])
        label = f"{direction} (exponent {entry['exponent']:.2f})"
        axes.plot(sizes / sizes[0], seconds / seconds[0], marker=marker, label=label)
    reach = np.array([1.0, max(e["sizes"][-1] / e["sizes"][0] for e in growths.values())])
    axes.plot(reach, reach, color="grey", linestyle=":", label="linear")
    axes.set(xscale="log", yscale="log", xlabel="size, relative to the smallest")
    axes.set_ylabel("time, relative to the smallest")
    axes.legend(frameon=False)
    axes.grid(visible=True, which="major", alpha=0.3)
    figure.savefig(file, dpi=150)


def reduced(result: dict[str, Any]) -> str:
    """The table of the reduced day; benchmarks/reduced/run.py says what is in its rows."""
    rows = result["rows"]
    columns = sorted({(row["n_agents"], row["variant"]) for row in rows})
    lines = []
    for name in dict.fromkeys(row["engine"] for row in rows):
        own = {(row["n_agents"], row["variant"]): row for row in rows if row["engine"] == name}
        threads = next(iter(own.values()))["threads"]
        cells = [cell(own[column]) if column in own else "" for column in columns]
        lines.append([name, str(threads), *cells])
    head = [f"{size:,} {variant}" for size, variant in columns]
    return table(["engine", "threads", *head], lines)


def cell(row: dict[str, Any]) -> str:
    """A rate, median and range, to three digits."""
    return f"{row['rate']:.3g} ({row['lowest']:.3g}-{row['highest']:.3g})"


def by_setting(result: dict[str, Any], which: str) -> dict[tuple[int, str], dict[str, float]]:
    """Rates of the reduced day by size and variant, and by engine: "rate" (median) or "highest"."""
    rates: dict[tuple[int, str], dict[str, float]] = collections.defaultdict(dict)
    for row in result["rows"]:
        rates[row["n_agents"], row["variant"]][row["engine"]] = row[which]
    return rates


def ahead(rates: dict[str, float], peer: str) -> float:
    """How many times as fast as a peer Amnok's best way of running is."""
    own = max(rate for engine, rate in rates.items() if engine.startswith("Amnok"))
    return own / rates[peer]


def times_faster(result: dict[str, Any]) -> str:
    """How many times as fast as each peer Amnok's best way of running is, by size and variant.

    Of the fastest runs, which a disturbance does not reach; of the medians in brackets.
    """
    fastest, medians = by_setting(result, "highest"), by_setting(result, "rate")
    peers = [
        name
        for name in dict.fromkeys(row["engine"] for row in result["rows"])
        if not name.startswith("Amnok")
    ]
    lines = []
    for name in peers:
        cells = []
        for column in sorted(fastest):
            if name in fastest[column]:
                best, middle = (ahead(rates[column], name) for rates in (fastest, medians))
                cells.append(f"{best:.3g} ({middle:.3g})")
            else:
                cells.append("")
        lines.append([name, *cells])
    head = [f"{size:,} {variant}" for size, variant in sorted(fastest)]
    return table(["Amnok's best against", *head], lines)


def row_of(day: dict[str, Any], traders: int, replicates: int) -> dict[str, Any]:
    """The row of the full day on most threads."""
    rows = [r for r in day["rows"] if (r["traders"], r["replicates"]) == (traders, replicates)]
    return max(rows, key=lambda row: row["threads"])


def against(result: dict[str, Any], peer: str) -> str:
    """The least and the most that Amnok's fastest run is ahead of a peer's, by size and variant."""
    settings = by_setting(result, "highest").values()
    ratios = [ahead(rates, peer) for rates in settings if peer in rates]
    return f"{min(ratios):.3g} to {max(ratios):.3g} times"


def goals(results: dict[str, Any]) -> str:
    """What was aimed at, and what this run of the benchmarks found."""
    day, found = results["full_day"], results["limit"]
    growths = results["growth"]["directions"]
    one, million = row_of(day, 28_000, 1), row_of(day, 1_000_000, 1)
    needed, taken = sum(found["needed"].values()), sum(found["times"].values())
    exponents = [growths[name]["exponent"] for name in ("traders", "days")]
    ensemble = spread(row_of(day, 28_000, 10)["rates"], 1)
    rows = [
        ["an ensemble of the default border, M trader-days/s", "40", ensemble],
        ["one run of the default border, s", "0.5", spread(one["times"], 2)],
        ["1,000,000 traders, 365 days, s", "12", spread(million["times"], 1)],
        ["the same, GB", "1.5", machine.gigabytes(million["memory"])],
        ["share of the limit, one thread", "60%", f"{needed / taken:.0%}"],
        ["exponent by traders, by days", "1.05", ", ".join(f"{e:.2f}" for e in exponents)],
        ["first result, code at hand, s", "3", spread(day["first"]["warm"], 1)],
        ["first result, all to compile, s", "60", f"{day['first']['cold'][0]:.0f}"],
    ]
    rows += [
        [f"reduced day, against {name}", f"{times} times", against(results["reduced"], name)]
        for name, times in PEERS.items()
    ]
    return table(["goal", "aimed at", "reached"], rows)


def where(results: dict[str, Any]) -> str:
    """The machine that all was measured on; the page compares, so there must be one only."""
    machines = {machine.in_words(result["machine"]) for result in results.values()}
    if len(machines) > 1:
        sys.exit(f"measured on several machines: {'; '.join(sorted(machines))}")
    return machines.pop()


def main() -> None:
    """Read the results and write the page."""
    folder = Path(sys.argv[1])
    results = {
        name: json.loads((folder / f"{name}.json").read_text())
        for name in ("full_day", "growth", "limit", "reduced")
    }
    growths = results["growth"]["directions"]
    plot(growths, ROOT / "docs" / "images" / "performance.png")
    day = results["full_day"]
    text = string.Template(TEMPLATE.read_text()).substitute(
        machine=where(results),
        python=platform.python_version(),
        numpy=np.__version__,
        numba=numba.__version__,
        goals=goals(results),
        full_day=full_day(day),
        reference=spread(day["reference"]["rates"], 4),
        warm=spread(day["first"]["warm"], 1),
        cold=f"{day['first']['cold'][0]:.0f}",
        disk=f"{day['size']['disk']:.1f}",
        memory=f"{day['size']['memory']:.0f}",
        growth=growth(growths),
        limit=table(list(limit.HEAD), limit.rows(results["limit"])),
        rates=rates(results["limit"]["rates"]),
        library=rates(results["limit"]["library"]),
        reduced=reduced(results["reduced"]),
        times_faster=times_faster(results["reduced"]),
    )
    (ROOT / "docs" / "performance.md").write_text(text)


if __name__ == "__main__":
    main()

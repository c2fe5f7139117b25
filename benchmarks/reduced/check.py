"""Do all engines simulate the same model? Each against the definition, in distribution.

Every engine runs with the same numbers and as many seeds. From each run come 51 statistics: shares
of the routes on the first days and on later ones, detection rates of the routes and of all trips,
mean and spread of wealth. Under the hypothesis that an engine simulates the definition, a statistic
has the same distribution in both, and being an average over many trips it is close to normal: so
Student's t, with the spread between seeds as the error. All comparisons together raise a false
alarm with probability 0.001 at most: each is made at 0.001 divided by their number (Bonferroni),
which holds for dependent statistics too.

The check must notice what is broken on purpose: NumPy runs again, with one number changed, and has
to be told from the definition where the change removes learning, wariness, or enforcement that
follows traffic. What else it would notice is printed.

    make bench-check
    make bench-check ARGS="--engines JAX Amnok --against NumPy --agents 10000 --days 300"
    make bench-check ARGS="--engines JAX --change rate=0"    # fails, as it should
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from typing import Any

import numpy as np
from engines import Engine, MissingError, Worker, engines
from model import DAY, ROUTES, VARIANTS
from numpy.typing import NDArray
from scipy import stats

FALSE_ALARM = 0.001
FIRST = 10  # days counted as the first
SETTLED = 30  # days before the later ones
REMOVED = {"rate": 0.0, "follow": 0.0, "wary": 1.0}  # must be noticed
UNUSED = {"A": {"wary", "memory"}, "B": set()}
NAMES = (
    [f"share of route {r}, first days" for r in range(ROUTES)]
    + [f"share of route {r}, later" for r in range(ROUTES)]
    + [f"detection rate on route {r}" for r in range(ROUTES)]
    + ["detection rate", "mean wealth", "spread of wealth"]
)


def statistics(result: dict[str, Any]) -> list[float]:
    """The statistics of one run, in the order of `NAMES`."""
    trips, detections = np.array(result["trips"]), np.array(result["detections"])
    first, later = trips[:FIRST].sum(axis=0), trips[SETTLED:].sum(axis=0)
    found = detections[FIRST:].sum(axis=0)
    tried = trips[FIRST:].sum(axis=0)
    shares = [*(first / first.sum()), *(later / later.sum())]
    rates = [*(found / tried), found.sum() / tried.sum()]
    return [float(x) for x in (*shares, *rates, result["wealth_mean"], result["wealth_sd"])]


def sample(
    worker: Worker, variant: str, options: argparse.Namespace, first_seed: int, **day: float
) -> NDArray[np.float64]:
    """Statistics (seed, statistic) of an engine; no two engines use the same seeds."""
    runs = []
    for seed in range(first_seed, first_seed + options.seeds):
        run = {"variant": variant, "n_agents": options.agents, "n_days": options.days, "seed": seed}
        runs.append(statistics(worker.ask("result", day=day, **run)))
    return np.array(runs)


def compare(one: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[float, str]:
    """The smallest p-value over statistics, and which one that is with both values."""
    p_values = stats.ttest_ind(one, other).pvalue
    worst = int(np.argmin(p_values))
    means = f"{one[:, worst].mean():.5f} against {other[:, worst].mean():.5f}"
    return float(p_values[worst]), f"{NAMES[worst]}: {means}"


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engines", nargs="+", help="names; all that are installed if left out")
    parser.add_argument("--against", default="definition")
    parser.add_argument("--agents", type=int, default=1_000)
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--change", metavar="NUMBER=VALUE", help="of all engines but `--against`")
    return parser.parse_args()


def chosen(options: argparse.Namespace) -> tuple[Engine, list[Engine]]:
    """The engine to compare with, and those to compare."""
    known = {engine.name: engine for engine in engines(options.threads)}
    names = options.engines or [name for name in known if name != options.against]
    for name in (options.against, *names):
        if name not in known:
            sys.exit(f"no engine {name!r}; there are: {', '.join(known)}")
    return known[options.against], [known[name] for name in names]


def check(options: argparse.Namespace) -> bool:
    """Print the comparisons; whether all came out as they should."""
    against, others = chosen(options)
    day = {}
    if options.change:
        number, _, value = options.change.partition("=")
        day[number] = float(value)
    with Worker(against) as worker:
        reference = {variant: sample(worker, variant, options, 0) for variant in VARIANTS}
    count = len(others) * len(VARIANTS) * len(NAMES)
    level = FALSE_ALARM / count
    threshold = stats.t.isf(level / 2, 2 * options.seeds - 2)
    print(
        f"{options.seeds} seeds of {options.agents:,} agents and {options.days} days, compared with"
        f" {against.name}\n{count} comparisons, each at {level:.1e} (|t| above {threshold:.1f}):"
        f" false alarm {FALSE_ALARM:g} in all\n"
    )
    fine = True
    for i, engine in enumerate(others):
        try:
            with Worker(engine) as worker:
                for variant in VARIANTS:
                    found = sample(worker, variant, options, (i + 1) * 10_000, **day)
                    p_value, where = compare(found, reference[variant])
                    verdict = "same" if p_value > level else "DIFFERS"
                    fine &= p_value > level
                    print(
                        f"{engine.name:<18} {variant}  {verdict:<8} least p {p_value:.1e}  {where}",
                        flush=True,
                    )
        except MissingError as missing:
            print(f"left out: {missing}", flush=True)
            fine &= options.engines is None
    return fine and notices(options, reference, level)


def notices(
    options: argparse.Namespace, reference: dict[str, NDArray[np.float64]], level: float
) -> bool:
    """Print what the check tells from the definition; whether it tells what it must."""
    print("\nNumPy with one number changed:")
    (changed,) = (engine for engine in engines(options.threads) if engine.name == "NumPy")
    numbers = {name: 1.2 * number for name, number in dataclasses.asdict(DAY).items()}
    changes = [*REMOVED.items(), *numbers.items()]
    fine = True
    with Worker(changed) as worker:
        for i, (name, value) in enumerate(changes):
            for variant in VARIANTS:
                if name in UNUSED[variant]:
                    continue
                found = sample(worker, variant, options, 900_000, **{name: value})
                p_value, where = compare(found, reference[variant])
                noticed = p_value < level
                fine &= noticed or i >= len(REMOVED)
                change = f"{name} = {value:g}"
                verdict = "noticed" if noticed else "missed"
                print(f"{change:<20} {variant}  {verdict:<8} least p {p_value:.1e}  {where}")
    return fine


if __name__ == "__main__":
    sys.exit(0 if check(arguments()) else "\nThe engines differ, or the check cannot tell.")

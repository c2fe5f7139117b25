"""How often intervals of hidden flows hold the truth, over truths held out of a bank.

    python -m amnok bank sino-korean-border --draws 4000 --out runs/bank
    python benchmarks/hidden_coverage.py runs/bank --truths 2000

Seen: each series of the visible ledger, whole and in its cells, over the period. Each truth is
inferred from the other runs. Asked for: coverage within 2 points of 50, 80 and 95% on average and
4 for any quantity, also where exemption is above 0.95; the share of the largest size read naively
off seizures, and by the posterior's median.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

from amnok.results.outcomes import by_size
from amnok.studies.inference import make_ready
from amnok.studies.inference.banks import Bank, open_bank
from amnok.studies.inference.hidden import LEVELS
from amnok.studies.inference.kept import is_level

HELD_OUT = 200
SEIZED = "official_items_seized"


def targets_of(bank: Bank) -> pd.DataFrame:
    """Worth of what crossed, whole, by size and by channel, and the largest size's share of it."""
    layout, first = bank.layout, len(bank.layout.seen)
    found = {}
    for at, (quantity, axis, label) in enumerate(layout.hidden, first):
        if quantity == "value_crossed" and axis in ("", "size", "channel"):
            found[f"{axis} {label}".strip() or "whole"] = bank.weekly[:, at].sum(1, dtype=float)
    largest = list(bank.scenario.traders.sizes)[by_size(bank.scenario)[-1]]
    whole = found["whole"]
    share = np.divide(found[f"size {largest}"], whole, out=np.zeros_like(whole), where=whole > 0)
    found["share of the largest"] = share
    return pd.DataFrame({name: one for name, one in found.items() if np.ptp(one) > 0.0})


def seen_of(bank: Bank) -> np.ndarray:
    """Each column of what can be seen, over the period, [run, column]."""
    columns = []
    for at, (series, _) in enumerate(bank.layout.seen):
        weekly = bank.weekly[:, at].astype(float)
        columns.append(weekly.mean(axis=1) if is_level(series) else weekly.sum(axis=1))
    seen = np.stack(columns, 1)
    return seen[:, np.ptp(seen, axis=0) > 0.0]


def times_off(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """By what factor a share is wrong, either way."""
    some = (truth > 0.0) & np.isfinite(found)
    return np.exp(abs(np.log(np.maximum(found[some], 1e-6) / truth[some])))


def naive_share(bank: Bank) -> np.ndarray:
    """Share of the largest size in what is seized."""
    largest = list(bank.scenario.traders.sizes)[by_size(bank.scenario)[-1]]
    parts = bank.layout.parts_of(SEIZED, ("", "", "", "", largest)) or []
    whole = bank.layout.parts_of(SEIZED, ("", "", "", "", "")) or []
    seized, of = (bank.weekly[:, one].sum(axis=(1, 2), dtype=float) for one in (parts, whole))
    return np.divide(seized, of, out=np.full_like(of, np.nan), where=of > 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bank", type=Path)
    parser.add_argument("--truths", type=int, default=2_000)
    asked = parser.parse_args()
    bank = open_bank(asked.bank)
    targets, seen = targets_of(bank), seen_of(bank)
    start = perf_counter()
    table = make_ready(targets, seen, held_out=min(HELD_OUT, len(targets)))
    ready = perf_counter() - start
    rng = np.random.default_rng(0)
    chosen = rng.permutation(len(targets))[: asked.truths]
    start = perf_counter()
    ranks, medians = [], []
    for n in chosen:
        one = table.of_draw(int(n))
        ranks.append(one.ranks(targets.to_numpy()[n], int(n)))
        medians.append(one.quantile(0.5)["share of the largest"].iloc[0])
    each = (perf_counter() - start) / len(chosen)
    off = abs(np.stack(ranks) - 0.5)
    print(f"{len(chosen)} truths of {len(targets)} runs; ready in {ready:.1f} s, {each:.3f} s each")
    parts = {"all": np.ones(len(chosen), bool)}
    parameters = bank.parameters(np.arange(len(targets)))
    exempt = [path for path in parameters if path.endswith("exemption")]
    if exempt:
        high = parameters[exempt].max(axis=1).to_numpy()[chosen]
        parts["exemption above 0.95"] = high > 0.95
    for part, some in parts.items():
        held = np.stack([(off[some] <= level / 2).mean(axis=0) for level in LEVELS])
        print(f"{part} ({some.sum()}): mean", (100 * held.mean(axis=1)).round(1))
        for j, name in enumerate(targets):
            print(f"    {name:24s}", (100 * held[:, j]).round(1))
    truth = targets["share of the largest"].to_numpy()[chosen]
    for name, found in (("naive", naive_share(bank)[chosen]), ("posterior", np.array(medians))):
        factors = times_off(found, truth)
        print(f"share of the largest, {name}: off by {np.median(factors):.2f} times (median)")
    print(
        "recalibrated:", sum(one is not None for one in table.recalibration), "of", len(targets.T)
    )


if __name__ == "__main__":
    main()

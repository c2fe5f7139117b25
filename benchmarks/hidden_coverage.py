"""How often intervals of hidden flows hold the truth, over truths held out of a bank.

    python -m amnok bank tests/scenarios/tiny-border --draws 4200 --traders 200 --full 30 \\
        --variant selection --variant collusion --out runs/bank
    python benchmarks/hidden_coverage.py runs/bank --truths 2000

Seen: each series of the visible ledger, whole and in its cells, over the period. Each truth is
inferred from the other runs. Asked for: coverage within 2 points of 50, 80 and 95% on average and
4 for any quantity, also where exemption is above 0.95; the share of the largest size read naively
off seizures, and by the posterior's median. Ranks and their bands, the variance gone and the share
of chance. Then truths of each variant inferred as if it had not been thought of, and with `--fresh`
how often those of another bank are warned of.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from scipy.stats import binom, chisquare

from amnok.results.observations import is_level
from amnok.scenario.measures.dimensions import by_size
from amnok.studies.inference import make_ready
from amnok.studies.inference.banks import Bank, open_bank
from amnok.studies.inference.checking import FALSE_ALARMS, FAR, LEVELS, speaks_against, unusual
from amnok.studies.inference.learning import Features, Scores, in_scores
from amnok.studies.inference.observing import Seen
from amnok.studies.inference.structures import Mixture, mixture
from amnok.studies.inference.worlds import VARIANT

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


def seen_of(bank: Bank, like: Bank | None = None) -> np.ndarray:
    """Each column of what can be seen that differs in the bank (or in another), over the period:
    [run, column].
    """
    seen = every_column(bank)
    return seen[:, np.ptp(seen if like is None else every_column(like), axis=0) > 0.0]


def every_column(bank: Bank) -> np.ndarray:
    """Each column of what can be seen, over the period, [run, column]."""
    columns = []
    for at, (series, _) in enumerate(bank.layout.seen):
        weekly = bank.weekly[:, at].astype(float)
        columns.append(weekly.mean(axis=1) if is_level(series) else weekly.sum(axis=1))
    return np.stack(columns, 1)


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


def parts_of(truth: np.ndarray, drawn: int) -> dict[str, np.ndarray]:
    """Regions of truths, of which so many were drawn: by thirds of what flows; and the rest."""
    is_drawn = np.arange(len(truth)) < drawn
    low, high = np.quantile(truth[is_drawn], (1 / 3, 2 / 3))
    parts = {
        "all": is_drawn,
        "little flow": is_drawn & (truth < low),
        "middle": is_drawn & (truth >= low) & (truth < high),
        "much flow": is_drawn & (truth >= high),
        "exemption above 0.95": ~is_drawn,
    }
    return {name: some for name, some in parts.items() if some.any()}


def hardly_arrested(bank: Bank) -> np.ndarray:
    """Runs with traders of some size who are exempt with a chance above 0.95."""
    parameters = bank.parameters(np.arange(len(bank.weekly)))
    exempt = [path for path in parameters if path.endswith("exemption")]
    return np.flatnonzero((parameters[exempt] > 0.95).any(axis=1))


def outside_bands(ranks: np.ndarray) -> tuple[int, float]:
    """Of ten bins of ranks, how many lie outside their 95% band, and the p-value of all.

    Simulation-based calibration (Talts et al. 2018): ranks of truths are uniform.
    """
    counts = np.histogram(ranks, bins=10, range=(0.0, 1.0))[0]
    low, high = binom.ppf((0.025, 0.975), len(ranks), 0.1)
    return int(((counts < low) | (counts > high)).sum()), float(chisquare(counts).pvalue)


def noise_shares(bank: Bank, targets: pd.DataFrame) -> np.ndarray:
    """Share of each quantity's variance that its parameters do not explain, at most (in ranks)."""
    parameters = bank.parameters(np.arange(len(targets)))
    parameters[VARIANT] = bank.structure(np.arange(len(targets)))
    scores = in_scores([Scores(one) for one in targets.to_numpy().T], targets.to_numpy())
    return 1.0 - Features(parameters.to_numpy(dtype=float), 1).learn(scores).explained


def wrong_structures(
    bank: Bank, whole: Mixture, targets: pd.DataFrame, seen: np.ndarray, truths: int
) -> None:
    """Truths of a variant inferred from runs of all others, and from all runs."""
    if len(bank.variants) < 2 or not truths:
        return
    structure, values = whole.structure, targets.to_numpy()
    rng, prior = np.random.default_rng(1), float(np.mean(structure == 0))
    for number, name in enumerate(bank.variants):
        others = np.flatnonzero(structure != number)
        mine = rng.permutation(np.flatnonzero(structure == number))[:truths]
        without = make_ready(targets.iloc[others], seen[others], held_out=0)
        held, far = [], []
        for n in mine:
            ranks = without.given(seen[n]).ranks(values[n], int(n))
            held.append(abs(ranks - 0.5) <= 0.4)
            far.append(unusual(Seen([], seen[n], seen[others], [])) > FAR)
        chances = np.stack([whole.chances_of_draw(int(n)) for n in mine])
        likeliest = chances.argmax(axis=1) == number
        against = [
            speaks_against(whole.as_unlike_as_draw(int(n)), chance, prior)
            for n, chance in zip(mine, chances[:, 0], strict=True)
        ]
        percents = [100 * np.mean(one) for one in (held, far, likeliest, against)]
        worst = 100 * np.mean(held, axis=0).min()
        print(f"truths of {name}, left out: 80% hold {percents[0]:.1f}%, worst {worst:.1f}%;")
        print(
            f"    {percents[1]:.1f}% called unusual. With it: the likeliest for {percents[2]:.0f}%;"
        )
        print(f"    warned that the border is not as it is: {percents[3]:.1f}%")


def fresh_truths(bank: Bank, whole: Mixture, other: Bank) -> None:
    """How often truths are warned of that the bank has never learned from."""
    seen, structure = seen_of(other, bank), other.structure(np.arange(len(other.weekly)))
    prior = float(np.mean(whole.structure == 0))
    for number, name in enumerate(bank.variants):
        mine = seen[structure == number]
        unlike = np.array([whole.as_unlike(one) for one in mine])
        few = np.flatnonzero(unlike <= FALSE_ALARMS)
        told = sum(speaks_against(unlike[n], whole.chances(mine[n])[0], prior) for n in few)
        print(f"{len(mine)} fresh truths of {name}: warned of {told / len(mine):.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bank", type=Path)
    parser.add_argument("--truths", type=int, default=2_000)
    parser.add_argument("--wrong", type=int, default=200, help="truths of each wrong structure")
    parser.add_argument("--fresh", type=Path, help="another bank, of which all are truths")
    asked = parser.parse_args()
    bank = open_bank(asked.bank)
    targets, seen = targets_of(bank), seen_of(bank)
    start = perf_counter()
    lead, structure = targets.shape[1], bank.structure(np.arange(len(targets)))
    table = mixture(
        targets, seen, structure, bank.variants, lead=lead, held_out=min(HELD_OUT, len(targets))
    )
    ready = perf_counter() - start
    rng = np.random.default_rng(0)
    drawn = rng.permutation(len(targets))[: asked.truths]
    chosen = np.concatenate([drawn, hardly_arrested(bank)[: asked.truths]])
    start = perf_counter()
    found, medians, spreads = [], [], []
    for n in chosen:
        one = table.of_draw(int(n)).whole
        found.append(one.ranks(targets.to_numpy()[n], int(n)))
        medians.append(one.quantile(0.5)["share of the largest"].iloc[0])
        spreads.append(one.sd.to_numpy() ** 2)
    each = (perf_counter() - start) / len(chosen)
    ranks = np.stack(found)
    off = abs(ranks - 0.5)
    print(f"{len(drawn)} truths of {len(targets)} runs; ready in {ready:.1f} s, {each:.3f} s each")
    truth = targets["whole"].to_numpy()[chosen]
    for part, some in parts_of(truth, len(drawn)).items():
        held = np.stack([(off[some] <= level / 2).mean(axis=0) for level in LEVELS])
        print(f"{part} ({some.sum()}): mean", (100 * held.mean(axis=1)).round(1))
        for j, name in enumerate(targets):
            print(f"    {name:24s}", (100 * held[:, j]).round(1))
    n = len(drawn)
    gone = 1.0 - np.mean(spreads[:n], axis=0) / targets.to_numpy().var(axis=0)
    noise = noise_shares(bank, targets)
    print(
        "quantity: bins of 10 outside 95% bands, p of uniform ranks, variance gone, noise at most"
    )
    for j, name in enumerate(targets):
        bins, chance = outside_bands(ranks[:n, j])
        print(f"    {name:24s} {bins}, {chance:.3f}, {gone[j]:.0%}, {noise[j]:.0%}")
    share = targets["share of the largest"].to_numpy()[drawn]
    for name, one in (("naive", naive_share(bank)[drawn]), ("posterior", np.array(medians[:n]))):
        factors = times_off(one, share)
        print(f"share of the largest, {name}: off by {np.median(factors):.2f} times (median)")
    wrong_structures(bank, table, targets, seen, asked.wrong)
    if asked.fresh:
        fresh_truths(bank, table, open_bank(asked.fresh))


if __name__ == "__main__":
    main()

"""What a sweep says: which parameters and claims decide an outcome, and which policy is safe."""

from __future__ import annotations

import math
import os

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.arguments import verb
from amnok.errors import AmnokError, Fault
from amnok.studies.sweeps import reading
from amnok.studies.sweeps.design import POLICY
from amnok.studies.sweeps.runner import Sweep, opened

_RESAMPLES = 200


@verb
def sensitivity(
    sweep: Sweep | str | os.PathLike[str], outcome: str, where: str = "", seed: int = 1
) -> pd.DataFrame:
    """First-order and total Sobol indices of each set of a Sobol design, with 95% intervals.

    The outcome of a point is its mean over replicates; draws of which a point was set aside are
    left out whole. Intervals are from a bootstrap over draws; they hold what chance remains in the
    replicates, too.

    Args:
        sweep: of a `SobolDesign`, or its folder.
        outcome, where: which number of a run.
        seed: of the bootstrap.

    Returns:
        One row a set: set, first, first_low, first_high, total, total_low, total_high.

    Raises:
        AmnokError: there is no such outcome, or the sweep is not of such a design.

    Source: Saltelli et al. 2010 (first order), Jansen 1999 (total), as SALib computes them.
    """
    from SALib.analyze.sobol import first_order, total_order

    sweep = opened(sweep)
    if sweep.sobol is None:
        fix = "sweep with --sobol"
        raise AmnokError([Fault("is not a sweep of a Sobol design", fix, file=str(sweep.folder))])
    sets, draws = sweep.sobol
    means = sweep.means(outcome, where)
    if means.empty:
        raise _no_such(sweep, outcome, where)
    blocks = _blocks(means, draws, 2 + len(sets))
    if blocks.shape[1] < 2:
        raise AmnokError([Fault("needs at least two complete draws", file=str(sweep.folder))])
    spread = blocks[:2].std()
    if spread == 0:
        raise AmnokError([Fault(f"'{outcome}' is the same at every point", "another outcome")])
    scaled = (blocks - blocks[:2].mean()) / spread
    indices = (first_order, total_order)
    a, b, *mixed = scaled
    generator = np.random.default_rng(seed)
    again = np.empty((_RESAMPLES, len(sets), 2))
    # One resample at a time: all at once would be many times the data.
    for resample in again:
        i = generator.integers(0, blocks.shape[1], blocks.shape[1])
        resample[:] = [[index(a[i], one[i], b[i]) for index in indices] for one in mixed]
    low, high = np.quantile(again, [0.025, 0.975], axis=0)
    rows = []
    for n, name in enumerate(sets):
        first, total = (float(index(a, mixed[n], b)) for index in indices)
        rows.append((name, first, low[n, 0], high[n, 0], total, low[n, 1], high[n, 1]))
    names = ["set", "first", "first_low", "first_high", "total", "total_low", "total_high"]
    found = pd.DataFrame(rows, columns=names)
    return found.sort_values("total", ascending=False, ignore_index=True)


def _blocks(values: pd.Series[float], draws: int, blocks: int) -> NDArray[np.float64]:
    """The outcome of every point, [block, draw], without draws that are not whole."""
    ordered = values.reindex(range(draws * blocks)).to_numpy(dtype=np.float64)
    table = ordered.reshape(-1, draws)
    return table[:, np.isfinite(table).all(axis=0)].astype(np.float64)


def _no_such(sweep: Sweep, outcome: str, where: str) -> AmnokError:
    """What to say where a sweep holds no such outcome."""
    known = reading.outcomes(sweep.folder)
    cells = known[known["outcome"] == outcome]["where"].astype(str)
    fix = (
        f"one of: {'; '.join(cells)}"
        if len(cells)
        else (f"one of: {', '.join(known['outcome'].astype(str).unique())}")
    )
    return AmnokError([Fault(f"no outcome '{outcome}' with '{where}'", fix)])


@verb
def regret(
    sweep: Sweep | str | os.PathLike[str], outcome: str, where: str = "", most: bool = False
) -> pd.DataFrame:
    """How much worse each policy is than the best one, over the draws of a sweep.

    Args:
        sweep: of points under several policies, each draw under all of them; or its folder.
        outcome, where: which number of a run.
        most: the most of it is best; else the least.

    Returns:
        One row a policy, the least expected regret first: policy, mean (of the outcome), expected,
        high (95th percentile) and worst regret, best (share of draws in which it is best).

    Raises:
        AmnokError: there is no such outcome, or only one policy.
    """
    return regret_of(by_draw(opened(sweep), outcome, where), most)


def regret_of(table: pd.DataFrame, most: bool = False) -> pd.DataFrame:
    """`regret` of the means of an outcome, [draw, policy]."""
    best = table.max(axis=1) if most else table.min(axis=1)
    worse = (table.sub(best, axis=0)).abs()
    found = pd.DataFrame(
        {
            "mean": table.mean(),
            "expected": worse.mean(),
            "high": worse.quantile(0.95),
            "worst": worse.max(),
            "best": (worse == 0).mean(),
        }
    )
    return found.rename_axis("policy").sort_values("expected").reset_index()


def flips(sweep: Sweep, outcome: str, where: str = "") -> pd.DataFrame:
    """Probability that two policies rank otherwise than their means do, [policy, policy].

    A draw in which both come to the same counts as half.
    """
    return flips_of(by_draw(sweep, outcome, where))


def flips_of(table: pd.DataFrame) -> pd.DataFrame:
    """`flips` of the means of an outcome, [draw, policy]."""
    names = list(table.columns)
    found = pd.DataFrame(math.nan, index=names, columns=names)
    for one in names:
        for two in names:
            difference = table[one] - table[two]
            sign = np.sign(difference.mean())
            other = (np.sign(difference) == -sign).mean() + 0.5 * (difference == 0).mean()
            found.loc[one, two] = 0.0 if one == two else float(other)
    return found


def by_draw(sweep: Sweep, outcome: str, where: str = "") -> pd.DataFrame:
    """An outcome's mean over replicates, [draw, policy]; draws that are not whole are left out."""
    means = reading.means_by_draw(sweep.folder, outcome, where)
    if means.empty:
        raise _no_such(sweep, outcome, where)
    names = reading.policies(sweep.folder)
    if len(names) < 2:
        fix = "sweep with --policy"
        raise AmnokError([Fault("has only one policy", fix, file=str(sweep.folder))])
    wide = means.pivot(index="draw", columns=POLICY, values="value")
    return wide.reindex(columns=pd.Index(names, name=POLICY)).dropna()

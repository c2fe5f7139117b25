"""What speaks against an inference: coverage of truths held out, distance to the bank, warnings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chisquare

from amnok.cells import fixed, percent
from amnok.studies.inference.learning import Array, Scores, in_scores
from amnok.studies.inference.observing import Seen
from amnok.studies.inference.posterior import Posterior
from amnok.studies.inference.structures import Mixture, Told

LEVELS = (0.5, 0.8, 0.95)
_ENOUGH = 100.0  # effective draws
FAR = 0.99  # of the bank's own runs lie nearer to the bank than what was observed
FALSE_ALARMS = 0.05  # of the worlds that are as the border is, warned of all the same


def unusual(known: Seen) -> float:
    """Share of the runs that look less unusual than what was observed (Mahalanobis, normal scores).

    Few of the directions carry most of it: the covariance is shrunk to its diagonal by the number
    of columns over that of the runs.
    """
    scores = [Scores(column) for column in known.runs.T]
    z = in_scores(scores, known.runs)
    beyond = (known.values - known.runs.mean(axis=0)) / known.runs.std(axis=0)
    (at,) = in_scores(scores, known.values[None, :])
    outside = (known.values > known.runs.max(axis=0)) | (known.values < known.runs.min(axis=0))
    at = np.where(outside, np.sign(beyond) * np.maximum(abs(at) + 1.0, abs(beyond)), at)
    covariance = np.atleast_2d(np.cov(z, rowvar=False))
    part = min(z.shape[1] / len(z), 1.0)
    covariance = (
        (1.0 - part) * covariance + part * np.diag(np.diag(covariance)) + 1e-6 * np.eye(len(at))
    )
    root = np.linalg.cholesky(covariance)
    far = np.sum(np.linalg.solve(root, (z - z.mean(axis=0)).T) ** 2, axis=0)
    ours = np.sum(np.linalg.solve(root, at - z.mean(axis=0)) ** 2)
    return float(np.mean(far < ours))


def held_out(table: Mixture, truth: Array, chosen: NDArray[np.int64]) -> tuple[Array, Array]:
    """Ranks of some runs' truths, [run, unknown], and their chances, [run, variant]: each run is
    inferred from the others.
    """
    ranks = np.empty((len(chosen), truth.shape[1]))
    chances = np.empty((len(chosen), len(table.variants)))
    for at, n in enumerate(map(int, chosen)):
        told = table.of_draw(n)
        ranks[at], chances[at] = told.whole.ranks(truth[n], n), told.chances
    return ranks, chances


def checks(
    unknowns: pd.DataFrame, lead: int, chosen: NDArray[np.int64], ranks: Array
) -> pd.DataFrame:
    """Coverage and ranks of leading quantities over truths held out, as `held_out` has them."""
    if not len(chosen):
        return pd.DataFrame()
    truth = unknowns.to_numpy()[chosen, :lead]
    upper = truth[:, 0] > np.median(truth[:, 0])
    rows = []
    for j, key in enumerate(unknowns.columns[:lead]):
        quantity, axis, label, _ = str(key).split("|")
        counts = np.histogram(ranks[:, j], bins=10, range=(0.0, 1.0))[0]
        for part, some in (("all", upper | True), ("low flow", ~upper), ("high flow", upper)):
            row: dict[str, Any] = {
                "quantity": quantity, "axis": axis, "label": label, "truths": part,
                "number": int(some.sum()),
            }  # fmt: skip
            for level in LEVELS:
                inside = abs(ranks[some, j] - 0.5) <= level / 2.0
                row[f"coverage_{round(100 * level)}"] = float(inside.mean())
            row["ranks_p"] = float(chisquare(counts).pvalue) if part == "all" else np.nan
            rows.append(row)
    return pd.DataFrame(rows)


def speaks_against(as_unlike: float, chance: float, prior: float) -> bool:
    """Whether what was observed speaks against the border as it is: it makes it less likely, and
    few worlds that are as it is look so little like it.
    """
    return as_unlike <= FALSE_ALARMS and chance < prior


def warnings(
    posterior: Posterior, distance: float, known: Seen, table: Mixture, told: Told
) -> list[str]:
    """Why not to trust what was inferred, in words."""
    found, chance = [], float(told.chances[0])
    if speaks_against(told.as_unlike, chance, float(np.mean(table.structure == 0))):
        other = 1 + int(told.chances[1:].argmax())
        found.append(
            f"what was observed speaks against the border as it is (chance {percent(chance, 1)}; "
            f"of worlds that are as it is, {percent(told.as_unlike, 1)} look as little like it, "
            f"and {percent(FALSE_ALARMS)} are warned of for nothing), most for the variant "
            f"{table.variants[other]} ({percent(told.chances[other])}): read what each structure "
            "says before the whole"
        )
    if distance > FAR:
        found.append(
            f"what was observed is more unusual than {percent(distance, 1)} of the bank's runs: "
            "the model may be wrong, and the intervals too narrow"
        )
    if posterior.effective < _ENOUGH:
        found.append(f"{fixed(posterior.effective)} effective draws are few: make a larger bank")
    found += [f"no run ever has what was observed of {name}" for name in dict.fromkeys(known.never)]
    return found

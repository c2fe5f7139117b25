"""From draws of unknowns and of what would be seen, to what the unknowns are given what was seen.

    learned summaries -> the nearest draws -> regression adjustment -> rank recalibration

1. The summaries are the means of each unknown, of its square and of products, given what is seen,
   learned out of fold (Fearnhead & Prangle 2012; Blum et al. 2013).
2. Draws whose summaries are nearest to the observation's are kept.
3. A local regression moves the kept draws to where they would be, had they looked like the
   observation (Beaumont, Zhang & Balding 2002), in mean and in spread (Blum & Francois 2010).
   Residuals leave their own draw out. From many draws to few, as many are kept as have a near and
   a less near half of which the residuals look alike.
4. Held-out draws are inferred in the same way; where their ranks are not uniform, the posterior is
   recalibrated (Rodrigues, Prangle & Sisson 2018).

Everything here knows tables only, not borders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import beta, chi2

from amnok.cells import percent
from amnok.errors import AmnokError, Fault
from amnok.studies.inference.adjusting import Prepared
from amnok.studies.inference.learning import Array, Features, Learned, Scores, in_scores
from amnok.studies.inference.posterior import Posterior
from amnok.studies.inference.rounds import Simulate, more_draws
from amnok.studies.inference.tables import (
    as_table,
    read_present,
    read_row,
    read_table,
    read_weights,
    refuse,
    too_few,
    twice,
    whole_number,
)

KEEP = 0.1
ENOUGH = 200.0  # effective draws
_SHAPED, _FEWEST_RANKS = 0.001, 10
_ENOUGH_TO_LOOK_CLOSER, _CLOSER = 20_000, 0.5
_MOST_SQUARED, _MOST_CROSSED = 6, 6  # unknowns of which squares, and products, are summaries


@dataclass(frozen=True)
class Conditioner:
    """A table made ready: any number of observations can be asked of it.

    Attributes:
        names: of the unknowns, in order.
        columns: of what is seen, in order.
        recalibration: [unknown], the two shapes of the ranks of held-out draws; None where they
            are uniform.
    """

    names: tuple[str, ...]
    columns: tuple[str, ...]
    recalibration: tuple[tuple[float, float] | None, ...]
    _prepared: Prepared

    @property
    def explained(self) -> Array:
        """Share of each unknown's variance (in normal scores) that is learned: [unknown]."""
        return self._prepared.learned.explained[: len(self.names)]

    @property
    def learned(self) -> Learned:
        """The summaries of all draws, each from the other folds: the unknowns' own come first."""
        return self._prepared.learned

    def given(self, observed: Any) -> Posterior:
        """The posterior of the unknowns, given one observation of all the columns.

        Raises:
            AmnokError: a column is missing or is not a finite number.
        """
        return self._posterior(read_row(observed, self.columns), None, recalibrate=True)

    def of_draw(self, n: int, *, recalibrate: bool = True) -> Posterior:
        """The posterior of a draw of the table, inferred from the others."""
        return self._posterior(self._prepared.x[n], n, recalibrate)

    def ranks(self, held_out: NDArray[np.int64], *, recalibrate: bool = True) -> Array:
        """Where the truth of some draws lies in their posteriors, from 0 to 1: [draw, unknown]."""
        theta = self._prepared.theta
        posteriors = (self.of_draw(int(n), recalibrate=recalibrate) for n in held_out)
        found = [one.ranks(theta[n], int(n)) for one, n in zip(posteriors, held_out, strict=True)]
        return np.stack(found)

    def nearest(self, observed: Any, share: float) -> NDArray[np.int64]:
        """Rows of the draws that look most like an observation, in order."""
        _, _, far = self._prepared.distances(read_row(observed, self.columns))
        return np.sort(np.argsort(far, kind="stable")[: int(share * len(far))])

    def _posterior(self, seen: Array, left_out: int | None, recalibrate: bool) -> Posterior:
        table = self._prepared
        near = table.adjusted(seen, left_out)
        draws = table.theta[near.rows].copy()
        for j, one in enumerate(table.scores):
            if one.cases is None:
                draws[:, j] = one.back(near.z[:, j])
        found = Posterior(self.names, draws, near.weights, near.rows, float(near.share))
        return found.recalibrated(self.recalibration) if recalibrate else found


def make_ready(
    theta: Any,
    x: Any,
    *,
    keep: float = KEEP,
    seed: int = 1,
    held_out: int = 100,
    weights: Any = None,
    lead: int | None = None,
) -> Conditioner:
    """Learn the summaries of a table and calibrate it, once for any number of observations.

    Args:
        theta: draws of the unknowns from their prior: [draw, unknown], or a data frame, or a
            mapping of columns. A column of at most 12 different values is a set of cases.
        x: what would be seen of each draw, likewise.
        keep: share of the draws from which held-out draws are inferred; an observation begins with
            no fewer, and with half of them if that is at most 25,000.
        seed: of folds, random features and the draws that are held out.
        held_out: how many draws check and recalibrate the ranks, of those that have weight: 0 for
            none, or at least 10.
        weights: [draw], if the draws do not come from the prior itself.
        lead: only the first so many unknowns decide which draws are near; all by default. With
            many unknowns, no draw is near in all of them.

    Raises:
        AmnokError: with all that is wrong with the tables.
    """
    faults: list[Fault] = []
    names, columns, theta_table, x_table, v = _read(theta, x, weights, seed, held_out, faults)
    refuse(faults + _wrong(names, theta_table, x_table, keep))
    return _ready(names, columns, theta_table, x_table, v, keep, seed, held_out, lead)


def one_by_one(theta: Any, x: Any, *, seed: int = 1) -> tuple[Conditioner, ...]:
    """`make_ready` of each unknown alone, with nothing held out; what is seen is looked at once."""
    names, theta_table = as_table(theta, "unknown")
    columns, x_table = as_table(x, "seen")
    features = Features(x_table, seed)
    return tuple(
        _ready(
            (name,), columns, theta_table[:, [j]], x_table, None, KEEP, seed, 0, features=features
        )
        for j, name in enumerate(names)
    )


def _ready(
    names: tuple[str, ...],
    columns: tuple[str, ...],
    theta: Array,
    x: Array,
    weights: Array | None,
    keep: float,
    seed: int,
    held_out: int,
    lead: int | None = None,
    features: Features | None = None,
) -> Conditioner:
    """`make_ready` of tables that are read."""
    refuse(_wrong(names, theta, x, keep))
    v = np.ones(len(theta)) if weights is None else weights
    if not np.ptp(x, axis=0).any():
        raise AmnokError([Fault("nothing that is seen differs between the draws")])
    scores = tuple(Scores(column) for column in theta.T)
    z = in_scores(scores, theta)
    # Without the weights: any function of what is seen is a summary, and weights cost draws.
    lead = z.shape[1] if lead is None else lead
    targets, near = _targets(z, lead)
    learned = (features or Features(x, seed)).learn(targets)
    # A difference in a mean counts in units of the spread that is left around it.
    left = np.sqrt(np.maximum(1.0 - learned.explained, 1e-6))
    scale = (np.maximum(targets.std(axis=0), 1e-12) * left)[near]
    prepared = Prepared(theta, scores, z, x, learned, near, scale, lead, v, keep)
    table = Conditioner(names, columns, (None,) * len(names), prepared)
    if held_out:
        rng = np.random.default_rng([seed, 13])
        number = min(held_out, int(np.count_nonzero(v)))
        chosen = rng.choice(len(z), number, replace=False, p=v / v.sum())
        table = replace(table, recalibration=_shapes(table.ranks(chosen, recalibrate=False)))
    return table


def _targets(z: Array, lead: int) -> tuple[Array, NDArray[np.int64]]:
    """What is learned, and which of it says what is near: the leading unknowns, and of them squares
    and products while they are not too many.
    """
    p, parts, first = z.shape[1], [z], z[:, :lead]
    if lead <= _MOST_SQUARED:
        parts.append(first**2)
    if 1 < lead <= _MOST_CROSSED:
        i, j = np.triu_indices(lead, 1)
        parts.append(first[:, i] * first[:, j])
    targets = np.concatenate(parts, axis=1)
    near = np.concatenate([np.arange(lead), np.arange(p, targets.shape[1])])
    return targets, near


def _shapes(ranks: Array) -> tuple[tuple[float, float] | None, ...]:
    """Beta shapes of the ranks of each unknown, where a likelihood-ratio test finds any shape."""
    found: list[tuple[float, float] | None] = []
    for column in ranks.T:
        inside = np.clip(column, 1e-4, 1.0 - 1e-4)
        a, b, *_ = beta.fit(inside, floc=0.0, fscale=1.0)
        gain = 2.0 * float(np.sum(beta.logpdf(inside, a, b)))
        found.append((float(a), float(b)) if chi2.sf(gain, 2) < _SHAPED else None)
    return tuple(found)


def condition(
    theta: Any,
    x: Any,
    observed: Any,
    *,
    keep: float = KEEP,
    seed: int = 1,
    held_out: int = 100,
    weights: Any = None,
    simulate: Simulate | None = None,
    rounds: int | None = None,
    per_round: int | None = None,
) -> Posterior:
    """Weighted draws of the unknowns given an observation, from a table of draws.

    Args:
        theta: draws from the prior, as for `make_ready`.
        x: what would be seen of each, likewise; summaries or plain data.
        observed: one value for each column of x: by name in a mapping, a series or a data frame of
            one row, else by order. A column that was not observed (not a number, or absent from a
            mapping) is left out.
        keep: share of the draws from which held-out draws are inferred; an observation begins with
            no fewer, and with half of them if that is at most 25,000.
        seed: the same seed gives the same bits.
        held_out: as for `make_ready`.
        weights: [draw], if the draws do not come from the prior itself. Rounds need draws that do.
        simulate: makes rows of x [draw, column] from draws of the unknowns [draw, unknown]. With
            it, rounds of new draws near the posterior are added while the effective sample is
            below 200.
        rounds: exactly so many rounds instead; needs `simulate`, as `per_round` does.
        per_round: draws of a round; as many as the table has by default.

    Returns:
        Draws, how unusual what was observed is beside those of the table, and warnings.

    Draws are taken to be independent: copies of a draw, as of a table made larger by repeating
    its rows, make the posterior too narrow.

    Raises:
        AmnokError: with all that is wrong with the tables and the observation.
    """
    faults: list[Fault] = []
    names, columns, theta_table, x_table, v = _read(theta, x, weights, seed, held_out, faults)
    everywhere = list(range(len(columns)))
    present, seen = (
        read_present(observed, columns, faults) if columns else (everywhere, np.empty(0))
    )
    x_table = x_table[:, present or everywhere]
    faults += _wrong(names, theta_table, x_table, keep)
    refuse(faults + _wrong_rounds(weights, simulate, rounds, per_round))
    used = tuple(columns[j] for j in present)
    ask = _Asked(names, used, seen, keep, seed)
    found = ask.posterior(theta_table, x_table, v, held_out if simulate is None else 0)
    unusual = partial(_held_against, x=x_table, columns=used, seen=seen)
    if simulate is None:
        return unusual(found)
    done, prior_draws = 0, theta_table
    proposals: list[Any] = []
    while done < rounds if rounds is not None else found.effective < ENOUGH and done < 5:
        done += 1
        theta_table, x_new, v = more_draws(
            prior_draws, theta_table, found, partial(_made, simulate, columns), proposals,
            per_round or len(prior_draws), np.random.default_rng([seed, 20 + done]),
        )  # fmt: skip
        x_table = np.concatenate([x_table, x_new[:, present]])
        found = ask.posterior(theta_table, x_table, v, 0)
    return unusual(found)


def _held_against(found: Posterior, x: Array, columns: Sequence[str], seen: Array) -> Posterior:
    """How unusual what was observed is beside the draws of the table, as `infer` tells it."""
    # It stands on this module.
    from amnok.studies.inference.checking import FAR, unusual
    from amnok.studies.inference.observing import Seen

    moves = np.ptp(x, axis=0) > 0.0
    named = np.array(columns)
    never = named[~moves & (x[0] != seen)].tolist()
    known = Seen(named[moves].tolist(), seen[moves], x[:, moves], never)
    distance = unusual(known)
    told = [f"no draw ever has what was observed of {name}" for name in never]
    if distance > FAR:
        told.append(
            f"what was observed is more unusual than {percent(distance, 1)} of the draws: "
            "the model may be wrong, and the intervals too narrow"
        )
    return replace(found, distance=distance, warnings=tuple(told))


@dataclass(frozen=True)
class _Asked:
    names: tuple[str, ...]
    columns: tuple[str, ...]
    seen: Array
    keep: float
    seed: int

    def posterior(self, theta: Array, x: Array, weights: Array | None, held_out: int) -> Posterior:
        if len(theta) < _ENOUGH_TO_LOOK_CLOSER:
            return self._table(theta, x, weights, self.keep, held_out).given(self.seen)
        # What holds anywhere need not be learned: once more, from the nearer draws alone.
        near = self._table(theta, x, weights, self.keep, 0).nearest(self.seen, _CLOSER)
        v = None if weights is None else weights[near]
        keep = min(self.keep / _CLOSER, 1.0)
        found = self._table(theta[near], x[near], v, keep, held_out).given(self.seen)
        return replace(found, rows=near[found.rows], share=found.share * _CLOSER)

    def _table(
        self, theta: Array, x: Array, weights: Array | None, keep: float, held_out: int
    ) -> Conditioner:
        return _ready(self.names, self.columns, theta, x, weights, keep, self.seed, held_out)


def _read(
    theta: Any, x: Any, weights: Any, seed: int, held_out: int, faults: list[Fault]
) -> tuple[tuple[str, ...], tuple[str, ...], Array, Array, Array]:
    """Names of unknowns and columns, both tables, and weights; and what is wrong with them."""
    names, theta_table = read_table(theta, "theta", "unknown", faults)
    columns, x_table = read_table(x, "x", "seen", faults)
    faults += twice(names, "theta") + twice(columns, "x")
    v = read_weights(weights, len(theta_table), faults) if names else np.empty(0)
    indexes = [
        one.index for one in (theta, x, weights) if isinstance(one, pd.DataFrame | pd.Series)
    ]
    if len({len(one) for one in indexes}) == 1 and not all(map(indexes[0].equals, indexes)):
        fix = "the same draws in the same order, or arrays"
        faults.append(Fault("theta, x and weights have different indexes", fix))
    faults += whole_number("seed", seed, 0)
    if held_out != 0:
        faults += whole_number("held_out", held_out, _FEWEST_RANKS, "0, or ")
    return names, columns, theta_table, x_table, v


def _wrong_rounds(
    weights: Any, simulate: Simulate | None, rounds: int | None, per_round: int | None
) -> list[Fault]:
    faults = []
    if simulate is not None and weights is not None:
        fix = "simulate with draws from the prior, or weights without it"
        faults.append(Fault("rounds are weighted by draws from the prior itself", fix, "weights"))
    for argument, given, least in (("rounds", rounds, 0), ("per_round", per_round, 1)):
        if given is None:
            continue
        faults += whole_number(argument, given, least)
        if simulate is None:
            faults.append(Fault("needs simulations", "with simulate=", argument))
    return faults


def _made(simulate: Simulate, columns: Sequence[str], asked: Array) -> Array:
    """What is simulated of draws, [draw, column]; columns with names in the order of those."""
    faults: list[Fault] = []
    made: Any = simulate(asked)
    names, table = read_table(made, "simulate", "seen", faults)
    if isinstance(made, pd.DataFrame | Mapping) and sorted(names) == sorted(columns):
        table = table[:, [names.index(name) for name in columns]]
    elif isinstance(made, pd.DataFrame | Mapping) and names:
        faults.append(Fault(f"makes {', '.join(names)}", ", ".join(columns), "simulate"))
    if names and table.shape != (len(asked), len(columns)):
        fix = f"of {[len(asked), len(columns)]}"
        faults.append(Fault(f"makes a table of {list(table.shape)}", fix, "simulate"))
    refuse(faults)
    return table


def _wrong(names: Sequence[str], theta: Array, x: Array, keep: float) -> list[Fault]:
    """What is wrong with tables, as far as they could be read."""
    faults = []
    if names and x.shape[1]:
        if len(theta) != len(x):
            faults.append(Fault(f"{len(theta)} draws of the unknowns, {len(x)} of what is seen"))
        faults += too_few(len(theta))
    if not np.isfinite(theta).all() or not np.isfinite(x).all():
        faults.append(Fault("a draw is not a finite number"))
    elif len(theta):
        flat = np.flatnonzero(np.ptp(theta, axis=0) == 0.0)
        faults += [Fault("is the same in all draws", path=names[int(j)]) for j in flat]
    if not 0.0 < keep <= 1.0:
        faults.append(Fault(f"a share of {keep:g} cannot be kept", "above 0, at most 1"))
    return faults

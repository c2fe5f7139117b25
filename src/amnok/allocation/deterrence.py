"""Where to put effort so that smugglers of several types gain the least, each choosing its way.

Effort x_r on target r takes losses[k, r] * x_r from what a type k gains there. Each type sees the
effort and goes where it gains most, or stays away and gains nothing; the inspector loses what they
gain. That is a security game against several types (Bayesian) with zero sum, so committing to a
plan and choosing at the same time come to the same, and the plan is a linear program:

    min sum_k weight_k z_k    z_k >= gains[k, r] - losses[k, r] x_r,  z_k >= 0,
                              0 <= x_r <= most_r,  sum x_r <= resources

With one type it is ORIGAMI's game (`amnok.games.security`). With noise c each type also has
reasons of its own, a Gumbel draw of scale c for every target and for staying, and gains on average
c * log(1 + sum_r exp((gains - losses x_r) / c)): convex in x, so the plan is again the best of all.
A quantal response thus keeps what makes the game exact; c = 0 is the linear program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amnok.allocation.certificate import Certificate, Game, Inputs
from amnok.allocation.simplex import maximise
from amnok.compiling import allocating_kernel
from amnok.errors import Fault
from amnok.vector_math import exp

Floats = NDArray[np.float64]

_MOVES = 10_000  # of effort between two targets, many more than it takes
_NEWTON = 60
_STILL = 1e-13  # of the loads, or of the gap


@dataclass(frozen=True, eq=False)
class DeterrenceGame(Game["DeterrencePlan"]):
    """Types of smugglers, targets and effort.

    Attributes:
        gains: what a type gains at a target without effort, [type, target]; -inf where it cannot
            go.
        losses: what each unit of effort takes away, 0 or more, [type, target].
        weights: how common each type is, 0 or more, [type].
        most: effort beyond which nothing changes, 0 or more, [target].
        resources: effort in all, 0 or more.
        noise: scale of the reasons that only they know, 0 or more, in the unit of the gains.

    Raises:
        AmnokError: a number is none or out of range, or shapes differ; every fault at once.
    """

    gains: Floats
    losses: Floats
    weights: Floats
    most: Floats
    resources: float
    noise: float = 0.0

    def __post_init__(self) -> None:
        inputs = Inputs()
        gains = np.array(self.gains, dtype=np.float64)
        barred = np.isneginf(gains)
        inputs.matrix("gains", np.where(barred, 0.0, gains))
        inputs.done()
        types, targets = gains.shape
        values: dict[str, Any] = {
            "gains": gains,
            "losses": inputs.matrix("losses", self.losses, shape=gains.shape, least=0.0),
            "weights": inputs.vector("weights", self.weights, length=types, least=0.0),
            "most": inputs.vector("most", self.most, length=targets, least=0.0),
            "resources": float(inputs.number("resources", self.resources, least=0.0)),
            "noise": float(inputs.number("noise", self.noise, least=0.0)),
        }
        for name, value in inputs.done(values).items():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
            object.__setattr__(self, name, value)

    def scale(self) -> float:
        """What all types would gain where they gain most, were there no effort; 1 if nothing."""
        return float(self.weights @ np.maximum(0.0, self.gains.max(axis=1))) or 1.0

    def solve(self) -> DeterrencePlan:
        """The best plan, exact up to rounding.

        Source: Harsanyi 1967 for types; Ponssard & Sorin 1980 for the linear program; McFadden 1978
        for the gain with noise.

        >>> stakes = [[10.0, 6.0, 3.0]]
        >>> game = DeterrenceGame(stakes, stakes, [1.0], [1.0, 1.0, 1.0], resources=1.0)
        >>> plan = game.solve()
        >>> plan.effort, round(plan.value, 12)
        (array([0.625, 0.375, 0.   ]), 3.75)
        """
        effort, choices = _moved(self) if self.noise > 0.0 else _programmed(self)
        value = gained(self, effort)
        effort.setflags(write=False)
        choices.setflags(write=False)
        return DeterrencePlan(effort, choices, value, _certificate(self, effort, choices, value))

    def check(self, plan: DeterrencePlan) -> Certificate:
        """The certificate of a plan, made anew from the payoffs, the effort and the choices.

        If types go where `choices` says, whatever the inspector does, they gain together at least
        what they gain without effort (with noise, what these choices are worth to them besides)
        less the most that any effort can take from these choices: all of it on the targets with
        most to lose.

        Raises:
            AmnokError: the plan has not one effort for each target, or not the choices of each
                type.
        """
        inputs = Inputs()
        effort = inputs.vector("effort", plan.effort, length=len(self.most))
        choices = inputs.matrix("choices", plan.choices, shape=self.gains.shape)
        excess = choices.sum(axis=1) - self.weights
        if not inputs.faults and (choices.min() < 0.0 or excess.max() > 1e-9 * self.weights.max()):
            inputs.faults.append(Fault("are below 0, or more than there are", path="choices"))
        if not inputs.faults and (choices[np.isneginf(self.gains)] > 0.0).any():
            inputs.faults.append(Fault("go where the type cannot", path="choices"))
        inputs.done()
        return _certificate(self, effort, choices, plan.value)


@dataclass(frozen=True, eq=False)
class DeterrencePlan:
    """Effort to commit to.

    Attributes:
        effort: on each target, [target]; it adds up to the resources as far as there is room.
        choices: how many of each type go where, [type, target]; the rest stay away. It proves the
            bound: see `DeterrenceGame.check`.
        value: what all types gain together; the inspector would have it small.
        certificate: what proves it; `bound` is the least that any plan can bring the value to.
    """

    effort: Floats
    choices: Floats
    value: float
    certificate: Certificate


def gained(game: DeterrenceGame, effort: Floats) -> float:
    """What all types gain together under some effort, [target]."""
    left = game.gains - game.losses * effort
    best = np.maximum(0.0, left.max(axis=1))
    if game.noise > 0.0:
        best = best + game.noise * np.log(_weights(game, effort).sum(axis=1))
    return float(game.weights @ best)


def chosen(game: DeterrenceGame, effort: Floats) -> Floats:
    """How many of each type go where under some effort, [type, target], with noise above 0."""
    weights = _weights(game, effort)
    return np.asarray(game.weights[:, None] * weights[:, 1:] / weights.sum(axis=1, keepdims=True))


def _weights(game: DeterrenceGame, effort: Floats) -> Floats:
    """exp of utility, less that of each type's best, [type, 1 + target]; the first is to stay."""
    utility = np.pad((game.gains - game.losses * effort) / game.noise, ((0, 0), (1, 0)))
    return np.asarray(np.exp(utility - utility.max(axis=1, keepdims=True)))


def _programmed(game: DeterrenceGame) -> tuple[Floats, Floats]:
    """The linear program's dual: types mix over targets, and effort is what a target's load costs.

    max sum gains*y - resources*t - most*s    sum_r y[k, r] <= weight_k,
                                              sum_k losses[k, r] y[k, r] <= t + s_r
    """
    types, targets = game.gains.shape
    unit = float(max(game.gains.max(), 0.0)) or 1.0
    steepest = float(game.losses.max()) or 1.0
    kind, place = np.nonzero((game.gains > 0.0) & (game.weights[:, None] > 0.0))
    pairs = len(kind)
    rows = np.zeros((types + targets, pairs + 1 + targets))
    rows[kind, np.arange(pairs)] = 1.0
    rows[types + place, np.arange(pairs)] = game.losses[kind, place] / steepest
    rows[types:, pairs] = -1.0
    rows[types:, pairs + 1 :] = -np.eye(targets)
    # Coefficients of size 1 in all rows: what is rounding must look small.
    costs = np.append(game.resources, game.most) * (steepest / unit)
    worth = np.append(game.gains[kind, place] / unit, -costs)
    limits = np.append(game.weights, np.zeros(targets))
    mix, prices = maximise(worth, rows, limits)
    choices = np.zeros((types, targets))
    choices[kind, place] = mix[:pairs]
    effort = np.clip(prices[types:] * (unit / steepest), 0.0, game.most)
    return _spent(game, effort), choices


def _spent(game: DeterrenceGame, effort: Floats) -> Floats:
    """What is left over goes where there is room for it; it changes nothing that counts."""
    room = game.most - effort
    left = min(game.resources - float(effort.sum()), float(room.sum()))
    return effort + room * (left / float(room.sum())) if left > 0.0 else effort


def _moved(game: DeterrenceGame) -> tuple[Floats, Floats]:
    start = _spent(game, np.zeros(len(game.most)))
    effort = _move(game.gains, game.losses, game.weights, game.most, game.noise, start)
    return effort, chosen(game, effort)


@allocating_kernel
def _move(
    gains: Floats, losses: Floats, weights: Floats, most: Floats, noise: float, start: Floats
) -> Floats:
    """Move effort from where it deters least to where it deters most, until both are the same."""
    types, targets = gains.shape
    effort, pull, loads = start.copy(), np.empty((types, targets)), np.empty(targets)
    for _ in range(_MOVES):
        loads[:] = 0.0
        for k in range(types):
            best, total = 0.0, 0.0
            for r in range(targets):
                best = max(best, (gains[k, r] - losses[k, r] * effort[r]) / noise)
            for r in range(targets):
                pull[k, r] = exp((gains[k, r] - losses[k, r] * effort[r]) / noise - best)
                total += pull[k, r]
            total += exp(-best)
            for r in range(targets):
                pull[k, r] /= total
                loads[r] += weights[k] * pull[k, r] * losses[k, r]
        to, off = -1, -1
        for r in range(targets):
            if effort[r] < most[r] and (to < 0 or loads[r] > loads[to]):
                to = r
            if effort[r] > 0.0 and (off < 0 or loads[r] < loads[off]):
                off = r
        if to < 0 or off < 0 or loads[to] - loads[off] <= _STILL * loads[to]:
            break
        room = min(effort[off], most[to] - effort[to])
        step = _step(pull, losses, weights, noise, to, off, room)
        effort[to] = most[to] if step == most[to] - effort[to] else effort[to] + step
        effort[off] = max(0.0, effort[off] - step)
    return effort


@allocating_kernel
def _step(
    pull: Floats, losses: Floats, weights: Floats, noise: float, to: int, off: int, room: float
) -> float:
    """How much effort to move so that both targets' loads are the same, or all of the room."""
    low, high, step = 0.0, room, room
    for _ in range(_NEWTON):
        slope, bend = 0.0, 0.0
        for k in range(len(weights)):
            here = pull[k, to] * exp(-losses[k, to] * step / noise)
            there = pull[k, off] * exp(losses[k, off] * step / noise)
            total = 1.0 - pull[k, to] - pull[k, off] + here + there
            here, there = here / total, there / total
            change = losses[k, to] * here - losses[k, off] * there
            slope += weights[k] * change
            square = losses[k, to] ** 2 * here + losses[k, off] ** 2 * there
            bend += weights[k] * (square - change * change) / noise
        if slope >= 0.0:
            low = step
        else:
            high = step
        if low >= room:
            break
        new = step + slope / bend if bend > 0.0 else 0.5 * (low + high)
        if not low < new < high:
            new = 0.5 * (low + high)
        if abs(new - step) <= 1e-16 * room or new in (low, high):
            break
        step = new
    return step


def _certificate(
    game: DeterrenceGame, effort: Floats, choices: Floats, claimed: float
) -> Certificate:
    value = gained(game, effort)
    gains = np.where(choices > 0.0, game.gains, 0.0)
    certain = float((choices * gains).sum()) + game.noise * _variety(game, choices)
    loads = (choices * game.losses).sum(axis=0)
    bound = min(value, certain - _most_taken(loads, game.most, game.resources))
    excess = (float(effort.sum()) - game.resources) / max(1.0, game.resources)
    beyond = float((effort - game.most).max()) / max(1.0, float(game.most.max()))
    return Certificate(
        bound=bound,
        gap=max(value - bound, abs(claimed - value)),
        residual=max(0.0, excess, beyond, -float(effort.min())),
        scale=game.scale(),
    )


def _variety(game: DeterrenceGame, choices: Floats) -> float:
    """The choices' entropy, each type's as often as there are of it."""
    stay = np.maximum(0.0, game.weights - choices.sum(axis=1))
    shares = np.column_stack([stay, choices])
    common = np.broadcast_to(game.weights[:, None], shares.shape)
    seen = shares > 0.0
    return float((shares[seen] * (np.log(common[seen]) - np.log(shares[seen]))).sum())


def _most_taken(loads: Floats, most: Floats, resources: float) -> float:
    """The most that effort can take: the heaviest loads first."""
    order = np.argsort(-loads, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(most[order])])[:-1]
    put = np.clip(resources - before, 0.0, most[order])
    return float(put @ loads[order])

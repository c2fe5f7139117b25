"""The recursive inspection game: few inspections over many periods, and one who can count them.

In each of n periods the inspector may use one of m inspections, and the inspected may commit one
of k violations. A violation that is not inspected earns 1; one that is caught costs b and ends the
game.

Source: Dresher 1962, Maschler 1966 (commitment), von Stengel 2016 (any k, non-zero-sum). That the
inspector need not see violations, although the recursion reads as if: his chance of an inspection
does not depend on them, and the inspected leaves him indifferent after every history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from amnok.allocation.certificate import UNCHECKED, Certificate, Inputs, Number, distance, largest
from amnok.games.recursive_check import Table, worth
from amnok.games.recursive_values import (
    exact_value,
    inspect_chance,
    same_kind,
    value,
    violate_chance,
)

_CELLS = 150_000_000  # stages that a certificate goes through, some ten seconds
_EXACT_CELLS = 2_000  # the same in exact numbers
_PERIODS, _EXACT_PERIODS = 1_000_000, 20_000
_MOST = 1e300


@dataclass(frozen=True)
class RecursiveGame:
    """An inspection game over periods; with Fractions as payoffs, everything about it is exact.

    Payoffs to the inspected: 1 for each violation that is not inspected, `-penalty` for one that
    is caught. To the inspector: -1 for each missed, `-caught_loss` for one caught. The inspector
    does not see violations that are missed; the inspected sees every inspection.

    Any numbers of inspections and violations make sense: with none of either nothing is inspected
    or violated, and more than there are periods are as good as one for each.

    Attributes:
        periods: n, 1 to a million, or 20,000 where payoffs are exact.
        inspections: m, at least 0.
        violations: k, the most that the inspected commits, at least 0.
        penalty: b, at least 0 (in gains of one violation).
        caught_loss: a, below 1, so that catching is better than missing; below 0 if catching is
            worth something in itself. None: -penalty, which makes the game zero-sum.
        commitment: the inspector announces the plan and keeps to it (inspector leadership).

    Raises:
        AmnokError: with every number that is out of range.
    """

    periods: int
    inspections: int
    violations: int = 1
    penalty: Number = 1.0
    caught_loss: Number | None = None
    commitment: bool = False

    def __post_init__(self) -> None:
        inputs = Inputs()
        exact = isinstance(self.penalty, Fraction)
        most = _EXACT_PERIODS if exact else _PERIODS
        periods = inputs.count("periods", self.periods, least=1, most=most)
        inspections = inputs.count("inspections", self.inspections)
        violations = inputs.count("violations", self.violations)
        penalty = inputs.number("penalty", self.penalty, least=0, most=_MOST)
        loss = self.caught_loss
        if loss is not None:
            loss = inputs.number("caught_loss", loss, least=-_MOST)
            inputs.require(
                not loss >= 1,
                "caught_loss",
                f"is {loss}, must be below 1",
                "a violation caught must be better for the inspector than one missed",
            )
            inputs.require(
                isinstance(loss, Fraction) == isinstance(penalty, Fraction),
                "caught_loss",
                "is exact and penalty is not, or the other way round",
                "give both as Fractions, or both as floats",
            )
            if self.commitment:
                inputs.require(
                    not loss < -penalty,
                    "caught_loss",
                    f"is {loss}, must be at least -penalty where the inspector commits",
                    "who gains more from a catch than it costs the caught wants violations",
                )
        inputs.done()
        kept = {"periods": periods, "inspections": inspections, "violations": violations}
        for name, one in {**kept, "penalty": penalty, "caught_loss": loss}.items():
            object.__setattr__(self, name, one)

    @property
    def is_exact(self) -> bool:
        """True if payoffs are Fractions."""
        return isinstance(self.penalty, Fraction)

    @property
    def loss(self) -> Number:
        """What a violation that is caught costs the inspector, a."""
        return -self.penalty if self.caught_loss is None else self.caught_loss

    @property
    def start(self) -> tuple[int, int, int]:
        """Periods, inspections and violations at the start, without those that cannot be used."""
        n = self.periods
        return n, min(self.inspections, n), min(self.violations, n)


@dataclass(frozen=True)
class Stage:
    """What both do now, with so many periods, inspections and violations left.

    Attributes:
        inspect: chance of an inspection; it does not depend on the violations left.
        violate: chance of a violation.
        value_inspected, value_inspector: expected payoffs from here on.
    """

    inspect: Number
    violate: Number
    value_inspected: Number
    value_inspector: Number


@dataclass(frozen=True)
class RecursiveSolution:
    """The equilibrium of a recursive inspection game; `stage_of` gives every stage of it.

    Attributes:
        first: the first stage; its values are those of the game.
        certificate: from `check_recursive`; UNCHECKED where there are too many stages for it.
    """

    game: RecursiveGame
    first: Stage
    certificate: Certificate = UNCHECKED

    @property
    def value_inspected(self) -> Number:
        """Expected payoff of the inspected, V(n, m, k)."""
        return self.first.value_inspected

    @property
    def value_inspector(self) -> Number:
        """Expected payoff of the inspector."""
        return self.first.value_inspector


def stage_of(game: RecursiveGame, periods: int, inspections: int, violations: int) -> Stage:
    """The equilibrium at a stage with so many periods, inspections and violations left.

    Where there are as many inspections as periods, all are used: the inspector's chance is 1,
    although 1/(1+b) would deter as well. Where none is left, the inspected violates at once,
    although waiting would cost nothing as long as periods last.

    Args:
        game: for its payoffs.
        periods, inspections, violations: what is left, at least 1, 0 and 0.

    >>> stage = stage_of(RecursiveGame(4, 2, penalty=Fraction(1)), 4, 2, 1)
    >>> str(stage.inspect), str(stage.value_inspected)
    ('4/11', '3/11')
    """
    n, m = periods, min(inspections, periods)
    k = min(violations, n)
    c, loss_c = 1 + game.penalty, 1 - game.loss
    worth = value(n, m, k, c)
    if game.commitment or game.caught_loss is None:
        damage = worth
    else:
        damage = value(n, m, k, loss_c)
    return Stage(inspect_chance(n, m, c), _violate_chance(game, n, m, k, loss_c), worth, 0 - damage)


def _violate_chance(game: RecursiveGame, n: int, m: int, k: int, c: Number) -> Number:
    """Chance of a violation now, which leaves the inspector indifferent; c = 1 - a."""
    if k == 0 or m >= n or m == 0 or game.commitment:
        return same_kind(c, k > 0 and m == 0)
    if isinstance(c, Fraction):
        gain = exact_value(n - 1, m - 1, k, c) - exact_value(n - 1, m, k, c)
        return gain / (gain + c + exact_value(n - 1, m, k - 1, c))
    return violate_chance(n, m, k, c)


def solve_recursive(game: RecursiveGame) -> RecursiveSolution:
    """The equilibrium of a recursive inspection game, with its certificate.

    >>> solution = solve_recursive(RecursiveGame(periods=3, inspections=1))
    >>> round(solution.value_inspected, 12), solution.certificate.holds(1e-12)
    (0.5, True)
    """
    solution = RecursiveSolution(game, stage_of(game, *game.start))
    return replace(solution, certificate=check_recursive(game, solution))


def check_recursive(game: RecursiveGame, result: RecursiveSolution) -> Certificate:
    """The certificate of a game's values and strategies, by going back through all its stages.

    From the payoffs alone: the value of every stage as a 2x2 game, what the best answer to each
    side's strategy earns, and what both earn if both keep to theirs. Exact where payoffs are and
    the game is small; a large exact game is checked in floats.

    Returns:
        The certificate, whose bound is the value to the inspected or, with commitment, the most
        that an inspector can get; UNCHECKED where there are too many stages to go through.
    """
    n, m, k = game.start
    cells = n * (m + 1) * (k + 1)
    if cells > _CELLS:
        return UNCHECKED
    ours: Number = result.value_inspector
    theirs: Number = result.value_inspected
    if game.is_exact and cells > _EXACT_CELLS:
        loss = None if game.caught_loss is None else float(game.caught_loss)
        game = replace(game, penalty=float(game.penalty), caught_loss=loss)
        ours, theirs = float(ours), float(theirs)
    found = worth(game.start, game.penalty, game.loss, _strategies(game, result.first))
    gap = largest(
        distance(theirs, found.solved),
        distance(theirs, found.inspected),
        distance(ours, found.inspector),
    )
    if game.commitment:
        # Whatever is announced leaves the inspected at least the value, and the inspector gets
        # -(a+b) times the chance of a catch less than what the inspected gives up.
        gap = largest(gap, distance(ours, -found.solved))
    zero = 0 * gap
    regret_inspector = largest(found.best_inspector - found.inspector, zero)
    return Certificate(
        bound=-found.solved if game.commitment else found.solved,
        gap=gap,
        residual=found.residual,
        regret_inspector=None if game.commitment else regret_inspector,
        regret_inspected=largest(found.best_inspected - found.inspected, zero),
        scale=largest(1, distance(ours), distance(theirs)),
    )


def _strategies(game: RecursiveGame, first: Stage) -> Iterator[tuple[Table, Table]]:
    """The strategies with 1, 2, ... periods left: chances [inspections left], [.., violations].

    At the first stage they are what the result says; later ones are those of `stage_of`.
    """
    n, m, k = game.start
    rows = _exact_strategies if game.is_exact else _strategies_in_floats
    for left, (p, q) in enumerate(rows(game, n, m, k), start=1):
        if left == n:
            p[m] = first.inspect if game.is_exact else float(first.inspect)
            q[m, k] = first.violate if game.is_exact else float(first.violate)
        yield p, q


def _exact_strategies(game: RecursiveGame, n: int, m: int, k: int) -> Iterator[tuple[Table, Table]]:
    for left in range(1, n + 1):
        rows = [[stage_of(game, left, one, two) for two in range(k + 1)] for one in range(m + 1)]
        p = np.array([row[0].inspect for row in rows], dtype=object)
        yield p, np.array([[stage.violate for stage in row] for row in rows], dtype=object)


def _strategies_in_floats(
    game: RecursiveGame, n: int, m: int, k: int
) -> Iterator[tuple[Table, Table]]:
    """`stage_of` for whole rows of stages at once."""
    c, loss_c = 1 + float(game.penalty), 1 - float(game.loss)
    counts = np.arange(m + 1)
    first, damage = np.zeros(m + 1), np.zeros(m + 1)  # v with no period left, for c and loss_c
    for left in range(1, n + 1):
        p, q = np.zeros(m + 1), np.zeros((m + 1, k + 1))
        p[1:] = counts[1:] / (counts[1:] * c + (left - 1) * first[:-1])
        p[left:] = 1.0
        if not game.commitment:
            after = damage[:, None] * _marginal_sums(left - 1, m, k)
            gain = np.maximum(after[:-1, 1:] - after[1:, 1:], 0.0)
            q[1:, 1:] = gain / (gain + loss_c + after[1:, :-1])
            q[left:] = 0.0
        q[0, 1:] = 1.0
        yield p, q
        first, damage = _next_row(first, left, c), _next_row(damage, left, loss_c)


def _next_row(first: Table, n: int, c: float) -> Table:
    """v(n, .) from v(n-1, .)."""
    row = np.zeros_like(first)
    row[0] = 1.0
    used = np.arange(1, min(len(first), n))
    reach = first[used - 1] * (n - 1)
    row[used] = reach / (reach + c * used)
    return row


def _marginal_sums(n: int, m: int, k: int) -> Table:
    """Sums over j < k of C(n-1-j, m) / C(n-1, m), [m, k]; with k = 0 there is nothing to sum."""
    sums = np.zeros((m + 1, k + 1))
    if n == 0:
        return sums
    j, counts = np.arange(1, k), np.arange(m + 1)[:, None]
    ratios = np.maximum(n - j - counts, 0) / np.maximum(n - j, 1)
    sums[:, 1:2] = 1.0
    sums[:, 2:] = 1.0 + np.cumsum(np.cumprod(ratios, axis=1), axis=1)
    return sums

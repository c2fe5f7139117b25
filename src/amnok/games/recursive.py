"""The recursive inspection game: few inspections over many periods, and one who can count them.

In each of n periods the inspector may use one of m inspections, and the inspected may commit one
of k violations. A violation that is not inspected earns 1; one that is caught costs b and ends the
game.

Values and chances come from closed forms (`games.recursive_values`).

Source: Dresher 1962 (k = 1), Maschler 1966 (commitment), von Stengel 2016 (any k, non-zero-sum);
the recursion along n - m is our rewriting. That the inspector need not see violations, although the
recursion reads as if: his chance of an inspection does not depend on them, and the inspected leaves
him indifferent after every history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from amnok.allocation.certificate import (
    UNCHECKED,
    Certificate,
    Game,
    Inputs,
    Number,
    distance,
    largest,
)
from amnok.cells import Cell, counted
from amnok.games.files import (
    Answer,
    Count,
    GameFile,
    NotNegative,
    Quantity,
    as_asked,
    plan_table,
)
from amnok.games.recursive_check import Numbers, Plays, play, strategies_in_floats, worth
from amnok.games.recursive_values import (
    exact_value,
    inspect_chance,
    same_kind,
    value_of,
    violate_chance,
)
from amnok.table import Table

_CELLS = 150_000_000  # stages that a certificate goes through, some ten seconds
_EXACT_CELLS = 2_000  # the same in exact numbers
_PERIODS, _EXACT_PERIODS = 1_000_000, 20_000
_MOST = 1e300
_MOST_STAGES = 60  # that a table shows


@dataclass(frozen=True)
class RecursiveGame(Game["RecursiveSolution"]):
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

    def play(self, plays: int = 1000, seed: int = 1) -> Plays:
        """Play the game again and again; the same seed gives the same plays.

        Raises:
            AmnokError: there are no plays to play, or the game has too many stages to keep.

        >>> plays = RecursiveGame(periods=3, inspections=1).play(20_000)
        >>> round(float(plays.payoff_inspected.mean()), 1)  # the value is 1/2
        0.5
        """
        return play(self.start, float(self.penalty), float(self.loss), self.commitment, plays, seed)

    def stage(self, periods: int, inspections: int, violations: int) -> Stage:
        """The equilibrium at a stage with so many periods, inspections and violations left.

        Where there are as many inspections as periods, all are used: the inspector's chance is 1,
        although 1/(1+b) would deter as well. Where none is left, the inspected violates at once,
        although waiting would cost nothing as long as periods last.

        Args:
            game: for its payoffs.
            periods, inspections, violations: what is left, at least 1, 0 and 0.

        >>> stage = RecursiveGame(4, 2, penalty=Fraction(1)).stage(4, 2, 1)
        >>> str(stage.inspect), str(stage.value_inspected)
        ('4/11', '3/11')
        """
        n, m = periods, min(inspections, periods)
        k = min(violations, n)
        c, loss_c = 1 + self.penalty, 1 - self.loss
        worth = value_of(n, m, k, c)
        if self.commitment or self.caught_loss is None:
            damage = worth
        else:
            damage = value_of(n, m, k, loss_c)
        return Stage(inspect_chance(n, m, c), _violates(self, n, m, k, loss_c), worth, 0 - damage)

    def solve(self) -> RecursiveSolution:
        """The equilibrium of a recursive inspection game, with its certificate.

        >>> solution = RecursiveGame(periods=3, inspections=1).solve()
        >>> round(solution.value_inspected, 12), solution.certificate.holds(1e-12)
        (0.5, True)
        """
        solution = RecursiveSolution(self, self.stage(*self.start))
        return replace(solution, certificate=self.check(solution))

    def check(self, result: RecursiveSolution) -> Certificate:
        """The certificate of a game's values and strategies, by going back through all its stages.

        From the payoffs alone: the value of every stage as a 2x2 game, what the best answer to each
        side's strategy earns, and what both earn if both keep to theirs. Exact where payoffs are
        and the game is small; a large exact game is checked in floats.

        Returns:
            The certificate, whose bound is the value to the inspected or, with commitment, the most
            that an inspector can get; UNCHECKED where there are too many stages to go through.
        """
        n, m, k = self.start
        cells = n * (m + 1) * (k + 1)
        if cells > _CELLS:
            return UNCHECKED
        ours: Number = result.value_inspector
        theirs: Number = result.value_inspected
        if self.is_exact and cells > _EXACT_CELLS:
            loss = None if self.caught_loss is None else float(self.caught_loss)
            self = replace(self, penalty=float(self.penalty), caught_loss=loss)
            ours, theirs = float(ours), float(theirs)
        found = worth(self.start, self.penalty, self.loss, _strategies(self, result.first))
        gap = largest(
            distance(theirs, found.solved),
            distance(theirs, found.inspected),
            distance(ours, found.inspector),
        )
        if self.commitment:
            # Whatever is announced leaves the inspected at least the value, and the inspector gets
            # -(a+b) times the chance of a catch less than what the inspected gives up.
            gap = largest(gap, distance(ours, -found.solved))
        zero = 0 * gap
        regret_inspector = largest(found.best_inspector - found.inspector, zero)
        return Certificate(
            bound=-found.solved if self.commitment else found.solved,
            gap=gap,
            residual=found.residual,
            regret_inspector=None if self.commitment else regret_inspector,
            regret_inspected=largest(found.best_inspected - found.inspected, zero),
            scale=largest(1, distance(ours), distance(theirs)),
        )


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
    """The equilibrium of a recursive inspection game; `game.stage` gives every stage of it.

    Attributes:
        first: the first stage; its values are those of the game.
        certificate: from `RecursiveGame.check`; UNCHECKED where there are too many stages for it.
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


def _violates(game: RecursiveGame, n: int, m: int, k: int, c: Number) -> Number:
    """Chance of a violation now, which leaves the inspector indifferent; c = 1 - a."""
    if k == 0 or m >= n or m == 0 or game.commitment:
        return same_kind(c, k > 0 and m == 0)
    if isinstance(c, Fraction):
        gain = exact_value(n - 1, m - 1, k, c) - exact_value(n - 1, m, k, c)
        return gain / (gain + c + exact_value(n - 1, m, k - 1, c))
    return violate_chance(n, m, k, c)


def _strategies(game: RecursiveGame, first: Stage) -> Iterator[tuple[Numbers, Numbers]]:
    """The strategies with 1, 2, ... periods left: chances [inspections left], [.., violations].

    At the first stage they are what the result says; later ones are those of `RecursiveGame.stage`.
    """
    n, m, k = game.start
    c, loss_c = 1 + game.penalty, 1 - game.loss
    if game.is_exact:
        rows = _exact_strategies(game)
    else:
        rows = strategies_in_floats(game.start, float(c), float(loss_c), game.commitment)
    for left, (p, q) in enumerate(rows, start=1):
        if left == n:
            p[m] = first.inspect if game.is_exact else float(first.inspect)
            q[m, k] = first.violate if game.is_exact else float(first.violate)
        yield p, q


def _exact_strategies(game: RecursiveGame) -> Iterator[tuple[Numbers, Numbers]]:
    n, m, k = game.start
    for left in range(1, n + 1):
        rows = [[game.stage(left, one, two) for two in range(k + 1)] for one in range(m + 1)]
        p = np.array([row[0].inspect for row in rows], dtype=object)
        yield p, np.array([[stage.violate for stage in row] for row in rows], dtype=object)


class RecursiveFile(GameFile):
    """Its keys; `plays` also plays it so often."""

    game: ClassVar[str] = "recursive-inspection"
    exact_possible: ClassVar[bool] = True

    periods: Annotated[int, Field(ge=1)]
    inspections: Count
    violations: Count = 1
    penalty: NotNegative
    caught_loss: Annotated[Quantity, Field(lt=1)] | None = None
    commitment: bool = False
    plays: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    seed: Count = 1

    def answer(self, exact: bool) -> Answer:
        loss = None if self.caught_loss is None else as_asked(self.caught_loss, exact)
        game = RecursiveGame(
            self.periods,
            self.inspections,
            self.violations,
            as_asked(self.penalty, exact),
            loss,
            self.commitment,
        )
        solution = game.solve()
        values = {
            "value to the inspected": solution.value_inspected,
            "value to the inspector": solution.value_inspector,
            "inspect now": solution.first.inspect,
            "violate now": solution.first.violate,
        }
        if self.plays is not None:
            played = game.play(self.plays, self.seed)
            for who, payoff in (
                ("inspected", played.payoff_inspected),
                ("inspector", played.payoff_inspector),
            ):
                values[f"mean payoff to the {who}, {self.plays:,} plays"] = float(payoff.mean())
                error = float(payoff.std() / np.sqrt(self.plays))
                values[f"standard error of that ({who})"] = error
        return Answer(
            f"Recursive inspection game: {counted(self.periods, 'period')}, "
            f"{counted(self.inspections, 'inspection')}, {counted(self.violations, 'violation')}",
            values,
            (_stages(game),),
            solution.certificate,
            _notes_on(game, solution.certificate.gap),
        )


def _notes_on(game: RecursiveGame, gap: Number) -> tuple[str, ...]:
    notes = []
    if game.commitment:
        notes.append("The inspector commits: the inspected is legal while inspections are left.")
    if gap != gap:
        notes.append("Not certified: there are too many stages to go through.")
    return tuple(notes)


def _stages(game: RecursiveGame) -> Table:
    """All stages with the violations of the start still to come, or the first if they are many."""
    n, m, k = game.start
    reached = [
        (left, some)
        for left in range(n, max(0, n - _MOST_STAGES), -1)
        for some in range(min(m, left), max(-1, m - (n - left) - 1), -1)
    ]
    title = f"Stages with {counted(k, 'violation')} left"
    if len(reached) > _MOST_STAGES or n > _MOST_STAGES:
        reached, title = [(n, m)], "The first stage"
    rows: list[tuple[Cell, ...]] = []
    for left, some in reached:
        stage = game.stage(left, some, k)
        worth = (stage.value_inspected, stage.value_inspector)
        rows.append((left, some, stage.inspect, stage.violate, *worth))
    columns = ("periods left", "inspections left", "inspect", "violate", "inspected", "inspector")
    return plan_table(title, columns, tuple(rows))

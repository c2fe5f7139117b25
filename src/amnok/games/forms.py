"""Game files of inspection and consignor's games: what may stand in them, and their answers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from amnok.allocation.certificate import Number
from amnok.errors import AmnokError, Fault
from amnok.games.consignments import ConsignmentsGame
from amnok.games.consignor import Consignment, ConsignorGame, Police
from amnok.games.consignor_statics import WAVERING, kind_of, slopes, switch_points
from amnok.games.gamefile import Answer, Cell, GameFile, PlanTable, Quantity, as_asked, near
from amnok.games.one_shot import OneShotGame
from amnok.games.recursive import RecursiveGame
from amnok.games.timeliness import TimelinessGame
from amnok.games.two_by_two import Equilibria
from amnok.quantity import Part

_MOST_STAGES = 60  # that a table shows

Count = Annotated[int, Field(ge=0)]
NotNegative = Annotated[Quantity, Field(ge=0)]
Probability = Annotated[Quantity, Field(ge=0, le=1)]


class RecursiveFile(GameFile):
    """`game: recursive-inspection`; `plays` also plays it so often."""

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
            f"Recursive inspection game: {self.periods:,} periods, {self.inspections:,} "
            f"inspections, {self.violations:,} violations",
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


def _stages(game: RecursiveGame) -> PlanTable:
    """All stages with the violations of the start still to come, or the first if they are many."""
    n, m, k = game.start
    reached = [
        (left, some)
        for left in range(n, max(0, n - _MOST_STAGES), -1)
        for some in range(min(m, left), max(-1, m - (n - left) - 1), -1)
    ]
    title = f"Stages with {k:,} violations left"
    if len(reached) > _MOST_STAGES or n > _MOST_STAGES:
        reached, title = [(n, m)], "The first stage"
    rows: list[tuple[Cell, ...]] = []
    for left, some in reached:
        stage = game.stage(left, some, k)
        worth = (stage.value_inspected, stage.value_inspector)
        rows.append((left, some, stage.inspect, stage.violate, *worth))
    columns = ("periods left", "inspections left", "inspect", "violate", "inspected", "inspector")
    return PlanTable(title, columns, tuple(rows))


class TimelinessFile(GameFile):
    """`game: timeliness`."""

    inspections: Annotated[int, Field(ge=0)] = 1
    length: Annotated[Quantity, Field(gt=0)] = Fraction(1)

    def answer(self, exact: bool) -> Answer:
        length = near(self.length)
        solution = TimelinessGame(self.inspections, length).solve()
        draws = np.linspace(0, 1, 11)
        times = [float(time) for time in solution.last * draws]
        schedule = [(float(draw), *map(float, solution.schedule(draw))) for draw in draws]
        names = [f"inspection {number}" for number in range(1, self.inspections + 1)]
        plan = PlanTable("When to inspect, by one uniform draw", ("draw", *names), tuple(schedule))
        begun = PlanTable(
            "When to violate",
            ("time", "begun by then"),
            tuple((time, float(solution.violated_by(time))) for time in dict.fromkeys(times)),
        )
        return Answer(
            f"Timeliness: {self.inspections} unobserved inspections on [0, {length:g}]",
            {
                "expected delay of detection": solution.delay,
                "violate at time 0": solution.at_once,
                "last inspection or violation": solution.last,
            },
            (plan, begun) if 0 < self.inspections <= 8 else (begun,),
            solution.certificate,
        )


class OneShotFile(GameFile):
    """`game: one-shot-inspection`."""

    exact_possible: ClassVar[bool] = True

    gain: NotNegative
    penalty: NotNegative
    cost: NotNegative
    loss: NotNegative

    def answer(self, exact: bool) -> Answer:
        numbers = (self.gain, self.penalty, self.cost, self.loss)
        solution = OneShotGame(*(as_asked(one, exact) for one in numbers)).solve()
        return Answer(
            "One-shot inspection game",
            dict(_chances(solution.equilibria, "inspect", "violate")),
            (_table_of(solution.equilibria, "inspect", "violate"),),
            solution.certificate,
        )


def _chances(found: tuple[Equilibria, ...], row: str, column: str) -> Iterator[tuple[str, Number]]:
    """The chances, where the equilibrium is a single one."""
    if len(found) == 1 and found[0].is_point:
        yield row, found[0].row[0]
        yield column, found[0].column[0]


def _table_of(found: tuple[Equilibria, ...], row: str, column: str) -> PlanTable:
    names = (row, column)
    columns = tuple(f"{name}, {end}" for name in names for end in ("lowest", "highest"))
    rows = tuple((*one.row, *one.column) for one in found)
    return PlanTable("All equilibria: any of the one range with any of the other", columns, rows)


class Sent(Part):
    """A kind of consignment in a file; see `Consignment`."""

    items: Annotated[int, Field(ge=1, le=1_000_000)]
    spot_check: Count
    leak_rate: Probability
    effectiveness: Probability
    leak_loss: NotNegative
    minute_cost: NotNegative
    minutes: NotNegative

    def consignment(self, per_day: float = 1.0, name: str = "") -> Consignment:
        """The same as the solvers take it."""
        return Consignment(
            self.items,
            self.spot_check,
            near(self.leak_rate),
            near(self.effectiveness),
            near(self.leak_loss),
            near(self.minute_cost),
            near(self.minutes),
            per_day,
            name,
        )


class SentDaily(Sent):
    """A kind of consignment, and how many of them set out in a day."""

    per_day: NotNegative


class _WithPolice(GameFile):
    find_rate: Probability
    find_value: NotNegative
    search_cost: NotNegative

    def police(self) -> Police:
        """Those who search."""
        return Police(near(self.find_rate), near(self.find_value), near(self.search_cost))


class ConsignorFile(_WithPolice, Sent):
    """`game: consignor`."""

    def answer(self, exact: bool) -> Answer:
        game = ConsignorGame(self.consignment(), self.police())
        solution = game.solve()
        kind = kind_of(game)
        tables = [_table_of(solution.equilibria, "search", "check all")]
        if kind == WAVERING:
            moved = tuple((one.parameter, one.search, one.full) for one in slopes(game))
            columns = ("parameter", "search", "check all")
            tables.append(PlanTable("What one more unit of each number does", columns, moved))
        points = tuple((p.parameter, p.value, p.below, p.above) for p in switch_points(game))
        if points:
            names = ("parameter", "value", "below", "above")
            tables.append(PlanTable("Where the equilibrium changes its kind", names, points))
        switch = game.consignment.switch()
        return Answer(
            f"The consignor's game: {kind}",
            {
                **dict(_chances(solution.equilibria, "search", "check all")),
                "leak chance after a spot check": game.consignment.leak(game.consignment.few),
                "leak chance if all is checked": game.consignment.leak(game.consignment.items),
                "chance of a find at which senders waver": switch,
            },
            tuple(tables),
            solution.certificate,
        )


class ConsignmentsFile(_WithPolice):
    """`game: consignments`: several kinds under one police."""

    kinds: Annotated[dict[str, SentDaily], Field(min_length=1)]
    searches: NotNegative | None = None

    def answer(self, exact: bool) -> Answer:
        searches = None if self.searches is None else near(self.searches)
        game = ConsignmentsGame(tuple(self._kinds()), self.police(), searches)
        solution = game.solve()
        rows = tuple(
            (one.name, one.per_day, search, full, one.switch())
            for one, search, full in zip(game.kinds, solution.search, solution.full, strict=True)
        )
        used = sum(row[1] * row[2] for row in rows)
        return Answer(
            f"The consignor's game with {len(rows)} kinds",
            {
                "police earn in a day": solution.value,
                "searches in a day": used,
                "worth of one more search": solution.price,
            },
            (
                PlanTable(
                    "Each kind of consignment",
                    ("kind", "a day", "search", "check all", "senders waver at finds of"),
                    rows,
                ),
            ),
            solution.certificate,
        )

    def _kinds(self) -> Iterator[Consignment]:
        """The kinds, with the paths of their faults."""
        faults = []
        for name, kind in self.kinds.items():
            try:
                yield kind.consignment(near(kind.per_day), name)
            except AmnokError as error:
                for fault in error.faults:
                    faults.append(Fault(fault.problem, fault.fix, f"kinds.{name}.{fault.path}"))
        if faults:
            raise AmnokError(faults)

"""Several kinds of consignment under one police who cannot search them all.

Each sender plays the consignor's game; what ties the kinds together is that searches are few. At
the equilibrium a search has a price: its cost, and on top of it what the scarcest search would
earn elsewhere. For a kind whose leaks would be found f*c of the time, the demand for searches is a
staircase in that price: nothing above v*f*c(m), where even spot checkers are not worth a search;
then the chance that makes senders waver; and certainty below v*f*c(n), where even those who check
everything are. Adding the staircases up until the budget is used gives the equilibrium.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Annotated, ClassVar

from pydantic import Field

from amnok.allocation.certificate import UNCHECKED, Certificate, Game, Inputs
from amnok.errors import AmnokError, Fault
from amnok.games.consignor import SentDaily, WithPolice
from amnok.games.consignor_sides import Consignment, Police, checking_costs
from amnok.games.files import Answer, NotNegative, near, plan_table


@dataclass(frozen=True)
class ConsignmentsGame(Game["ConsignmentsSolution"]):
    """Kinds of consignment, and police with so many searches to spread over them.

    Attributes:
        kinds: what sets out, with `per_day` of each.
        police: as in the consignor's game.
        searches: how many there can be in a day, at least 0; None for any number.

    Raises:
        AmnokError: with everything that is wrong.
    """

    kinds: tuple[Consignment, ...]
    police: Police
    searches: float | None = None

    def __post_init__(self) -> None:
        inputs = Inputs()
        inputs.require(len(self.kinds) > 0, "kinds", "is empty", "name one kind at least")
        if self.searches is not None:
            searches = float(inputs.number("searches", self.searches, least=0))
            object.__setattr__(self, "searches", searches)
        inputs.done()
        object.__setattr__(self, "kinds", tuple(self.kinds))

    def solve(self) -> ConsignmentsSolution:
        """The equilibrium of several kinds of consignment under one police.

        >>> herbs = Consignment(50, 2, 0.002, 0.9, 20_000.0, 0.05, 0.3, per_day=100, name="herbs")
        >>> cloth = Consignment(50, 2, 0.003, 0.9, 20_000.0, 0.05, 4.0, per_day=100, name="cloth")
        >>> game = ConsignmentsGame((herbs, cloth), Police(0.6, 5_000.0, 20.0), searches=0.5)
        >>> found = game.solve()
        >>> [round(chance, 4) for chance in found.search], [round(share, 4) for share in found.full]
        ([0.0, 0.005], [0.0, 0.0])
        """
        kinds, police = self.kinds, self.police
        budget = self.searches if self.searches is not None else float("inf")
        used = [0.0] * len(kinds)
        price = 0.0
        for steps in _by_gain(_demand(self)):
            wanted = sum(step.more for step in steps)
            if wanted > budget:
                price = steps[0].gain
            share = min(1.0, budget / wanted) if wanted > 0.0 else 0.0
            for step in steps:
                used[step.kind] += share * step.more
            budget -= share * wanted
            if price:
                break
        search = tuple(
            min(1.0, amount / one.per_day) if one.per_day else 0.0
            for amount, one in zip(used, kinds, strict=True)
        )
        full = tuple(
            _full_checks(one, police, chance, price)
            for one, chance in zip(kinds, search, strict=True)
        )
        solution = ConsignmentsSolution(self, search, full, _earned(self, search, full), price)
        return replace(solution, certificate=self.check(solution))

    def check(self, result: ConsignmentsSolution) -> Certificate:
        """The certificate: the best answers of the police and of every sender, from the payoffs.

        Its bound is the most that any use of the searches earns, given what senders do; the
        senders' regret is that of the worst off, against every number of checks.
        """
        gains = _gains(self, result.full)
        budget = self.searches if self.searches is not None else float("inf")
        left, bound = budget, 0.0
        for gain, one in sorted(zip(gains, self.kinds, strict=True), key=lambda pair: -pair[0]):
            use = min(left, one.per_day) if gain > 0.0 else 0.0
            bound, left = bound + use * gain, left - use
        regret = 0.0
        for one, search, full in zip(self.kinds, result.search, result.full, strict=True):
            checks, found = checking_costs(one)
            cost = checks + search * self.police.find_rate * found
            regret = max(regret, float(full * cost[-1] + (1 - full) * cost[0] - cost.min()))
        spent = sum(
            one.per_day * chance for one, chance in zip(self.kinds, result.search, strict=True)
        )
        beyond = max(max(-chance, chance - 1) for chance in (*result.search, *result.full))
        value = _earned(self, result.search, result.full)
        per_day = sum(one.per_day for one in self.kinds)
        return Certificate(
            bound=bound,
            gap=max(abs(result.value - bound), abs(result.value - value)),
            residual=max(0.0, beyond, (spent - budget) / max(1.0, per_day)),
            regret_inspector=max(0.0, bound - value),
            regret_inspected=regret,
            scale=max(
                1.0,
                max(one.leak_loss for one in self.kinds),
                max(one.minute_cost * one.minutes * one.items for one in self.kinds),
                per_day * max(self.police.find_value, self.police.search_cost),
            ),
        )


@dataclass(frozen=True)
class ConsignmentsSolution:
    """The equilibrium of a game of several kinds.

    Where several kinds are worth the last search just the same, they share it in proportion to
    what they could still use; any other split would be an equilibrium too.

    Attributes:
        search: chance of a search, by kind.
        full: share of senders who check everything, by kind.
        value: what the police earn in a day (money).
        price: what one more search in a day would earn them (money); 0 if there are enough.
        certificate: from `ConsignmentsGame.check`.
    """

    game: ConsignmentsGame
    search: tuple[float, ...]
    full: tuple[float, ...]
    value: float
    price: float
    certificate: Certificate = UNCHECKED


@dataclass(frozen=True)
class _Step:
    """A step of the demand for searches: at this gain, kind number `kind` can use so many more."""

    gain: float
    kind: int
    more: float


def _wavering(one: Consignment, police: Police) -> float:
    """The chance of a search at which senders waver, or 1 if none makes them check everything."""
    enough = police.find_rate > 0.0 and one.switch() < police.find_rate
    return one.switch() / police.find_rate if enough else 1.0


def _demand(game: ConsignmentsGame) -> list[_Step]:
    """All steps at which a search is worth its cost, of kinds that set out."""
    steps = []
    for number, one in enumerate(game.kinds):
        wavering = _wavering(one, game.police)
        few, everything = (game.police.search_gain(one.leak(k)) for k in (one.few, one.items))
        steps.append(_Step(few, number, wavering * one.per_day))
        steps.append(_Step(everything, number, (1.0 - wavering) * one.per_day))
    return [step for step in steps if step.gain > 0.0 and step.more > 0.0]


def _by_gain(steps: Sequence[_Step]) -> list[list[_Step]]:
    """The steps with the highest gain first, those with the same together."""
    ordered = sorted(steps, key=lambda step: -step.gain)
    return [list(same) for _, same in groupby(ordered, key=lambda step: step.gain)]


def _full_checks(one: Consignment, police: Police, search: float, price: float) -> float:
    """Share of senders who check everything, given the chance of a search and its price."""
    if one.few == one.items:
        return 1.0
    wavering = _wavering(one, police)
    if wavering == 1.0 or search < wavering * (1 - 1e-12):
        return 0.0
    if search > wavering * (1 + 1e-12):
        return 1.0
    few, everything = (police.search_gain(one.leak(k)) for k in (one.few, one.items))
    return min(1.0, max(0.0, (few - price) / (few - everything))) if few > everything else 0.0


def _gains(game: ConsignmentsGame, full: Sequence[float]) -> list[float]:
    """What a search of each kind is worth, given who checks everything."""
    return [
        game.police.search_gain(share * one.leak(one.items) + (1 - share) * one.leak(one.few))
        for one, share in zip(game.kinds, full, strict=True)
    ]


def _earned(game: ConsignmentsGame, search: Sequence[float], full: Sequence[float]) -> float:
    """What the police earn in a day."""
    gains = _gains(game, full)
    return sum(
        one.per_day * chance * gain
        for one, chance, gain in zip(game.kinds, search, gains, strict=True)
    )


class ConsignmentsFile(WithPolice):
    """Its keys: several kinds under one police."""

    game: ClassVar[str] = "consignments"

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
                plan_table(
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

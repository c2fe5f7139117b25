"""Interdiction: with a budget, make the shortest way through a network as long as possible.

Arc e has length l_e, and d_e more if it is interdicted at cost c_e. All is seen: the other side
takes a shortest way through what is left. Maximise its length with costs of at most the budget.

The method is Benders decomposition. A master program knows some ways and picks the arcs that make
the shortest of *those* as long as possible: that is an upper bound. The shortest way through the
network with these arcs interdicted is a lower bound, and a way for the master to know. First the
fractions of arcs that the linear master picks make ways, which is cheap; then its whole numbers.

A proven bound U on the best length sharpens the constraint of a way of length L: what the
interdiction of one of its arcs brings counts for no more than U - L.

Source: Israeli and Wood 2002 (decomposition); the sharpening is the usual one of big coefficients.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field

from amnok.allocation.certificate import Certificate, Game, Inputs
from amnok.cells import counted
from amnok.games.evader import least_way
from amnok.games.files import UNPROVEN, Amount, Answer, GameFile, Seconds, plan_table
from amnok.games.highs import INFINITY, Optimum, Program
from amnok.games.network import ArcPart, Ints, Network, along, network_of, shortest_ways
from amnok.games.targets import Floats

_CLOSE = 1e-9  # relative to the length: HiGHS tells nothing closer apart
_WAYS_A_ROUND = 16
_LITTLE = 1e-3  # a linear bound that falls by less is left to whole arcs
_ROUNDING = 1e-12
_WHOLE = 1e-6  # of a bound above a whole number, that is rounding
_LONG = 1e6  # lengths beyond are not told as whole


@dataclass(frozen=True, eq=False)
class InterdictionGame(Game["InterdictionPlan"]):
    """A network, what its arcs cost to pass and to interdict, and the budget.

    Attributes:
        network: where the other side can go.
        lengths: of each arc, 0 or more, [arc].
        delays: what interdiction adds to each, 0 or more, [arc].
        budget: what all interdictions may cost, 0 or more.
        costs: of interdicting each arc, 0 or more, [arc]; 1 each if not given.

    Raises:
        AmnokError: a list has not one number for each arc, or holds what is no number of 0 or
            more, or the budget is none.
    """

    network: Network
    lengths: Floats
    delays: Floats
    budget: float
    costs: Floats | None = None

    def __post_init__(self) -> None:
        inputs, count = Inputs(), len(self.network)
        costs: ArrayLike = np.ones(count) if self.costs is None else self.costs
        for name, given in (("lengths", self.lengths), ("delays", self.delays), ("costs", costs)):
            values = inputs.vector(name, given, length=count, least=0.0, most=1e150)
            values.setflags(write=False)
            object.__setattr__(self, name, values)
        budget = float(inputs.number("budget", self.budget, least=0.0))
        object.__setattr__(self, "budget", inputs.done(budget))

    def lengths_under(self, interdicted: Ints) -> Floats:
        """Length of each arc when some are interdicted."""
        lengths = self.lengths.copy()
        lengths[interdicted] += self.delays[interdicted]
        return lengths

    @property
    def useful(self) -> Ints:
        """Arcs that interdiction delays and that the budget allows, at least alone."""
        assert self.costs is not None
        return np.flatnonzero((self.delays > 0) & (self.costs <= self.budget))

    @property
    def whole(self) -> bool:
        """True if every way has a whole length, under every plan."""
        table = np.stack((self.lengths, self.delays))
        return bool((table == np.rint(table)).all() and table.sum() < _LONG)

    def cost(self, interdicted: Ints) -> float:
        """What interdicting these arcs costs."""
        assert self.costs is not None
        return float(self.costs[interdicted].sum())

    def solve(self, seconds: float = INFINITY) -> InterdictionPlan:
        """The best plan, or the best found in time with its gap.

        Needs the extra `solve`.

        Raises:
            AmnokError: the time is no number above 0, or HiGHS is not installed.

        >>> network = Network([0, 0, 1], [1, 1, 2], 0, 2)
        >>> game = InterdictionGame(network, [1, 2, 1], [9, 9, 0.5], budget=1)
        >>> game.solve().value
        3.0
        """
        inputs = Inputs()
        if seconds != INFINITY:
            inputs.number("seconds", seconds, above=0.0)
        inputs.done()
        search = _Search(self, time.monotonic() + seconds)
        search.run()
        shortest = shortest_ways(self.network, self.lengths_under(search.best))
        value, bound = search.value, max(search.value, search.bound)
        finished = bound - value <= _CLOSE * value
        residual = max(0.0, self.cost(search.best) - self.budget) / max(1.0, self.budget)
        certificate = Certificate(bound, bound - value, residual, None, 0.0, value or 1.0)
        way = shortest.to_sink(self.network)
        return InterdictionPlan(search.best, value, way, tuple(search.ways), finished, certificate)

    def check(self, plan: InterdictionPlan, seconds: float = INFINITY) -> Certificate:
        """The certificate of a plan, made anew: cost, shortest way, and what its ways prove.

        The bound is the best length of the shortest of `plan.ways` over all plans within the
        budget, by a program of its own; it grows weaker, never wrong, if the time runs out.

        Raises:
            AmnokError: an arc is none or named twice, or a way does not lead to the sink.
        """
        inputs = Inputs()
        arcs = np.asarray(plan.interdicted, dtype=np.int64)
        within = not len(arcs) or 0 <= arcs.min() <= arcs.max() < len(self.network)
        inputs.require(within, "interdicted", "names an arc that is none")
        inputs.require(len(np.unique(arcs)) == len(arcs), "interdicted", "names an arc twice")
        self.network.check_ways(inputs, plan.ways)
        inputs.done()
        value = least_way(self.network, self.lengths_under(arcs))
        bound = max(value, _proven(self, plan.ways, seconds))
        return Certificate(
            bound=bound,
            gap=max(bound - value, abs(plan.value - value)),
            residual=max(0.0, self.cost(arcs) - self.budget) / max(1.0, self.budget),
            regret_inspected=max(0.0, float(self.lengths_under(arcs)[plan.way].sum()) - value),
            scale=value or 1.0,
        )


@dataclass(frozen=True, eq=False)
class InterdictionPlan:
    """What to interdict.

    Attributes:
        interdicted: arcs, [k].
        value: length of the shortest way then.
        way: its arcs, from the source to the sink.
        ways: ways that prove the bound: no plan makes all of them longer than it.
        finished: False if time ran out before the bound was reached; the gap says how far away.
        certificate: what proves it.
    """

    interdicted: Ints
    value: float
    way: Ints
    ways: tuple[Ints, ...]
    finished: bool
    certificate: Certificate


class _Master:
    """What arcs to interdict so that the shortest of the known ways is as long as possible.

    Lengths are in units of the bound that it was made with, or as they are if all are whole, which
    HiGHS is told. Columns are the arcs worth interdicting and, last, the length.
    """

    def __init__(self, game: InterdictionGame, bound: float, ways: Iterable[Ints]) -> None:
        assert game.costs is not None
        self.game, self.bound = game, bound
        self.unit = 1.0 if game.whole else bound
        # A way through an arc is at least so long: beyond the bound nothing counts.
        spare = np.maximum(0.0, bound - _through(game))
        self.delays = np.where(game.costs <= game.budget, np.minimum(game.delays, spare), 0.0)
        self.useful = np.flatnonzero(self.delays > 0)
        self._column = np.full(len(game.network), -1)
        self._column[self.useful] = np.arange(len(self.useful))
        gains = np.append(np.zeros(len(self.useful)), 1.0)
        self.program = Program(gains, 0.0, np.where(gains > 0, bound / self.unit, 1.0))
        costs = game.costs[self.useful]
        largest = float(costs.max(initial=0.0)) or 1.0
        columns = np.arange(len(self.useful))
        self.program.row(-INFINITY, game.budget / largest, columns, costs / largest)
        for way in ways:
            self.tell(way)

    def tell(self, way: Ints) -> None:
        """The length is at most that of this way: length - sum of sharpened delays <= L."""
        length = float(self.game.lengths[way].sum())
        if length >= self.bound:
            return
        arcs = way[self._column[way] >= 0]
        delays = np.minimum(self.delays[arcs], self.bound - length)
        columns = np.append(self._column[arcs], len(self.useful))
        factors = np.append(-delays / self.unit, 1.0)
        self.program.row(-INFINITY, length / self.unit, columns, factors)

    def whole(self, at_least: float) -> None:
        """From now on arcs are interdicted or not, and plans worse than this do not count."""
        last = len(self.useful)
        self.program.demand_whole(np.arange(last + self.game.whole))
        self.program.limits(last, at_least / self.unit * (1 - _CLOSE), self.bound / self.unit)

    def shares(self, answer: Optimum) -> Floats:
        """How far each arc of the network is interdicted."""
        result = np.zeros(len(self.game.network))
        result[self.useful] = np.clip(answer.values[:-1], 0.0, 1.0)
        return result


def _through(game: InterdictionGame) -> Floats:
    """Length of the shortest way through each arc with nothing interdicted, [arc]."""
    network = game.network
    back = Network(network.heads, network.tails, network.sink, network.source)
    there, home = shortest_ways(network, game.lengths), shortest_ways(back, game.lengths)
    through = there.distances[network.tails] + game.lengths + home.distances[network.heads]
    return np.asarray(through)


class _Search:
    """The ways that are known, the best plan and the bound so far."""

    def __init__(self, game: InterdictionGame, deadline: float) -> None:
        self.game, self._deadline = game, deadline
        self.best = np.zeros(0, dtype=np.int64)
        self.value = shortest_ways(game.network, game.lengths).length
        # Everything interdicted at once, whatever it costs.
        self.bound = shortest_ways(game.network, game.lengths_under(game.useful)).length
        self.ways: list[Ints] = []
        self._known: set[bytes] = set()

    def run(self) -> None:
        """Close the gap, or run out of time."""
        self._try(self.game.useful)
        self._learn(np.zeros(len(self.game.network)), self.game.delays, self.bound)
        self._with_fractions()
        self._with_whole_arcs()

    def _open(self) -> bool:
        gap = self.bound - self.value
        return gap > _CLOSE * self.value and time.monotonic() < self._deadline

    def _lower(self, bound: float) -> None:
        """A bound has been proven."""
        if self.game.whole and math.isfinite(bound):
            bound = math.floor(bound + _WHOLE)
        self.bound = max(self.value, min(self.bound, bound))

    def _with_fractions(self) -> None:
        """Learn ways from the linear master until the bound falls little more."""
        before = INFINITY
        while self._open() and self.bound < before * (1 - _LITTLE):
            # A lower bound sharpens every row, and that lowers the bound again.
            before = self.bound
            master = _Master(self.game, self.bound, self.ways)
            while self._open():
                answer = master.program.solve(self._deadline - time.monotonic())
                if answer is None or not answer.optimal:
                    return
                reached = answer.objective * master.unit
                self._lower(reached * (1 + _CLOSE))
                shares = master.shares(answer)
                self._try(self._rounded(shares))
                new = self._learn(shares, master.delays, reached * (1 - _LITTLE))
                if not new:
                    break
                for way in new:
                    master.tell(way)

    def _with_whole_arcs(self) -> None:
        """Learn ways from the master's own plans until one of them is as good as it thinks."""
        while self._open():
            master = _Master(self.game, self.bound, self.ways)
            # Among whole lengths, only the next can be better.
            master.whole(self.value + 1.0 if self.game.whole else self.value)
            answer = master.program.solve(self._deadline - time.monotonic())
            if answer is None:
                self.bound = self.value  # nothing is better than the best plan so far
                return
            if not len(answer.values):
                self._lower(answer.bound * master.unit)
                return
            picked = np.flatnonzero(master.shares(answer) > 0.5)
            thought = self._thought(picked)
            self._lower(thought if answer.optimal else answer.bound * master.unit)
            self._try(picked)
            shares = np.zeros(len(self.game.network))
            shares[picked] = 1.0
            if not self._learn(shares, self.game.delays, thought * (1 - _CLOSE)):
                return

    def _thought(self, picked: Ints) -> float:
        """The shortest of the known ways under a plan."""
        lengths = self.game.lengths_under(picked)
        return min(self.bound, *(float(lengths[way].sum()) for way in self.ways))

    def _try(self, interdicted: Ints) -> None:
        """Keep a plan if it is the best so far and the budget allows it."""
        if self.game.cost(interdicted) > self.game.budget * (1 + _ROUNDING):
            return
        value = shortest_ways(self.game.network, self.game.lengths_under(interdicted)).length
        if value > self.value:
            self.best, self.value = interdicted, value

    def _rounded(self, shares: Floats) -> Ints:
        """As many arcs as the budget allows, those with the largest shares first."""
        assert self.game.costs is not None
        order = np.argsort(-shares, kind="stable")[: np.count_nonzero(shares)]
        within = np.cumsum(self.game.costs[order]) <= self.game.budget
        return np.sort(order[within])

    def _learn(self, shares: Floats, delays: Floats, below: float) -> list[Ints]:
        """New ways that are shorter than `below` under these shares of delays.

        After the shortest way its arcs count as interdicted, so that the next one goes elsewhere.
        """
        lengths, new = self.game.lengths + shares * delays, []
        for _ in range(_WAYS_A_ROUND):
            found = shortest_ways(self.game.network, lengths)
            if found.length > below:
                break
            way = found.to_sink(self.game.network)
            if way.tobytes() not in self._known:
                self._known.add(way.tobytes())
                new.append(way)
            after = self.game.lengths[way] + delays[way]
            if np.array_equal(lengths[way], after):
                break
            lengths[way] = after
        self.ways += new
        return new


def _proven(game: InterdictionGame, ways: tuple[Ints, ...], seconds: float) -> float:
    """No plan makes all of these ways longer than this."""
    most = least_way(game.network, game.lengths_under(game.useful))
    if most == 0.0:
        return 0.0
    master = _Master(game, most, ways)
    master.whole(0.0)
    answer = master.program.solve(seconds)
    if answer is None or not answer.optimal:
        return most if answer is None else min(most, answer.bound * master.unit)
    lengths = game.lengths_under(np.flatnonzero(master.shares(answer) > 0.5))
    return min([most, *(float(lengths[way].sum()) for way in ways)])


class DelayArc(ArcPart):
    """An arc: its length, what interdiction adds, and what that costs."""

    length: Amount
    delay: Amount
    cost: Amount = 1.0


class ShortestPathFile(GameFile):
    """Its keys; after `seconds`, the best plan so far is given."""

    game: ClassVar[str] = "interdiction-shortest-path"

    source: str
    sink: str
    budget: Amount
    seconds: Seconds | None = None
    arcs: Annotated[list[DelayArc], Field(min_length=1)]

    def answer(self, exact: bool) -> Answer:
        arcs, network = self.arcs, network_of(self.arcs, self.source, self.sink)
        game = InterdictionGame(
            network,
            np.array([arc.length for arc in arcs]),
            np.array([arc.delay for arc in arcs]),
            self.budget,
            np.array([arc.cost for arc in arcs]),
        )
        plan = game.solve(self.seconds or np.inf)
        rows = tuple(
            (arcs[place].name, arcs[place].cost, arcs[place].delay) for place in plan.interdicted
        )
        notes = [f"The shortest way then: {along(arcs, plan.way)}."]
        if not plan.finished:
            notes.append(UNPROVEN)
        return Answer(
            f"Shortest-path interdiction: {counted(len(arcs), 'arc')}, budget {self.budget:g}",
            {"length of the shortest way": plan.value, "spent": game.cost(plan.interdicted)},
            (plan_table("What to interdict", ("arc", "cost", "delay"), rows),),
            plan.certificate,
            tuple(notes),
        )

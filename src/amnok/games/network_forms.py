"""Game files of interdiction on networks: what may stand in them, and their answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np
from pydantic import Field

from amnok.errors import AmnokError, Fault
from amnok.games.evader import EvaderGame
from amnok.games.gamefile import Answer, GameFile, PlanTable
from amnok.games.interdiction import InterdictionGame
from amnok.games.network import Ints, Network
from amnok.quantity import Part
from amnok.scenario.consistency import nearest

_MOST_ROWS = 200  # that a table shows

NotNegative = Annotated[float, Field(ge=0)]
Chance = Annotated[float, Field(ge=0, le=1)]


class ArcPart(Part):
    """An arc between two places; where both ways are open, it takes two."""

    tail: str
    head: str

    @property
    def name(self) -> str:
        """The arc in words."""
        return f"{self.tail} > {self.head}"


def _network(arcs: list[ArcPart], source: str, sink: str) -> Network:
    """The network of a file; its places are numbered in the order in which arcs name them."""
    places = list(dict.fromkeys(place for arc in arcs for place in (arc.tail, arc.head)))
    faults = [
        Fault(f"no arc leads {where} '{name}'", nearest(name, places), path=path)
        for path, name, where in (("source", source, "from"), ("sink", sink, "to"))
        if name not in places
    ]
    if faults:
        raise AmnokError(faults)
    number = {name: place for place, name in enumerate(places)}
    try:
        return Network(
            np.array([number[arc.tail] for arc in arcs]),
            np.array([number[arc.head] for arc in arcs]),
            number[source],
            number[sink],
        )
    except AmnokError as error:
        spoken = f"no way leads from {source} to {sink}"
        raise AmnokError(
            replace(fault, problem=spoken if "no way" in fault.problem else fault.problem)
            for fault in error.faults
        ) from None


def _along(network: Network, arcs: list[ArcPart], way: Ints) -> str:
    return " > ".join([arcs[way[0]].tail, *(arcs[place].head for place in way)])


class EvaderArc(ArcPart):
    """An arc, and the chance of a catch where the inspector waits."""

    detection: Chance


class EvaderFile(GameFile):
    """`game: interdiction-evader`."""

    source: str
    sink: str
    arcs: Annotated[list[EvaderArc], Field(min_length=1)]

    def answer(self, exact: bool) -> Answer:
        arcs: list[ArcPart] = list(self.arcs)
        network = _network(arcs, self.source, self.sink)
        plan = EvaderGame(network, np.array([arc.detection for arc in self.arcs])).solve()
        waits = [
            (arc.name, float(chance))
            for arc, chance in zip(arcs, plan.inspect, strict=True)
            if chance > 0
        ]
        order = np.argsort(-plan.take, kind="stable")
        ways = [(_along(network, arcs, plan.ways[k]), float(plan.take[k])) for k in order]
        notes = []
        if plan.value == 0.0:
            notes.append("A way past all inspections is open: wherever the inspector waits.")
        if max(len(waits), len(ways)) > _MOST_ROWS:
            notes.append(f"Of each table, the first {_MOST_ROWS} rows.")
        waits, ways = waits[:_MOST_ROWS], ways[:_MOST_ROWS]
        return Answer(
            f"Evader past one inspector: {len(arcs):,} arcs",
            {"chance of a catch": plan.value},
            (
                PlanTable("Where the inspector waits", ("arc", "chance"), tuple(waits)),
                PlanTable("Which way the evader takes", ("way", "chance"), tuple(ways)),
            ),
            plan.certificate,
            tuple(notes),
        )


class DelayArc(ArcPart):
    """An arc: its length, what interdiction adds, and what that costs."""

    length: NotNegative
    delay: NotNegative
    cost: NotNegative = 1.0


class ShortestPathFile(GameFile):
    """`game: interdiction-shortest-path`; after `seconds`, the best plan so far is given."""

    source: str
    sink: str
    budget: NotNegative
    seconds: Annotated[float, Field(gt=0)] | None = None
    arcs: Annotated[list[DelayArc], Field(min_length=1)]

    def answer(self, exact: bool) -> Answer:
        arcs: list[ArcPart] = list(self.arcs)
        network = _network(arcs, self.source, self.sink)
        game = InterdictionGame(
            network,
            np.array([arc.length for arc in self.arcs]),
            np.array([arc.delay for arc in self.arcs]),
            self.budget,
            np.array([arc.cost for arc in self.arcs]),
        )
        plan = game.solve(self.seconds or np.inf)
        rows = tuple(
            (arcs[place].name, self.arcs[place].cost, self.arcs[place].delay)
            for place in plan.interdicted
        )
        notes = [f"The shortest way then: {_along(network, arcs, plan.way)}."]
        if not plan.finished:
            notes.append("Time ran out: the best plan so far; the gap says how far off it can be.")
        return Answer(
            f"Shortest-path interdiction: {len(arcs):,} arcs, budget {self.budget:g}",
            {"length of the shortest way": plan.value, "spent": game.cost(plan.interdicted)},
            (PlanTable("What to interdict", ("arc", "cost", "delay"), rows),),
            plan.certificate,
            tuple(notes),
        )

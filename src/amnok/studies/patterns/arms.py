"""Replicates measured: each is simulated in the arms that patterns compare, and let go again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from amnok.draws import replicate_key
from amnok.engine import simulate
from amnok.mechanisms.form import Values
from amnok.results.measuring import evaluate
from amnok.results.measuring.sources import BookSource
from amnok.results.threads import days_of
from amnok.scenario import Scenario
from amnok.scenario.ablations import CONTRASTS
from amnok.scenario.measures.plan import AS_IS
from amnok.scenario.overrides import with_values
from amnok.studies.patterns.patterns import Patterns, patterns_of


@dataclass(frozen=True)
class SimulatedArms:
    """What is simulated for one replicate.

    Attributes:
        patterns: of the scenario as given, whatever mechanism is switched off in the arms: it says
            which goods are quick to check, which routes are watched, and who is small.
        as_is: what is simulated, perhaps without a mechanism.
        without: the same without another, by its name.
    """

    patterns: Patterns
    as_is: Scenario
    without: Mapping[str, Scenario]

    @property
    def days(self) -> int:
        """Days that one replicate simulates in all arms that differ."""
        different = 1 + sum(one != self.as_is for one in self.without.values())
        return different * days_of(self.as_is)


_OFF = {one.name: one.off for one in CONTRASTS}


def arms(
    scenario: Scenario, off: Values | None = None, patterns: Patterns | None = None
) -> SimulatedArms:
    """The arms of a scenario, with a mechanism switched off in all of them if one is given."""
    as_is = with_values(scenario, off or {})
    chosen = patterns_of(scenario) if patterns is None else patterns
    return SimulatedArms(
        patterns=chosen,
        as_is=as_is,
        without={name: with_values(as_is, _OFF[name](as_is)) for name in chosen.arms},
    )


def measured(
    chosen: SimulatedArms, seed: int, number: int, on_days: Callable[[int], bool] | None = None
) -> dict[str, float]:
    """Every measure that the border has of one replicate, by name; arms share people and draws."""

    def run(scenario: Scenario) -> BookSource:
        outcome = simulate(scenario, seed, number, on_days=on_days)
        return BookSource(outcome, scenario, replicate_key(seed, number))

    as_is = run(chosen.as_is)
    beside = {
        name: as_is if scenario == chosen.as_is else run(scenario)
        for name, scenario in chosen.without.items()
    }
    found = evaluate.Arms(chosen.patterns.frame.space, {AS_IS: as_is, **beside})
    measures = chosen.patterns.measures.values()
    return {one.name: float(found.value(one.compiled.plan)) for one in measures}

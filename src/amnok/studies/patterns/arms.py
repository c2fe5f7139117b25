"""Replicates measured: each is simulated in the arms that patterns compare, and let go again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from amnok.engine import simulate
from amnok.mechanisms.form import Values, orders_off
from amnok.mechanisms.guards import no_liability
from amnok.results.ledgers import dataset
from amnok.results.threads import days_of
from amnok.scenario import Scenario
from amnok.scenario.overrides import with_values
from amnok.studies.patterns.case import Case, Replicate
from amnok.studies.patterns.patterns import measures_of
from amnok.studies.patterns.windows import STOP, Windows, windows


@dataclass(frozen=True)
class Arms:
    """What is simulated for one replicate; a `Case` is made of it.

    Attributes:
        scenario: what windows and goods refer to.
        windows: its stretches of days.
        as_is: what is simulated, perhaps without a mechanism.
        without: the same without something, by the names of `Case.without`.
    """

    scenario: Scenario
    windows: Windows
    as_is: Scenario
    without: Mapping[str, Scenario]

    @property
    def days(self) -> int:
        """Days that one replicate simulates in all arms that differ."""
        different = 1 + sum(one != self.as_is for one in self.without.values())
        return different * days_of(self.scenario)


_WITHOUT: dict[str, Callable[[Scenario], Values]] = {
    "crackdown": lambda scenario: orders_off(scenario, STOP),
    "cameras": lambda scenario: orders_off(scenario, {"cameras"}),
    "liability": no_liability,
}


def arms(scenario: Scenario, off: Values | None = None) -> Arms:
    """The arms of a scenario, with a mechanism switched off in all of them if one is given."""
    as_is = with_values(scenario, off or {})
    return Arms(
        scenario=scenario,
        windows=windows(scenario),
        as_is=as_is,
        without={name: with_values(as_is, off(as_is)) for name, off in _WITHOUT.items()},
    )


def measured(
    chosen: Arms, seed: int, number: int, on_days: Callable[[int], bool] | None = None
) -> dict[str, float]:
    """Every measure that the border has of one replicate, by name; arms share people and draws."""

    def run(scenario: Scenario) -> Replicate:
        outcome = simulate(scenario, seed, number, on_days=on_days)
        return Replicate(dataset(outcome, scenario, seed))

    as_is = run(chosen.as_is)

    def beside(scenario: Scenario) -> Replicate:
        return as_is if scenario == chosen.as_is else run(scenario)

    without = {name: beside(scenario) for name, scenario in chosen.without.items()}
    case = Case(chosen.scenario, chosen.windows, as_is, without)
    return {name: measure.of(case) for name, measure in measures_of(chosen.scenario).items()}

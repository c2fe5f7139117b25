"""The worlds of a bank: each draw under a policy and in a variant of the border's structure."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amnok.draws import replicate_key
from amnok.engine import Outcome
from amnok.errors import AmnokError, Fault, nearest
from amnok.results.observations import is_level
from amnok.scenario import Scenario
from amnok.scenario.ablations import CONTRASTS
from amnok.scenario.dump import written
from amnok.scenario.loading import Given, load_text
from amnok.scenario.measures.plan import BASE
from amnok.scenario.overrides import Sets, with_values
from amnok.scenario.policies import Policy, under
from amnok.studies.inference.claims import claims_told, measured
from amnok.studies.inference.kept import Layout
from amnok.studies.patterns.patterns import Patterns
from amnok.studies.sweeps.design import Point, Value
from amnok.studies.sweeps.work import Task, left_open

Array = NDArray[np.float64]
Worlds = Mapping[tuple[str, int], Scenario]  # by policy and number of the variant
VARIANT = "variant"
_COUNTED = ("traders.inner", "traders.outer", "quota.arrests")  # numbers of people


@dataclass(frozen=True)
class BankTask(Task):
    """One run of each point, with people and draws of its own, counted by week.

    Attributes:
        scale: of the numbers of people, of which counts are a share.
        worlds: as `worlds_of` has them.
    """

    scale: float = 1.0
    worlds: Worlds = field(default_factory=dict)

    def scenario(self, point: Point) -> Scenario:
        drawn = dict(point.values)
        variant = drawn.pop(VARIANT, 0.0)
        assert not isinstance(variant, dt.date)
        world = self.worlds[point.policy, int(variant)]
        values = left_open(drawn, self.base, world)
        return with_values(world, {**values, **self._scaled(values, world)})

    def _scaled(self, values: Mapping[str, Value], world: Scenario) -> dict[str, Value]:
        """The numbers of people of a world, scaled."""
        if self.scale == 1.0:
            return {}
        found = dict[str, Value]()
        for path, one in world.parameters():
            if path in _COUNTED:
                number = values.get(path, one.number)
                assert not isinstance(number, dt.date)
                found[path] = number * self.scale
        return found

    @cached_property
    def _told(self) -> Patterns:
        return claims_told(self.base)

    def columns(self) -> list[tuple[str, str]]:
        return columns_of(Layout(self.base), self._told)

    def numbers(self, point: Point) -> Sequence[int]:
        # Points that differ in their policy alone share people and draws.
        told = repr(sorted((path, str(value)) for path, value in point.values.items()))
        return [zlib.crc32(told.encode()) & 0x7FFFFFFF]

    def counted(self, outcome: Outcome, scenario: Scenario) -> Array:
        layout = Layout(scenario)
        found = layout.of(outcome, self.seed)
        for at, (series, _) in enumerate(layout.seen):
            if not is_level(series):
                found[at] /= self.scale
        found[len(layout.seen) :] /= self.scale
        key = replicate_key(self.seed, outcome.replicate)
        told = measured(self._told, outcome, scenario, key, self.scale)
        return np.concatenate([found.ravel(), told])


def columns_of(layout: Layout, told: Patterns) -> list[tuple[str, str]]:
    """Name and labels of every number that a bank keeps of a run, in order."""
    return layout.columns() + [("claim", name) for name in told.measures]


def worlds_of(
    base: Scenario, policies: Mapping[str, Scenario], variants: Mapping[str, Scenario]
) -> Worlds:
    """The border under each policy in each variant; as it is, it is `base` and 0.

    Raises:
        AmnokError: with every variant of which a bank cannot keep what it keeps of the border.
    """
    structures = {BASE: base, **variants}
    arms = {BASE: base, **policies}
    layout, faults = Layout(base), []
    for word, worlds in (("policy", policies), ("variant", variants)):
        for name, one in worlds.items():
            if Layout(one).columns() != layout.columns():
                problem = f"the {word} {name} has other series, places, sizes or days"
                faults.append(Fault(problem, "a bank needs the same ones"))
    if faults:
        raise AmnokError(faults)
    return {
        (policy, number): _both(base, under, variant)
        for policy, under in arms.items()
        for number, variant in enumerate(structures.values())
    }


def variants_named(
    scenario: Given, base: Scenario, sets: Sets, known: Mapping[str, Policy], names: Sequence[str]
) -> dict[str, Scenario]:
    """The variants of some names: policies, and mechanisms switched off.

    Args:
        scenario: as for `load`.
        base: the same, loaded.
        sets: overrides of all of them.
        known: the policies there are.
        names: of the variants.

    Raises:
        AmnokError: with every name that is neither, or that changes nothing.
    """
    contrasts, faults = {one.name: one for one in CONTRASTS}, []
    policies = [known[name] for name in dict.fromkeys(names) if name in known]
    found = under(scenario, sets, policies)[1]
    for name in dict.fromkeys(names):
        if name in found:
            continue
        if name not in contrasts:
            faults.append(Fault(f"no variant '{name}'", nearest(name, [*known, *contrasts])))
            continue
        found[name] = with_values(base, contrasts[name].off(base))
        if found[name] == base:
            faults.append(Fault(f"without {name} the border is as it is", "leave it out"))
    if faults:
        raise AmnokError(faults)
    return {name: found[name] for name in dict.fromkeys(names)}


def _both(base: Scenario, under: Scenario, variant: Scenario) -> Scenario:
    """A policy in a variant; what both change is as the variant has it."""
    if variant is base:
        return under
    if under is base:
        return variant
    data = _merged(*(one.model_dump(by_alias=True) for one in (base, under, variant)))
    return load_text(written(data), base.name)


def _merged(base: Any, one: Any, other: Any) -> Any:
    """Plain data with the changes of two versions; where both change the same, the other's."""
    if other == base:
        return one
    if one == base or not all(isinstance(data, dict) for data in (base, one, other)):
        return other
    keys = dict.fromkeys((*one, *other))
    found = {key: _merged(*(data.get(key, _GONE) for data in (base, one, other))) for key in keys}
    return {key: value for key, value in found.items() if value is not _GONE}


_GONE = object()

"""Designs: which points of the space of parameters and policies a sweep simulates."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from amnok.arguments import day, finite
from amnok.errors import AmnokError, Fault, nearest
from amnok.quantity import Parameter
from amnok.scenario import Scenario
from amnok.scenario.measures.plan import BASE
from amnok.scenario.table import date, number, read_table
from amnok.studies.prior_draws import latin

POLICY = "policy"
Value = float | dt.date


@dataclass(frozen=True)
class Point:
    """One point: a policy (`base` for none) and values of parameters, by path."""

    policy: str = BASE
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class SobolDesign:
    """Points in blocks of `draws`: A, B, and A with the columns of each set from B."""

    points: list[Point]
    sets: tuple[str, ...]
    draws: int


def grid(values: Mapping[str, Sequence[Value]], policies: Sequence[str] = (BASE,)) -> list[Point]:
    """Every combination of policies and values, the last parameter fastest.

    >>> [dict(point.values) for point in grid({"quota.arrests": (0.0, 3.0)})]
    [{'quota.arrests': 0.0}, {'quota.arrests': 3.0}]
    """
    return [
        Point(policy, dict(zip(values, chosen, strict=True)))
        for policy in policies
        for chosen in itertools.product(*values.values())
    ]


def latin_hypercube(
    scenario: Scenario,
    paths: Sequence[str],
    draws: int,
    seed: int,
    policies: Sequence[str] = (BASE,),
) -> list[Point]:
    """Draws from the priors of some parameters, each draw under each policy.

    Latin hypercube (McKay, Beckman & Conover 1979). Needs the extra `sensitivity`.
    """
    check_paths(scenario, paths)
    return at_places(scenario, paths, latin(paths, draws, seed).places, policies)


def sobol(
    scenario: Scenario, sets: Mapping[str, Sequence[str]], draws: int, seed: int
) -> SobolDesign:
    """The design that Sobol indices of sets of parameters are estimated from.

    Two independent matrices A and B of places within the priors (scrambled Sobol points), and for
    each set A with its columns from B (Saltelli et al. 2010): `draws * (2 + sets)` points. A set of
    one parameter gives that parameter's indices; sets may overlap, as those of claims do.

    Args:
        scenario: whose priors.
        sets: paths by the name of their set.
        draws: rows of A, a power of two.
        seed: of the points.

    Raises:
        AmnokError: a path is not a parameter, or draws is no power of two.
    """
    from scipy.stats import qmc

    paths = list(dict.fromkeys(path for members in sets.values() for path in members))
    check_paths(scenario, paths)
    if draws < 1 or draws & (draws - 1):
        problem = f"a Sobol design of {draws} draws is not balanced"
        raise AmnokError([Fault(problem, "a power of two, such as 256")])
    both = qmc.Sobol(d=2 * len(paths), rng=np.random.default_rng(seed)).random(draws)
    a, b = both[:, : len(paths)], both[:, len(paths) :]
    blocks = [a, b]
    for members in sets.values():
        mixed = a.copy()
        chosen = [paths.index(path) for path in members]
        mixed[:, chosen] = b[:, chosen]
        blocks.append(mixed)
    points = at_places(scenario, paths, np.concatenate(blocks), (BASE,))
    return SobolDesign(points, tuple(sets), draws)


def by_claim(scenario: Scenario) -> dict[str, list[str]]:
    """For each claim, the parameters that stand on it; dates and all."""
    sets: dict[str, list[str]] = {}
    for path, parameter in scenario.parameters():
        for source in parameter.sources:
            if source in scenario.claims:
                sets.setdefault(source, []).append(path)
    return dict(sorted(sets.items()))


def at_places(
    scenario: Scenario, paths: Sequence[str], places: Any, policies: Sequence[str]
) -> list[Point]:
    """Points at places within priors, [draw, parameter], each under each policy."""
    from amnok.scenario.priors import values_at

    inside = np.clip(np.asarray(places), 1e-9, 1 - 1e-9)
    drawn = [values_at(scenario, dict(zip(paths, row.tolist(), strict=True))) for row in inside]
    return [Point(policy, values) for values in drawn for policy in policies]


def from_csv(scenario: Scenario, file: Path, policies: Sequence[str] = (BASE,)) -> list[Point]:
    """Points in a file: a column for each parameter, and `policy` if they have one each.

    Args:
        scenario: whose parameters.
        file: with a line of paths, then a point a line (`scenario.table`).
        policies: those that a point may name; without a column `policy`, each point is under all.

    Raises:
        AmnokError: with every column that is not a parameter and every value that cannot be read.
    """
    table = read_table(file, "point")
    paths = [name for name in table.columns if name != POLICY]
    columns: dict[str, Sequence[Any]] = {}
    known = dict(scenario.parameters())
    for path in dict.fromkeys(paths):
        if path in known:
            columns[path] = table.values(path, partial(value_of, known[path]))
        elif path:
            table.fault("is not a parameter", nearest(path, known), path)
    if not paths:
        table.fault("no parameter is named", "`amnok check` lists their paths")
    named = None
    if POLICY in table.columns:
        named = table.values(POLICY, partial(_policy, policies=policies))
    table.check()
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if named is not None:
        return [Point(policy or BASE, row) for policy, row in zip(named, rows, strict=True)]
    return [Point(policy, row) for row in rows for policy in policies]


def value_of(parameter: Parameter, text: str) -> Value:
    """What a text means as the value of a parameter: a number, or a day where it is one.

    Raises:
        ValueError: with what is wrong, and what would be right.
    """
    return date(text) if isinstance(parameter.value, dt.date) else number(text)


def of_values(scenario: Scenario, points: Sequence[Point]) -> list[Point]:
    """Points whose values are numbers and days of Python.

    Raises:
        AmnokError: with every value that is neither.
    """
    known = dict(scenario.parameters())
    faults: list[Fault] = []
    read: list[Point] = []
    for point in points:
        values = dict(point.values)
        for path in values:
            try:
                if path in known:
                    values[path] = _value(path, known[path], values[path])
            except AmnokError as error:
                faults += error.faults
        read.append(Point(point.policy, values))
    if faults:
        raise AmnokError(faults)
    return read


def _value(path: str, parameter: Parameter, given: Any) -> Value:
    if isinstance(given, str):
        try:
            return value_of(parameter, given)
        except ValueError as error:
            problem, fix = error.args
            raise AmnokError(Fault(problem, fix, path)) from None
    return day(given) if isinstance(parameter.value, dt.date) else finite(path, given)


def _policy(text: str, policies: Sequence[str]) -> str:
    if text and text not in policies:
        others = [name for name in policies if name != BASE]
        fix = nearest(text, policies) if others else f"name it with --policy {text}"
        raise ValueError(f"no policy '{text}'", fix)
    return text or BASE


def check_paths(scenario: Scenario, paths: Sequence[str], file: str = "") -> None:
    """Refuse what is not a parameter, or is named twice."""
    known = [path for path, _ in scenario.parameters()]
    faults = [
        Fault("is not a parameter", nearest(path, known), path=path, file=file)
        for path in paths
        if path not in known
    ]
    faults += [
        Fault("is named twice", path=path, file=file)
        for path in dict.fromkeys(paths)
        if list(paths).count(path) > 1
    ]
    if not paths:
        faults.append(Fault("no parameter is named", "`amnok check` lists their paths", file=file))
    if faults:
        raise AmnokError(faults)

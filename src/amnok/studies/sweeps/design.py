"""Designs: which points of the space of parameters and policies a sweep simulates."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from amnok.errors import AmnokError, Fault
from amnok.scenario import Scenario
from amnok.scenario.consistency import nearest
from amnok.scenario.document import scalar

BASE = "base"
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
    from scipy.stats import qmc

    check_paths(scenario, paths)
    places = qmc.LatinHypercube(d=len(paths), rng=np.random.default_rng(seed)).random(draws)
    return at_places(scenario, paths, places, policies)


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


def from_csv(scenario: Scenario, file: Path) -> list[Point]:
    """Points in a file: a column for each parameter, and `policy` if there are policies.

    Raises:
        AmnokError: with every column that is not a parameter and every value that cannot be read.
    """
    try:
        with file.open(newline="", encoding="utf-8") as opened:
            rows = list(csv.reader(opened))
    except (OSError, UnicodeDecodeError) as error:
        raise AmnokError([Fault(f"cannot be read: {error}", file=str(file))]) from None
    if len(rows) < 2:
        raise AmnokError([Fault("holds no point", "a line of paths, then points", file=str(file))])
    head, *rest = rows
    check_paths(scenario, [name for name in head if name != POLICY], str(file))
    faults, points = [], []
    for line, row in enumerate(rest, start=2):
        values = [scalar(text) for text in row]
        wrong = [
            name
            for name, value in zip(head, values, strict=False)
            if name != POLICY and not isinstance(value, float | int | dt.date)
        ]
        if len(row) != len(head) or wrong:
            problem = (
                f"has no number for {', '.join(wrong)}"
                if wrong
                else (f"has {len(row)} entries, not {len(head)}")
            )
            faults.append(Fault(problem, file=str(file), line=line))
            continue
        named = dict(zip(head, values, strict=True))
        policy = str(named.pop(POLICY, BASE) or BASE)
        points.append(Point(policy, named))  # type: ignore[arg-type]
    if faults:
        raise AmnokError(faults[:20])
    return points


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

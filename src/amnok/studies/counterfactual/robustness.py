"""Under how much of the prior does an effect point the way it does?

Every number that stands in no source is drawn from its prior, but for dates and for what the events
themselves set; each draw is simulated with each event and without it. What comes of it is kept in
one file, which is shipped with the built-in borders and says what border it is of.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amnok.arguments import verb
from amnok.disk import content_of, folder_path, read_or_told, write_file
from amnok.draws import replicate_key
from amnok.engine import simulate
from amnok.errors import AmnokError, Fault, FolderError
from amnok.progress import Progress
from amnok.results import outcomes as of_run
from amnok.results.manifest import Kind, to_json
from amnok.results.threads import Days, days_of
from amnok.scenario import Scenario
from amnok.scenario.dump import acting_digest
from amnok.scenario.kept import once
from amnok.scenario.loading import shipped
from amnok.scenario.overrides import with_values
from amnok.studies.counterfactual.events import (
    Event,
    chosen,
    days_of_stories,
    first_months,
    foremost,
)
from amnok.studies.prior_draws import latin, over_draws
from amnok.studies.worlds import Span, positions

DRAWS = 60
FILE = "robustness.json.gz"
STUDY = Kind(
    "study of effects", "a study of effects", "amnok effects --robust", "repeat the command"
)
_TOLD_BY = ("side", "size")
_DIGITS = 5
_FORMAT = 1
_LARGEST = 1 << 28  # bytes of a study, unpacked
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Robustness:
    """Effects under draws from the prior.

    Attributes:
        scenario: name of the border.
        digest: of all that its effects depend on, from `acting_digest`.
        amnok: version that simulated it.
        seed: of the draws.
        draws: how many.
        parameters: how many were drawn.
        labels: along the dimensions that outcomes are told by.
        values: by event, days and outcome: its dimensions, and [draw, world, ...], `without` first;
            NaN where the draw has no such event.
    """

    scenario: str
    digest: str
    amnok: str
    seed: int
    draws: int
    parameters: int
    labels: Mapping[str, Sequence[str]]
    values: Mapping[str, Mapping[Span, Mapping[str, tuple[tuple[str, ...], Array]]]]

    def of(self, event: str, days: Span, outcome: str, **where: str) -> Array | None:
        """An outcome without and with an event, [draw, world]; None if that was not kept.

        Args:
            event: by name.
            days: first and last that count.
            outcome: a name.
            where: labels by dimension; summed over the others.
        """
        known = self.values.get(event, {}).get(days, {})
        if outcome not in known:
            return None
        dims, table = known[outcome]
        if not set(where) <= set(dims):
            return None
        at = tuple(
            self.labels[dim].index(where[dim]) if dim in where else slice(None) for dim in dims
        )
        found = table[(slice(None), slice(None), *at)]
        whole: Array = found.reshape(*found.shape[:2], -1).sum(axis=2)
        return whole[np.isfinite(whole).all(axis=1)]

    def write(self, file: Path) -> None:
        """Write it, whole or not at all.

        Raises:
            FolderError: it cannot be written.
        """
        about = {
            name: getattr(self, name)
            for name in ("scenario", "digest", "amnok", "seed", "draws", "parameters", "labels")
        }
        kept = [
            {
                "event": event,
                "from": days[0].isoformat(),
                "to": days[1].isoformat(),
                "outcomes": {
                    name: {"by": list(dims), "values": _rounded(table.ravel())}
                    for name, (dims, table) in tables.items()
                },
            }
            for event, windows in self.values.items()
            for days, tables in windows.items()
        ]
        content = to_json({"format": _FORMAT, **about, "kept": kept})
        write_file(file, gzip.compress(content, mtime=0))


def read(file: Path) -> Robustness:
    """What `Robustness.write` wrote.

    Raises:
        FolderError: it cannot be read, or is something else.
    """
    with read_or_told(file):
        raw = content_of(file)
    try:
        data = json.loads(_unpacked(raw))
        if data["format"] != _FORMAT:
            raise ValueError
        labels, draws = data["labels"], int(data["draws"])
        values: dict[str, dict[Span, dict[str, Any]]] = {}
        for one in data["kept"]:
            days = dt.date.fromisoformat(one["from"]), dt.date.fromisoformat(one["to"])
            values.setdefault(one["event"], {})[days] = {
                name: (
                    tuple(table["by"]),
                    np.array(table["values"], dtype=np.float64).reshape(
                        draws, 2, *(len(labels[dim]) for dim in table["by"])
                    ),
                )
                for name, table in one["outcomes"].items()
            }
        about = {name: data[name] for name in ("scenario", "digest", "amnok", "seed", "parameters")}
    except (
        *(OSError, EOFError, zlib.error, ArithmeticError),
        *(ValueError, LookupError, TypeError, AttributeError, RecursionError),
    ):
        problem = "holds no study of effects of this version"
        raise FolderError(Fault(problem, STUDY.again, file=str(file))) from None
    return Robustness(**about, draws=draws, labels=labels, values=values)


def _unpacked(raw: bytes) -> bytes:
    """What was packed, unless that is far more than any study has."""
    with gzip.open(io.BytesIO(raw)) as packed:
        content = packed.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ValueError
    return content


def draws_for(scenario: Scenario, file: str | os.PathLike[str] | None) -> Robustness | None:
    """The draws in a file that somebody names for a border; without a file, what is shipped.

    Raises:
        FolderError: it cannot be read, or is of another border.
    """
    if file is None:
        return robustness_of(scenario)
    path = folder_path(file)
    found = read(path)
    if found.digest != acting_digest(scenario):
        problem = f"holds draws of '{found.scenario}' as it was set there, not of this border"
        fix = "make them anew: amnok effects BORDER --robust --save FILE"
        raise FolderError(Fault(problem, fix, file=str(path)))
    return found


@once
def robustness_of(scenario: Scenario) -> Robustness | None:
    """What is shipped with Amnok for a border, if it is of the border as it is set now."""
    file = shipped(scenario.name, FILE)
    if file is None:
        return None
    found = read(file)
    is_of_it = found.amnok == version("amnok") and found.digest == acting_digest(scenario)
    return found if is_of_it else None


@verb
def robustness(
    scenario: Scenario,
    folder: Path,
    names: Iterable[str] = (),
    draws: int = DRAWS,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Robustness:
    """Simulate effects under draws from the prior; what a folder already holds is not done again.

    Args:
        scenario: the border.
        folder: where each draw is written as it finishes; new, or of the same study.
        names: of events; those that pages ask about by default.
        draws: how many, in each of them one pair of worlds for each event.
        seed: of the design and of the worlds: draw i is replicate i.
        threads: how many to use; all of the machine's by default.
        progress: called now and then with the days simulated so far and in all.

    Raises:
        AmnokError: there is no such event.
        FolderError: the folder holds another study, another process is at work in it, or it cannot
            be read or written.
        KeyboardInterrupt: finished draws are kept, and the same call goes on from there.
    """
    asked = [chosen(scenario, name) for name in names] or _asked_about(scenario)
    windows = {one.name: _windows(scenario, one) for one in asked}
    fixed = {path for one in asked for path in one.off}
    known = dict(scenario.parameters())
    paths = [
        path
        for path in scenario.unfixed
        if path not in fixed and not isinstance(known[path].value, dt.date)
    ]
    design = latin(paths, draws, seed)
    tables = _tables(scenario)

    def work(number: int, days: Days) -> dict[str, Any]:
        drawn = design.drawn(scenario, number)
        pair = _Worlds(drawn, seed, number, days, tuple(tables))
        return {name: pair.effect(name, some) for name, some in windows.items()}

    found = over_draws(
        folder,
        STUDY,
        scenario,
        {"draws": draws, "seed": seed, "events": list(windows)},
        work,
        (1 + len(asked)) * days_of(scenario),
        threads,
        progress,
    )
    labels = of_run.names(scenario)
    values = {
        event: {
            days: {
                name: (dims, _stacked([one[event] for one in found], at, name, dims, labels))
                for name, dims in tables.items()
            }
            for at, days in enumerate(some)
        }
        for event, some in windows.items()
    }
    return Robustness(
        scenario=scenario.name,
        digest=acting_digest(scenario),
        amnok=version("amnok"),
        seed=seed,
        draws=draws,
        parameters=len(paths),
        labels={dim: labels[dim] for dim in _TOLD_BY if dim in labels},
        values=values,
    )


def _asked_about(scenario: Scenario) -> list[Event]:
    """The events that pages ask about: those of stories, and those in force."""
    own = [chosen(scenario, story.of) for story in scenario.stories.values()]
    return list({one.name: one for one in [*own, *foremost(scenario)]}.values())


def _windows(scenario: Scenario, event: Event) -> list[Span]:
    """Days that pages count for an event: three months, all of them, and those of stories."""
    whole = event.window(scenario)
    return list(dict.fromkeys([first_months(whole), whole, *days_of_stories(scenario, event)]))


def _tables(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Dimensions that are kept of each outcome that adds up."""
    return {
        name: tuple(dim for dim in one.dims if dim in _TOLD_BY)
        for name, one in of_run.counted(scenario).items()
        if one.adds_up
    }


class _Worlds:
    """The worlds of one draw, with each event and without it."""

    def __init__(
        self, scenario: Scenario, seed: int, number: int, days: Days, outcomes: Sequence[str]
    ) -> None:
        self._scenario, self._seed, self._number, self._days = scenario, seed, number, days
        self._outcomes, self._kinds = outcomes, of_run.kinds(scenario)
        self._with = self._counts(scenario)

    def effect(self, event: str, windows: Sequence[Span]) -> list[dict[str, Any]] | None:
        """For each stretch of days, outcomes without the event and with it; None without it."""
        try:
            off = chosen(self._scenario, event).off
        except AmnokError:
            return None  # a mechanism that does nothing in this draw
        without = self._counts(with_values(self._scenario, off))
        return [self._told(without, days) for days in windows]

    def _counts(self, scenario: Scenario) -> of_run.Arrays:
        found = simulate(scenario, self._seed, self._number, on_days=self._days)
        return of_run.daily(found, scenario, replicate_key(self._seed, self._number))

    def _told(self, without: of_run.Arrays, days: Span) -> dict[str, Any]:
        within = positions(self._scenario, days)
        worlds = [
            of_run.totals(
                {name: table[within] for name, table in one.items()}, self._scenario, self._outcomes
            )
            for one in (without, self._with)
        ]
        return {name: [self._kept(name, one[name]) for one in worlds] for name in self._outcomes}

    def _kept(self, name: str, table: Array) -> list[float]:
        over = tuple(at for at, dim in enumerate(self._kinds[name].dims) if dim not in _TOLD_BY)
        return _rounded(table.sum(axis=over).ravel())


def _stacked(
    found: Sequence[list[dict[str, Any]] | None],
    at: int,
    name: str,
    dims: tuple[str, ...],
    labels: Mapping[str, Sequence[str]],
) -> Array:
    """[draw, world, ...] of one outcome over one stretch of days."""
    shape = (2, *(len(labels[dim]) for dim in dims))
    draws = [
        np.full(shape, np.nan) if one is None else np.array(one[at][name]).reshape(shape)
        for one in found
    ]
    return np.stack(draws)


def _rounded(values: Array) -> list[float]:
    """To some digits; what is whole without a point."""
    found = [float(f"{value:.{_DIGITS}g}") for value in values.tolist()]
    return [int(one) if one.is_integer() else one for one in found]

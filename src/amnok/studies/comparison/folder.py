"""A comparison on disk: its numbers, its arms by weeks, and what it takes to repeat it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass

from amnok.results import standing
from amnok.results.manifest import Kind
from amnok.results.outcomes import kinds
from amnok.results.packing import pack, unpacked
from amnok.results.store import Store
from amnok.scenario import resolved
from amnok.scenario.loading import load_text
from amnok.studies.comparison.arms import Comparison
from amnok.studies.worlds import Span

_SCENARIO, _PARTS = "scenario.yaml", "parts"
COMPARISON = Kind(
    "comparison",
    "a saved comparison",
    "amnok compare --out",
    "compare again",
    (_SCENARIO, _PARTS),
)


@dataclass(frozen=True)
class SavedComparison:
    """A comparison read back, and how it was made: seed, versions, command."""

    comparison: Comparison
    seed: int
    versions: dict[str, str]
    command: str


def save_comparison(
    comparison: Comparison, path: str | os.PathLike[str], seed: int, command: str
) -> None:
    """Write a comparison into a folder of its own, which is there once it is whole.

    Args:
        comparison: with its weeks.
        path: a folder that does not exist yet, or an empty one.
        seed: of all arms.
        command: that repeats it.

    Raises:
        FolderError: the folder holds something, or cannot be written.
    """
    persons = comparison.persons.to_dataset(name="persons")
    first = comparison.first_difference.to_dataset(name="first_difference")
    parts = {"values": comparison.values, "persons": persons, "first_difference": first}
    parts |= {f"weeks-{number}": arm for number, arm in enumerate(comparison.weeks.values())}
    about = {
        "scenario": comparison.scenario.name,
        "labels": dict(comparison.labels),
        "arms": list(comparison.weeks),
        "seed": seed,
        "command": command,
        "drawn": comparison.drawn,
        "days": comparison.days and [day.isoformat() for day in comparison.days],
        "acting": dict(comparison.acting),
    }
    files = {_SCENARIO: resolved(comparison.scenario).encode()}
    files |= {_file(name): pack(part) for name, part in parts.items()}
    Store.create(path, COMPARISON, about, files, status="complete")


def check_free(path: str | os.PathLike[str]) -> None:
    """See that a comparison can be saved in a folder, before the work is done.

    Raises:
        FolderError: it holds something, or cannot be made.
    """
    standing.check_free(path, COMPARISON)


def is_comparison(path: str | os.PathLike[str]) -> bool:
    """Whether a folder holds a comparison, whole or not."""
    return standing.kind_of(path) == COMPARISON.name


def open_comparison(path: str | os.PathLike[str]) -> SavedComparison:
    """Read a comparison back.

    Raises:
        FolderError: the folder holds none, or a file of it is missing, changed or too many.
    """
    saved = Store.open(path, COMPARISON)
    about = saved.manifest.about
    weeks = {arm: f"weeks-{number}" for number, arm in enumerate(about["arms"])}
    names = ["values", "persons", "first_difference", *weeks.values()]
    parts = {}
    for name, file in zip(names, saved.checked(map(_file, names)), strict=True):
        with unpacked(file) as part:
            parts[name] = part.load()
    scenario = load_text(saved.read(_SCENARIO).decode(), str(saved.path / _SCENARIO))
    comparison = Comparison(
        # A store does not keep their order.
        values=parts["values"][[*kinds(scenario)]],
        persons=parts["persons"]["persons"],
        first_difference=parts["first_difference"]["first_difference"],
        labels=about["labels"],
        scenario=scenario,
        weeks={arm: parts[name] for arm, name in weeks.items()},
        drawn=about["drawn"],
        days=_span(about.get("days")),
        acting=about.get("acting", {}),
    )
    return SavedComparison(comparison, about["seed"], saved.manifest.versions, about["command"])


def _span(days: Sequence[str] | None) -> Span | None:
    if days is None:
        return None
    first, last = map(dt.date.fromisoformat, days)
    return first, last


def _file(part: str) -> str:
    return f"{_PARTS}/{part}.zip"

"""A comparison on disk: its numbers, its arms by weeks, and what it takes to repeat it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from amnok.errors import AmnokError, Fault
from amnok.results.folder import write_whole
from amnok.results.manifest import versions
from amnok.results.outcomes import OUTCOMES
from amnok.results.packing import pack, unpacked
from amnok.scenario import resolved
from amnok.scenario.load import load_text
from amnok.studies.comparison.arms import Comparison

ABOUT = "comparison.json"
_FORMAT = 1
_KEYS = ("scenario", "labels", "arms", "seed", "command", "versions", "sha256")
_PARTS = ("values", "persons", "first_difference")


@dataclass(frozen=True)
class SavedComparison:
    """A comparison read back, and how it was made: seed, versions, command."""

    comparison: Comparison
    seed: int
    versions: dict[str, str]
    command: str


def save_comparison(comparison: Comparison, path: str | Path, seed: int, command: str) -> None:
    """Write a comparison into a folder of its own; the file that makes it one comes last.

    Args:
        comparison: with its weeks.
        path: a folder that does not exist yet, or an empty one.
        seed: of all arms.
        command: that repeats it.

    Raises:
        AmnokError: the folder holds something, or cannot be written.
    """
    folder = check_free(path)
    persons = comparison.persons.to_dataset(name="persons")
    first = comparison.first_difference.to_dataset(name="first_difference")
    parts = {"values": comparison.values, "persons": persons, "first_difference": first}
    parts |= {f"weeks-{number}": arm for number, arm in enumerate(comparison.weeks.values())}
    digests = {}
    for name, part in parts.items():
        content = pack(part)
        write_whole(folder / f"{name}.zip", content)
        digests[name] = hashlib.sha256(content).hexdigest()
    about = {
        "format": _FORMAT,
        "scenario": resolved(comparison.scenario),
        "labels": dict(comparison.labels),
        "arms": list(comparison.weeks),
        "seed": seed,
        "command": command,
        "versions": versions(),
        "sha256": digests,
    }
    write_whole(folder / ABOUT, json.dumps(about, indent=1, ensure_ascii=False).encode())


def check_free(path: str | Path) -> Path:
    """Make a folder for a comparison, before the work is done.

    Raises:
        AmnokError: it holds something, or cannot be made.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = any(folder.iterdir())
    except OSError as error:
        problem = f"cannot be made: {(error.strerror or str(error)).lower()}"
        raise AmnokError([Fault(problem, file=str(folder))]) from None
    if taken:
        raise AmnokError([Fault("is not empty", "name a new folder", file=str(folder))])
    return folder


def is_comparison(path: str | Path) -> bool:
    """Whether a folder holds a comparison."""
    return (Path(path) / ABOUT).is_file()


def open_comparison(path: str | Path) -> SavedComparison:
    """Read a comparison back.

    Raises:
        AmnokError: the folder holds none, or a file of it is missing or changed.
    """
    folder = Path(path)
    about = _about(folder)
    parts = {name: _part(folder, name, digest) for name, digest in about["sha256"].items()}
    arms = {arm: parts[f"weeks-{number}"] for number, arm in enumerate(about["arms"])}
    comparison = Comparison(
        # A store does not keep their order.
        values=parts["values"][[name for name in OUTCOMES if name in parts["values"]]],
        persons=parts["persons"]["persons"],
        first_difference=parts["first_difference"]["first_difference"],
        labels=about["labels"],
        scenario=load_text(about["scenario"], str(folder / ABOUT)),
        weeks=arms,
    )
    return SavedComparison(comparison, about["seed"], about["versions"], about["command"])


def _about(folder: Path) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        if about["format"] != _FORMAT:
            problem = f"has format {about['format']}, this Amnok reads {_FORMAT}"
            raise AmnokError([Fault(problem, "compare again", file=str(folder / ABOUT))])
        missing = {*_KEYS} - set(about)
        missing |= {*_PARTS, "weeks-0"} - set(about["sha256"])
    except FileNotFoundError:
        problem = f"is not a saved comparison: it has no {ABOUT}"
        fix = "name a folder that `amnok compare --out` made"
        raise AmnokError([Fault(problem, fix, file=str(folder))]) from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        problem = f"cannot be read: {error}"
        raise AmnokError([Fault(problem, "compare again", file=str(folder / ABOUT))]) from None
    if missing:
        problem = f"lacks {', '.join(sorted(missing))}"
        raise AmnokError([Fault(problem, "compare again", file=str(folder / ABOUT))])
    return about


def _part(folder: Path, name: str, digest: str) -> xr.Dataset:
    file = folder / f"{name}.zip"
    try:
        content = file.read_bytes()
    except OSError as error:
        problem = f"cannot be read: {(error.strerror or str(error)).lower()}"
        raise AmnokError([Fault(problem, "compare again", file=str(file))]) from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise AmnokError([Fault("was changed", "compare again", file=str(file))])
    with unpacked(file) as part:
        return part.load()

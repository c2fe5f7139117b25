"""What lies in a folder of results: runs, comparisons, sweeps, banks and the like, as a list."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from amnok.disk import folder_path, read_or_told
from amnok.errors import AmnokError
from amnok.results.manifest import Kind, Manifest
from amnok.results.standing import kind_of
from amnok.results.store import Store

_NAME = re.compile(r"^name: *['\"]?([^'\"\n]+)", re.MULTILINE)


class FolderRow(NamedTuple):
    """One folder of results.

    Attributes:
        folder: its name.
        kind: run, comparison, sweep, bank, posterior or study.
        border: name of the scenario.
        asked: what was set, compared, drawn or swept.
        seed, replicates: None where there is none.
        made: when, UTC.
        state: whole, or how much is there; damaged, and why.
    """

    folder: str
    kind: str
    border: str
    asked: str
    seed: int | None
    replicates: int | None
    made: str
    state: str


def rows(folder: str | os.PathLike[str]) -> list[FolderRow]:
    """The folders of results in a folder, the newest first; what else lies there is left out.

    Raises:
        FolderError: there is no such folder.
    """
    path = folder_path(folder)
    with read_or_told(path):
        inside = sorted(one for one in path.iterdir() if one.is_dir())
    found = (_row(one, kind) for one in inside if (kind := kind_of(one)))
    return sorted(found, key=lambda row: row.made, reverse=True)


def _row(path: Path, kind: str) -> FolderRow:
    try:
        manifest = Store.open(path, Kind(kind, f"a {kind}", "amnok", "make it again")).manifest
    except AmnokError as error:
        return FolderRow(
            path.name, kind, "", "", None, None, "", f"damaged: {error.told[0].problem}"
        )
    about = manifest.about
    return FolderRow(
        path.name,
        kind,
        _border(about),
        ", ".join(_asked(about)),
        about.get("seed"),
        about.get("replicates"),
        manifest.created[:16].replace("T", " "),
        _state(manifest),
    )


def _border(about: Mapping[str, Any]) -> str:
    text = str(about.get("scenario", ""))
    found = _NAME.search(text) if "\n" in text else None
    return found[1] if found else text


def _asked(about: Mapping[str, Any]) -> Iterator[str]:
    yield from about.get("sets", ())
    for policies in (about.get("labels"), about.get("policies")):
        if policies:
            yield f"under {', '.join(policies)}"
    for name in ("points", "draws", "runs"):
        if about.get(name):
            yield f"{about[name]:,} {name}"


def _state(manifest: Manifest) -> str:
    """Whole, or how much of it is there."""
    if manifest.status == "complete":
        return "whole"
    about, names = manifest.about, manifest.files
    done = sum("replicate" in entry.note for entry in names.values())
    if "sets" in about:
        return f"{manifest.status}: {done} of {about['replicates']} replicates"
    done = sum("/" in name for name in names)
    if about.get("batch"):
        return f"{manifest.status}: {done:,} of {-(-about['points'] // about['batch']):,} batches"
    return f"{manifest.status}: {done:,} files"

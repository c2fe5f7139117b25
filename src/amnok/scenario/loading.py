"""From files to a `Scenario`: parts, extension, overrides, validation, every fault at once.

A scenario file may name `parts` (further files, each with keys of its own, or what comes with
Amnok, such as `usual/patterns.yaml`), `extends` (a scenario it starts from) and `switches` (named
overrides). All three are used up here.

Whoever tries out a scenario from elsewhere should not show others what its files point to: parts
lie below their main file, and faults of a base that lies elsewhere tell nothing that it holds
unless its keys are those of a scenario.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

from amnok.arguments import CHECKS
from amnok.errors import Fault, ScenarioError, nearest
from amnok.scenario import (
    as_written,
    checking,
    document,
    map_file,
    overrides,
)
from amnok.scenario.document import Document, Place, describe, dotted, located
from amnok.scenario.dump import resolved
from amnok.scenario.ledger import files as ledger_files
from amnok.scenario.measures import definitions
from amnok.scenario.model import Scenario
from amnok.scenario.text_file import unreadable

MAIN_FILE = "scenario.yaml"
_MANIFEST = "manifest.json"  # lies beside the main file of a saved run
_USUAL = "usual/"  # how parts begin that come with Amnok
_MOST_PARTS = 100
_SPREAD = ("reports", "claims", "references")  # the ledger may lie in several parts
_MOST_BASES = 20
_BUILTIN = Path(str(files("amnok.scenario").joinpath("builtin")))


def builtin_names() -> tuple[str, ...]:
    """Names of the scenarios that come with Amnok."""
    return tuple(sorted(path.parent.name for path in _BUILTIN.glob(f"*/{MAIN_FILE}")))


def in_commands(scenario: Scenario) -> str:
    """What a command line gives for a border: its name, or SCENARIO for a file of one's own."""
    return scenario.name if scenario.name in builtin_names() else "SCENARIO"


def shipped(name: str, file: str) -> Path | None:
    """A file that lies beside a built-in scenario, if there is one."""
    found = _BUILTIN / name / file
    return found if name in builtin_names() and found.is_file() else None


Given: TypeAlias = str | os.PathLike[str] | Scenario


def load(
    given: Given,
    sets: overrides.Sets | None = (),
    ledgers: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None = (),
) -> Scenario:
    """The scenario that somebody means, with overrides applied.

    Args:
        given: name of a built-in scenario, a YAML file, a folder with a `scenario.yaml` (such as a
            saved run), or a `Scenario`, which has no switches any more.
        sets: overrides as texts `path=value` or `switch=option`, or as a mapping; none may
            undo an earlier one.
        ledgers: a file or files with further reports and claims: YAML, CSV or JSON Lines.

    Raises:
        AmnokError: with every fault found in files and overrides.
    """
    listed = overrides.texts(sets)
    further: list[Path] = CHECKS["ledgers"]("ledgers", () if ledgers is None else ledgers)
    if isinstance(given, Scenario) and not listed and not further:
        return given
    if not further:
        return scenario_of(document_of(given), listed)
    return with_ledgers(given, map(ledger_files.read, further), listed)


def with_ledgers(
    given: Given, ledgers: Iterable[Document], sets: overrides.Sets | None = ()
) -> Scenario:
    """A scenario with reports and claims laid over its own.

    Args:
        given: as for `load`.
        ledgers: as `amnok.scenario.ledger.files.read` gives them.
        sets: overrides, as for `load`.

    Raises:
        AmnokError: with everything that is wrong, by file, line, and column or path.
    """
    draft = document_of(given)
    ledger_files.lay_over(draft, ledgers)
    try:
        return scenario_of(draft, sets)
    except ScenarioError as error:
        raise ScenarioError(ledger_files.told(error.faults, draft)) from None


def document_of(given: Given) -> Document:
    """What the files of a scenario hold, put together but neither overridden nor checked.

    Raises:
        ScenarioError: with every fault of the files as such.
    """
    if isinstance(given, Scenario):
        return replace(document.parse(resolved(given), given.name), is_saved=True)
    if not isinstance(given, str | os.PathLike) or isinstance(os.fspath(given), bytes):
        problem = f"{document.describe(given)} is not a scenario"
        fix = "the name of a built-in one, a path, or a Scenario"
        raise ScenarioError(Fault(problem, fix))
    path, label = _locate(given if isinstance(given, str) else Path(given), Path())
    is_saved = path.with_name(_MANIFEST).is_file()
    return replace(_gather(path, label, ()), is_saved=is_saved)


def load_text(text: str, file_label: str, sets: overrides.Sets | None = ()) -> Scenario:
    """The scenario that a text holds, as `resolved` writes it.

    Raises:
        ScenarioError: with every fault found in the text and the overrides.
    """
    draft = _complete(document.parse(text, file_label), Path(), file_label, ())
    return scenario_of(replace(draft, is_saved=True), sets)


def _locate(name_or_path: str | Path, folder: Path) -> tuple[Path, str]:
    """The file meant, and what messages call it. Relative paths start from `folder`."""
    if isinstance(name_or_path, str) and name_or_path in builtin_names():
        return _BUILTIN / name_or_path / MAIN_FILE, f"{name_or_path}/{MAIN_FILE}"
    path = folder / name_or_path
    try:
        if path.is_dir():
            return path / MAIN_FILE, str(path / MAIN_FILE)
        if not path.exists():
            names = nearest(str(name_or_path), builtin_names())
            problem = "is neither a file nor a built-in scenario"
            raise ScenarioError(Fault(problem, names, file=str(path)))
    except (OSError, ValueError) as error:
        raise ScenarioError(unreadable(error, str(path))) from None
    return path, str(path)


def _gather(path: Path, label: str, chain: tuple[Path, ...]) -> Document:
    """The document of a file with its parts, on top of the scenario that it extends."""
    return _complete(document.read_all(path, label), path, label, (*chain, path.resolve()))


def _complete(main: Document, path: Path, label: str, chain: tuple[Path, ...]) -> Document:
    folder = path.parent
    parts, extends = main.data.pop("parts", None), main.data.pop("extends", None)
    faults: list[Fault] = []
    names = _texts(parts)
    if len(names) > _MOST_PARTS:
        problem = f"names {len(names):,} files, at most {_MOST_PARTS} expected"
        raise ScenarioError(located(Fault(problem, "join some of them", path="parts"), main))
    under = Document({})
    for position, part in enumerate(names):
        try:
            if part.startswith(_USUAL):
                under = _merged(under, _usual(part))
            else:
                _add_part(main, folder, label, part)
        except ScenarioError as error:
            faults += _blamed(error.faults, main, ("parts", position))
    if parts is not None and not names:
        faults.append(located(Fault("expected a list of files", path="parts"), main))
    if extends is not None:
        try:
            under = _merged(under, _base(extends, folder, chain))
        except ScenarioError as error:
            faults += _blamed(error.faults, main, ("extends",))
    named = main.data.get("map")
    if isinstance(named, str) and named:
        try:
            main.data["map"] = _map(named, folder, label)
        except ScenarioError as error:
            main.data["map"] = ""
            main.faults += _blamed(error.faults, main, ("map",))
    if faults:
        raise ScenarioError([*main.faults, *faults])
    return _merged(under, main)


def _map(named: str, folder: Path, label: str) -> str:
    """A map by the name of its file, or as a saved run holds it."""
    if named.startswith("{"):
        return map_file.kept(named, label)
    return map_file.read(_beside(folder, named), str(Path(label).parent / named))


def _texts(value: Any) -> list[str]:
    """The list if it is one of texts, otherwise none."""
    is_texts = isinstance(value, list) and all(isinstance(entry, str) for entry in value)
    return value if is_texts else []


def _blamed(faults: Iterable[Fault], main: Document, place: Place) -> list[Fault]:
    """Faults that lie in no file of their own happened where the main file named another."""
    origin = main.origins[place]
    path = dotted(place)
    return [
        fault if fault.file else replace(fault, path=path, file=origin.file, line=origin.line)
        for fault in faults
    ]


def _add_part(main: Document, folder: Path, label: str, name: str) -> None:
    """Add the keys of a part to the main document."""
    part_label = str(Path(label).parent / name)
    part = document.read_all(_beside(folder, name), part_label)
    faults = part.faults
    for key in part.data:
        origin = part.origins[(key,)]
        if key in ("parts", "extends"):
            problem = "is allowed only in the main file"
            faults.append(Fault(problem, f"move it to {label}", key, origin.file, origin.line))
        elif key in _SPREAD and isinstance(main.data.get(key), dict):
            faults += _twice(main, part, key)
        elif key in main.data:
            first = main.origins[(key,)]
            problem = f"is given in two files, here and in {first.file}:{first.line}"
            faults.append(Fault(problem, "keep one of them", key, origin.file, origin.line))
    for key, value in part.data.items():
        if key in _SPREAD and isinstance(main.data.get(key), dict) and isinstance(value, dict):
            main.data[key] |= {name: value[name] for name in value if name not in main.data[key]}
        else:
            main.data.setdefault(key, value)
    main.origins = {place: at for place, at in part.origins.items() if place} | main.origins
    main.faults += faults


def _beside(folder: Path, name: str) -> Path:
    """A file that lies in the folder of the main file, or below."""
    if Path(name).is_absolute():
        raise ScenarioError(
            Fault(f"'{name}' is not a relative path", "name a file beside this one")
        )
    if not _is_below(folder / name, folder):
        problem = f"'{name}' lies outside the folder of this file"
        raise ScenarioError(Fault(problem, "put it beside this file, or in a folder below"))
    return folder / name


def _twice(main: Document, part: Document, key: str) -> Iterator[Fault]:
    """Entries of the ledger that two parts give."""
    entries = part.data[key]
    for name in main.data[key].keys() & (entries if isinstance(entries, dict) else ()):
        first, origin = (one.origins[(key, name)] for one in (main, part))
        problem = f"is given in two files, here and in {first.file}:{first.line}"
        yield Fault(problem, "keep one of them", f"{key}.{name}", origin.file, origin.line)


def _base(extends: Any, folder: Path, chain: tuple[Path, ...]) -> Document:
    if not isinstance(extends, str):
        raise ScenarioError(
            Fault(f"is {describe(extends)}, expected the name or path of a scenario")
        )
    path, label = _locate(extends, folder)
    if path.resolve() in chain:
        ring = [*chain[chain.index(path.resolve()) :], path.resolve()]
        names = " -> ".join(_short(one) for one in ring)
        raise ScenarioError(
            Fault(f"scenarios extend each other in a cycle: {names}", "break the cycle")
        )
    if len(chain) > _MOST_BASES:
        problem = f"scenarios extend each other more than {_MOST_BASES} times in a row"
        raise ScenarioError(Fault(problem, "join some of them"))
    if not chain or _is_below(path, chain[0].parent) or _is_below(path, _BUILTIN):
        return _gather(path, label, chain)
    try:
        base = _gather(path, label, chain)
    except ScenarioError:
        base = None
    if base is None or base.faults:
        problem = f"'{extends}' lies outside this scenario's folder, and cannot be read as one"
        raise ScenarioError(Fault(problem, "check that scenario by itself"))
    if not set(base.data) <= set(Scenario.model_fields) | {"switches"}:
        base.elsewhere.update(origin.file for origin in base.origins.values())
    return base


def _usual(name: str) -> Document:
    """A part that comes with Amnok, for any border. What a border says itself goes before it."""
    file = definitions.USUAL / name.removeprefix(_USUAL)
    known = {one.name: one for one in definitions.USUAL.glob("*.yaml")}
    if file.name not in known or file != known[file.name]:
        names = [f"{_USUAL}{one}" for one in known]
        raise ScenarioError(Fault(f"no part '{name}' comes with Amnok", nearest(name, names)))
    return document.read(file, name)


def _is_below(path: Path, folder: Path) -> bool:
    """Whether a path lies below a folder, whatever links it goes through."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return True  # reading it will tell what is wrong


def _short(path: Path) -> str:
    return path.parent.name if path.name == MAIN_FILE else path.name


def _merged(base: Document, top: Document) -> Document:
    """The top document laid over the base, key by key."""
    _merge(base.data, top.data, ())
    origins = {**base.origins, **top.origins}
    elsewhere, faults = base.elsewhere | top.elsewhere, [*base.faults, *top.faults]
    return Document(base.data, origins, elsewhere, faults=faults)


def _merge(base: dict[str, Any], top: dict[str, Any], place: Place) -> None:
    """Lay one mapping over another: nothing (`key:`) removes a key of the base.

    A prior is replaced whole: one family laid over another would leave two.
    """
    for key, value in top.items():
        old = base.get(key)
        if value is None and key in base:
            del base[key]
        elif isinstance(old, dict) and isinstance(value, dict) and key != "prior":
            _merge(old, value, (*place, key))
        else:
            base[key] = value


def scenario_of(
    draft: Document,
    sets: overrides.Sets | None,
    settings: Sequence[overrides.Settings] = (),
) -> Scenario:
    """The scenario that a document holds, with overrides applied in place.

    Args:
        draft: what the files hold.
        sets: overrides by hand.
        settings: further overrides, of policies.

    Raises:
        ScenarioError: with every fault found in it and in the overrides.
    """
    switches = draft.data.pop("switches", None)
    draft.data.pop("policies", None)  # `amnok.scenario.policies` reads them
    written = [] if draft.is_saved else as_written.faults(draft.data)
    faults = [] if switches is None else overrides.switch_faults(draft, switches)
    faults += overrides.apply(draft, switches, sets, settings)
    is_as_written = not (draft.is_saved or settings or overrides.texts(sets))
    scenario, found = checking.checked(draft.data, draft.faults, is_as_written)
    faults += found
    told = {fault.path for fault in faults}
    faults += [fault for fault in written if fault.path not in told]
    if scenario is None or faults:
        raise ScenarioError(_sorted(located(fault, draft) for fault in faults))
    return scenario


def _sorted(faults: Iterable[Fault]) -> list[Fault]:
    unique = dict.fromkeys(faults)
    return sorted(unique, key=lambda fault: (fault.file, fault.line or 0, fault.path))

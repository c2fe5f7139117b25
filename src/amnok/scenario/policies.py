"""Policies: named sets of overrides, shipped with a scenario or in a file of their own.

    policies:
      no_order:
        label: No Chinese order
        set: {orders.cn_october.intensity: 0}

A setting is the path of a value, or a switch with one of its options, as after `--set`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amnok.errors import Fault, ScenarioError, nearest
from amnok.scenario import document, overrides
from amnok.scenario.document import Document, Origin
from amnok.scenario.loading import Given, document_of, load, scenario_of
from amnok.scenario.model import Scenario

KEY = "policies"
_MOST = 500


@dataclass(frozen=True)
class Policy:
    """A named set of overrides.

    Attributes:
        name: what the command line calls it.
        label: what tables call it.
        note: what it stands for, perhaps empty.
        settings: value by path, or option by switch, in the order they are applied.
        origin: where it is written.
    """

    name: str
    label: str
    note: str
    settings: Mapping[str, Any]
    origin: Origin


def policies(scenario: Given, files: Sequence[str | Path] = ()) -> dict[str, Policy]:
    """The policies of a scenario and of further files; a file's own win over those before it.

    Raises:
        ScenarioError: with every fault found.
    """
    base = document_of(scenario)
    found = _policies(base)
    for file in [files] if isinstance(files, str | Path) else files:
        if not isinstance(file, str | Path):
            raise ScenarioError(Fault(f"{file!r} is not a path", "a text or a pathlib.Path"))
        found |= _policies_of_file(Path(file))
    return found


def _policies_of_file(file: Path) -> dict[str, Policy]:
    read = document.read(file)
    other = [key for key in read.data if key != KEY]
    if other or KEY not in read.data:
        problem = f"has the key '{other[0]}'" if other else f"has no key '{KEY}'"
        raise ScenarioError(Fault(problem, f"a file of policies holds {KEY}: only", file=str(file)))
    return _policies(read)


def _policies(read: Document) -> dict[str, Policy]:
    found, faults = _read(read)
    if faults:
        raise ScenarioError(faults)
    return {policy.name: policy for policy in found}


def _read(read: Document) -> tuple[list[Policy], list[Fault]]:
    """The policies of a document, and what is wrong with others."""
    faults: list[Fault] = []
    found: list[Policy] = []
    written = read.data.get(KEY) or {}
    if not isinstance(written, dict):
        return [], [_fault(read, (KEY,), "expected names with policies")]
    if len(written) > _MOST:
        problem = f"has {len(written):,} policies, at most {_MOST} expected"
        return [], [_fault(read, (KEY,), problem, "keep those in use")]
    for name, policy in written.items():
        place = (KEY, name)
        known = {"label", "note", "set"}
        if not isinstance(policy, dict):
            faults.append(_fault(read, place, "expected `label` and `set`"))
            continue
        for key in policy.keys() - known:
            advice = nearest(str(key), known)
            faults.append(_fault(read, (*place, key), f"no '{key}' in a policy", advice))
        settings = policy.get("set")
        if not isinstance(settings, dict):
            faults.append(_fault(read, place, "has no settings", "set: {path: value}"))
            continue
        label, note = (str(policy.get(key) or "") for key in ("label", "note"))
        origin = read.origins.get(place, Origin(""))
        found.append(Policy(str(name), label or str(name), note, settings, origin))
    return found, faults


def _fault(read: Document, place: document.Place, problem: str, fix: str = "") -> Fault:
    return document.located(Fault(problem, fix, path=document.dotted(place)), read)


def checked(scenario: Given, sets: overrides.Sets | None = ()) -> Scenario:
    """The scenario, once all its policies have been tried as well.

    Raises:
        ScenarioError: with every fault of the scenario and of its policies.
    """
    base = document_of(scenario)
    named, faults = _read(base)
    as_is = None
    for settings in ([], *([policy_override(policy)] for policy in named)):
        try:
            found = scenario_of(base.copy(), sets, settings)
            as_is = as_is or found
        except ScenarioError as error:
            faults += error.faults
    if as_is is None or faults:
        raise ScenarioError(dict.fromkeys(faults))
    return as_is


def chosen(known: Mapping[str, Policy], names: Sequence[str]) -> list[Policy]:
    """The policies of some names.

    Raises:
        ScenarioError: for every name that is not known, with the nearest that is.
    """
    faults = [
        Fault(f"no policy '{name}'", nearest(name, known)) for name in names if name not in known
    ]
    if faults:
        raise ScenarioError(faults)
    return [known[name] for name in names]


def under(
    scenario: Given, sets: overrides.Sets | None, asked: Sequence[Policy]
) -> tuple[Scenario, dict[str, Scenario]]:
    """A scenario as it is, and under each of some policies, by name.

    Args:
        scenario: as for `load`.
        sets: overrides by hand, which come before those of a policy.
        asked: policies of this scenario or of other files.

    Raises:
        ScenarioError: with every fault of the scenario and of all policies.
    """
    base, sets = document_of(scenario), overrides.texts(sets)
    as_is = scenario_of(base.copy(), sets)
    arms: dict[str, Scenario] = {}
    faults: list[Fault] = []
    for policy in asked:
        try:
            arms[policy.name] = scenario_of(base.copy(), sets, [policy_override(policy)])
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(dict.fromkeys(faults))
    return as_is, arms


def worlds(
    scenario: Given, sets: overrides.Sets | None, policies_: Mapping[str, Given] | Sequence[str]
) -> tuple[Scenario, dict[str, Scenario]]:
    """A scenario as it is, and under policies: names of its own, or scenarios by name.

    Raises:
        ScenarioError: with every fault of the scenario and of all policies.
    """
    if isinstance(policies_, Mapping):
        return load(scenario, sets), {name: load(one) for name, one in policies_.items()}
    return under(scenario, sets, chosen(policies(scenario), policies_))


def policy_override(policy: Policy) -> overrides.Settings:
    """A policy as overrides that say where they come from."""
    return overrides.Settings(policy.settings, f"policy {policy.name}", policy.origin)

"""The small border without some of its mechanisms, and the ways in which tests leave them out."""

from collections.abc import Collection, Mapping
from typing import Any

import yaml
from tests.paths import TINY, TINY_MORE

from amnok.mechanisms import ACTS_BY, NAMES
from amnok.scenario import Scenario, load, load_text

SECTIONS = load(TINY).sections
OTHERS = frozenset(NAMES) - frozenset(SECTIONS)  # that the small border never has
ONE_SIDED = ("security_police", "cameras", "river", "quota", "protection", "official")
WAYS: dict[str, Collection[str]] = {
    **{f"no {name}": (name,) for name in SECTIONS},
    "half of them": ONE_SIDED,
    "none": SECTIONS,
}
"""Which sections are left out, by what is said of it."""


def tiny_without(
    left_out: Collection[str], values: Mapping[str, Any] | None = None, file: str = "tiny"
) -> Scenario:
    """The small border without sections, nor agencies that act by them, nor orders to these.

    `values` by path are set as far as there is something to set.
    """
    data = yaml.safe_load((TINY / "scenario.yaml").read_text(encoding="utf-8"))
    del data["switches"]
    data["parts"] = ["usual/patterns.yaml"]
    for name in left_out:
        del data[name]
    idle = {role for role, sections in ACTS_BY.items() if set(sections) - OTHERS <= set(left_out)}
    data["agencies"] = {
        name: one for name, one in data["agencies"].items() if one["role"] not in idle
    }
    known = {*data["agencies"], *({"cameras"} - set(left_out))}
    for name, order in list(data["orders"].items()):
        order["targets"] = [one for one in order["targets"] if one in known]
        if not order["targets"]:
            del data["orders"][name]
    sets = [f"{path}={value}" for path, value in (values or {}).items() if _is_there(data, path)]
    return load_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), file, sets)


def _is_there(data: Any, path: str) -> bool:
    first, _, rest = path.partition(".")
    return not rest or (first in data and _is_there(data[first], rest))


def more(*names: str, sets: Collection[str] = ()) -> Scenario:
    """The small border with such mechanisms of those that it does without."""
    data = yaml.safe_load(TINY_MORE.read_text(encoding="utf-8"))
    for name in OTHERS.difference(names):
        data[name] = None
    text = yaml.safe_dump({**data, "extends": str(TINY)}, sort_keys=False)
    return load_text(text, "more", list(sets))

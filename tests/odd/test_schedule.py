"""The order of a run, as stated: against the functions, the imports and the draws of the engine."""

import inspect
import re
from importlib import import_module
from itertools import groupby
from pathlib import Path

import pytest

from amnok.engine import blocks, day
from amnok.mechanisms import DECISIONS
from amnok.odd.model import function
from amnok.odd.rules import rules, systems
from amnok.odd.schedule import BEFORE, DAY, SHARED_RULES, UNUSED_DRAWS

ROOT = Path(__file__).parents[2]
PHASES = (*BEFORE, *DAY)
_IMPORT = re.compile(r"from amnok\.(?:rules|mechanisms)\.(\w+) import (\([^)]*\)|[^\n]*)")
CARRIERS = sorted({step.rpartition(".")[0] for phase in PHASES for step in phase.steps} - {"draws"})


def carried_by(module):
    """Phases with a step in a module."""
    return [one for one in PHASES if any(step.rpartition(".")[0] == module for step in one.steps)]


def who_carries(phase):
    """The functions of a phase, as ARCHITECTURE.md writes them."""
    told = []
    for module, steps in groupby(phase.steps, lambda step: step.rpartition(".")[0]):
        names = ", ".join(f"`{step.rpartition('.')[2]}`" for step in steps)
        told.append(f"`{module.replace('.', '/')}.py`: {names}")
    return "; ".join(told)


def test_the_map_tells_the_day_as_it_is():
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = [
        f"| {place}. {phase.name} | {phase.text} | {who_carries(phase)} |"
        for place, phase in enumerate(DAY, 1)
    ]
    assert re.findall(r"^\| \d+\. .*$", page, re.MULTILINE) == rows


@pytest.mark.parametrize("step", sorted({step for phase in PHASES for step in phase.steps}))
def test_every_step_is_there_and_explained(step):
    assert inspect.getdoc(function(step))


def test_a_day_has_its_steps_in_order():
    blocks_day = inspect.getsource(getattr(blocks.run_blocks, "py_func", blocks.run_blocks))
    rest = inspect.getsource(getattr(day.finish_day, "py_func", day.finish_day))
    for source in (blocks_day, rest):
        called = [
            (source.index(f"{name}("), step)
            for step in (step for phase in DAY for step in phase.steps)
            if f" {(name := step.rpartition('.')[2])}(" in source
        ]
        assert len(called) >= 5
        assert called == sorted(called)


def test_every_draw_has_its_place():
    drawn = {one for phase in PHASES for one in phase.draws}
    assert drawn | set(UNUSED_DRAWS) == set(DECISIONS)
    assert not drawn & set(UNUSED_DRAWS)


@pytest.mark.parametrize("module", CARRIERS)
def test_a_module_draws_and_uses_what_its_phases_say(module):
    source = inspect.getsource(import_module(f"amnok.{module}"))
    phases = carried_by(module)
    drawn = set(re.findall(r"\b([A-Z_]+)_DRAW\b", source))
    assert drawn <= {one.name for phase in phases for one in phase.draws}
    imported = ((one, re.findall(r"\w+", names)) for one, names in _IMPORT.findall(source))
    used = {one for one, names in imported if any(f"{one}.{name}" in rules() for name in names)}
    used -= set(SHARED_RULES)
    own = {module.rpartition(".")[2]}
    assert used <= own.union(*(phase.rules for phase in phases))


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.name)
def test_a_phase_draws_what_it_says(phase):
    modules = {step.rpartition(".")[0] for step in phase.steps}
    source = "".join(inspect.getsource(import_module(f"amnok.{module}")) for module in modules)
    for one in phase.draws:
        assert f"{one.name}_DRAW" in source


def test_every_file_of_rules_is_used_in_a_phase():
    used = {one for phase in PHASES for one in phase.rules}
    assert used | set(SHARED_RULES) == {system.module for system in systems()}

"""A new mechanism is a module, a line in a list and numbers: an Amnok with one more is tried."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.paths import ROOT, TINY

import amnok
from amnok.mechanisms import DECISIONS, MECHANISMS, NAMES
from amnok.scenario import Scenario

HERE = Path(__file__).parent
SECTION = """
informers:
  share: {value: 0.3, unit: share, prior: {beta: [0.3, 10]}, source: assumption}
  tip_chance: {value: 0.5, unit: probability, prior: {beta: [0.5, 10]}, source: assumption}
  factor: {value: 4, unit: ratio, prior: {lognormal: [4, 1.5]}, source: assumption}
"""


def add_informers(folder: Path) -> list[Path]:
    """Make a copy of Amnok with one more mechanism; the files that this touches."""
    copy = folder / "amnok"
    shutil.copytree(Path(amnok.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    module, listed = copy / "mechanisms" / "informers.py", copy / "mechanisms" / "__init__.py"
    shutil.copy(HERE / "informers.py", module)
    text = listed.read_text(encoding="utf-8")
    text = text.replace("    guards,\n", "    guards,\n    informers,\n", 1)
    ahead = "    guards.MECHANISM,\n"
    text = text.replace(ahead, f"    informers.MECHANISM,\n{ahead}", 1)
    listed.write_text(text, encoding="utf-8")
    border = folder / "informed.yaml"
    border.write_text(f"extends: {TINY}\nname: informed\n{SECTION}", encoding="utf-8")
    return [module, listed, border]


@pytest.mark.parametrize("plain", ["1", pytest.param("0", marks=pytest.mark.slow)])
def test_a_mechanism_is_a_module_a_line_and_numbers(tmp_path, plain):
    touched = add_informers(tmp_path)
    paths = os.pathsep.join(map(str, (tmp_path, ROOT)))
    done = subprocess.run(
        [sys.executable, str(HERE / "informed.py"), str(touched[-1])],
        env={**os.environ, "NUMBA_DISABLE_JIT": plain, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_the_recipe_counts_its_files():
    """CONTRIBUTING.md says how many files a mechanism takes, and the list under it names them."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipe = page.partition("### To add a mechanism\n")[2].partition("\n### ")[0]
    (said,) = re.findall(r"\b(\w+) files by hand", recipe)
    steps = re.findall(r"^(\d)\. ", recipe, re.MULTILINE)
    assert said.lower() == ("one", "two", "three", "four", "five", "six")[len(steps) - 1]
    assert steps == [str(place) for place in range(1, len(steps) + 1)]


def test_each_is_declared_once_and_its_module_has_its_name():
    assert len(set(NAMES)) == len(NAMES) == len({one.section for one in MECHANISMS})
    for one in MECHANISMS:
        assert one.section.__module__ == f"amnok.mechanisms.{one.name}"
        field = Scenario.model_fields[one.name]
        assert field.description == one.text
        assert not field.is_required()


def test_no_number_of_a_draw_stands_for_two_decisions():
    assert len({one.name for one in DECISIONS}) == len(DECISIONS)
    declared = {id(draw): draw for one in MECHANISMS for draw in one.draws}
    numbers = [int(draw) for draw in declared.values()]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("work", "without"),
    [
        ("import amnok.mechanisms", ("numba", "numpy")),
        ("import amnok.scenario; amnok.scenario.load('sino-korean-border')", ("numba",)),
    ],
)
def test_modules_are_read_without_what_compiles_them(work, without):
    code = f"import sys; {work}; sys.exit(not sys.modules.keys().isdisjoint({without}))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0

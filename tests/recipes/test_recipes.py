"""What CONTRIBUTING.md says of something new: an Amnok with a mechanism, an outcome, a row, a
chart, a pattern, a policy and a game more is tried, and the files are counted that this took."""

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
BORDER = f"""\
extends: {TINY}
name: informed
informers:
  share: {{value: 0.3, unit: share, prior: {{beta: [0.3, 10]}}, source: assumption}}
  tip_chance: {{value: 0.5, unit: probability, prior: {{beta: [0.5, 10]}}, source: assumption}}
  factor: {{value: 4, unit: ratio, prior: {{lognormal: [4, 1.5]}}, source: assumption}}
patterns:
  tips:
    text: Patrols are told of trips.
    carried_by: informers
    says:
      patrols_are_told: {{label: Patrols are told, sum: tipped_off, at_least: 1, why: said so}}
policies:
  discretion: {{label: Nobody tells patrols, set: {{informers.share: 0}}}}
"""
ENTRIES = {
    "outcome": "tips: {label: Patrols are told, sum: tipped_off, by: [channel]}",
    "row": "tips: {table: The border, label: Patrols are told, unit: per day, "
    "measure: {mean: tipped_off}}",
    "chart": "tips: {title: Patrols are told, unit: consignments a week, "
    "lines: [{label: all, measure: {sum: tipped_off, by: [week]}}]}",
}
"""What is added to files of `scenario/builtin/usual`, each at its end."""

# By hand beside these: the border of the tests, formulas against an oracle, the twin, words and
# examples for readers.
BESIDE = {"mechanism": 3, "rule": 3, "outcome": 1, "game": 3}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six")


def add_to_amnok(folder: Path) -> dict[str, list[Path]]:
    """Make a copy of Amnok with one more of each; the files that each touches."""
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
    border.write_text(BORDER, encoding="utf-8")
    game = Path(shutil.copy(HERE / "guessing.py", copy / "games"))
    touched = {"mechanism": [module, listed, border], "parameter": [module, border], "game": [game]}
    touched |= {"rule": [module], "count": [module], "pattern": [border], "policy": [border]}
    for kind, entry in ENTRIES.items():
        file = copy / "scenario" / "builtin" / "usual" / f"{kind}s.yaml"
        with file.open("a", encoding="utf-8") as end:
            end.write(f"  {entry}\n")
        touched[kind] = [file]
    return touched


@pytest.mark.parametrize("plain", ["1", pytest.param("0", marks=pytest.mark.slow)])
def test_what_is_new_is_everywhere(tmp_path, plain):
    add_to_amnok(tmp_path)
    paths = os.pathsep.join(map(str, (tmp_path, ROOT)))
    done = subprocess.run(
        [sys.executable, str(HERE / "informed.py"), str(tmp_path)],
        env={**os.environ, "NUMBA_DISABLE_JIT": plain, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def files_in(folder: Path) -> dict[Path, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc")
    return {file.relative_to(folder): file.read_bytes() for file in files}


def test_the_recipes_count_their_files(tmp_path):
    """CONTRIBUTING.md says how many files each takes."""
    touched = add_to_amnok(tmp_path)
    made, before = files_in(tmp_path / "amnok"), files_in(Path(amnok.__file__).parent)
    changed = {tmp_path / "amnok" / name for name in made if made[name] != before.get(name)}
    assert changed == set().union(*touched.values()) - {tmp_path / "informed.yaml"}
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for kind, files in touched.items():
        (said,) = re.findall(rf"\b[Aa]n? {kind}\b\W+(?:(?:It )?takes )?(\w+) files?\b", page)
        assert NUMBERS.index(said) == len(files) + BESIDE.get(kind, 0), kind


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

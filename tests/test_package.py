"""The installed distribution and the source agree."""

import ast
import datetime as dt
import os
import runpy
import subprocess
import sys
import tomllib
from importlib.metadata import metadata, version
from importlib.resources import files
from pathlib import Path

import pytest

import amnok
from amnok.results import ahead, threads

ROOT = Path(__file__).parents[1]


def test_version_is_that_of_the_installed_distribution():
    assert amnok.__version__ == version("amnok")


def test_the_command_is_the_one_that_heeds_ctrl_c_while_it_is_read_in():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"amnok": "amnok.__main__:main"}


def test_no_package_or_module_has_the_name_of_a_verb():
    """`amnok.evidence` is a function, and nothing else that is imported is called so."""
    names = {path.stem for path in (ROOT / "src" / "amnok").rglob("*.py")}
    names |= {path.parent.name for path in (ROOT / "src" / "amnok").rglob("__init__.py")}
    assert names & set(amnok.__all__) == set()
    assert {"evidence", "effects", "run", "runs"} <= set(amnok.__all__)


def test_license_is_apache():
    assert metadata("amnok")["License-Expression"] == "Apache-2.0"


def test_a_release_has_one_version_and_its_changes(tmp_path, capsys, monkeypatch):
    release = runpy.run_path(str(ROOT / ".ci" / "release.py"))
    file = tmp_path / "CHANGES.md"
    monkeypatch.setattr("sys.argv", ["release", str(file)])
    assert release["main"]() == 0
    assert f"Amnok {amnok.__version__}" in capsys.readouterr().out
    assert file.read_text(encoding="utf-8").startswith(f"# Amnok {amnok.__version__}\n\n")
    text = "# Changes\n\n## Unreleased\n\n- new\n\n## 1.2.0 - 2030-01-02\n\n- old\n"
    assert release["changes"](text, "1.2.0") == ("- old", True)
    assert release["changes"](text, "1.2.1") == ("- new", False)
    assert release["changes"](text, "1x2.0") == ("- new", False)
    with pytest.raises(ValueError, match=r"no changes of 1\.2\.1"):
        release["changes"]("## Unreleased\n\n## 1.2.0 - 2030-01-02\n\n- old\n", "1.2.1")


def test_what_other_systems_lack_is_done_without(tmp_path, monkeypatch):
    """Windows has no `fcntl` and tells no memory; macOS does not say which cores are free."""
    monkeypatch.delattr(os, "sysconf")
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert threads.machine_memory() is None
    assert threads.cores() == 3
    threads.check_memory(amnok.load("sino-korean-border"), at_once=10**9)
    monkeypatch.setitem(sys.modules, "fcntl", None)
    with ahead._alone(tmp_path / "lock") as alone:
        assert alone


def test_package_is_marked_as_typed():
    assert files(amnok).joinpath("py.typed").is_file()


@pytest.mark.parametrize(
    ("today", "age"),
    [
        ("2026-11-22", "fresh"),
        ("2026-12-22", "fresh"),
        ("2026-12-23", "old"),
        ("2027-11-22", "old"),
    ],
)
def test_a_lock_is_old_after_a_month(today, age):
    rule = runpy.run_path(str(ROOT / ".ci" / "lock_age.py"))["age"]
    assert rule("2026-11-22\n", dt.date.fromisoformat(today)) == age
    with pytest.raises(ValueError, match="isoformat"):
        rule("", dt.date.fromisoformat(today))


@pytest.mark.parametrize("age", ["old", "fresh", "broken"])
def test_ci_tries_the_newest_releases_once_the_lock_is_old(tmp_path, age):
    """With a `make` and a `python` that only write down what they are asked."""
    told = tmp_path / "told"
    says = "exit 1" if age == "broken" else f"echo {age}"
    for name, does in {
        "make": f'echo "make $*" >> {told}',
        "python": f'case "$*" in *lock_age*) {says};; esac',
        "chromium": "",
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", str(ROOT / ".ci" / "run")],
        env={**os.environ, "PATH": path, "PYTHON": "python"},
        check=False,
    )
    recipes = [line.split()[2] for line in told.read_text().splitlines()]
    newest = {"old": ["test-newest", "check"], "fresh": ["check"]}
    assert recipes == ["cuda", "docs", *newest.get(age, [])]
    assert (done.returncode == 0) == (age != "broken")


def test_the_name_of_a_class_means_one_thing():
    """A class may have the name of one that it extends; `compiling` speaks of Numba's things."""
    package = ROOT / "src" / "amnok"
    homes: dict[str, list[str]] = {}
    for path in sorted({*package.rglob("*.py")} - {*package.glob("compiling/*.py")}):
        for one in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(one, ast.ClassDef) and one.name[0] != "_":
                extends = {ast.unparse(base).rpartition(".")[2] for base in one.bases}
                homes.setdefault(one.name, []).extend([path.name] * (one.name not in extends))
    assert "Scenario" in homes
    assert not {name: files for name, files in homes.items() if len(files) > 1}

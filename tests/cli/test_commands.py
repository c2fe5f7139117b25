"""What the commands do when all is well, and when they are interrupted."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.paths import TINY

from amnok import __version__
from amnok.mechanisms.guards import Guards
from amnok.results import open_run
from amnok.results.manifest import sealed
from amnok.results.packing import digest
from amnok.scenario import load


def test_a_run_ends_with_a_summary_and_its_path(amnok, tmp_path):
    answer = amnok("run", TINY, "--replicates", "2", "--set", "sweep=off")
    assert answer.status == 0
    assert "Crossings" in answer.out
    assert "Before the sweep" in answer.out
    assert "2 replicates: means with 95% intervals" in answer.out
    path = tmp_path / "runs" / "tiny-border-seed1-sweep=off"
    assert "Saved in runs/tiny-border-seed1-sweep=off" in answer.out
    assert open_run(path).sizes["replicate"] == 2
    assert not any("\x1b" in line or len(line) > 110 for line in answer.out.splitlines())


def test_a_saved_run_is_repeated_exactly(amnok, tmp_path):
    sets = ("--set", "sweep=off", "--seed", "9", "--replicates", "2")
    assert amnok("run", TINY, *sets, "--out", "one").status == 0
    answer = amnok("run", "--repeat", "one/manifest.json", "--out", "two")
    assert answer.status == 0
    assert "Identical to the run it repeats" in answer.out
    assert answer.errors == []
    one, two = (open_run(tmp_path / name) for name in ("one", "two"))
    assert digest(one) == digest(two)
    for file in ("replicates/0000.zarr.zip", "replicates/0001.zarr.zip", "scenario.yaml"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_repeated_run_that_differs_says_so(amnok, tmp_path):
    amnok("run", TINY, "--out", "one")
    path = tmp_path / "one" / "manifest.json"
    content = json.loads(path.read_text())
    content["files"]["replicates/0000.zarr.zip"]["note"]["results"] = "0" * 64
    content["versions"]["numpy"] = "1.0"
    del content["sha256"]
    path.write_bytes(sealed(content))
    answer = amnok("run", "--repeat", "one")
    assert answer.status == 1
    assert answer.errors[0].startswith("warning: the run was made with numpy 1.0")
    assert answer.errors[1].startswith("error: differs from the run it repeats in replicates 0")


def test_tables_are_written_beside(amnok, tmp_path):
    assert amnok("run", TINY, "--out", "run", "--tables").status == 0
    with (tmp_path / "run" / "tables" / "day-route-size.csv").open() as file:
        rows = list(csv.DictReader(file))
    run = open_run(tmp_path / "run")
    assert len(rows) == run["crossings"].size
    assert sum(int(row["crossings"]) for row in rows) == int(run["crossings"].sum())
    assert (tmp_path / "run" / "tables" / "reports.csv").exists()


def test_a_saved_run_can_be_shown_and_drawn(amnok, tmp_path):
    summary = amnok("run", TINY, "--out", "run").out.split("\n\nSaved")[0]
    assert amnok("show", "run").out.rstrip() == summary.rstrip()
    assert amnok("plot", "run").status == 0
    assert (tmp_path / "run" / "overview.png").read_bytes().startswith(b"\x89PNG")
    assert amnok("plot", "run", "--out", "picture.svg").status == 0
    assert "<svg" in (tmp_path / "picture.svg").read_text()
    answer = amnok("plot", "run", "--out", "picture.bmp")
    assert answer.status == 2
    assert len(answer.errors) == 1


def test_check_lists_figures_directions_and_assumptions_apart(amnok):
    answer = amnok("check", TINY)
    assert answer.status == 0
    sourced, assumed = answer.out.split("Assumed: ")
    assert re.search(r"^learning\n(  .*\n)*  memory ", assumed, re.MULTILINE)
    assert not re.search(r"^learning\n(  .*\n)*  memory ", sourced, re.MULTILINE)
    assert "A figure in a source: 1\n" in sourced
    assert "1 figures, " in answer.out.splitlines()[-1]
    assert "OK: tiny-border is valid" in answer.out.splitlines()[-1]


def test_tables_of_the_evidence_fit_a_page_and_cut_no_word(amnok):
    answer = amnok("check", "sino-korean-border")
    assert max(map(len, answer.out.splitlines())) <= 100
    whole = json.loads(amnok("check", "sino-korean-border", "--json").out)
    words = set(answer.out.split())
    for row in whole["figures"] + whole["directions"] + whole["assumptions"]:
        assert {row["path"].rpartition(".")[2], *row["unit"].split(), *row["sources"]} <= {
            word.strip("()") for word in words
        }


def test_check_explains_a_field_with_all_that_is_known_of_it(amnok):
    answer = amnok("check", TINY, "--explain", "guards.penalty", "--explain", "period.spin_up")
    assert answer.status == 0
    told = " ".join(answer.out.split())
    assert "guards.penalty meaning What being held responsible for a leak would cost" in told
    assert "value 60000 CRN (from 0 to 1e+09 allowed)" in told
    assert "lognormal(60000, 1.6)" in told
    assert load(TINY).claims["W3"].text in told
    assert "period.spin_up meaning Days simulated before the first" in told


def test_check_explains_a_section_by_its_fields(amnok):
    answer = amnok("check", TINY, "--explain", "guards", "--json")
    (section,) = json.loads(answer.out)["explained"]
    assert list(section["inside"]) == list(Guards.model_fields)
    assert section["parameter"] is None
    assert section["inside"]["strict_factor"].startswith("Factor on the least price of a guard")


def test_what_a_scenario_is_without_is_explained_too(amnok):
    answer = amnok("check", TINY, "--set", "phones=", "--explain", "phones.known_days")
    assert answer.status == 0
    told = " ".join(answer.out.split())
    assert "phones.known_days meaning Days for which the outer police know of a trader" in told
    assert "value none: this scenario is without it" in told


def test_what_cannot_be_explained_is_named(amnok):
    answer = amnok("check", TINY, "--explain", "guards.penalti")
    assert answer.status == 2
    assert answer.errors == [
        "error: guards.penalti: no 'penalti' in guards (did you mean 'penalty'?)"
    ]


def test_check_speaks_json(amnok, tmp_path):
    content = json.loads(amnok("check", TINY, "--json").out)
    assert content["ok"]
    assert all(row["is_assumption"] for row in content["assumptions"])
    sourced = content["figures"] + content["directions"]
    assert all(row["sources"] for row in sourced)
    assert {row["support"] for row in sourced} == {"figure", "direction"}
    (tmp_path / "bad.yaml").write_text("name: x")
    answer = amnok("check", "bad.yaml", "--json")
    assert answer.status == 2
    assert not json.loads(answer.out)["ok"]


def test_labels_are_not_markup(amnok, tiny_text, tmp_path):
    (tmp_path / "odd.yaml").write_text(
        tiny_text.replace("label: Honey", 'label: "[/b] :bee: [red]"')
    )
    assert "[/b] :bee: [red]" in amnok("run", "odd.yaml").out


@pytest.mark.parametrize("people", [(0, 0), (1, 1), (0, 50)])
def test_few_or_no_traders_give_a_run_with_few_or_no_crossings(amnok, people):
    inner, outer = people
    sets = ("--set", f"traders.inner={inner}", "--set", f"traders.outer={outer}")
    answer = amnok("run", TINY, *sets, "--out", "run")
    assert (answer.status, answer.errors) == (0, [])
    assert amnok("plot", "run").status == 0


def test_scenarios_and_claims_and_schema(amnok):
    assert "sino-korean-border" in amnok("scenarios").out
    out = amnok("evidence", "list").out
    assert all(f"{letter}{number:02}" in out for letter in "AB" for number in range(1, 13))
    assert json.loads(amnok("schema").out)["title"] == "Amnok scenario"


@pytest.mark.parametrize("arguments", [[], ["--help"], ["run", "--help"], ["--version"]])
def test_help_and_version(amnok, arguments):
    answer = amnok(*arguments)
    assert answer.status == 0
    assert ("Usage" in answer.out) or answer.out == f"amnok {__version__}\n"


# A shell may have started the tests with interrupts ignored, which processes inherit.
_AMNOK = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from amnok.cli import main
sys.exit(main(sys.argv[1:]))
"""


# The command as pip installs it, with Ctrl-C when a module is looked for, or when all is done.
_PRESSED = """
import atexit, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
moment = sys.argv.pop(1)
def press():
    os.kill(os.getpid(), signal.SIGINT)
class Finder:
    def find_spec(self, name, *_):
        if name == moment:
            press()
if moment == "end":
    atexit.register(press)
sys.meta_path.insert(0, Finder())
from amnok.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("moment", "status"),
    [("typer", 130), ("amnok.cli.sweeps", 130), ("amnok.scenario", 130), ("end", 0)],
)
def test_the_status_is_a_documented_one_whenever_ctrl_c_comes(moment, status):
    command = [sys.executable, "-c", _PRESSED, moment, "check", str(TINY)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (status, "")


_THREADS_OF_BLAS = """
import os
from amnok.__main__ import main
try:
    main()
finally:
    print(os.environ["OPENBLAS_NUM_THREADS"])
"""


@pytest.mark.parametrize(("given", "told"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_blas_has_one_thread_unless_the_user_says_otherwise(given, told):
    others = {name: value for name, value in os.environ.items() if "BLAS" not in name}
    command = [sys.executable, "-c", _THREADS_OF_BLAS, "--version"]
    done = subprocess.run(command, capture_output=True, text=True, env=others | given, check=True)
    assert done.stdout.splitlines()[-1] == told


@pytest.mark.slow
def test_an_interrupted_run_keeps_finished_replicates(tmp_path):
    command = [sys.executable, "-c", _AMNOK, "run", str(TINY), "--replicates", "5000"]
    process = subprocess.Popen(
        [*command, "--out", str(tmp_path / "run")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 300
    while not list(tmp_path.glob("run/replicates/0*.zip")) and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in errors
    last = errors.splitlines()[-1]
    assert last.startswith("interrupted: ")
    assert last.endswith(f"replicates are kept in {tmp_path / 'run'}")
    assert out == ""
    kept = open_run(tmp_path / "run")
    assert kept.attrs["status"] == "interrupted"
    assert 1 <= kept.sizes["replicate"] < 5000
    assert not list((tmp_path / "run").rglob(".*"))


def test_a_closed_pipe_is_no_error():
    command = f"'{sys.executable}' -m amnok schema | head -c 10"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a file that is always full")
def test_an_output_that_cannot_be_written_is_told():
    command = f"'{sys.executable}' -m amnok check '{TINY}' > /dev/full"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["error: the output cannot be written: the disk is full"]


@pytest.mark.skipif(os.name != "posix", reason="how a shell closes an output")
def test_without_an_output_nothing_is_printed():
    command = f"'{sys.executable}' -m amnok check '{TINY}' >&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_too_little_memory_is_told(amnok, tmp_path, monkeypatch):
    def no_room(*_, **__):
        raise MemoryError

    monkeypatch.setattr("amnok.results.ensemble.simulate", no_room)
    answer = amnok("run", TINY)
    assert answer.status == 2
    assert answer.errors[-1].startswith("error: there is not enough memory")
    assert not (tmp_path / "runs").exists()


def test_an_empty_name_is_no_scenario(refused):
    (error,) = refused("run", "")
    assert "scenario.yaml: no such file" in error


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (["check", str(TINY)], ["numba", "xarray", "pandas", "matplotlib", "numpy"]),
        (["run", str(TINY)], ["dask.array", "zarr", "matplotlib"]),
    ],
)
def test_commands_import_no_heavy_library_in_vain(tmp_path, words, heavy):
    code = (
        f"import sys, amnok; from amnok.cli import main; assert main({words}) == 0; "
        f"print(sys.modules.keys() & {set(heavy)}, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "set()\n")

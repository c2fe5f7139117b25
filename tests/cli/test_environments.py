"""Ordinary environments: long names, no home, closed and full outputs. One line, or no word."""

import os
import shlex
import subprocess
import sys

import pytest
from tests.commands import COMMANDS, kind_of
from tests.paths import TINY

import amnok as library
from amnok.cli import main
from amnok.errors import AmnokError, visible
from amnok.scenario import load_text

LONG = "x" * 5000
OF_A_BORDER = ("list", "gaps", "export", "judge", "check")  # `amnok evidence` of one, all of it
# Each option or argument that names a place to read from, with a command that needs it.
READS = {
    ("explore", "--guesses"): "explore {tiny} --no-browser --guesses {}",
    ("explore", "--bank"): "explore {tiny} --no-browser --bank {}",
    ("explore", "--ledger"): "explore {tiny} --no-browser --ledger {}",
    ("explore", "SCENARIO|RUN"): "explore {} --no-browser",
    ("solve", "FILE"): "solve {}",
    ("exploit", "RUN"): "exploit {}",
    ("policies", "--policies"): "policies {tiny} --policies {}",
    ("compare", "--policies"): "compare {tiny} none --policies {}",
    ("compare", "--given"): "compare {tiny} nothing --policies {policies} --given {}",
    ("bank", "--policies"): "bank {tiny} --policy none --policies {}",
    ("bank", "--ledger"): "bank {tiny} --ledger {}",
    ("infer", "--data"): "infer {tiny} --bank {bank} --data {}",
    ("infer", "--bank"): "infer {tiny} --data x.csv --bank {}",
    ("ask", "--bank"): "ask {tiny} --bank {}",
    ("ask", "--given"): "ask {tiny} --bank {bank} --given {}",
    ("ask", "--ledger"): "ask {tiny} --bank {bank} --ledger {}",
    ("verify", "--data"): "verify {tiny} --data {}",
    ("run", "--repeat"): "run --repeat {}",
    ("run", "--given"): "run {tiny} --given {}",
    ("runs", "FOLDER"): "runs {}",
    ("show", "RUN"): "show {}",
    ("plot", "RUN"): "plot {}",
    ("plot", "--guesses"): "plot {run} --chart arrests --about cameras --guesses {}",
    ("report", "RUN|COMPARISON"): "report {}",
    ("report", "--patterns"): "report {run} --patterns {}",
    ("report", "--guesses"): "report {run} --guesses {}",
    ("report", "--bank"): "report {run} --bank {}",
    ("report", "--ledger"): "report {run} --ledger {}",
    ("score", "--data"): "score {tiny} --since 2030-03-05 --data {}",
    ("sweep", "--points"): "sweep {tiny} --points {}",
    ("sweep", "--policies"): "sweep {tiny} --grid guards.penalty=1 --policy none --policies {}",
    ("sensitivity", "FOLDER"): "sensitivity {} arrests",
    ("regret", "FOLDER"): "regret {} arrests",
    ("discover", "FOLDER"): "discover {} hard --lower arrests",
    **{
        (f"evidence {one}", "--ledger"): f"evidence {one} {{tiny}} --ledger {{}}"
        for one in OF_A_BORDER
    },
    ("evidence show", "--ledger"): "evidence show W1 {tiny} --ledger {}",
    ("evidence effect", "--ledger"): "evidence effect W1 {tiny} --ledger {}",
    ("evidence matrix", "--ledger"): "evidence matrix none --scenario {tiny} --ledger {}",
    ("evidence matrix", "--policies"): "evidence matrix none --scenario {tiny} --policies {}",
    ("evidence add", "[FILE]"): "evidence add l.yaml {} --scenario {tiny}",
    ("evidence amend", "LEDGER"): "evidence amend {} W1 why --scenario {tiny}",
    ("evidence retract", "LEDGER"): "evidence retract {} W1 why --scenario {tiny}",
    ("evidence merge", "FIRST"): "evidence merge {} l.yaml m.yaml --scenario {tiny}",
    ("evidence merge", "SECOND"): "evidence merge {ledger} {} m.yaml --scenario {tiny}",
    ("evidence provenance", "RUN"): "evidence provenance {}",
    **{
        (one, "SCENARIO"): f"{one} {{}}"
        for one in ("check", "odd", "policies", "effects", "bank", "verify")
    },
    ("run", "[SCENARIO]"): "run {}",
    **{(f"evidence {one}", "SCENARIO"): f"evidence {one} {{}}" for one in OF_A_BORDER},
    ("evidence show", "SCENARIO"): "evidence show W1 {}",
    ("evidence effect", "SCENARIO"): "evidence effect W1 {}",
    ("compare", "SCENARIO"): "compare {} none",
    ("infer", "SCENARIO"): "infer {} --data x.csv",
    ("ask", "SCENARIO"): "ask {}",
    ("score", "SCENARIO"): "score {} --data x.csv --since 2030-03-05",
    ("sweep", "SCENARIO"): "sweep {} --grid guards.penalty=1",
    **{
        (f"evidence {one}", "--scenario"): f"evidence {one} {words} --scenario {{}}"
        for one, words in {
            "add": "l.yaml x.csv",
            "amend": "l.yaml W1 why",
            "retract": "l.yaml W1 why",
            "merge": "a.yaml b.yaml c.yaml",
            "matrix": "none",
        }.items()
    },
}
# They are written to: see test_writing.py.
WRITTEN = {"--out", "--csv", "--hub", "--html", "--save", "--template", "INTO"}
WRITTEN_BY = {("evidence add", "LEDGER")}
ODD = {
    "long": LONG,
    "deep": "/".join(["d"] * 3000),
    "long part": f"a/{LONG}/b",
    "below a file": str(TINY / "scenario.yaml" / "x" / "y"),
    "below a device": "/dev/null/x",
    "marks": "a\u202eb\u2066c\x1b[31m",
}


def test_no_place_that_is_read_is_left_out():
    named = {
        (command, one.opts[-1] if one.param_type_name == "option" else one.metavar)
        for command, known in COMMANDS.items()
        for one in known.params
        if "path" in kind_of(one) or "SCENARIO" in str(one.metavar) or one.opts[-1] == "--scenario"
    }
    assert {one for one in named if one[1] not in WRITTEN} - WRITTEN_BY == set(READS)


@pytest.fixture(scope="module")
def beside(tmp_path_factory):
    """What the commands need besides the place."""
    folder = tmp_path_factory.mktemp("beside")
    made = {"{tiny}": str(TINY)}
    made |= {f"{{{name}}}": str(folder / name) for name in ("run", "bank", "policies", "ledger")}
    few = {"traders.inner": 20, "traders.outer": 10, "period.end": "2030-03-10"}
    library.run(TINY, sets=few, out=folder / "run", threads=1)
    library.bank(TINY, folder / "bank", draws=1, traders=20, full=0, threads=1)
    (folder / "policies").write_text('policies: {nothing: {label: Nothing, set: {sweep: "on"}}}')
    (folder / "ledger").write_text("reports: {}\nclaims: {}\n")
    return made


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("place", READS, ids=" ".join)
def test_a_place_that_cannot_be_is_one_line(place, name, beside, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = [ODD[name] if word == "{}" else beside.get(word, word) for word in READS[place].split()]
    status = main(words)
    _, errors = capsys.readouterr()
    assert status == 2
    told = [line for line in errors.splitlines() if line.startswith("error: ")]
    assert 1 <= len(told) <= 2
    assert visible(ODD[name])[:5] in told[0]
    assert max(map(len, told)) < 1000
    assert "Traceback" not in errors
    assert visible(errors) == errors


def amnok(words, shell="", **environment):
    """Exit status, standard output and error of a process of its own."""
    changed = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}
    kept = {name: value for name, value in changed.items() if value is not None}
    line = f"set -o pipefail; {shlex.join([sys.executable, '-m', 'amnok', *words])} {shell}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, env=kept, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"HOME": None},
        {"HOME": ""},
        {"HOME": "/proc/nowhere"},
        {"HOME": "/dev/null"},
        {"HOME": None, "XDG_CACHE_HOME": "/proc/nowhere"},
        {"NUMBA_CACHE_DIR": "/proc/nowhere"},
        {"NUMBA_CACHE_DIR": LONG},
        {"NUMBA_CACHE_DIR": "/dev/null/x"},
        {"TMPDIR": "/nowhere"},
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"TERM": "dumb", "COLUMNS": "0"},
    ],
)
def test_odd_environments_do_no_harm(environment):
    status, out, errors = amnok(["check", str(TINY)], **environment)
    assert (status, errors) == (0, "")
    assert "tiny-border is valid" in out


UNUSABLE = {
    "AMNOK_NATIVE": ("yes", "OFF", " off"),
    "NUMBA_CPU_FEATURES": ("avx2", "+", "+avx2,", "+avx2 -fma"),
    "SOURCE_DATE_EPOCH": ("", "x", "-1", "1e9", "1" * 20),
    "ZARR_ARRAY__ORDER": ("F",),
    "ZARR_ASYNC__CONCURRENCY": ("many", "0"),
    "ZARR_JSON_INDENT": ("7",),
    # What Numba reads by itself, when it is loaded.
    "NUMBA_NUM_THREADS": ("x", "", "1.5"),
    "NUMBA_DISABLE_JIT": ("true", ""),
    "NUMBA_OPT": ("9",),
    "NUMBA_DEBUG": ("yes",),
}
# A process takes seconds to begin: one of each in the fast lane.
ASKED = [
    pytest.param(name, value, marks=[pytest.mark.slow] * (place > 0 and name.startswith("NUMBA")))
    for name, values in UNUSABLE.items()
    for place, value in enumerate(values)
]


@pytest.mark.parametrize(("name", "value"), ASKED)
def test_a_setting_that_cannot_be_used_is_one_line(name, value):
    status, out, errors = amnok(["show", "nothing"], **{name: value})
    assert (status, out) == (2, "")
    assert errors.startswith(f"error: the environment variable {name} is '{value}' (")
    assert len(errors.splitlines()) == 1


def test_settings_that_can_be_used_are(monkeypatch, capsys):
    for name, value in {
        "AMNOK_NATIVE": "off",
        "NUMBA_CPU_FEATURES": "+avx2,-avx512f",
        "SOURCE_DATE_EPOCH": "1700000000",
        "MPLBACKEND": "nonsense",  # pictures go to files
        "ZARR_ASYNC__CONCURRENCY": "4",
        "ZARR_DATA": "/data",  # a name that zarr does not know
    }.items():
        monkeypatch.setenv(name, value)
    assert main(["scenarios"]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("AMNOK_NATIVE", "yes")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "now")
    with pytest.raises(AmnokError, match=r"AMNOK_NATIVE is 'yes'.*\n.*SOURCE_DATE_EPOCH is 'now'"):
        _ = library.check


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_what_becomes_of_an_output(options):
    words = ["check", str(TINY), *options]
    assert amnok(words, ">/dev/full")[0] == 2
    assert "cannot be written" in amnok(words, ">/dev/full")[2]
    assert amnok(words, "| true")[0] == 141
    for closed in (">&-", "2>&-", ">&- 2>&-", "<&-"):
        status, _, errors = amnok(words, closed)
        assert status in (0, 2)
        assert "Traceback" not in errors


MARKS = ["\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u061c", "\u2060", "\ufeff"]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("way", ["plain", "quoted", "escaped"])
def test_marks_in_labels_are_shown_as_such(mark, way):
    """Wherever a label is shown, it comes from what was read."""
    written = {
        "plain": f"Ho{mark}ney",
        "quoted": f'"Ho{mark}ney"',
        "escaped": f'"Ho\\u{ord(mark):04x}ney"',
    }[way]
    text = (TINY / "scenario.yaml").read_text(encoding="utf-8")
    scenario = load_text(text.replace("label: Honey", f"label: {written}"), "tiny")
    assert scenario.goods["honey"].label == f"Ho\\u{ord(mark):04x}ney"


@pytest.mark.parametrize("text", ["한국", "שלום", "e\u0301", "👩‍👧", "a\tb", "–", "\xa0"])
def test_letters_of_all_scripts_stay(text):
    assert visible(text) == text

"""Every command that writes, in places where it cannot: one line, and nothing half done is left."""

import contextlib
import json
import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.commands import COMMANDS, options_of
from tests.mounts import mounted
from tests.paths import TINY

from amnok.cli import main
from amnok.errors import visible

GAME = Path(__file__).parents[2] / "docs" / "games" / "security.yaml"
FEW = [
    *("--set", "traders.inner=20", "--set", "traders.outer=10"),
    *("--set", "period.end=2030-03-10"),
]
SMALL, PAIR = [*FEW, "--replicates", "1"], [*FEW, "--replicates", "2"]
TWO = ["--replicates", "2"]
ROBUST = ["effects", "{tiny}", "april_sweep", "--robust", "--draws", "10", *FEW]
BANK = ["bank", "{tiny}", *FEW, "--draws", "220", "--full", "0", "--traders", "20"]
SEEN = "date_from,series,place,value\n2030-03-01,official_arrests,ferry,1\n"
# Each option or argument that names a place to write to, with a command; the place comes last, or
# where a mark is.
WRITES = {
    ("odd", "--out"): ["odd", "{tiny}"],
    ("solve", "--out"): ["solve", str(GAME)],
    ("evidence export", "--out"): ["evidence", "export", "{tiny}"],
    ("evidence add", "LEDGER"): ["evidence", "add", "{}", "{claims}", "--scenario", "{tiny}"],
    ("evidence provenance", "--out"): ["evidence", "provenance", "{run}"],
    ("plot", "--out"): ["plot", "{run}"],
    ("report", "--out"): ["report", "{run}"],
    ("run", "--out"): ["run", "{tiny}", *SMALL],
    ("sweep", "--out"): ["sweep", "{tiny}", "--grid", "quota.arrests=1,2", *SMALL],
    ("compare", "--out"): ["compare", "{tiny}", "nothing", "--policies", "{policies}", *SMALL],
    ("compare", "--hub"): ["compare", "{tiny}", "nothing", "--policies", "{policies}", *SMALL],
    ("compare", "--csv"): ["compare", "{tiny}", "nothing", "--policies", "{policies}", *SMALL],
    ("bank", "--out"): [*("bank", "{tiny}", "--draws", "2", "--traders", "30", "--full", "0")],
    ("infer", "--template"): ["infer", "{tiny}"],
    ("new", "--out"): [
        *("new", "valley", "--sector", "a", "--goods", "b", "--inner", "Up", "--outer", "Low"),
        *("--mechanism", "guards"),
    ],
    ("effects", "--csv"): ["effects", "{tiny}", "--replicates", "2"],
    ("effects", "--save"): [*ROBUST, "--out", "{draws}"],
    ("effects", "--out"): ROBUST,
    ("evidence check", "--out"): ["evidence", "check", "{tiny}", "--draws", "10"],
    ("evidence effect", "--out"): ["evidence", "effect", "W1", "{tiny}", "--draws", "10"],
    ("evidence judge", "--out"): [*("evidence", "judge", "{tiny}", "--draws", "10"), *TWO],
    ("infer", "--out"): ["infer", "{tiny}", *FEW, "--bank", "{bank}", "--data", "{seen}"],
    ("runs", "--csv"): ["runs", "."],
    ("score", "--out"): ["score", "{tiny}", "--data", "{data}", "--since", "2030-03-05", *PAIR],
    ("verify", "--out"): [
        "verify",
        "{tiny}",
        "--robust",
        "--draws",
        "10",
        *FEW,
        "--replicates",
        "2",
    ],
    ("verify", "--html"): ["verify", "{tiny}", *PAIR],
}
OBSERVED = "date_from,series,value\n" + "".join(f"2030-03-0{n},arrests,{n}\n" for n in range(1, 9))
CLAIM = (
    "claim,report,title,publisher,date,reliability,text,place,mechanisms,credibility\n"
    "N1,N,Nights,The Courier,2031-05-06,B,Guards sleep at night,the ford,guards,4\n"
)
FOLDERS = {
    ("run", "--out"),
    ("sweep", "--out"),
    ("compare", "--out"),
    ("verify", "--out"),
    ("bank", "--out"),
    ("effects", "--out"),
    ("infer", "--out"),
    *((f"evidence {one}", "--out") for one in ("check", "effect", "judge")),
}
ENDINGS = {
    ("evidence add", "LEDGER"): ".yaml",
    ("plot", "--out"): ".png",
    ("report", "--out"): ".html",
}
READS = {("run", "--repeat")}
READS |= {(command, "--given") for command in ("ask", "compare", "run")}
READS |= {(command, "--guesses") for command in ("explore", "plot", "report")}
QUICK = [("evidence export", "--out"), ("solve", "--out")]
FULL, READ_ONLY = "the disk is full", "read-only|permission"
WORDS = re.compile(r"\b(writ|sav|keep)", re.IGNORECASE)


def test_no_option_that_writes_is_left_out():
    named = {
        (command, option.opts[-1])
        for command in COMMANDS
        for option in options_of(command)
        if not getattr(option, "is_flag", False)
        and (option.opts[-1] in ("--out", "--csv", "--html") or WORDS.search(option.help or ""))
    }
    assert named - READS == {(command, option) for command, option in WRITES if option[0] == "-"}


@contextlib.contextmanager
def read_only(tmp_path):
    with mounted(tmp_path / "place", "ro") as place:
        yield place / "x"


@contextlib.contextmanager
def full(tmp_path):
    with mounted(tmp_path / "place", "size=8k") as place:
        with contextlib.suppress(OSError), (place / "filler").open("wb", buffering=0) as filler:
            filler.write(b"x" * 100_000)
        yield place / "x"


@contextlib.contextmanager
def somewhere(tmp_path, *parts):
    (tmp_path / "file").write_text("mine")
    yield tmp_path.joinpath(*parts)


# By kind: how the place comes about, and what is said of it.
PLACES = {
    "read-only": (read_only, READ_ONLY),
    "full": (full, FULL),
    "below a file": (lambda path: somewhere(path, "file", "x"), "not a directory"),
    "below a device": (lambda path: somewhere(path, "/dev/null/x"), "not a directory"),
    "below nothing": (lambda path: somewhere(path, "/proc/nowhere/x"), "."),
    "long": (lambda path: somewhere(path, "x" * 5000), "too long"),
    "long part": (lambda path: somewhere(path, "a", "x" * 5000, "b"), "too long"),
    "deep": (lambda path: somewhere(path, *["d" * 200] * 30), "too long"),
    "marks": (lambda path: somewhere(path, "file", "a\u202eb\u2066\x1b[31m"), "not a directory"),
}


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """`words(option)`: the command that writes by this option, but for the place."""
    made = {"{tiny}": str(TINY)}
    folder = tmp_path_factory.mktemp("written")
    policies = folder / "policies.yaml"
    policies.write_text('policies: {nothing: {label: Nothing, set: {sweep: "on"}}}')
    made["{policies}"] = str(policies)
    made["{draws}"] = str(folder / "draws")
    for name, text in {"{data}": OBSERVED, "{claims}": CLAIM, "{seen}": SEEN}.items():
        made[name] = str(folder / f"{name[1:-1]}.csv")
        Path(made[name]).write_text(text)

    def words(option):
        for name, command in {"{run}": ["run", "{tiny}", *SMALL], "{bank}": BANK}.items():
            if name in WRITES[option] and name not in made:
                made[name] = str(folder / name[1:-1])
                given = [made.get(word, word) for word in command]
                assert main([*given, "--out", made[name]]) == 0
        command = [made.get(word, word) for word in WRITES[option]]
        return command if "{}" in command else [*command, option[1], "{}"]

    return words


def run_with(command, target, option):
    """The status of a command that writes to a place."""
    place = f"{target}{ENDINGS.get(option, '')}"
    return main([place if word == "{}" else word for word in command])


def below(folder):
    return sorted(one for one in folder.rglob("*"))


def check_refused(words, option, kind, tmp_path, capsys):
    command, (place, reason) = words(option), PLACES[kind]
    capsys.readouterr()
    with place(tmp_path) as target:
        before = below(tmp_path)
        status = run_with(command, target, option)
        told = capsys.readouterr()
        assert below(tmp_path) == before
    (error,) = [line for line in told.err.splitlines() if line.startswith("error: ")]
    assert status == 2
    assert re.search(reason, error, re.IGNORECASE)
    assert len(error) < 1000
    assert "Traceback" not in told.err
    assert visible(told.err + told.out) == told.err + told.out


@pytest.mark.parametrize("kind", ["read-only", "full", "long", "marks"])
@pytest.mark.parametrize("option", QUICK, ids=" ".join)
def test_what_cannot_be_written_is_one_line(words, option, kind, tmp_path, capsys):
    check_refused(words, option, kind, tmp_path, capsys)


@pytest.mark.slow
@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("option", WRITES, ids=" ".join)
def test_no_command_writes_where_it_cannot(words, option, kind, tmp_path, capsys):
    check_refused(words, option, kind, tmp_path, capsys)


@pytest.mark.slow
@pytest.mark.parametrize("room", [16, 24, 32, 64, 128, 512])
@pytest.mark.parametrize("option", WRITES, ids=" ".join)
def test_a_disk_that_fills_up_on_the_way(words, option, room, tmp_path, capsys):
    """Either all is written, or one line says so, and the same command goes on elsewhere."""
    command = words(option)
    capsys.readouterr()
    with mounted(tmp_path / "place", f"size={room}k") as place:
        status = run_with(command, place / "x", option)
        told = capsys.readouterr()
        left = [one.name for one in below(place)]
    assert "Traceback" not in told.err
    assert not any(name.startswith(".amnok-") or name.endswith(".part") for name in left)
    if status:
        (error,) = [line for line in told.err.splitlines() if line.startswith("error: ")]
        assert FULL in error
        assert status == 2
        assert option in FOLDERS or not left


@pytest.mark.parametrize("option", QUICK, ids=" ".join)
def test_a_name_with_marks_is_written_to_and_shown_as_such(words, option, tmp_path, capsys):
    check_marks(words, option, tmp_path, capsys)


@pytest.mark.slow
@pytest.mark.parametrize("option", WRITES, ids=" ".join)
def test_every_name_with_marks_is_written_to_and_shown_as_such(words, option, tmp_path, capsys):
    check_marks(words, option, tmp_path, capsys)


def check_marks(words, option, tmp_path, capsys):
    command = words(option)
    capsys.readouterr()
    target = tmp_path / "a\u202eb\u2066 'c'\x1b[31m"
    assert run_with(command, target, option) == 0
    told = capsys.readouterr()
    assert target.with_name(f"{target.name}{ENDINGS.get(option, '')}").exists()
    assert visible(told.out + told.err) == told.out + told.err


@pytest.mark.parametrize("option", QUICK, ids=" ".join)
def test_devices_pipes_and_links_stay_what_they_are(words, option, tmp_path, capsys):
    """Also for root, who could put a file in the place of a device: here, devices of the test."""
    pipe, link, far = tmp_path / "pipe", tmp_path / "link", tmp_path / "far"
    os.mkfifo(pipe)
    link.symlink_to(far)
    with ThreadPoolExecutor(1) as reader:
        came = reader.submit(pipe.read_bytes)
        assert run_with(words(option), pipe, option) == 0
        assert run_with(words(option), link, option) == 0
        assert came.result(60) == far.read_bytes()
    assert pipe.is_fifo()
    assert link.is_symlink()
    with device(tmp_path / "null", 3) as null, device(tmp_path / "full", 7) as always_full:
        assert run_with(words(option), null, option) == 0
        capsys.readouterr()
        assert run_with(words(option), always_full, option) == 2
        assert FULL in capsys.readouterr().err
        assert null.is_char_device()
        assert always_full.is_char_device()


@contextlib.contextmanager
def device(path, number):
    """A device of memory: 3 forgets what is written, 7 is always full."""
    try:
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, number))
        path.write_bytes(b"")
    except OSError:
        pytest.skip("devices are made by root")
    yield path
    path.unlink()


# By what a folder of format 1 has: commands that read one.
OLDER = {
    "manifest.json": ["show", "plot", "report", "exploit", "explore --no-browser", "run --repeat"],
    "comparison.json": ["report", "show"],
    "study.json": ["sensitivity {} arrests", "regret {} arrests", "discover {} hard --lower a"],
}


@pytest.mark.parametrize(
    ("file", "command"), [(file, one) for file, several in OLDER.items() for one in several]
)
def test_what_an_older_version_saved_is_told_with_a_way_out(file, command, tmp_path, capsys):
    (tmp_path / "old").mkdir()
    content = {"format": 1, "versions": {"amnok": "0.1.0"}, "status": "complete"}
    (tmp_path / "old" / file).write_text(json.dumps(content))
    line = command if "{}" in command else f"{command} {{}}"
    assert main([str(tmp_path / "old") if word == "{}" else word for word in line.split()]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    (error,) = told.err.splitlines()
    assert re.search(r"was written by Amnok 0.1.0 in format 1; .*, into a new folder\)", error)

"""Whatever is wrong with what people hand over: one clear message, status 2, nothing written."""

import errno
import os

import pytest
from tests.paths import TINY

START, END = "start: 2030-03-01", "end: 2030-06-28"


@pytest.fixture
def broken(tmp_path, tiny_text):
    """The small border with one text replaced by another."""

    def broken(old, new):
        assert old in tiny_text
        path = tmp_path / "broken.yaml"
        path.write_text(tiny_text.replace(old, new, 1), encoding="utf-8")
        return path

    return broken


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("currency: CRN", "currency: CRN\ncurency: CRN", ("curency", "currency")),
        ("value: 300, unit: persons", "value: 300, unit: days", ("traders.inner", "persons")),
        ("value: 0.8, unit: probability", "value: 1.8, unit: probability", ("return_share", "1")),
        (f"{START}, {END}", "start: 2030-06-28, end: 2030-03-01", ("dates out of order",)),
        ("sectors: [old-mill, ferry]", "sectors: [old-mil, ferry]", ("old-mil", "old-mill")),
        ("value: 300, unit: persons", "value: [300, unit: persons", ("broken.yaml:",)),
    ],
    ids=["unknown key", "wrong unit", "over 1", "dates", "unknown sector", "not yaml"],
)
@pytest.mark.parametrize("command", ["check", "run"])
def test_one_message_names_the_place_and_the_mend(refused, broken, command, old, new, words):
    errors = refused(command, broken(old, new))
    assert len(errors) == 1
    assert "broken.yaml:" in errors[0]
    for word in words:
        assert word in errors[0]


def test_every_fault_has_a_line(refused, tmp_path, tiny_text):
    text = tiny_text.replace("currency: CRN", "currency: CRN\ncurency: CRN")
    text = text.replace("value: 0.8, unit: probability", "value: 1.8, unit: probability", 1)
    (tmp_path / "broken.yaml").write_text(text)
    assert len(refused("run", tmp_path / "broken.yaml")) == 2


def test_switches_that_go_in_a_ring_are_refused(refused, broken):
    path = broken('"on": {sweep: "off", paper_hunt: "off"}', '"on": {quiet: "on"}')
    assert any("quiet" in line for line in refused("run", path, "--set", "quiet=on"))


@pytest.mark.parametrize(
    "override", ["nonsense", "sweep=perhaps", "goods.honey.value=lots", "no.such.path=1", "=", ""]
)
def test_overrides_that_mean_nothing_are_refused(refused, override):
    assert len(refused("run", TINY, "--set", override)) == 1


@pytest.mark.parametrize(
    "content", [b"", b"   \n", b"\x00\xff\xfe\x01" * 50, b"\x89PNG\r\n\x1a\n", b"- a\n- b\n", b"7"]
)
def test_files_that_are_no_scenario_are_refused(refused, tmp_path, content):
    (tmp_path / "odd.yaml").write_bytes(content)
    errors = refused("run", tmp_path / "odd.yaml")
    assert len(errors) == 1
    assert "odd.yaml" in errors[0]


def test_a_file_of_100_megabytes_is_refused_unread(refused, tmp_path):
    with (tmp_path / "large.yaml").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert len(refused("run", tmp_path / "large.yaml")) == 1


@pytest.mark.parametrize("name", ["nowhere.yaml", "sino-korean-bordr", "a\0b", "x" * 5000])
def test_a_missing_file_is_refused(refused, name):
    assert len(refused("run", name)) == 1


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(refused, tmp_path):
    (tmp_path / "file").write_text("x")
    errors = refused("run", TINY, "--out", tmp_path / "file" / "run")
    assert len(errors) == 1
    assert "cannot be written" in errors[0]
    assert len(refused("run", TINY, "--out", "/proc/amnok")) == 1


def test_a_folder_that_holds_something_is_refused(refused, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    errors = refused("run", TINY, "--out", tmp_path / "mine")
    assert len(errors) == 1
    assert "not empty" in errors[0]


def test_a_full_disk_is_one_message(refused, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    errors = refused("run", TINY)
    assert len(errors) == 1
    assert "the disk is full" in errors[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--seed", "x"],
        ["run", "--seed", "-1"],
        ["run", "--replicates", "0"],
        ["run", "--threads", "0"],
        ["run", "--nonsense"],
        ["evidence", "export", "--format", "xml"],
        ["run", "one", "two"],
        ["nonsense"],
        ["check"],
        ["show"],
    ],
)
def test_wrong_usage_is_one_line(refused, arguments):
    errors = refused(*arguments)
    assert len(errors) == 1
    assert "--help" in errors[0]


@pytest.mark.parametrize("command", ["show", "plot", "run --repeat"])
def test_folders_that_are_no_runs_are_refused(refused, tmp_path, command):
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "nowhere"):
        assert len(refused(*command.split(), path)) == 1


def test_repeating_goes_without_other_choices(refused, tmp_path):
    assert "--seed" in refused("run", "--repeat", tmp_path, "--seed", "2")[0]

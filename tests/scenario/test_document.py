"""Reading YAML: what comes out, and that nothing else gets in."""

import datetime as dt
import os
import tracemalloc

import pytest
import yaml

from amnok.errors import ScenarioError
from amnok.scenario import document, text_file
from amnok.scenario.document import Origin


def faults_of(read, *arguments):
    with pytest.raises(ScenarioError) as caught:
        read(*arguments)
    return caught.value.faults


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("off", "off"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("12", 12),
        ("-3", -3),
        ("20_000", 20_000),
        ("1e-3", 1e-3),
        ("3e-05", 3e-5),
        (".5", 0.5),
        ("1_000.5", 1000.5),
        ("2018-10-01", dt.date(2018, 10, 1)),
        ("2018-02-30", "2018-02-30"),
        ("1e999", "1e999"),
        (".inf", ".inf"),
        ("0x1F", "0x1F"),
        ("9" * 5000, "9" * 5000),
        ("1__0", "1__0"),
        ("e5", "e5"),
    ],
)
def test_scalars(text, meaning):
    result = document.scalar(text)
    assert result == meaning
    assert type(result) is type(meaning)


def test_quoted_scalars_are_texts():
    assert document.parse("a: '1'\nb: \"true\"\nc: |\n  12\n", "f").data == {
        "a": "1",
        "b": "true",
        "c": "12\n",
    }


def test_every_key_and_entry_has_its_line():
    found = document.parse("a:\n  b: [1,\n    2]\n  c: {d: x}\n", "file.yaml").origins
    assert found == {
        (): Origin("file.yaml", 1),
        ("a",): Origin("file.yaml", 1),
        ("a", "b"): Origin("file.yaml", 2),
        ("a", "b", 0): Origin("file.yaml", 2),
        ("a", "b", 1): Origin("file.yaml", 3),
        ("a", "c"): Origin("file.yaml", 4),
        ("a", "c", "d"): Origin("file.yaml", 4),
    }


def test_pure_python_reader_agrees(monkeypatch, tiny_text):
    fast = document.parse(tiny_text, "f")
    monkeypatch.setattr(document, "_LOADER", yaml.SafeLoader)
    assert document.parse(tiny_text, "f") == fast


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", None, "empty"),
        ("# nothing but a comment\n", None, "empty"),
        ("---\n", None, "empty"),
        ("just words", 1, "not keys with values"),
        ("- a\n- b", 1, "holds a list"),
        ("a: 1\nb: 2\na: 3", 3, "twice, in lines 1 and 3"),
        ("a: {b: 1, b: 2}", 1, "twice, in lines 1 and 1"),
        ("a: &x 1", 1, "anchors (&x)"),
        ("a: &x [1]\nb: *x", 2, "aliases (*x)"),
        ("a:\n  <<: {b: 1}", 2, "merge keys"),
        ("a: !!python/object/apply:os.system [ls]", 1, "tags"),
        ("a: !!str 1", 1, "tags"),
        ("a: 1\n---\nb: 1", 2, "second document"),
        ("? [1, 2]\n: 3", 1, "not a plain word"),
        ("a: [1, 2\n", 2, "not YAML at column"),
        ("a: 1\n b: 2", 2, "not YAML at column"),
        ("a:\n\t- 1", 2, "has a tab at column"),
        ('a: "open', 1, "not YAML"),
        ("a: {b: 1\nc: 2", 2, "not YAML"),
        ("a: x\n\nb: \x07", 3, "control character U+0007"),
        ('a: "\\0"', 1, "escaped control character"),
        ('"\\x01": a', 1, "escaped control character"),
        ("a: " + "[" * 1_000_000, 1, "deeper than 50 levels"),
        ("a: " + "{a: " * 1_000_000, 1, "deeper than 50 levels"),
        ("? " * 100_000, 1, "not a plain word"),
    ],
)
def test_refused(text, line, problem):
    found = faults_of(document.parse, text, "file.yaml")
    matching = [fault for fault in found if problem in fault.problem]
    assert matching, found
    assert matching[0].file == "file.yaml"
    assert matching[0].line == line


def test_several_faults_of_one_file_are_told_together():
    found = faults_of(document.parse, "a: &x 1\nb: *x\nb: 2\n", "f")
    assert [fault.line for fault in found] == [1, 2, 3]


def test_missing_file(tmp_path):
    (fault,) = faults_of(document.read, tmp_path / "none.yaml")
    assert "no such file" in fault.problem


def test_folder(tmp_path):
    (fault,) = faults_of(document.read, tmp_path)
    assert "folder" in fault.problem


def test_named_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (fault,) = faults_of(document.read, tmp_path / "pipe")
    assert "not an ordinary file" in fault.problem


def test_unreadable_file(tmp_path, monkeypatch):
    path = tmp_path / "secret.yaml"
    path.write_text("a: 1")

    def refuse(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    (fault,) = faults_of(document.read, path)
    assert fault.problem == "cannot be read: Permission denied"


def test_hundred_megabytes_are_refused_unread(tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    tracemalloc.start()
    (fault,) = faults_of(document.read, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "100.0 MB" in fault.problem
    assert peak < 1_000_000


def test_file_that_grows_beyond_its_stated_size(tmp_path, monkeypatch):
    path = tmp_path / "growing.yaml"
    path.write_text("a: 1\n" * 1000)
    monkeypatch.setattr(text_file, "LIMIT", 100)
    (fault,) = faults_of(document.read, path)
    assert "larger than" in fault.problem


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"\x00\x01\x02", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00", "binary"),
        ("a: b".encode("utf-16"), "UTF-16"),
        ("a: b".encode("utf-32"), "UTF-32"),
        (b"a: 1\nb: \xff\xfe", "not UTF-8"),
        (b"", "empty"),
    ],
)
def test_what_is_no_text(tmp_path, raw, problem):
    path = tmp_path / "file.yaml"
    path.write_bytes(raw)
    (fault,) = faults_of(document.read, path)
    assert problem in fault.problem
    assert fault.file == str(path)


def test_byte_order_mark_and_windows_lines_are_read(tmp_path):
    path = tmp_path / "file.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: x\r\n")
    assert document.read(path).data == {"a": 1, "b": "x"}

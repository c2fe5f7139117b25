"""Runs that cannot fit into memory are refused before anything is simulated."""

import pytest

from amnok.engine import simulate
from amnok.engine.tally import plain
from amnok.errors import AmnokError
from amnok.results import run, threads


def test_a_run_that_cannot_fit_is_refused(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(threads, "machine_memory", lambda: 1_000_000)
    with pytest.raises(AmnokError, match="memory, this machine has 0 GB"):
        run(tiny, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_machine_that_does_not_tell_lets_all_pass(tiny, monkeypatch):
    monkeypatch.setattr(threads, "machine_memory", lambda: None)
    threads.check_memory(tiny, 10**9)


def test_books_are_no_larger_than_reckoned(tiny):
    """`needed_memory` counts what the books really hold."""
    books = simulate(tiny, seed=1).books
    counts = sum(plain(table).size if table.dtype.names else table.size for table in books)
    assert threads._counts_a_day(tiny) * tiny.period.days == pytest.approx(counts, rel=0.1)

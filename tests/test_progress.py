"""Bars: in a notebook unasked, elsewhere where they are asked for, and in a pipe not at all."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

import amnok
from amnok.progress import progress_bar


@pytest.fixture
def notebook(monkeypatch):
    """What a cell shows, in order, in a notebook that is none."""
    shown: list[str] = []
    handle = SimpleNamespace(update=shown.append)
    display = ModuleType("IPython.display")
    display.HTML = str  # type: ignore[attr-defined]
    display.display = lambda text, display_id: handle  # type: ignore[attr-defined]
    python = ModuleType("IPython")
    python.get_ipython = lambda: SimpleNamespace(kernel=True)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", python)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    return shown


def test_a_notebook_shows_a_bar_and_takes_it_away(notebook):
    with progress_bar("draws") as tell:
        assert tell is not None
        tell(500, 2_000)
    assert "500 of 2,000 draws" in notebook[0]
    assert 'value="500" max="2000"' in notebook[0]
    assert notebook[-1] == ""


@pytest.mark.parametrize(("wanted", "shows"), [(None, True), (True, True), (False, False)])
def test_a_verb_shows_a_bar_in_a_notebook(notebook, tiny, wanted, shows):
    amnok.run(tiny, progress=wanted)
    assert bool(notebook) == shows


def test_elsewhere_nothing_is_shown_unasked(tiny, capsys):
    amnok.run(tiny, progress=None)
    amnok.run(tiny, progress=True)  # a pipe
    assert capsys.readouterr() == ("", "")


def test_a_function_is_told_how_far_it_is(tiny):
    told = []
    amnok.run(tiny, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1]

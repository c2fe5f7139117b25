"""Answers that are kept on the machine: the same as before, and of nothing else."""

import json

import pytest

from amnok.web import border as module
from amnok.web import stored
from amnok.web.border import Explorer, View
from amnok.web.stored import Stored

ASKED = View("april_sweep", {})


def never(total):
    raise AssertionError("simulated")


def as_text(found):
    return json.dumps(found, default=str)


@pytest.fixture
def explorer_in(tmp_path, border, monkeypatch):
    """A page that is opened once more; everything is kept, however soon it is there."""
    monkeypatch.setattr(module, "_SOON", 0.0)

    def opened(seed=border.seed):
        return Explorer(
            border,
            Stored(tmp_path / "kept", border.scenario, seed, border.replicates),
        )

    return opened


def test_a_page_that_is_opened_again_has_its_answer(explorer_in, days, tmp_path):
    first = explorer_in().view(ASKED, days)
    assert len(list((tmp_path / "kept").iterdir())) == 2
    for quality in ("full", "preview"):
        again = explorer_in().view(View("april_sweep", {}, quality), never)
        assert as_text(again) == as_text(first)
    late = View("april_sweep", {}, days=("2030-05-01", None))
    assert explorer_in().view(late, never)["effect"]["from"] == "2030-05-01"


def test_nothing_else_is_found(explorer_in, days, monkeypatch):
    explorer_in().view(ASKED, days)
    with pytest.raises(AssertionError, match="simulated"):
        explorer_in(seed=4).view(ASKED, never)
    with pytest.raises(AssertionError, match="simulated"):
        explorer_in().view(View("paper_hunt", {}), never)
    with pytest.raises(AssertionError, match="simulated"):
        explorer_in().view(View("april_sweep", {"quota.arrests": 9.0}), never)
    monkeypatch.setattr(stored, "_source", lambda: "another Amnok")
    with pytest.raises(AssertionError, match="simulated"):
        explorer_in().view(ASKED, never)


@pytest.mark.slow
def test_what_is_damaged_is_simulated_again(explorer_in, days, tmp_path):
    first = explorer_in().view(ASKED, days)
    for file in (tmp_path / "kept").iterdir():
        file.write_bytes(file.read_bytes()[:100])
    assert as_text(explorer_in().view(ASKED, days)) == as_text(first)
    assert as_text(explorer_in().view(ASKED, never)) == as_text(first)


def test_where_nothing_can_be_kept_nothing_is(border, days, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_SOON", 0.0)
    (tmp_path / "file").write_text("mine")
    kept = Stored(tmp_path / "file" / "below", border.scenario, border.seed, border.replicates)
    assert Explorer(border, kept).view(ASKED, days)["effect"]["answer"]


@pytest.mark.slow
def test_old_answers_make_room(explorer_in, days, tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "_MOST", 1)
    explorer_in().view(ASKED, days)
    explorer_in().view(View("paper_hunt", {}), days)
    assert len(list((tmp_path / "kept").iterdir())) == 2
    explorer_in().view(View("paper_hunt", {}), never)


def test_changed_settings_and_quick_answers_are_not_kept(border, days, tmp_path, monkeypatch):
    kept = Stored(tmp_path / "kept", border.scenario, border.seed, border.replicates)
    monkeypatch.setattr(module, "_SOON", 1e9)
    Explorer(border, kept).view(ASKED, days)
    monkeypatch.setattr(module, "_SOON", 0.0)
    moved = {"quota.arrests": 9.0}
    Explorer(border, kept).view(View("april_sweep", moved, pinned=moved), days)
    assert not (tmp_path / "kept").exists()

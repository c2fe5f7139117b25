"""Banks: what is kept is what the dataset has, resumed to the same bits, refused when foreign."""

import datetime as dt
from functools import partial

import numpy as np
import pandas as pd
import pytest
from tests.interrupted import one_batch
from tests.paths import TINY

import amnok
from amnok.engine import simulate
from amnok.errors import AmnokError, FolderError
from amnok.results.ledgers import dataset
from amnok.results.modelled import modelled
from amnok.results.observations import observations_of
from amnok.studies.inference.banks import check_same, open_bank
from amnok.studies.inference.kept import HIDDEN, Layout
from amnok.studies.inference.worlds import variants_named


@pytest.fixture(scope="module")
def short():
    """Thirty days, so that the last week is shorter."""
    tiny = amnok.load(TINY)
    end = tiny.period.start + dt.timedelta(days=29)
    return tiny.model_copy(update={"period": tiny.period.model_copy(update={"end": end})})


def test_keeps_what_the_dataset_has(short):
    layout = Layout(short)
    outcome = simulate(short, 1, 0)
    weekly = layout.of(outcome, 1)
    assert weekly.shape == (len(layout.columns()) // layout.weeks, layout.weeks)
    whole = dataset(outcome, short, 1)
    days = pd.DatetimeIndex(whole["day"].to_numpy())
    cells = [
        {"series": "official_arrests", "place": "ferry"},
        {"series": "official_arrests", "place": "ferry", "side": "up"},
        {"series": "official_items_seized", "agency": "rangers"},
        {"series": "official_questionings", "size": "carrier"},
        {"series": "official_value_seized"},
        {"series": "published_reports"},
        {"series": "surveyed_price", "place": "capital", "goods": "lamps"},
        {"series": "declared_value"},
        {"series": "declared_value", "side": "up"},
        {"series": "declared_value", "place": "ferry", "side": "low"},
        {"series": "declared_value", "goods": "lamps"},
    ]
    assert float(whole["declared_value"].sum()) > 0.0
    for cell in cells:
        rows = observations_of(
            pd.DataFrame(
                [
                    {
                        **cell,
                        "date_from": days[7 * week].date(),
                        "date_to": days[min(7 * week + 6, len(days) - 1)].date(),
                        "value": 1.0,
                    }
                    for week in range(layout.weeks)
                ]
            )
        ).rows
        names = ("place", "side", "agency", "goods", "size")
        place, side, agency, goods, size = (cell.get(name, "") for name in names)
        parts = layout.parts_of(cell["series"], (place, side, agency, goods, size))
        assert np.allclose(weekly[parts].sum(axis=0), modelled(whole, rows)[0])
    flows = weekly[len(layout.seen) :]
    hidden = layout.hidden
    assert np.isclose(flows[0].sum(), float(whole["value_crossed"].sum()))
    for axis in ("sector", "size", "channel"):
        mine = [at for at, one in enumerate(hidden) if (one[0], one[1]) == ("value_crossed", axis)]
        expected = flows[0] if axis != "sector" else flows[mine].sum(axis=0)
        assert np.allclose(flows[mine].sum(axis=0), expected)


def test_what_is_not_kept_so_finely(short):
    layout = Layout(short)
    assert layout.parts_of("official_arrests", ("ferry", "", "", "", "carrier")) is None
    assert layout.parts_of("official_arrests", ("", "", "rangers", "", "carrier")) is None
    assert layout.parts_of("declared_value", ("ferry", "", "", "lamps", "")) is None


@pytest.mark.slow
def test_resumes_to_the_same_bits(short, tmp_path, monkeypatch):
    monkeypatch.setattr("amnok.studies.sweeps.runner.batch_size", lambda *_: 2)
    make = partial(amnok.bank, short, draws=4, traders=150, full=2, threads=1)
    whole = make(tmp_path / "whole")
    assert whole.weekly.shape[0] == 4
    seen = []

    def stop(done, total):
        seen.append(done)
        if done == 2:
            raise KeyboardInterrupt

    with one_batch(), pytest.raises(KeyboardInterrupt):
        make(tmp_path / "cut", progress=stop)
    assert len(open_bank(tmp_path / "cut").points) == 2
    assert open_bank(tmp_path / "cut").progress == (1, 2)
    again = make(tmp_path / "cut")
    assert np.array_equal(again.weekly, whole.weekly)
    assert np.array_equal(again.correction, whole.correction)
    assert (whole.correction != 1.0).any()
    # Each draw has chances of its own, and parameters of its own.
    assert len(np.unique(whole.weekly.sum(axis=(1, 2)))) == 4
    assert whole.parameters(whole.under("base")).shape[1] > 100
    check_same(whole, short)
    with pytest.raises(AmnokError, match="make the bank anew"):
        check_same(whole, amnok.load(TINY))


def test_variants_keep_their_numbers_in_whatever_order_they_are_named(short, tmp_path, monkeypatch):
    monkeypatch.setattr("amnok.studies.sweeps.runner.batch_size", lambda *_: 1)
    make = partial(amnok.bank, short, draws=6, traders=30, full=0, threads=1)
    names = ["selection", "collusion"]
    named = variants_named(short, short, (), {}, names)
    whole = make(tmp_path / "whole", variants=named)

    def stop(done, total):
        if done:
            raise KeyboardInterrupt

    with one_batch(), pytest.raises(KeyboardInterrupt):
        make(tmp_path / "cut", variants=named, progress=stop)
    again = make(tmp_path / "cut", variants={name: named[name] for name in names[::-1]})
    assert again.variants == whole.variants == ("base", *names)
    assert np.array_equal(again.weekly, whole.weekly)
    with pytest.raises(FolderError, match="other variants"):
        make(tmp_path / "cut", variants={names[0]: named[names[0]]})


def test_a_bank_of_which_nothing_is_finished_goes_on(short, tmp_path, monkeypatch):
    def killed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("amnok.studies.sweeps.work.simulate", killed)
    with pytest.raises(KeyboardInterrupt):
        amnok.bank(short, tmp_path / "bank", draws=1, traders=30, full=0, threads=1)
    with pytest.raises(FolderError, match=r"no finished batch \(the same amnok bank goes on\)"):
        open_bank(tmp_path / "bank")


@pytest.mark.slow
def test_runs_with_all_people_that_are_gone_are_missed(short, tmp_path):
    """What corrects the rest is never left out without a word."""
    make = partial(amnok.bank, short, draws=2, traders=30, full=1, threads=1)
    whole = make(tmp_path / "bank")
    (tmp_path / "bank" / "full-size").rename(tmp_path / "aside")
    with pytest.raises(AmnokError, match="is missing: the runs with all people"):
        open_bank(tmp_path / "bank")
    other = make(tmp_path / "other", seed=2)
    (tmp_path / "other" / "full-size").rename(tmp_path / "bank" / "full-size")
    with pytest.raises(AmnokError, match="is of another bank"):
        open_bank(tmp_path / "bank")
    assert other.digest != whole.digest
    (tmp_path / "bank" / "full-size").rename(tmp_path / "other" / "full-size")
    assert make(tmp_path / "bank").digest == whole.digest


def test_damage_and_another_state_of_the_code_are_told(short, tmp_path, monkeypatch):
    amnok.bank(short, tmp_path / "bank [1]", draws=1, traders=100, full=0, threads=1)
    with monkeypatch.context() as other:
        other.setattr("amnok.studies.inference.kept.HIDDEN", HIDDEN[:-1])
        with pytest.raises(FolderError, match="holds other numbers of each run"):
            open_bank(tmp_path / "bank [1]")
    file = next((tmp_path / "bank [1]" / "batches").iterdir())
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(AmnokError, match="was changed"):
        open_bank(tmp_path / "bank [1]")

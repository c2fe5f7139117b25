"""What is read by SQL is what pandas would have made of all rows."""

import gc
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from amnok.errors import AmnokError
from amnok.studies.sweeps import Point, Sweep, sweep
from amnok.studies.sweeps.analysis import by_draw, flips, regret
from amnok.studies.sweeps.folder import SweepFolder
from amnok.studies.sweeps.prim import Condition, discover
from amnok.studies.sweeps.reading import draws
from amnok.studies.sweeps.runner import opened

COLUMNS = [("trade", "river, small"), ("trade", "sea, it's"), ("arrests", ""), ("ratio", "low")]
POLICIES = ("base", "order")
REPLICATES = 3


@pytest.fixture
def wanted():
    """Twenty draws under two policies; `order` changes nothing in the first five."""
    return drawn()


def drawn():
    generator = np.random.default_rng(4)
    values = generator.lognormal(3.0, 2.0, (20, len(POLICIES), REPLICATES, len(COLUMNS)))
    values[:5, 1] = values[:5, 0]
    values[3, 0, 1, 3] = values[7, 1, :, 3] = np.nan
    return values


def begun(folder, values, batches=range(20)):
    """A sweep with a batch for each draw, being written; only some of the batches are finished."""
    asked = [Point(policy, {"a": 0.1 * n, "b": n % 3}) for n in range(20) for policy in POLICIES]
    made = SweepFolder(folder, {"sobol": None, "batch": len(POLICIES)}, asked)
    for number in set(batches) - made.finished():
        table = values[number].reshape(-1, len(COLUMNS))
        aside = {2 * number: "too hot"} if number == 11 else None
        made.add(number, [2 * number, 2 * number + 1], REPLICATES, COLUMNS, table, aside)
    return made


def written(folder, values, batches=range(20)):
    """The same, at its end."""
    begun(folder, values, batches).store.close("complete")
    return opened(folder)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """All of them, in a folder that tests only read."""
    return written(tmp_path_factory.mktemp("sweeps") / "s", drawn())


def by_pandas(found, outcome, where=""):
    """A row for each point and replicate, as it was read before: all rows, then pandas."""
    rows = found.results
    chosen = rows[rows["outcome"] == outcome]
    if where:
        chosen = chosen[chosen["where"] == where]
    sums = chosen.groupby(["point", "replicate"], as_index=False)["value"].sum()
    return sums.merge(found.points, on="point")


def same(found, wanted):
    pd.testing.assert_frame_equal(found, wanted, rtol=1e-12, atol=0.0, check_dtype=False)


@pytest.mark.parametrize(
    ("outcome", "where"),
    [("trade", ""), ("trade", "sea, it's"), ("arrests", ""), ("ratio", ""), ("war", "")],
)
def test_numbers_are_those_of_pandas(whole, outcome, where):
    found = whole
    table = by_pandas(found, outcome, where)
    same(found.table(outcome, where), table)
    means = table.groupby("point")["value"].mean()
    same(found.means(outcome, where).to_frame(), means.to_frame())
    if table.empty:
        return
    wide = table.assign(draw=table["point"] // 2).pivot_table("value", "draw", "policy")
    same(by_draw(found, outcome, where), wide)


def test_policies_that_come_to_the_same_are_seen_to(tmp_path, wanted):
    """Sums are the same to the last bit, or the first five draws would not be ties."""
    wanted[5:, 1] = wanted[5:, 0] + 1.0
    found = written(tmp_path / "s", wanted)
    best = regret(found, "trade").set_index("policy")["best"]
    assert best.to_dict() == {"base": 1.0, "order": 0.25}
    assert flips(found, "trade").loc["base", "order"] == 0.125


def test_rows_come_in_order_from_batches_in_any_order(tmp_path, wanted):
    found = written(tmp_path / "s", wanted, range(19, -1, -1))
    cells = found.results[["point", "replicate", "outcome", "where"]]
    assert len(cells) == wanted.size
    assert cells.apply(tuple, axis=1).is_monotonic_increasing
    assert found.table("trade")[["point", "replicate"]].apply(tuple, axis=1).is_monotonic_increasing
    assert list(found.points["point"]) == list(range(40))


def test_a_relation_is_lazy_and_outlives_its_sweep(whole, wanted):
    relation = opened(whole.folder).relation()
    gc.collect()
    assert relation.columns == ["point", "replicate", "outcome", "where", "value"]
    ((rows, total),) = relation.aggregate("count(*), sum(value)").fetchall()
    assert rows == wanted.size
    assert total == pytest.approx(np.nansum(wanted), rel=1e-12)
    assert duckdb.sql("FROM relation SELECT count(DISTINCT point)").fetchall() == [(40,)]


@pytest.mark.parametrize(
    "name",
    [
        "a[1]",
        "it's X",
        *(
            pytest.param(one, marks=pytest.mark.slow)
            for one in ('a "b"', "wild*?", "국경 ünï", "{a,b}", "$x;--")
        ),
    ],
)
def test_a_folder_may_be_called_anything(tmp_path, wanted, name):
    written(tmp_path / "a1", wanted + 1)  # what a[1] would be as a pattern
    found = written(tmp_path / name, wanted)
    assert found.means("arrests").iloc[0] == pytest.approx(wanted[0, 0, :, 2].mean(), rel=1e-12)
    assert len(found.table("trade", "sea, it's")) == 20 * len(POLICIES) * REPLICATES
    assert len(regret(found, "arrests")) == 2
    assert len(found.results) == wanted.size


@pytest.mark.parametrize("name", ["~", "s3:x"])
def test_a_folder_is_here_whatever_it_is_called(tmp_path, wanted, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(written(Path(name), wanted).results) == wanted.size


def test_what_is_finished_is_read(tmp_path, wanted):
    found = written(tmp_path / "s", wanted, [2, 5, 11])
    assert list(found.means("arrests").index) == [4, 5, 10, 11, 22, 23]
    assert list(by_draw(found, "arrests").index) == [2, 5, 11]


def test_a_sweep_without_a_finished_batch_says_so(tmp_path, wanted):
    SweepFolder(tmp_path / "s", {"sobol": None, "batch": 1}, [Point()])
    found = Sweep(tmp_path / "s")
    for read in (found.relation, lambda: found.results, lambda: regret(found, "arrests")):
        with pytest.raises(AmnokError, match="holds no finished batch"):
            read()


def test_a_batch_without_a_row_is_no_hindrance(tmp_path, wanted):
    """Every point of the first batch was set aside."""
    asked = [Point("base", {"a": 1.0}), Point("base", {"a": 2.0})]
    made = SweepFolder(tmp_path / "s", {"sobol": None, "batch": 1}, asked)
    made.add(0, [], 1, COLUMNS, np.empty((0, len(COLUMNS))))
    made.add(1, [1], 1, COLUMNS, wanted[0, 0, :1])
    found = opened(tmp_path / "s")
    assert found.means("arrests").to_dict() == {1: wanted[0, 0, 0, 2]}
    assert len(found.results) == len(COLUMNS)


def test_every_point_may_be_set_aside(small, tmp_path):
    bad = Point("base", {"quota.arrests": -1.0})
    found = sweep(small, [bad], tmp_path / "s")
    assert len(found.results) == 0
    with pytest.raises(AmnokError, match="no outcome 'arrests'"):
        regret(found, "arrests")


def test_what_was_drawn_goes_by_draw_though_base_is_missing(tmp_path, wanted):
    """A draw without `base` must not shift the parameters of those after it."""
    generator = np.random.default_rng(2)
    asked, values = [Point("order", {"a": 99.0})], [[0.0]]
    for a in generator.random(200).tolist():
        asked += [Point("base", {"a": a}), Point("order", {"a": a})]
        values += [[1.0], [0.0 if a > 0.7 else 2.0]]
    made = SweepFolder(tmp_path / "s", {"sobol": None, "batch": 1}, asked)
    made.add(0, range(len(asked)), 1, [("trade", "")], np.array(values))
    found = opened(tmp_path / "s")
    assert list(draws(found.folder)["a"].iloc[:2]) == [99.0, asked[1].values["a"]]
    _, boxes = discover(found, "order", [Condition("lower", "trade")])
    assert boxes[-1].density == 1.0
    assert boxes[-1].limits["low"].iloc[0] == pytest.approx(0.7, abs=0.05)


@pytest.fixture
def gathered(monkeypatch):
    """Some four batches are put into one file, in sweeps of more than two."""
    monkeypatch.setattr("amnok.studies.sweeps.folder._MANY", 2)
    monkeypatch.setattr("amnok.studies.sweeps.folder._LARGE", 6_000)


def names(found):
    return sorted(file.name for file in (found.folder / "batches").iterdir())


def test_many_batches_are_gathered_in_fewer_files(tmp_path, wanted, whole, gathered):
    made = begun(tmp_path / "s", wanted, range(19, -1, -1))
    made.gather()
    made.store.close("complete")
    found = opened(tmp_path / "s")
    pd.testing.assert_frame_equal(found.results, whole.results)
    assert found.progress == (20, 20)
    assert found.aside == {22: "too hot"}
    assert 1 < len(names(found)) < 10
    assert names(found)[0].startswith("000000-")
    again = begun(tmp_path / "s", wanted)
    assert again.finished() == set(range(20))
    again.gather()  # of what is whole, nothing


@pytest.mark.slow
def test_a_sweep_that_is_killed_while_it_gathers_goes_on(tmp_path, wanted, whole, gathered):
    made = begun(tmp_path / "s", wanted)
    add, times = made.store.add, 0

    def killed(*arguments, **more):
        nonlocal times
        add(*arguments, **more)
        times += 1
        if times == 2:
            raise MemoryError

    made.store.add = killed
    with pytest.raises(MemoryError):
        made.gather()
    left = shutil.copytree(tmp_path / "s", tmp_path / "left")  # as its files are at that moment
    (left / "lock").unlink()
    assert len(names(opened(left))) == 22
    pd.testing.assert_frame_equal(opened(left).results, whole.results)
    again = begun(left, wanted)
    assert len(list((left / "batches").iterdir())) < 20
    again.gather()
    again.store.close("complete")
    pd.testing.assert_frame_equal(opened(left).results, whole.results)
    assert opened(left).progress == (20, 20)

"""`amnok sweep` as people meet it."""

import shlex

import duckdb
import pytest
from tests.paths import TINY

MINE = 'policies: {no_sweep: {label: No sweep, set: {sweep: "off"}}}'
FEW = ("--set", "traders.inner=40", "--set", "traders.outer=20", "--set", "period.end=2030-03-20")


@pytest.fixture
def mine(tmp_path):
    (tmp_path / "mine.yaml").write_text(MINE)
    return "mine.yaml"


def test_a_grid_under_two_policies_in_one_query(amnok, mine, tmp_path):
    grid = ("--grid", "quota.arrests=0,9", "--policy", "no_sweep", "--policies", mine)
    answer = amnok("sweep", TINY, *grid, *FEW, "--replicates", "2", "--out", "s")
    assert answer.status == 0
    assert "4 points, 8 runs in s" in answer.out
    query = f"FROM '{tmp_path}/s/batches/*.parquet' SELECT count(DISTINCT (point, replicate))"
    assert duckdb.sql(query).fetchall() == [(8,)]
    assert amnok("sweep", TINY, *grid, *FEW, "--replicates", "2", "--out", "s").out == answer.out


@pytest.mark.slow
@pytest.mark.parametrize(
    "design",
    [
        ("--over", "quota.arrests", "--over", "guards.penalty", "--draws", "3"),
        ("--over", "assumptions", "--draws", "2"),
        ("--over", "quota.arrests", "--sobol", "2"),
        ("--points", "points.csv"),
    ],
)
def test_other_designs(amnok, tmp_path, design):
    (tmp_path / "points.csv").write_text("quota.arrests\n3\n")
    answer = amnok("sweep", TINY, *design, *FEW, "--out", "s")
    assert answer.status == 0
    assert (tmp_path / "s" / "points.parquet").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--grid", "quota.arrests=1", "--over", "quota.arrests"),
        ("--grid", "quota.arests=1"),
        ("--grid", "quota.arrests"),
        ("--grid", "quota.arrests=many"),
        ("--grid", "quota.arrests=nan,inf"),
        ("--grid", "quota.arrests=1", "--grid", "quota.arrests=3"),
        ("--grid", "quota.arrests=1", "--draws", "3"),
        ("--grid", "quota.arrests=1", "--sobol", "4"),
        ("--grid", "orders.april_sweep.start=5"),
        ("--over", "quota.arrests", "--sobol", "4", "--draws", "3"),
        ("--over", "quota.arrests", "--sobol", "4", "--policy", "no_sweep", "--policies", "m.yaml"),
        ("--over", "quota.arests"),
        ("--over", "quota.arrests", "--sobol", "3"),
        ("--points", "none.csv"),
        ("--grid", "quota.arrests=1", "--policy", "no_swep"),
        ("--grid", "quota.arrests=1", "--scheduler", "nowhere", "--out", "s"),
    ],
)
def test_bad_input_is_one_clear_message(amnok, tmp_path, arguments):
    (tmp_path / "m.yaml").write_text(MINE)
    answer = amnok("sweep", TINY, *FEW, *arguments)
    assert answer.status == 2
    assert answer.errors
    assert all(line.startswith("error: ") for line in answer.errors)


def test_a_sweep_of_which_nothing_can_run_is_no_success(amnok):
    answer = amnok("sweep", TINY, "--grid", "quota.arrests=-3,1", *FEW, "--out", "s")
    assert answer.status == 0
    assert "2 points, 1 run in s" in answer.out
    assert "outside 0 to" in answer.out
    answer = amnok("sweep", TINY, "--grid", "quota.arrests=-3", *FEW, "--out", "t")
    assert answer.status == 2
    assert "nothing was simulated: quota.arrests: value -3.0 is outside" in answer.errors[-1]


def test_points_of_a_file_under_policies(amnok, mine, tmp_path):
    (tmp_path / "points.csv").write_text("quota.arrests\n3\n4\n")
    asked = ("sweep", TINY, "--points", "points.csv", *FEW, "--policies", mine)
    answer = amnok(*asked, "--policy", "no_sweep", "--out", "s")
    assert "4 points, 4 runs in s" in answer.out
    (tmp_path / "points.csv").write_text("policy,quota.arrests\nno_sweep,3\nno_swep,4\n")
    (error,) = amnok(*asked, "--policy", "no_sweep", "--out", "t").errors
    assert error.startswith("error: points.csv:3: policy: no policy 'no_swep' (did you mean 'no_sw")


def test_a_sweep_that_is_not_whole_says_how_much_is_there(amnok, mine, tmp_path, monkeypatch):
    """And a batch that is lost, or copied, is told before any number."""
    monkeypatch.setattr("amnok.studies.sweeps.runner.batch_size", lambda *_: 1)
    over = ("--over", "quota.arrests", "--draws", "3", "--policy", "no_sweep", "--policies", mine)
    assert amnok("sweep", TINY, *over, *FEW, "--out", "s").status == 0
    batch = tmp_path / "s" / "batches" / "000002.parquet"
    copy = batch.with_name("000002 (copy).parquet")
    copy.write_bytes(batch.read_bytes())
    (error,) = amnok("regret", "s", "detention").errors
    assert "000002 (copy).parquet: is not a file of this sweep" in error
    copy.unlink()
    batch.unlink()
    answer = amnok("regret", "s", "detention")
    assert (answer.status, answer.out) == (2, "")
    assert answer.errors == ["error: s/batches/000002.parquet: is missing (repeat the sweep)"]

    def killed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("amnok.studies.sweeps.work.simulate", killed)
    assert amnok("sweep", TINY, *over, *FEW, "--out", "other", "--threads", "1").status == 130
    (error,) = amnok("regret", "other", "detention").errors
    assert error == "error: other: holds no finished batch (the same amnok sweep goes on)"


@pytest.mark.parametrize("name", ["it's X [x]", 'a "b"', "a[1]"])
def test_the_query_that_is_printed_can_be_pasted(amnok, tmp_path, name):
    answer = amnok("sweep", TINY, "--grid", "quota.arrests=0,9", *FEW, "--out", name)
    command = answer.out.splitlines()[-1]
    program, option, query = shlex.split(command)
    assert (program, option) == ("duckdb", "-c")
    assert {row[0] for row in duckdb.sql(f"{query} SELECT DISTINCT point").fetchall()} == {0, 1}


def test_what_decides_an_outcome(amnok):
    over = ("--over", "quota.arrests", "--over", "guards.penalty", "--sobol", "4")
    assert amnok("sweep", TINY, *over, *FEW, "--out", "s").status == 0
    answer = amnok("sensitivity", "s", "bribes", "--where", "guards")
    assert answer.status == 0
    assert "guards.penalty" in answer.out
    assert amnok("sensitivity", "s", "peace").errors[0].startswith("error: no outcome 'peace'")


@pytest.mark.slow
def test_which_policy_is_safe(amnok, mine):
    over = ("--over", "quota.arrests", "--draws", "4", "--policy", "no_sweep", "--policies", mine)
    assert amnok("sweep", TINY, *over, *FEW, "--out", "s").status == 0
    answer = amnok("regret", "s", "detention", "--where", "low, carrier")
    assert answer.status == 0
    assert "no_sweep" in answer.out
    assert amnok("regret", "none", "arrests").errors == [
        "error: none: does not exist (name a folder that `amnok sweep` made)"
    ]


@pytest.mark.slow
def test_claims_have_indices_too(amnok):
    assert amnok("sweep", TINY, "--over", "claims", "--sobol", "2", *FEW, "--out", "s").status == 0
    answer = amnok("sensitivity", "s", "checking_hours", "--where", "dealer")
    assert answer.status == 0
    assert "W1" in answer.out


@pytest.mark.slow
def test_where_a_policy_does_something(amnok, tmp_path):
    """An order that comes earlier brings in more people, unless it is an order for nothing."""
    earlier = "policies: {earlier: {set: {orders.april_sweep.start: 2030-03-08}}}"
    (tmp_path / "mine.yaml").write_text(earlier)
    grid = ("--grid", "orders.april_sweep.intensity=0,1,2,3", "--grid", "guards.penalty=1,2,3")
    asked = ("sweep", TINY, *grid, "--policy", "earlier", "--policies", "mine.yaml", "--out", "s")
    assert amnok(*asked).status == 0
    answer = amnok("discover", "s", "earlier", "--higher", "questionings")
    assert answer.status == 0
    assert "75% of the draws are of interest" in answer.out
    assert amnok("discover", "s", "earlier").status == 2

"""`amnok runs`: what lies in a folder of results, and how much of each is there."""

import json

from tests.paths import TINY

FEW = ("--set", "traders.inner=40", "--set", "traders.outer=20", "--set", "period.end=2030-04-20")


def test_results_of_every_kind_are_listed(amnok, tmp_path):
    amnok("run", TINY, "--seed", 3, *FEW)
    (saved,) = (tmp_path / "runs").iterdir()
    assert saved.name == (
        "tiny-border-seed3-traders.inner=40-traders.outer=20-period.end=2030-04-20"
    )
    points = ("--grid", "guards.penalty=1,2")
    assert amnok("sweep", TINY, *points, *FEW, "--out", "runs/points").status == 0
    (tmp_path / "policies.yaml").write_text(
        "policies: {quiet: {label: Quiet, set: {orders.april_sweep.intensity: 0}}}"
    )
    own = ("--policies", "policies.yaml", "--replicates", 2, "--out", "runs/beside")
    assert amnok("compare", TINY, "quiet", *FEW, *own).status == 0
    (tmp_path / "runs" / "notes").mkdir()
    told = {one["folder"]: one for one in json.loads(amnok("runs", "--json").out)["results"]}
    assert set(told) == {saved.name, "points", "beside"}
    run = told[saved.name]
    assert (run["kind"], run["border"], run["seed"], run["replicates"], run["state"]) == (
        *("run", "tiny-border", 3, 1, "whole"),
    )
    assert "traders.inner=40" in run["asked"]
    assert "2 points" in told["points"]["asked"]
    assert "quiet" in told["beside"]["asked"]
    listed = amnok("runs", "--csv", "list.csv")
    assert listed.status == 0
    assert listed.out.startswith("3 folders of results in runs")
    assert (tmp_path / "list.csv").read_text().count("\n") == 4


def test_what_is_unfinished_or_damaged_is_said(amnok, tmp_path):
    amnok("run", TINY, *FEW, "--out", "runs/one")
    manifest = tmp_path / "runs" / "one" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"seed": 1', '"seed": 2'))
    (row,) = json.loads(amnok("runs", "--json").out)["results"]
    assert row["state"].startswith("damaged")
    assert amnok("runs").out.startswith("1 folder of results in runs")


def test_no_such_folder(refused):
    assert "nothing" in refused("runs", "nothing")[0]

"""The second real border: what it leaves out, and how its figures become observations."""

import hashlib
import runpy
from types import SimpleNamespace

import pandas as pd
import pytest
from tests.paths import ROOT

from amnok import run
from amnok.results.observations import check_against, observations_of
from amnok.scenario import load

BORDER = "us-southwest-border"
FOLDER = ROOT.parent / "shared" / "data" / "us-southwest"
us_southwest = SimpleNamespace(**runpy.run_path(str(ROOT / "validation" / "us_southwest.py")))
needs_figures = pytest.mark.skipif(
    not (FOLDER / us_southwest.FILE).exists(),
    reason=f"needs the figures of seizures, which do not ship: {us_southwest.FILE}",
)


def test_it_has_only_what_the_border_has():
    assert load(BORDER).sections == ("patrols", "customs")


def test_carriers_of_a_drug_carry_nothing_else():
    border = load(BORDER)
    assert {name: goods.sizes for name, goods in border.goods.items()} == {
        size: (size,) for size in border.traders.sizes
    }


def test_figures_become_observations(tmp_path):
    (tmp_path / us_southwest.FILE).write_text(
        "month,component,area,drug,events,lbs\n"
        "2019-02-01,OFO_ports,TUCSON FIELD OFFICE,Heroin,2,1.5\n"
        "2019-02-01,USBP_between,YUMA SECTOR,Heroin,3,0.5\n"
        "2019-02-01,USBP_between,TUCSON SECTOR,Marijuana,4,90\n"
        "2019-03-01,USBP_between,EL PASO SECTOR,Marijuana,5,10\n"
        "2019-03-01,USBP_between,EL PASO SECTOR,Other Drugs**,7,10\n"
    )
    rows = us_southwest.tidy(us_southwest.seizures(tmp_path))
    check_against(observations_of(rows), load(BORDER))
    table = rows.fillna("").set_index(["date_to", "agency", "place", "size"])["value"]
    assert table["2019-02-28", "border-patrol", "", ""] == 7
    assert table["2019-02-28", "border-patrol", "arizona", ""] == 7
    assert table["2019-02-28", "border-patrol", "", "heroin"] == 3
    assert table["2019-03-31", "border-patrol", "", "heroin"] == 0
    assert table["2019-03-31", "border-patrol", "west-texas", ""] == 5
    assert table["2019-03-31", "field-operations", "", ""] == 0


def test_the_prediction_is_as_it_was_written_down():
    """A prediction that could be rewritten would be none: the page holds the hash of the file."""
    folder = ROOT / "docs" / "borders"
    digest = hashlib.sha256((folder / "us-southwest-prediction.csv").read_bytes()).hexdigest()
    assert digest in (folder / "us-southwest.md").read_text(encoding="utf-8")


def test_nothing_changes_before_what_is_predicted():
    border = load("us-southwest-2020")
    assert min(one.start.date for one in border.changes.values()) >= us_southwest.SINCE
    assert border.period.end == us_southwest.UNTIL


@pytest.mark.slow
@needs_figures
def test_the_scale_is_that_of_the_months_it_was_set_to():
    """A month's seizures at ports and between them, within 5% of the mean of eleven months."""
    events = us_southwest.seizures(FOLDER)
    first, last = us_southwest.FITTED
    inside = events[events["month"].between(first, last)]
    observed = inside.groupby("agency")["events"].sum()
    dataset = run(BORDER, sets={"period.end": last}, replicates=4, seed=2)
    found = dataset["detections"].sum(("day", "sector", "size")).mean("replicate").to_series()
    assert (found[observed.index] / observed - 1).abs().max() < 0.05


@needs_figures
def test_every_area_of_the_figures_has_a_corridor():
    table = pd.read_csv(FOLDER / us_southwest.FILE)
    assert set(table["area"]) == set(us_southwest.CORRIDORS)
    assert set(us_southwest.CORRIDORS.values()) == set(load(BORDER).sectors)

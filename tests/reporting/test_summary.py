"""The summary's numbers, against the same computed by hand."""

import io
import json
import math

import numpy as np
import pytest
from matplotlib.text import Text
from tests.paths import TINY

from amnok import run
from amnok.cells import compact
from amnok.reporting import overview, render, summary
from amnok.reporting.charts import charts
from amnok.reporting.figures import draw_overview
from amnok.reporting.layout import Screen
from amnok.reporting.summaries import summary_sheet
from amnok.results.ledgers import phases
from amnok.results.weekly import weekly


@pytest.fixture(scope="module")
def dataset():
    return run(TINY, seed=2, replicates=3)


def value(frame, measure, phase):
    rows = frame[(frame["measure"] == measure) & (frame["phase"] == phase)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_daily_means_and_intervals(dataset):
    row = value(summary(dataset), "Crossings", "The sweep")
    days = dataset.sel(day=slice("2030-04-20", "2030-06-28"))
    each = days["crossings"].sum(["route", "size"]).mean("day").values
    assert math.isclose(row["mean"], each.mean())
    half = 4.302653 * each.std(ddof=1) / math.sqrt(3)
    assert math.isclose(row["high"] - row["mean"], half, rel_tol=1e-6)
    assert math.isclose(row["mean"] - row["low"], half, rel_tol=1e-6)


def test_all_bribes_are_counted_once(dataset):
    row = value(summary(dataset), "All bribes", "The sweep")
    days = dataset.sel(day=slice("2030-04-20", "2030-06-28"))
    each = days["bribes"].sum(["sector", "size", "receiver"]).mean("day")
    assert math.isclose(row["mean"], float(each.mean()))


def test_ratios_are_of_sums(dataset):
    row = value(summary(dataset), "Checked per export consignment", "Before the sweep")
    days = dataset.sel(day=slice("2030-03-01", "2030-04-09"))
    names = ["export_items_checked", "export_attempts"]
    sums = days[names].sum(["day", "sector", "investigated"])
    each = (sums["export_items_checked"] / sums["export_attempts"]).values
    assert math.isclose(row["mean"], each.mean())


def test_a_run_that_ended_early_says_so(dataset):
    status = {"status": "interrupted", "replicates_requested": 7}
    told = render(summary_sheet(dataset.assign_attrs(status)), "console")
    assert "interrupted: 3 of 7 replicates" in told
    told = render(summary_sheet(dataset.assign_attrs(status | {"status": "complete"})), "console")
    assert "of 7 replicates" not in told


@pytest.mark.parametrize("days", [1, 5, 20])
def test_short_runs_can_be_drawn(days):
    end = f"2030-03-{days:02}"
    figure = draw_overview(run(TINY, sets=[f"period.end={end}", "period.spin_up=10"]))
    figure.savefig(io.BytesIO(), format="png", dpi=40)  # a warning about the layout would fail


def test_labels_in_any_script_can_be_drawn(dataset, tmp_path):
    labels = ["경계", "边境"]
    overview(dataset.assign_coords(size_label=("size", labels))).save(tmp_path / "any.png")
    assert (tmp_path / "any.png").stat().st_size > 10_000


def test_arrests_by_side_and_size_add_up(dataset):
    frame = summary(dataset)
    for side in ("Uplands", "Lowlands"):
        whole = value(frame, f"Arrests, {side}", "The sweep")["mean"]
        sizes = [
            value(frame, f"{side}: {size}", "The sweep")["mean"] for size in ("Carrier", "Dealer")
        ]
        assert math.isclose(30 * whole, sum(sizes))


def test_one_replicate_has_no_interval(dataset):
    frame = summary(dataset.isel(replicate=[0]))
    assert frame["low"].isna().all()
    assert frame["mean"].notna().any()


def test_what_did_not_happen_is_told_without_a_number(dataset):
    nothing = dataset.copy()
    nothing["export_attempts"] = 0 * nothing["export_attempts"]
    frame = summary(nothing)
    assert math.isnan(value(frame, "Checked per export consignment", "The sweep")["mean"])


def test_without_phases_the_whole_period_is_one(dataset):
    bare = dataset.assign_attrs(phases="[]")
    (one,) = phases(bare)
    assert one.of(bare).sizes["day"] == bare.sizes["day"]


def test_phases_without_days_are_left_out(dataset):
    assert [one.name for one in phases(dataset.isel(day=slice(0, 5)))] == ["before"]


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_tables_fit_every_width_with_all_phases(dataset, n, width):
    short = dataset.isel(replicate=slice(0, n))
    text = render(summary_sheet(short), "console", Screen(width))
    assert max(map(len, text.splitlines())) <= width
    assert "Hours of checking" in text
    for phase in phases(dataset):
        assert set(phase.label.split()) <= set(text.split())
    for mean in summary(short)["mean"].dropna().tolist():
        assert compact(mean) in text


def panels(figure, n):
    """Its panels, each with a name and a line, and the dates below the last of each column."""
    assert len(figure.axes) == n
    for axis in figure.axes:
        assert axis.get_title(loc="left")
        assert any(np.isfinite(line.get_ydata()).any() for line in axis.lines)
    for axis in figure.axes[-2:]:
        assert axis.xaxis.get_tick_params()["labelbottom"]


def test_the_overview_draws_every_chart(dataset):
    panels(draw_overview(dataset), len(charts(weekly(dataset))))


OWN = {
    "title": "Losses by channel",
    "unit": "% of consignments",
    "lines": [
        {
            "label": "{channel}",
            "measure": {"ratio": ["losses", "attempts"], "by": ["week", "channel"], "per": 100},
        }
    ],
}


@pytest.mark.parametrize("more", [1, 2])
def test_a_border_s_own_charts_get_panels_of_their_own(dataset, more):
    border = json.loads(dataset.attrs["border"])
    border["own"]["charts"] = {f"losses_{number}": OWN for number in range(more)}
    drawn = dataset.assign_attrs(border=json.dumps(border))
    weeks = weekly(drawn)
    own = next(one for one in charts(weeks) if one.name == "losses_0")
    for line in own.lines:
        ways = (drawn["route_channel"] == line.label).to_numpy()
        whole = drawn.isel(route=ways, day=slice(0, 7 * weeks.sizes["week"])).sum(["route", "size"])
        sums = whole[["losses", "attempts"]].coarsen(day=7).sum()
        expected = (100 * sums["losses"] / sums["attempts"]).transpose("replicate", "day")
        np.testing.assert_allclose(line.values, expected)
    figure = draw_overview(drawn)
    panels(figure, 6 + more)
    figure.savefig(io.BytesIO(), format="png", dpi=40)


def test_a_chart_without_its_variables_is_left_out(dataset):
    weeks = weekly(dataset)
    whole = [one.name for one in charts(weeks)]
    assert [one.name for one in charts(weeks.drop_vars("guard_bribes"))] == [
        name for name in whole if name != "bribes"
    ]


def test_the_overview_of_a_few_days_is_drawn_too(dataset):
    assert len(draw_overview(dataset.isel(day=slice(0, 3))).axes) == 6


def test_orders_are_named_above_each_panel_and_no_name_hides_another(dataset):
    starts = ["2030-04-01", "2030-04-03", "2030-06-25"]
    told = [
        {"label": "any", "name": f"{word} order", "start": start, "end": None, "intensity": 1.0}
        for word, start in zip(("First", "Second", "A rather long"), starts, strict=True)
    ]
    figure = draw_overview(dataset.assign_attrs(orders=json.dumps(told)))
    figure.savefig(io.BytesIO(), format="png", dpi=40)
    for axis in figure.axes:
        names = {text.get_text(): text.get_window_extent() for text in axis.texts}
        assert list(names) == [one["name"] for one in told]
        boxes = list(names.values())
        assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[:n])
        heading = axis.get_title("left")
        title = [one for one in axis.findobj(Text) if one.get_text() == heading]
        assert all(box.y1 < title[0].get_window_extent().y0 + 1 for box in boxes)
        assert all(box.x1 < figure.bbox.x1 for box in boxes)

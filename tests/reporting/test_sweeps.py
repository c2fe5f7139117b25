"""What sheets of sweeps say beside their numbers."""

import pandas as pd
import pytest

from amnok import load
from amnok.reporting.formats import render
from amnok.reporting.sweeps import regret_sheet, sensitivity_sheet


def indices(first, low, high):
    row = ("quota", first, low, high, 0.5, 0.4, 0.6)
    sure = ("patrols", 0.2, 0.15, 0.25, 0.3, 0.25, 0.35)
    names = ["set", "first", "first_low", "first_high", "total", "total_low", "total_high"]
    return pd.DataFrame([row, sure], columns=names)


@pytest.mark.parametrize(
    ("first", "low", "high", "rough"),
    [
        (1.30, 0.46, 2.57, 1),
        (1.30, 1.2, 1.4, 1),
        (0.4, 0.1, 0.9, 1),
        (-0.3, -0.4, -0.2, 1),
        (0.4, 0.3, 0.5, 0),
        (1.02, 0.98, 1.06, 0),
    ],
)
def test_too_few_draws_are_said(first, low, high, rough):
    sheet = sensitivity_sheet(indices(first, low, high), "arrests", "")
    notes = " ".join(sheet.tables[0].notes)
    assert sheet.facts["too_few_draws_for"] == rough
    assert ("Too few draws for 1 of 2 sets" in notes) == bool(rough)


def test_people_read_what_a_parameter_a_claim_or_a_policy_is_called():
    border = load("sino-korean-border")
    paths = ["quota.arrests", "quota.late_push", next(iter(border.claims))]
    found = indices(0.4, 0.3, 0.5).iloc[[0, 0, 0]].assign(set=paths)
    shown, programs = sensitivity_sheet(found, "arrests", "", border).tables
    for table in (shown, programs):
        assert [row[0] for row in table.rows] == paths
    assert [row[1] for row in shown.rows] == [
        border.words["order"].levers["quota.arrests"].name,
        "How far arrests are put off to the end of the month",
        border.claims[paths[2]].text,
    ]
    rows = pd.DataFrame(
        [("no_order", 1.0, 0.0, 0.0, 0.0, 1.0), ("base", 2.0, 1.0, 1.0, 1.0, 0.0)],
        columns=["policy", "mean", "expected", "high", "worst", "best"],
    )
    told = render(regret_sheet(rows, pd.DataFrame(), "arrests", "", border), "console")
    assert "No Chinese order" in told
    assert "as it is" in told
    assert "No Chinese order" not in render(
        regret_sheet(rows, pd.DataFrame(), "arrests", ""), "console"
    )

"""What sheets of sweeps say beside their numbers."""

import pandas as pd
import pytest

from amnok.reporting.sweeps import sensitivity_sheet


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

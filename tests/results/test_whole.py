"""A dataset that is not the whole of its run is refused by all that read one, in the same words."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from tests.paths import HIGH_PASS, LEAST, TINY, TINY_MORE, TINY_USUAL

import amnok
from amnok.errors import AmnokError
from amnok.results.whole import _expected, frame_in, whole

FEW = {"traders.inner": 40, "traders.outer": 20, "period.spin_up": 10}
LAST_FIRST = slice(None, None, -1)
READERS: dict[str, Callable[..., Any]] = {
    "measure": lambda dataset, scenario: amnok.measure(dataset, "crossings"),
    "exploit": amnok.exploit,
    "plot": lambda dataset, scenario: amnok.plot(dataset),
    "chart": lambda dataset, scenario: amnok.plot(dataset, chart="who", scenario=scenario),
    "report": lambda dataset, scenario: amnok.report(dataset, scenario=scenario),
}
PARTS: dict[str, dict[str, tuple[dict[str, Any], ...]]] = {
    "replicate": {
        "nothing along 'replicate'": ({"replicate": 0}, {"replicate": slice(0, 0)}),
        "not numbered, each once": ({"replicate": [0, 0]}, {"replicate": [1, 0, 1]}),
    },
    "day": {
        "nothing along 'day'": ({"day": 0}, {"day": slice(0, 0)}),
        "has 5 of the 120 days": ({"day": slice(0, 5)}, {"day": slice(3, 8)}),
        "not those of its period in order": (
            {"day": LAST_FIRST},
            {"day": [0, *range(119, 0, -1)]},
            {"day": [0, 0, *range(2, 120)]},
        ),
    },
    **{
        dim: {
            f"{dim} of the dataset is not what the run had": (
                {dim: slice(1, None)},
                {dim: LAST_FIRST},
                {dim: [0, 0]},
            ),
            "other dimensions than a run": ({dim: 0},),
        }
        for dim in ("route", "size", "sector", "side", "goods", "market", "agency", "receiver")
    },
}
CHANGED: dict[str, Callable[[xr.Dataset], xr.Dataset]] = {
    "lost attempts, price": lambda one: one.drop_vars(["price", "attempts"]),
    "lost crossings, losses": lambda one: one[["attempts"]],
    "lost replicate": lambda one: one.drop_vars("replicate"),
    "lost route": lambda one: one.rename(route="way"),
    "lost size_label": lambda one: one.drop_vars("size_label"),
    "lost report_replicate": lambda one: one.drop_dims("report"),
    "not those of its period": lambda one: one.assign_coords(day=np.arange(120)),
    "each once": lambda one: one.assign_coords(replicate=["a", "b"]),
    "other dimensions than a run: attempts": lambda one: one.stack(cell=("route", "size")),
    "other dimensions than a run: sur": lambda one: one.where(one["day"] < one["day"][9]),
    "not the attribute 'border'": lambda one: one.drop_attrs(),
    "'border' of the dataset is not as": lambda one: one.assign_attrs(border="{}"),
    "attributes of a run: seed, phases": lambda one: one.assign_attrs(seed="x", phases="x"),
}


@pytest.fixture(scope="module")
def scenario():
    return amnok.load(TINY, FEW)


@pytest.fixture(scope="module")
def run(scenario):
    return amnok.run(scenario, replicates=2, threads=1)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("part", "problem"),
    [
        (part, problem)
        for found in PARTS.values()
        for problem, parts in found.items()
        for part in parts
    ],
)
def test_a_part_of_a_run_is_not_read_as_if_it_were_whole(run, scenario, reader, part, problem):
    with pytest.raises(AmnokError, match=problem):
        READERS[reader](run.isel(part), scenario)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("problem", CHANGED)
def test_what_a_run_lost_is_told(run, scenario, reader, problem):
    with pytest.raises(AmnokError, match=problem):
        READERS[reader](CHANGED[problem](run), scenario)


def test_some_replicates_and_turned_dimensions_are_a_run(run, scenario):
    turned = run.transpose("size", "route", "day", "replicate", ...)
    assert amnok.exploit(turned, scenario).identical(amnok.exploit(run, scenario))
    second = amnok.measure(run.isel(replicate=[1]), "arrests")
    assert second.identical(amnok.measure(run, "arrests").isel(replicate=[1]))
    one = amnok.exploit(run.isel(replicate=[1, 0]), scenario)
    assert one.identical(amnok.exploit(run, scenario).isel(replicate=[1, 0]))


def test_arms_are_of_the_same_replicates(run):
    with pytest.raises(AmnokError, match="without quota and as it is are of different replicates"):
        amnok.measure({"": run, "quota": run.isel(replicate=[1])}, "arrests")


def test_reports_are_those_of_the_replicates_that_are_there():
    run = amnok.run(TINY, replicates=2, threads=1)
    told = [len(amnok.reports(run.isel(replicate=[number]))) for number in range(2)]
    assert sum(told) == len(amnok.reports(run)) > 0 == told[1]
    with pytest.raises(AmnokError, match=r"what `amnok\.run` returns"):
        amnok.reports(run.drop_vars("report_kind"))


@pytest.mark.parametrize("border", [TINY, TINY_MORE, TINY_USUAL, HIGH_PASS, LEAST])
def test_a_run_has_exactly_what_it_is_asked_for(border):
    """What is missed is what `amnok.run` gives, whatever mechanisms a border has."""
    dataset = amnok.run(border, sets=FEW, threads=1)
    expected = _expected(frame_in(dataset).space)
    assert {*expected} <= {*dataset.variables}
    # Without sanctions it is nought, and no measure speaks of it.
    assert {*dataset.variables} - {*expected} <= {"sanctioned_value"}
    assert all(dataset[name].dims == dims for name, dims in expected.items())
    assert whole(dataset).identical(dataset)

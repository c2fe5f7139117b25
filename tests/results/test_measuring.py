"""Measures as numbers: books and datasets agree, and totals are the totals of their parts."""

import math
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from tests.absent import WAYS, tiny_without
from tests.paths import TINY

import amnok
from amnok.counts import measurable
from amnok.draws import replicate_key
from amnok.engine import simulate
from amnok.errors import AmnokError
from amnok.reporting import summary
from amnok.results import dataset
from amnok.results.measuring.asking import Statement, measure
from amnok.results.measuring.evaluate import Arms
from amnok.results.measuring.sources import BookSource, Kept, Labelled
from amnok.results.outcomes import daily, kinds, outcomes, totals
from amnok.scenario import load
from amnok.scenario.measures.compiling import Compiler
from amnok.scenario.measures.definitions import frame_of, usual
from amnok.scenario.measures.vocabulary import ATTRIBUTES, TIMES, Measure
from amnok.studies.sweeps.work import Task
from amnok.variables import Variable, VariableTable

VARIABLES = list(measurable().values())
FLOWS = [one for one in VARIABLES if one.table.kind != "level"]


def keys_of(variable):
    """Dimensions and attributes that a variable is kept by."""
    dims = set(variable.axes)
    more = [name for name, (of, _) in ATTRIBUTES.items() if dims & set(of)]
    return [*variable.axes, *more]


@pytest.fixture(scope="module")
def made_up(tiny, made_up_outcome):
    """The small border's frame, and made-up books and dataset of one replicate."""
    outcome = made_up_outcome()
    frame = frame_of(tiny)
    books = Arms(frame.space, {"": BookSource(outcome, tiny, replicate_key(1, 0))})
    days = dataset(outcome, tiny, 1)
    return frame, books, Arms(frame.space, {"": Labelled(days)}), days


def value(made_up, said, source=1):
    compiler = Compiler(made_up[0].space, made_up[0].known)
    plan = compiler.compile(Measure.model_validate(said)).plan
    assert not compiler.faults, compiler.faults
    return made_up[source].value(plan)


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda one: one.name)
def test_books_and_dataset_give_the_same(made_up, variable):
    said = {"mean": variable.name, "by": variable.axes}
    np.testing.assert_allclose(value(made_up, said), value(made_up, said, 2), rtol=1e-6)
    if variable.name in made_up[3]:
        expected = made_up[3][variable.name].mean("day").squeeze("replicate")
        np.testing.assert_allclose(value(made_up, said, 2), expected, rtol=1e-5)


@pytest.mark.parametrize("left_out", [one for one in WAYS.values() if len(one) > 1])
def test_books_and_dataset_agree_without_mechanisms(left_out):
    short = {"period.end": "2030-03-20", "traders.inner": 60, "traders.outer": 30}
    border = tiny_without(left_out, short)
    outcome = simulate(border, 1)
    frame = frame_of(border)
    books = Arms(frame.space, {"": BookSource(outcome, border, replicate_key(1, 0))})
    days = Arms(frame.space, {"": Labelled(dataset(outcome, border, 1))})
    compiler = Compiler(frame.space, frame.known)
    for one in VARIABLES:
        found = compiler.compile(Measure.model_validate({"mean": one.name, "by": one.axes}))
        if not found.missing:
            np.testing.assert_allclose(books.value(found.plan), days.value(found.plan), rtol=1e-6)
    assert not compiler.faults


@given(data=st.data())
def test_parts_add_up_to_the_whole(made_up, data):
    """By any key, over any two stretches of days, and where and where not."""
    missing = made_up[0].space.missing
    variable = data.draw(st.sampled_from([one for one in FLOWS if one.name not in missing]))
    key = data.draw(st.sampled_from(keys_of(variable)))
    whole = value(made_up, {"sum": variable.name})
    by = value(made_up, {"sum": variable.name, "by": [key]})
    assert by.sum() == pytest.approx(whole, rel=1e-12)
    names = made_up[0].space.labels[key]
    inside = data.draw(st.lists(st.sampled_from(names), unique=True, max_size=len(names)))
    parts = [
        value(made_up, {"sum": variable.name, "where": {key: tuple(chosen)}})
        for chosen in (inside, [name for name in names if name not in inside])
        if all(isinstance(name, str) for name in chosen)
    ]
    if len(parts) == 2:
        assert sum(parts) == pytest.approx(whole, rel=1e-12)
    cut = data.draw(st.integers(1, 118))
    start = made_up[0].space.calendar.start
    first, last = (start.fromordinal(start.toordinal() + day) for day in (cut, 119))
    after = {"dates": (first, last)}
    before = {"dates": (start, start.fromordinal(start.toordinal() + cut - 1))}
    halves = [value(made_up, {"sum": variable.name, "over": one}) for one in (before, after)]
    assert sum(halves) == pytest.approx(whole, rel=1e-12)


@given(data=st.data())
def test_shares_add_up_to_one(made_up, data):
    variable = data.draw(st.sampled_from(FLOWS))
    idle = made_up[0].space.idle
    key = data.draw(st.sampled_from([key for key in keys_of(variable) if key not in idle]))
    shares = value(made_up, {"share": {"sum": variable.name}, "among": key, "by": [key]})
    if not np.isnan(shares).all():
        assert shares.sum() == pytest.approx(1.0)
    name = data.draw(st.sampled_from(made_up[0].space.labels[key]))
    part = value(made_up, {"share": variable.name, "part": {key: name}})
    at = made_up[0].space.labels[key].index(name)
    np.testing.assert_allclose(part, shares[at])


@given(st.sampled_from(FLOWS), st.sampled_from(list(TIMES)))
def test_blocks_are_whole_weeks_or_months(made_up, variable, block):
    found = value(made_up, {"sum": variable.name, "by": [block]})
    days = TIMES[block]
    assert len(found) == 120 // days
    if variable.name in made_up[0].space.missing:
        assert np.isnan(found).all()
        return
    daily = made_up[2].arms[""].daily(variable.name)[days : 2 * days]
    assert found[1] == pytest.approx(daily.sum())


@pytest.mark.parametrize(
    ("path", "anchor"),
    [
        ("orders.april_sweep", {"order": "april_sweep"}),
        ("calendar.halts.spring_vote", {"halt": "spring_vote"}),
    ],
)
def test_days_of_an_order_in_its_own_sectors(tiny, made_up, path, anchor):
    frame = frame_of(load(TINY, [f"{path}.sectors=[ferry, old-mill]"]))
    some = (frame, *made_up[1:])
    for part in ("all", "before"):
        over = {**anchor, "part": part, "days": 14}
        there = value(some, {"sum": "crossings", "over": over | {"there": True}, "by": ["sector"]})
        whole = value(some, {"sum": "crossings", "over": over, "by": ["sector"]})
        inside = np.isin(list(tiny.sectors), ["ferry", "old-mill"])
        kept = {"sum": "crossings", "over": over, "where": {"sector": ["ferry", "old-mill"]}}
        total = value(some, {"sum": "crossings", "over": over | {"there": True}})
        assert total == value(some, kept) == whole[inside].sum() < whole.sum()
        assert there.sum() == total
    before = {"over": {"part": "before", "days": 14}}
    compared = {
        "sum": "crossings",
        "over": {**anchor, "there": True, "days": 14},
        "against": before,
    }
    first, second = (
        value(some, {"sum": "crossings", "over": {**anchor, "there": True, "days": 14, **part}})
        for part in ({}, {"part": "before"})
    )
    assert value(some, compared) == pytest.approx(first / second)


def test_a_ratio_is_one_sum_over_another(made_up):
    said = {"ratio": ["guard_bribes", "crossings"], "where": {"channel": "river"}, "by": ["size"]}
    days = made_up[3].isel(replicate=0)
    river = days.isel(route=days["route_channel"].to_numpy() == "river")
    sums = river[["guard_bribes", "crossings"]].sum(["day", "route"])
    np.testing.assert_allclose(value(made_up, said), sums["guard_bribes"] / sums["crossings"])
    assert value(made_up, {"use": "bribe_per_crossing"}) == pytest.approx(
        float(sums["guard_bribes"].sum() / sums["crossings"].sum())
    )


def test_comparisons_are_of_the_same_in_two_contexts(made_up):
    one, two = (
        value(made_up, {"sum": "arrests", "where": {"size": size}})
        for size in ("largest", "smallest")
    )
    for how, expected in (
        ("ratio", one / two),
        ("difference", one - two),
        ("change", one / two - 1),
    ):
        said = {
            "sum": "arrests",
            "where": {"size": "largest"},
            "against": {"where": {"size": "smallest"}},
            "as": how,
        }
        assert value(made_up, said) == pytest.approx(expected)
    each = [{"sum": "arrests", "where": {"size": one}} for one in ("carrier", "dealer")]
    assert value(made_up, {"least": each}) == min(one, two)
    assert value(made_up, {"most": each, "per": 10}) == 10 * max(one, two)
    less = {"difference": [{"sum": "arrests"}, {"sum": "imprisonments"}], "absolute": True}
    total, part = (value(made_up, {"sum": name}) for name in ("arrests", "imprisonments"))
    assert value(made_up, less) == abs(total - part) > 0


def test_within_cells_is_weighted_by_the_smaller_denominator(made_up):
    against: dict[str, Any] = {
        "where": {"investigated": "never"},
        "within": ["month", "sector"],
    }
    said = {
        "ratio": ["export_items_checked", "export_items"],
        "where": {"investigated": "ever"},
        "against": against,
        "as": "difference",
    }
    days = made_up[3].isel(replicate=0)
    checked, items = (
        days[name].to_numpy()[:120].reshape(4, 30, 3, 2).sum(axis=1)
        for name in ("export_items_checked", "export_items")
    )
    weight = items.min(axis=-1)
    rates = checked / items
    expected = np.average(rates[..., 1] - rates[..., 0], weights=weight)
    assert value(made_up, said) == pytest.approx(expected)
    against["at_least"] = float(weight.sum() + 1)
    assert math.isnan(value(made_up, said))


def test_nothing_to_divide_by_is_nothing_to_measure(made_up):
    over = {"sum": "arrests", "where": {"sector": ()}}
    assert math.isnan(value(made_up, {"ratio": ["arrests", over]}))
    assert value(made_up, {"ratio": ["arrests", over], "empty": 0}) == 0


@pytest.fixture(scope="module")
def comparison(tiny):
    from amnok.results.threads import Days
    from amnok.scenario.overrides import with_values
    from amnok.studies.comparison.arms import compare_arms

    quiet = with_values(tiny, {"orders.april_sweep.intensity": 0.0})
    return compare_arms(tiny, {"calm": quiet}, {"calm": "No sweep"}, 1, 2, Days(1))


def test_a_measure_of_a_dataset_has_names_and_units(ran):
    _, days = ran()
    found = amnok.measure(days, {"sum": "value_crossed", "by": ["week", "channel"], "label": "V"})
    assert found.dims == ("replicate", "week", "channel")
    assert (found.attrs["units"], found.attrs["long_name"]) == ("CRN", "V")
    assert found["week"].to_numpy()[1] - found["week"].to_numpy()[0] == np.timedelta64(7, "D")
    whole = days["value_crossed"].isel(day=slice(0, 17 * 7)).sum(["day", "route", "size"])
    np.testing.assert_allclose(found.sum(["week", "channel"]), whole)
    assert amnok.measure(days, "price").dims == ("replicate", "goods", "market")
    assert amnok.measure(days, "detention").dims == ("replicate", "side", "size")


def test_a_saved_run_and_its_dataset_give_the_same(tiny, tmp_path):
    short = tiny.model_copy(
        update={"period": tiny.period.model_copy(update={"end": tiny.period.start.replace(day=9)})}
    )
    days = amnok.run(short, seed=3, out=tmp_path / "run")
    for what in ("bribe_share", "arrests", {"mean": "people", "by": ["side", "status"]}):
        xr.testing.assert_identical(measure(tmp_path / "run", what), measure(days, what))


def test_a_statement_is_a_mean_over_replicates(ran):
    _, days = ran()
    said = Statement.said({"use": "bribe_share", "at_least": 0.01, "over": "quiet"})
    value, holds, values, unit = said.evaluate(days)
    assert values.shape == (3,)
    assert value == pytest.approx(values.mean())
    assert holds is (value >= 0.01)
    assert unit == "ratio"


def test_arms_are_given_beside_each_other(ran):
    _, days = ran()
    said = Statement.said({"sum": "crossings", "against": {"without": "crackdown"}, "rises": True})
    with pytest.raises(AmnokError, match="no arm without crackdown"):
        said.evaluate(days)
    fewer = days.assign(crossings=days["crossings"] // 2)
    found = said.evaluate({"": days, "crackdown": fewer})
    assert found.holds
    assert found.value > 1.9


def test_a_comparison_tells_its_outcomes(comparison):
    found = measure(comparison, {"use": "arrests", "under": "calm", "by": ["side"]})
    expected = comparison.values["arrests"].sel(policy="calm").sum("size")
    np.testing.assert_allclose(found, expected)
    said = {"sum": "arrests", "where": {"side": "outer"}, "against": {"under": "calm"}}
    evaluated = Statement.said({**said, "as": "difference", "rises": True}).evaluate(comparison)
    outer = comparison.values["arrests"].sel(side="low").sum("size")
    both = outer.sel(policy="base") - outer.sel(policy="calm")
    np.testing.assert_allclose(evaluated.values, both)
    price = {"mean": "price", "by": ["market"], "where": {"goods": "honey"}}
    expected = comparison.values["price"].sel(policy="base", goods="honey")
    np.testing.assert_allclose(measure(comparison, price), expected)
    for wrong, told in (
        ({"sum": "intercepts"}, "no variable 'intercepts'"),
        ({"sum": "arrests", "over": "crackdown"}, "added up over its days already"),
        ({"mean": "arrests"}, "has no days to be a mean of"),
        ({"sum": "arrests", "under": "calmer"}, "did you mean 'calm'"),
        ({"sum": "burden"}, "burden does not add up"),
    ):
        with pytest.raises(AmnokError, match=told):
            measure(comparison, wrong)


@pytest.mark.parametrize(
    ("of", "what", "told"),
    [
        (None, "arrests", "nothing is nothing that can be measured"),
        ({}, "arrests", "need one as it is"),
        (xr.Dataset({"replicate": [0]}), "arrests", "has not the attribute 'border'"),
        ("nowhere", "arrests", "nowhere"),
    ],
)
def test_what_cannot_be_measured_is_one_message(of, what, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AmnokError, match=told):
        measure(of, what)


def test_a_faulty_measure_is_refused(ran):
    _, days = ran()
    with pytest.raises(AmnokError, match="did you mean 'arrests'"):
        measure(days, "arests")
    with pytest.raises(AmnokError, match="unknown key 'summ'"):
        measure(days, {"summ": "arrests"})


def of_sizes(tiny, said, detention, value, order=(0, 1)):
    """A measure of days in detention [side, size] and of value [size] that a test makes up."""
    space = frame_of(tiny).space.model_copy(update={"by_size": order})
    variables = {
        name: Variable(VariableTable("made_up", axes, ""), name, "1", "", "")
        for name, axes in (("detention", ("side", "size")), ("value", ("size",)))
    }
    compiler = Compiler(space, usual(), variables)
    plan = compiler.compile(Measure.model_validate(said), (0, 1)).plan
    assert not compiler.faults
    made_up = {"detention": np.array([detention]), "value": np.array([value])}
    return Arms(space, {"": Kept(made_up)}).value(plan)


def test_burden_is_a_share_over_a_share(tiny):
    value = {"sum": "value", "by": ["size"]}
    parts = [{"share": "detention", "among": "size"}, {"share": value, "among": "size"}]
    said = {"by": ["side", "size"], "ratio": parts}
    found = of_sizes(tiny, said, [[9.0, 1.0], [0.0, 0.0]], [1.0, 3.0])
    assert found[0] == pytest.approx([3.6, 0.1 / 0.75])
    assert np.isnan(found[1]).all()
    assert np.isnan(of_sizes(tiny, said, [[1.0, 1.0], [1.0, 1.0]], [0.0, 0.0])).all()


@pytest.mark.parametrize(
    ("detention", "worth", "index"),
    [
        ((1.0, 1.0), (1.0, 1.0), 0.0),  # everyone bears what they move
        ((0.0, 1.0), (1.0, 0.0), 1.0),  # those who move nothing bear it, at the large end
        ((1.0, 0.0), (0.0, 1.0), -1.0),  # and at the small end
        ((3.0, 1.0), (1.0, 1.0), -0.25),
        ((0.0, 0.0), (1.0, 1.0), math.nan),
        ((1.0, 1.0), (0.0, 0.0), math.nan),
    ],
)
def test_concentration_lies_between_the_extremes(tiny, detention, worth, index):
    parts = [{"sum": "detention", "by": ["side", "size"]}, {"sum": "value", "by": ["size"]}]
    said = {"concentration": parts}
    # The small come second here, whatever the order in the scenario.
    found = of_sizes(tiny, said, [detention[::-1], detention[::-1]], worth[::-1], (1, 0))
    assert found[0] == pytest.approx(index, nan_ok=True)


def test_an_outcome_of_ones_own_is_compared_and_swept(tmp_path):
    (tmp_path / "mine.yaml").write_text(
        f"extends: {TINY}\n"
        "outcomes:\n"
        "  seized: {label: Items seized, sum: items_seized, by: [role]}\n"
        "  seized_share: {ratio: [{use: seized, by: []}, items_attempted], per: 100}\n"
    )
    border = amnok.load(tmp_path / "mine.yaml")
    found = kinds(border)
    assert list(found)[-2:] == ["seized", "seized_share"]
    assert found["seized"][:4] == (("role",), "items", "Items seized", True)
    assert found["seized_share"][1:4] == ("%", "seized share", False)
    assert ("seized", "patrol") in Task(border, {}, 1, 1).columns()
    outcome = simulate(border, 1)
    key = replicate_key(1, 0)
    values = outcomes(outcome, border, key, slice(None))
    days = dataset(outcome, border, 1)
    assert values["seized"].sum() == days["items_seized"].sum()
    share = 100 * values["seized"].sum() / float(days["items_attempted"].sum())
    assert values["seized_share"] == pytest.approx(share)
    kept = totals({name: one[30:] for name, one in daily(outcome, border, key).items()}, border)
    late = outcomes(outcome, border, key, slice(30, None))
    assert set(kept) == {*late} - {"seized_share"}
    for name, one in kept.items():
        np.testing.assert_allclose(one, late[name], err_msg=name)


def test_a_row_of_ones_own_is_in_the_summary(tmp_path):
    (tmp_path / "mine.yaml").write_text(
        f"extends: {TINY}\n"
        'rows: {seized: {table: Seized, label: "By {agency}", unit: items per day, '
        "measure: {mean: items_seized, by: [agency]}}}\n"
    )
    days = amnok.run(tmp_path / "mine.yaml", replicates=2)
    table = summary(days)
    mine = table[table["table"] == "Seized"]
    assert len(mine) == 2 * 5
    first = days.sel(day=slice("2030-03-01", "2030-04-09"), agency="rangers")
    expected = first["items_seized"].sum(["sector", "size"]).mean(["day", "replicate"])
    assert mine.iloc[2]["mean"] == pytest.approx(float(expected))
    assert mine.iloc[2]["phase"] == "Before the sweep"

"""An effect is the world with an event less the same world without it."""

import datetime as dt

import numpy as np
import pytest
from tests.changed import border_with, change, parameter
from tests.paths import ROOT, TINY

import amnok
from amnok.errors import AmnokError
from amnok.results.intervals import interval_of_pairs
from amnok.results.outcomes import kinds
from amnok.scenario import load
from amnok.scenario.loading import builtin_names
from amnok.scenario.measures.definitions import usual
from amnok.scenario.overrides import with_values
from amnok.studies.counterfactual import effect, events
from amnok.studies.counterfactual.events import foremost, in_force
from amnok.studies.counterfactual.paired import WITH, WITHOUT

POLICIES = """
policies:
  no_sweep: {label: No sweep, set: {sweep: "off"}}
  no_vote: {label: No vote, set: {calendar.halts.spring_vote.strength: 0}}
"""
WINDOW = ("2030-04-05", "2030-06-10")


@pytest.fixture(scope="module")
def found():
    return amnok.effects(TINY, ["april_sweep", "spring_vote"], seed=4, replicates=4, days=WINDOW)


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """The same by comparing with policies that take the events out."""
    file = tmp_path_factory.mktemp("policies") / "mine.yaml"
    file.write_text(POLICIES)
    names = ["no_sweep", "no_vote"]
    return amnok.compare(TINY, names, seed=4, replicates=4, files=[file], days=WINDOW)


@pytest.mark.parametrize(
    ("event", "policy"), [("april_sweep", "no_sweep"), ("spring_vote", "no_vote")]
)
@pytest.mark.parametrize("outcome", list(usual().outcomes))
def test_the_event_is_the_intervention(found, compared, event, policy, outcome):
    """With less without: minus what taking it out does, to the last number."""
    totals = found[event].totals()[outcome]
    arms = compared.values[outcome]
    np.testing.assert_allclose(totals.sel(world=WITH), arms.sel(policy="base"), rtol=1e-5)
    np.testing.assert_allclose(totals.sel(world=WITHOUT), arms.sel(policy=policy), rtol=1e-5)


def test_rows_are_with_less_without(found, compared):
    rows = found["april_sweep"].differences(("side", "size"))
    by_compare = compared.differences()
    by_compare = by_compare[by_compare["policy"] == "no_sweep"]
    arrests = rows[rows["outcome"] == "arrests"]
    other = by_compare[by_compare["outcome"] == "arrests"].set_index("where")
    assert len(arrests) == len(other) > 0
    assert arrests["difference"].abs().max() > 0
    for row in arrests.to_dict("records"):
        assert row["difference"] == pytest.approx(row["with"] - row["without"])
        assert row["difference"] == pytest.approx(-other["difference"][row["where"]])


def test_windows_that_part_the_days_add_up(found):
    one = found["april_sweep"]
    halves = [("2030-04-05", "2030-04-20"), ("2030-04-21", "2030-06-10")]
    for outcome in (name for name, kind in kinds(one.scenario).items() if kind.adds_up):
        whole = one.values(outcome).to_numpy()
        parts = [one.values(outcome, days=half).to_numpy() for half in halves]
        np.testing.assert_allclose(sum(parts), whole, rtol=1e-9)


def test_sectors_add_up_to_the_border(found):
    one = found["april_sweep"]
    by_sector = one.values("arrests", ("sector", "size"))
    assert by_sector.sizes["sector"] == len(one.scenario.sectors)
    np.testing.assert_allclose(by_sector.sum("sector"), one.values("arrests", ("size",)))


def test_a_before_and_after_is_split_without_a_rest(found):
    split = found["april_sweep"].split("questionings")
    assert split.change[0] == pytest.approx(split.event[0] + split.rest[0])
    assert split.before == (dt.date(2030, 3, 1), dt.date(2030, 4, 9))
    rows = found["april_sweep"].differences(())
    row = rows.set_index("outcome").loc["questionings"]
    assert np.sign(split.event[0]) == np.sign(row["difference"])
    assert split.change[1] >= -1


def test_the_event_brings_nothing_where_it_is_not():
    scenario = with_values(amnok.load(TINY), {"orders.april_sweep.intensity": 0.0})
    rows = effect(scenario, "april_sweep", replicates=2).differences(("side", "size"))
    assert (rows["difference"].dropna() == 0).all()


def test_no_interval_takes_away_more_than_there_is(found):
    for one in found.values():
        rows = one.differences(("side", "size"))
        assert (rows["relative_low"].dropna() >= -1).all()
        below = rows.dropna(subset="low")
        assert (below["low"] >= -below["without"]).all()
        counts = rows[(rows["without"] == 0) & rows["low"].notna()]
        assert (counts["low"] >= 0).all()
    assert interval_of_pairs(np.array([0.0, 132.0]), np.array([0.0, 0.0]))[1] == -66.0
    low = interval_of_pairs(np.array([1.0, 1.0, 1.0]), np.array([0.0, 0.0, 2.0]), signed=True)[1]
    assert low < -1


def test_everything_that_can_be_taken_out_is_an_event():
    scenario = amnok.load("sino-korean-border")
    known = events(scenario)
    assert [name for name, one in known.items() if one.kind == "order"] == [
        name for name, _ in sorted(scenario.orders.items(), key=lambda one: one[1].start.date)
    ]
    assert {*scenario.calendar.halts} < {*known}
    parameters = dict(scenario.parameters())
    for one in known.values():
        assert one.off
        assert {*one.off} <= {*parameters}
        assert (one.start is None) == (one.kind == "mechanism")


def test_a_change_is_an_event_and_without_it_the_world_is_as_if_it_were_not(tmp_path):
    dear = change("route_kinds.ford.crossing_cost", "2030-04-10", factor=parameter(9, "ratio"))
    found = effect(border_with(tmp_path, changes={"dear": dear}), "dear", replicates=2)
    assert found.days == (dt.date(2030, 4, 10), found.scenario.period.end)
    assert found.first_difference.min() >= np.datetime64("2030-04-10")
    plain = effect(TINY, "april_sweep", replicates=2)
    without, usual = (
        one.daily["crossings"].sel(world=world)
        for one, world in ((found, "without"), (plain, "with"))
    )
    np.testing.assert_array_equal(without, usual)
    assert float(found.daily["crossings"].sel(world="with").sum()) < float(without.sum())


def test_a_mechanism_is_an_event():
    one = effect(TINY, "selection", replicates=2)
    assert one.event.kind == "mechanism"
    assert one.days == (one.scenario.period.start, one.scenario.period.end)
    with pytest.raises(AmnokError, match="nothing comes before 'selection'"):
        one.split("arrests")


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda one: one.values("nothing"), "no outcome 'nothing'"),
        (lambda one: one.values("arrests", ("channel",)), "cannot be told by channel"),
        (lambda one: one.values("burden"), "cannot be told by nothing"),
        (lambda one: one.differences(("colour",)), "no dimension 'colour'"),
        (lambda one: one.differences(("channel", "goods")), "no outcome is told apart by channel"),
        (
            lambda one: one.window(("2040-01-01", None)),
            "not in the period of tiny-border: 2040-01-01",
        ),
        (lambda one: one.window(("nonsense", None)), "'nonsense' is not a day"),
        (lambda one: one.split("arrests", before=(None, "2030-04-20")), "is not before"),
    ],
)
def test_what_cannot_be_is_said(found, ask, message):
    with pytest.raises(AmnokError, match=message):
        ask(found["april_sweep"])


def test_an_event_that_is_not_there():
    with pytest.raises(AmnokError, match=r"no order, change, .* 'april_swep'.*april_sweep"):
        effect(TINY, "april_swep", replicates=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", builtin_names())
def test_every_event_of_a_built_in_border_can_be_taken_out(name):
    """Whatever numbers the border leaves out: what is switched off is there to be switched off."""
    scenario = load(name)
    for event in events(scenario).values():
        with_values(scenario, event.off)
    for event in foremost(scenario):
        assert with_values(scenario, event.off) != scenario


def test_what_begins_within_the_period_is_asked_about_first(default_border):
    """The relaxation began before: nobody saw the days before it, so it comes last."""
    names = [event.name for event in in_force(default_border)]
    assert names[0] == "cn_october"
    assert names[-1] == "cn_relaxed"


def test_marks_call_an_event_what_sentences_do_and_keep_its_capitals():
    known = events(load(ROOT / "examples" / "colombia-venezuela.yaml"))
    assert known["tachira"].short == "Closure in Tachira"
    assert known["nights"].short == "Closed nights"

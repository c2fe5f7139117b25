"""Those who tax passage: how often they are met, what they take and what ways that gives up."""

import numpy as np
import pytest
import yaml
from tests.paths import HIGH_PASS, TINY

from amnok import engine
from amnok.errors import ScenarioError
from amnok.games import exploit
from amnok.results.ledgers import dataset
from amnok.scenario import load, load_text
from amnok.scenario.overrides import with_values
from amnok.world import places
from amnok.world.consignment import transport_ratio
from amnok.world.rates import rates


def number(value, unit):
    spread = {"uniform": [0, 1]} if unit == "probability" else {"lognormal": [value or 1, 2]}
    return {"value": value, "unit": unit, "prior": spread, "source": "assumption"}


def taker(bank="inner", presence=0.5, share=0.1, **more):
    return {
        "label": f"Band of {bank} {share}",
        "bank": bank,
        "presence": number(presence, "probability"),
        "share": number(share, "ratio"),
        **more,
    }


def border(takers, transit=None, **more):
    data = yaml.safe_load(HIGH_PASS.read_text(encoding="utf-8"))
    data |= {"tolls": {"takers": takers, "transit": transit or {}}, **more}
    return load_text(yaml.safe_dump(data, sort_keys=False), "taxed.yaml")


def booked(scenario):
    outcome = engine.simulate(scenario, 3)
    channels = np.array([kind.channel for kind in scenario.route_kinds.values()])
    kinds = outcome.world.routes["kind"]
    return outcome.books, channels[kinds]


NO_OFFICIALS = {
    "guards.collusion": 1.0,
    "patrols.intercept_base": 0.0,
    "patrols.intercept_boost": 0.0,
    "customs.stop_base": 0.0,
    "customs.stop_boost": 0.0,
}


def test_they_are_met_as_often_as_is_said():
    """False alarms: 1 in 15,000, by four standard deviations of a binomial."""
    scenario = with_values(border({"band": taker(presence=0.3)}), NO_OFFICIALS)
    flow = booked(scenario)[0].flow
    sent, paid = flow["attempts"].sum(), flow["tolled"].sum()
    assert sent > 1000
    assert abs(paid - 0.3 * sent) < 4.0 * np.sqrt(0.3 * 0.7 * sent)


@pytest.mark.parametrize("bank", ["inner", "outer"])
def test_both_directions_pay_on_either_bank(bank):
    scenario = border({"band": taker(bank, presence=1.0)})
    for share in (0.0, 1.0):
        sizes = {f"traders.sizes.{name}.import_share": share for name in ("carrier", "dealer")}
        books, _ = booked(with_values(scenario, {**sizes, **NO_OFFICIALS}))
        other = "outer" if bank == "inner" else "inner"
        accounts = books.accounts
        assert accounts[f"tolls_{bank}"].sum() == pytest.approx(0.1 * accounts["purchases"].sum())
        assert not accounts[f"tolls_{other}"].any()
        assert books.flow["tolled"].sum() == books.flow["crossings"].sum() > 500


def test_far_takers_get_nothing_of_what_is_lost_before():
    scenario = border({"band": taker("outer", presence=1.0)})
    sizes = {f"traders.sizes.{name}.import_share": 0.0 for name in ("carrier", "dealer")}
    flow = booked(with_values(scenario, {**sizes, "patrols.intercept_base": 0.4}))[0].flow
    assert flow["losses"].sum() > 50
    assert flow["tolled"].sum() == flow["crossings"].sum()


def test_rates_are_by_sector_and_ways_are_by_channel():
    held = taker(presence=1.0, rates={"west": number(0.2, "ratio")}, channels=["land"])
    books, channels = booked(border({"band": held}))
    on_land = channels == "land"
    flow = books.flow
    np.testing.assert_array_equal(flow["tolled"][:, ~on_land].sum(), 0)
    assert (flow["tolled"][:, on_land].sum(axis=(0, 2)) > 0).all()
    by_sector = books.accounts["tolls_inner"].sum(axis=0)
    assert by_sector[1] > by_sector[0]


def test_a_dearer_way_is_given_up_for_others():
    dear = taker(presence=1.0, share=0.6, channels=["land"])
    cheap = {**dear, "share": number(0.001, "ratio")}
    sent = [
        booked(border({"band": one}))[0].flow["attempts"].sum(axis=(0, 2)) for one in (cheap, dear)
    ]
    on_land = booked(border({"band": dear}))[1] == "land"
    assert sent[1][on_land].sum() < 0.5 * sent[0][on_land].sum()
    assert sent[1][~on_land].sum() > sent[0][~on_land].sum()


def test_a_change_gives_it_a_date():
    change = {
        "label": "The band comes",
        "parameter": "tolls.takers.band.presence",
        "value": number(1.0, "probability"),
        "start": {**number(0, "date"), "value": "2015-03-01"},
    }
    change["start"]["prior"] = {"uniform": ["2015-02-20", "2015-03-10"]}
    books, _ = booked(border({"band": taker(presence=0.0)}, changes={"comes": change}))
    tolled = books.flow["tolled"].sum(axis=(1, 2))
    assert not tolled[:59].any()
    assert tolled[59:].sum() > 100


def test_goods_in_transit_pay_where_they_pass():
    held = taker(presence=1.0, sectors=["west"], channels=["land"])
    way = {"east-trail": {"through": ["west"], "cost": number(0.01, "ratio")}}
    without, through = (booked(border({"band": held}, transit))[0] for transit in ({}, way))
    at_east = [books.flow["tolled"][:, 0].sum() for books in (without, through)]
    assert at_east[0] == 0 < at_east[1]


def test_a_change_of_those_who_hold_ways_is_of_all_their_ways():
    """Goods that pass through a sector pay there, so that a part of the border is no answer."""
    change = {
        "parameter": "tolls.takers.band.presence",
        "value": number(1.0, "probability"),
        "start": {**number(0, "date"), "value": "2015-03-01"},
        "sectors": ["west"],
    }
    change["start"]["prior"] = {"uniform": ["2015-02-20", "2015-03-10"]}
    with pytest.raises(ScenarioError, match="is the same in all sectors"):
        border({"band": taker(presence=0.0)}, changes={"comes": change})


def test_what_a_longer_way_costs_does_not_rise_with_the_river():
    tiny = load(TINY)
    routes = places.routes(tiny)
    numbers = rates(tiny)[0]
    river = routes[routes["channel"] == places.RIVER][0]
    for stage, frozen in ((0.0, False), (0.9, False), (0.1, True)):
        river.detour = 0.0
        short = transport_ratio(numbers, river, stage, frozen)
        river.detour = 0.25
        assert transport_ratio(numbers, river, stage, frozen) == short + 0.25


def test_exploitability_knows_of_it():
    """What trips earn falls by what is paid, and nobody gains by more than there is to gain."""
    rich = border({"band": taker(presence=0.0)})
    found = []
    for presence in (0.0, 1.0):
        scenario = with_values(rich, {"tolls.takers.band.presence": presence, **NO_OFFICIALS})
        ledgers = dataset(engine.simulate(scenario, 3), scenario, 3)
        found.append(exploit(ledgers, scenario))
    earned = [float(one["realised"].mean() / one["worth"].mean()) for one in found]
    assert earned[0] - earned[1] == pytest.approx(0.1, abs=0.03)
    assert float(found[1]["gain"].min()) >= -1e-9


@pytest.mark.parametrize(
    ("takers", "transit", "path", "told"),
    [
        ({"a": taker(sectors=["wst"])}, {}, "tolls.takers.a.sectors[0]", "unknown sector 'wst'"),
        ({"a": taker(channels=["river"])}, {}, "tolls.takers.a.channels[0]", "unknown channel"),
        (
            {"a": taker(sectors=["west"], channels=["customs"])},
            {},
            "tolls.takers.a",
            "no such way to hold",
        ),
        (
            {"a": taker(rates={"wst": number(0.1, "ratio")})},
            {},
            "tolls.takers.a.rates.wst",
            "unknown sector 'wst'",
        ),
        (
            {"a": taker(sectors=["west"], rates={"east": number(0.1, "ratio")})},
            {},
            "tolls.takers.a.rates.east",
            "'a' holds no way in 'east'",
        ),
        ({"a": taker(sectors=[])}, {}, "tolls.takers.a.sectors", "at least 1"),
        ({f"t{n}": taker(share=0.1 + n) for n in range(5)}, {}, "tolls.takers", "more than 4"),
        (
            {"a": taker()},
            {"east": {"through": ["west"], "cost": number(0.1, "ratio")}},
            "tolls.transit.east",
            "unknown route 'east'",
        ),
        (
            {"a": taker()},
            {"east-trail": {"through": ["east"], "cost": number(0.1, "ratio")}},
            "tolls.transit.east-trail.through[0]",
            "passed anyhow",
        ),
        ({"a": taker("upper")}, {}, "tolls.takers.a.bank", "inner"),
    ],
)
def test_what_does_not_fit_is_told(takers, transit, path, told):
    with pytest.raises(ScenarioError) as error:
        border(takers, transit)
    faults = {fault.path: f"{fault.problem} {fault.fix}" for fault in error.value.faults}
    assert told in faults[path]

"""A border says only what it has: what it leaves out is neutral, and nowhere to be seen."""

import copy

import pytest
import yaml
from tests.paths import LEAST

import amnok
from amnok.errors import ScenarioError
from amnok.odd.page import odd
from amnok.results.outcomes import kinds
from amnok.scenario import load, load_text, resolved
from amnok.scenario.left_out import fields, idle
from amnok.scenario.loading import document_of
from amnok.scenario.overrides import with_values
from amnok.scenario.shape import shape_at
from amnok.scenario.starter import Starter, starter


def number(value, unit, prior):
    return {"value": value, "unit": unit, "prior": prior, "source": "assumption"}


def faults(data):
    with pytest.raises(ScenarioError) as error:
        load_text(yaml.safe_dump(data), "least.yaml")
    return {fault.path: fault for fault in error.value.faults}


@pytest.fixture
def least():
    return yaml.safe_load(LEAST.read_text(encoding="utf-8"))


def test_two_sectors_one_good_and_one_kind_of_way_are_a_border():
    border = load(LEAST)
    assert not border.sections
    assert not border.agencies
    assert len(list(border.parameters())) == 9
    ledgers = amnok.run(border, seed=1)
    assert float(ledgers["crossings"].sum()) > 1000
    assert list(ledgers["market"].to_numpy()) == ["market"]
    assert ledgers["price"].std("day").max() == 0  # nothing crosses that prices depend on


def test_what_is_left_out_is_in_no_text_and_no_list(least):
    border = load(LEAST)
    assert yaml.safe_load(resolved(border)) == least
    assert load_text(resolved(border), "again") == border
    assert "leak" not in resolved(with_values(border, {"goods.fuel.markup": 2.0}))
    paths = {path for path, _ in border.parameters()}
    assert not paths & {"goods.fuel.leak_rate", "learning.memory", "sectors.hills.freeze"}
    assert "goods.fuel.leak_rate" not in odd(border)
    assert border.goods["fuel"].leak_rate.number == 0


def test_a_mechanism_asks_for_what_it_cannot_do_without(least):
    whole = load("reported-mechanisms").model_dump(mode="json", by_alias=True)
    least["currency"] = "CNY"
    for place in (least["goods"]["fuel"]["value"],):
        place["unit"] = "CNY"
    least["patrols"] = whole["patrols"]
    for one in least["patrols"].values():
        one["source"] = "assumption"
        one["basis"] = "direction"
    assert faults(least)["agencies"].problem == "no agency has the role patrol"
    least["agencies"] = {"police": {"label": "Police", "role": "patrol"}}
    found = faults(least)
    asked = {"learning.memory", "learning.prior_weight", "learning.prior_loss"}
    assert set(found) == asked
    assert found["learning.memory"].problem == "is missing, and the border has patrols"
    least["learning"] = {
        "memory": number(30, "days", {"lognormal": [30, 2]}),
        "prior_weight": number(0.1, "consignments/trader", {"lognormal": [0.1, 2]}),
        "prior_loss": number(0.01, "probability", {"beta": [0.01, 4]}),
    }
    assert load_text(yaml.safe_dump(least), "least.yaml").has("patrols")


def test_prices_and_imports_ask_for_what_they_need(least):
    fuel = least["goods"]["fuel"]
    least["goods"]["flour"] = copy.deepcopy(fuel) | {"label": "Flour", "direction": "import"}
    assert set(faults(least)) == {"traders.sizes.carrier.import_share"}
    least["goods"]["flour"]["direction"] = "export"
    fuel["border_share_outer"] = number(0.5, "share", {"beta": [0.5, 4]})
    found = faults(least)
    assert set(found) == {path for path in fields() if path.startswith("prices.")}
    assert "goods.fuel.border_share_outer" in found["prices.smoothing"].problem


@pytest.mark.parametrize("key", ["freeze", "thaw"])
def test_ice_that_comes_also_goes(least, key):
    least["sectors"]["hills"][key] = number(90, "day of year", {"uniform": [80, 100]})
    (path,) = faults(least)
    assert path == f"sectors.hills.{'thaw' if key == 'freeze' else 'freeze'}"


def test_several_sizes_say_how_many_are_of_each(least):
    sizes = least["traders"]["sizes"]
    sizes["truck"] = copy.deepcopy(sizes["carrier"]) | {"label": "Truck"}
    found = faults(least)
    assert "adds up to 2" in found["traders.sizes"].problem


def test_every_number_that_may_be_left_out_says_what_it_then_is():
    for path, neutral in fields().items():
        assert f"Left out, it is {neutral.number:g}" in shape_at(tuple(path.split("."))).meaning


@pytest.mark.parametrize("mechanism", ["guards", "patrols", "customs", "river", "quota"])
def test_a_new_border_holds_no_number_without_a_use(mechanism):
    days = load(LEAST).period.start, load(LEAST).period.end
    asked = Starter(
        "new", ["a", "b"], {"fuel": "export"}, "North", "South", [mechanism], "USD", *days
    )
    border = load_text(starter(asked), "new.yaml")
    data = document_of(border).data
    kept = {path.rpartition(".")[2] for path in idle(data)}
    assert kept <= {"border_share_inner", "border_share_outer", "share_inner", "share_outer"}
    assert (mechanism == "customs") == ("port" in border.route_kinds)


def test_nothing_is_counted_under_sanctions_where_no_goods_are(least):
    assert "sanctioned_value" not in kinds(load(LEAST))
    least["goods"]["fuel"]["sanctioned"] = True
    assert "sanctioned_value" in kinds(load_text(yaml.safe_dump(least), "least.yaml"))

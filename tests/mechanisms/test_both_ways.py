"""What moves trade moves it in either direction: where goods only go out, and where they only come
in, a border without a mechanism is another border."""

from functools import cache

import pytest
from tests.paths import TINY_MORE

from amnok import engine
from amnok.mechanisms import MECHANISMS
from amnok.mechanisms.form import setting
from amnok.scenario import load
from amnok.scenario.ablations import CONTRASTS
from amnok.scenario.overrides import with_values

BUSY = {
    "period.start": "2030-03-20",
    "period.end": "2030-05-20",
    "period.spin_up": 12,
    "traders.inner": 1500,
    "traders.outer": 700,
    "traders.sizes.carrier.customs_access": 0.5,
    "goods.honey.leak_rate": 0.02,
    "goods.lamps.leak_rate": 0.02,
    "goods.honey.sanctioned": "true",
    "goods.lamps.sanctioned": "true",
    "river.events.may_rain.start": "2030-04-20",
    "river.events.may_rain.height": 3,
}
OBSERVERS = {"official", "reporting"}  # they tell of what happens, and move nothing
# Of mechanisms without a contrast of their own, what leaves nothing of them.
OFF: dict[str, dict[str, float]] = {
    "patrols": {"patrols.intercept_base": 0, "patrols.intercept_boost": 0},
    "quota": {"quota.arrests": 0},
    "self_inspection": {"self_inspection.effectiveness": 0},
}
CASES = {
    f"{one.name}: {contrast.name}": contrast.off for one in MECHANISMS for contrast in one.contrasts
}
CASES |= {name: setting(values) for name, values in OFF.items()}


@cache
def border(import_share):
    scenario = load(TINY_MORE, [f"{path}={value}" for path, value in BUSY.items()])
    sizes = scenario.traders.sizes
    return with_values(
        scenario, {f"traders.sizes.{name}.import_share": import_share for name in sizes}
    )


def flows(scenario):
    return engine.simulate(scenario, 3).books.flow.tobytes()


@cache
def usual(import_share):
    return flows(border(import_share))


@pytest.mark.parametrize("import_share", [0.0, 1.0], ids=["out", "in"])
@pytest.mark.parametrize("case", CASES)
def test_it_acts_on_what_goes(case, import_share):
    scenario = border(import_share)
    off = CASES[case](scenario)
    assert off
    assert flows(with_values(scenario, off)) != usual(import_share)


def test_every_mechanism_that_acts_is_tried():
    tried = {case.partition(":")[0] for case in CASES}
    assert {one.name for one in MECHANISMS} - OBSERVERS == tried
    assert {case.partition(": ")[2] for case in CASES} - {""} <= {one.name for one in CONTRASTS}

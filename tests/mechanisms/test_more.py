"""Mechanisms that the small border does without: each alone, beside the twin, and switched off."""

import copy

import numpy as np
import pytest
import yaml
from tests.absent import OTHERS, more
from tests.paths import TINY, TINY_MORE
from tests.twin.test_same_day import BUSY

from amnok import engine
from amnok.engine.tally import plain
from amnok.errors import AmnokError
from amnok.mechanisms import MECHANISMS
from amnok.scenario import load_text
from amnok.scenario.overrides import with_values

SHORT = {
    **BUSY,
    "traders.inner": 50,
    "traders.outer": 25,
    "period.end": "2030-04-10",
    "goods.honey.sanctioned": "true",
    "patrols.intercept_base": 0.3,
    "goods.honey.leak_rate": 0.1,
    "learning.prior_arrest": 0.005,
    "traders.sizes.carrier.protection_access": 1,
    "traders.sizes.carrier.customs_access": 0.3,
    "traders.sizes.carrier.protection_fee": 1,
    "traders.sizes.dealer.protection_fee": 1,
}


def listed(values):
    """As `--set` has them."""
    return [f"{path}={value}" for path, value in values.items()]


SETS = listed(SHORT)
ALSO = {"state_firms": {"goods.honey.sanctioned": "false"}}  # there is something to declare
ALONE = [one for one in MECHANISMS if one.name in OTHERS]


def counts_of(one):
    """What a mechanism counts: table and name."""
    return [(count.table.name, count.name) for count in one.results if hasattr(count, "of")]


@pytest.mark.parametrize("one", ALONE, ids=lambda one: one.name)
def test_each_alone_is_the_twins(one, run_both):
    sets = listed(SHORT | ALSO.get(one.name, {}))
    outcome = run_both(more(one.name, sets=sets), seed=3)
    for table, name in counts_of(one):
        assert getattr(outcome.books, table)[name].sum() > 0.0, name


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_all_together_are_the_twins(seed, run_both):
    run_both(more(*OTHERS, sets=listed(BUSY)), seed)


@pytest.mark.parametrize("one", ALONE, ids=lambda one: one.name)
def test_switched_off_it_is_not_there(one):
    """Not a bit differs from the border that never had it."""
    there, without = more(one.name, sets=SETS), more(sets=SETS)
    (contrast,) = one.contrasts
    off = with_values(there, contrast.off(there))
    books = [engine.simulate(scenario, 3).books for scenario in (off, without, there)]
    for name, silent, never, on in zip(books[0]._fields, *books, strict=True):
        if name not in ("tips", "tip_count"):
            np.testing.assert_array_equal(plain(silent), plain(never), err_msg=name)
            assert name != "flow" or (plain(on) != plain(never)).any()


@pytest.mark.parametrize(
    "path", ["state_firms.permits.deeler", "targeting.campaigns.big_fish.sizes.deeler"]
)
def test_a_size_that_there_is_not_is_a_fault(path):
    data = yaml.safe_load(TINY_MORE.read_text(encoding="utf-8")) | {"extends": str(TINY)}
    *parents, last = path.split(".")
    part = data
    for key in parents:
        part = part[key]
    part[last] = copy.deepcopy(part["dealer"])
    with pytest.raises(AmnokError) as caught:
        load_text(yaml.safe_dump(data), "more")
    assert [(one.path, "size 'deeler'" in one.problem) for one in caught.value.faults] == [
        (path, True)
    ]


EXTREMES = {
    "a trade that few live by": (
        "entry_exit",
        {"review": 1, "outside": 1.2, "noise": 0.5, "memory": 5},
    ),
    "a trade that all leave": ("entry_exit", {"review": 1, "outside": 1e6, "noise": 0}),
    "nobody thinks it over": ("entry_exit", {"review": 0}),
    "word that is there at once": (
        "word_of_mouth",
        {"between_sectors": 1, "reach": 100, "delay": 0, "between_sizes": 1},
    ),
    "word that is long on the way": ("word_of_mouth", {"between_sectors": 0.5, "delay": 7.5}),
    "firms that may hide nothing": (
        "state_firms",
        {"quota": 1, "look_base": 1, "penalty": 1e6, "permits.carrier": 1},
    ),
    "firms that may declare nothing": ("state_firms", {"quota": 0, "permits.carrier": 1}),
    "firms that nobody looks at": (
        "state_firms",
        {"quota": 1, "look_base": 0, "look_boost": 0, "fee": 0.5, "permits.carrier": 1},
    ),
    "word that stays": ("word_of_mouth", {"reach": 0}),
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "values"), EXTREMES.values(), ids=EXTREMES)
def test_at_its_extremes_it_is_the_twins(name, values, run_both):
    own = {f"{name}.{path}": one for path, one in values.items()}
    run_both(more(name, sets=listed(SHORT | {"period.spin_up": 21} | own)), seed=4)

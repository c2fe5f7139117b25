"""What to ask next, on a bank that was never simulated."""

import numpy as np
import pytest
from tests.paths import TINY
from tests.studies.inference.invented import invented, observed

import amnok
from amnok.errors import AmnokError


@pytest.fixture(scope="module")
def bank():
    return invented(runs=500, policies=("base", "halved"))


@pytest.mark.slow
def test_what_decides_comes_first(bank):
    table = amnok.ask(TINY, bank=bank).table.set_index("name")
    share, error = table["share"].astype(float), table["share_se"].astype(float)
    assert share["traders.inner"] > 0.95
    assert table.index[0] == "traders.inner"
    assert abs(share["quota.prison_days"]) <= 2.0 * error["quota.prison_days"]
    assert 0.1 < share["official_arrests"] < 0.9
    assert set(table["kind"]) == {"parameter", "series", "share"}


@pytest.mark.statistical
def test_less_is_left_to_ask_once_something_was_observed(bank, tmp_path):
    amnok.infer(TINY, observed(bank, 4), bank=bank, out=tmp_path / "posterior [1]")
    before = amnok.ask(TINY, bank=bank)
    after = amnok.ask(TINY, bank=bank, given=tmp_path / "posterior [1]")
    assert after.effective < before.effective
    name = "surveyed_price"
    shares = [float(one.table.set_index("name")["nats"].loc[name]) for one in (before, after)]
    assert shares[1] < shares[0]


@pytest.mark.slow
def test_a_choice_that_is_clear_needs_no_learning(bank):
    found = amnok.ask(TINY, bank=bank, choose=("base", "halved"))
    assert found.best == "halved"
    assert found.perfect.value == 0.0
    assert (found.table["choice"] == 0.0).all()


def test_no_such_thing(bank):
    with pytest.raises(AmnokError, match="no target 'value_crosed'"):
        amnok.ask(TINY, bank=bank, target="value_crosed")
    with pytest.raises(AmnokError, match="no runs under the policy 'none'"):
        amnok.ask(TINY, bank=bank, choose=("base", "none"))
    with pytest.raises(AmnokError, match="two policies"):
        amnok.ask(TINY, bank=bank, choose=("base",))


def test_of_a_part(bank):
    found = amnok.ask(TINY, bank=bank, target="crossings:size/dealer")
    assert found.unit == "consignments"
    assert np.isfinite(found.table["nats"]).all()

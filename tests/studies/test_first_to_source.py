"""What to source first: each number alone, at the ends of its prior, on the same draws."""

import pytest
from tests.paths import LEAST

from amnok.errors import AmnokError
from amnok.scenario import load
from amnok.studies.first_to_source import swings

SHORT = {"period.end": "2015-01-31", "traders.inner": 100, "traders.outer": 60}


def test_prices_move_what_crosses_as_their_priors_say():
    found = swings(load(LEAST, SHORT), threads=1)
    assert {one.path for one in found} == {path for path, _ in load(LEAST).parameters()}
    assert [one.size for one in found] == sorted((one.size for one in found), reverse=True)
    price = next(one for one in found if one.path == "goods.fuel.value")
    edge = 2**1.2815515655  # 90% of lognormal(1, 2); all costs are shares of the worth
    assert (price.low, price.high) == pytest.approx((1 / edge, edge))
    gap = next(one for one in found if one.path == "goods.fuel.markup")
    assert gap.low < 0.8
    assert gap.high > 1.2


def test_a_number_with_a_figure_in_a_source_is_not_asked_for(tmp_path):
    text = LEAST.read_text(encoding="utf-8")
    old = "value: {value: 1, unit: USD, prior: {lognormal: [1, 2]}, source: assumption}"
    assert old in text
    new = old.replace("source: assumption", "source: [list], basis: figure")
    ledger = "references: {list: {citation: A list, figure: a price, status: verified}}\n"
    file = tmp_path / "priced.yaml"
    file.write_text(text.replace(old, new) + ledger, encoding="utf-8")
    asked = {one.path for one in swings(load(file, SHORT), threads=1)}
    assert "goods.fuel.value" not in asked
    assert "goods.fuel.markup" in asked


def test_what_cannot_be_had_is_told():
    border = load(LEAST, SHORT)
    with pytest.raises(AmnokError, match="no outcome 'arests'"):
        swings(border, "arests")
    dear = load(LEAST, {**SHORT, "goods.fuel.markup": 0.01})
    with pytest.raises(AmnokError, match="nothing of 'value_crossed'"):
        swings(dear, threads=1)

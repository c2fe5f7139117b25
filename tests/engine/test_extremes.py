"""Extreme but valid values: finite books, and what such a value means."""

import numpy as np
import pytest
from tests.paths import TINY

from amnok.engine import simulate
from amnok.engine.tally import plain
from amnok.scenario import load

SHORT = {"period.spin_up": 10, "period.end": "2030-04-15"}


def each(names, path, value):
    return {path.format(name): value for name in names}


def flow(books):
    return {name: books.flow[name].sum() for name in books.flow.dtype.names}


def items_of_a_crossing(books):
    whole = flow(books)
    return whole["items_crossed"] / max(whole["crossings"], 1.0)


@pytest.mark.parametrize(
    "values",
    [
        {"traders.choice_noise": 0},
        {"prices.elasticity_selling": 0.05, "prices.elasticity_buying": 0.05},
        {"learning.memory": 0, "learning.wariness_memory": 0, "prices.smoothing": 0},
        {"learning.prior_weight": 0},
        {"river.rain_memory": 0, "official.survey_interval": 0, "cameras.period": 0},
        {"reporting.delay": 36_500, "reporting.slowdown": 1_000_000, "reporting.courage": 1},
        {"learning.personal_spread": 5, "learning.salience": 1_000_000},
    ],
    ids=lambda values: next(iter(values)),
)
def test_books_stay_finite(values):
    books = simulate(load(TINY, {**values, **SHORT}), seed=1).books
    for table in books:
        assert np.isfinite(plain(table) if table.dtype.names else table).all()
    tips = books.tips[: books.tip_count[0]]
    assert (tips[:, 1] >= tips[:, 0]).all()


def test_goods_worth_nothing_stay_at_home(tiny):
    names = list(tiny.goods)
    values = each(names, "goods.{}.value", 0)
    assert flow(simulate(load(TINY, {**values, **SHORT}), seed=1).books)["crossings"] == 0


def test_without_noise_nobody_takes_a_way_that_costs_more_than_it_brings(tiny):
    values = each(list(tiny.goods), "goods.{}.markup", 1)
    books = simulate(load(TINY, {**values, **SHORT, "traders.choice_noise": 0}), seed=1).books
    assert flow(books)["attempts"] == 0


def test_consignments_have_an_upper_end(tiny):
    sizes = list(tiny.traders.sizes)
    values = each(sizes, "traders.sizes.{}.items", 1_000_000)
    values |= each(sizes, "traders.sizes.{}.items_spread", 5)
    values |= each(list(tiny.route_kinds), "route_kinds.{}.bulk", 1_000_000)
    books = simulate(load(TINY, {**values, **SHORT}), seed=1).books
    assert 1e8 < items_of_a_crossing(books) <= 1e9

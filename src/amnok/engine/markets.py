"""Markets: what crosses moves prices on both banks, and on the inner one those of other towns too.

What is traded otherwise answers to prices in its turn, and brings them back in part.
"""

from __future__ import annotations

from amnok.compiling import step
from amnok.engine.state import State
from amnok.engine.tally import Tally
from amnok.mechanisms.roles import direction_of, origin
from amnok.rules.markets import (
    buying_price,
    crossing_quantity,
    other_quantity,
    relative_quantity,
    selling_price,
    smoothed,
)
from amnok.world import World
from amnok.world.places import INNER

_LEAST_SEASON = 0.05  # so that a season's trough does not divide by nothing


@step
def move_prices(world: World, state: State, today: Tally, t: int) -> None:
    """Smooth the day's quantities, learn what is usual during the spin-up, then set prices.

    The first third of the spin-up settles beliefs; the rest says what quantities are usual.
    """
    learn_from, spin_up = world.spin_up // 3, world.spin_up
    smoothing = world.rates[0].prices.smoothing
    for g in range(len(world.goods)):
        season = max(world.season[t, g], _LEAST_SEASON)
        for side in range(2):
            for market in range(world.border_share.shape[2]):
                quote = state.prices[side, g, market]
                quantity = traded(world, today, side, g, market)
                quote.quantity = smoothed(quote.quantity, quantity, smoothing)
                if t >= spin_up:
                    move_price(world, state, side, g, market, season)
                elif t >= learn_from:
                    quote.reference += quantity / season / (spin_up - learn_from)


@step
def traded(world: World, today: Tally, side: int, g: int, market: int) -> float:
    """Items bought or delivered at a market today; on the inner bank where they come from, and
    where they travel on to."""
    total = 0.0
    direction = direction_of(world.goods[g])
    for sector in range(len(world.sectors)):
        source = world.sectors[sector].market
        crossed = today.goods[sector, g].goods_items_crossed
        if side == INNER:
            total += world.feeds[direction, market, source] * crossed
        elif source == market:
            total += crossed
    return total


@step
def move_price(world: World, state: State, side: int, g: int, market: int, season: float) -> None:
    """Today's price: it falls where goods are sold, and rises where they are bought; then the rest
    of the market answers to it."""
    goods, prices, quote = world.goods[g], world.rates[0].prices, state.prices[side, g, market]
    share = world.border_share[side, g, market]
    crossing = crossing_quantity(quote.quantity, quote.reference * season, share)
    relative = relative_quantity(crossing, quote.other)
    if side == origin(goods):
        elasticity = prices.elasticity_buying
        quote.price = buying_price(goods.value, relative, elasticity)
    else:
        elasticity = prices.elasticity_selling
        quote.price = selling_price(goods.value * goods.markup, relative, elasticity)
    response = prices.elasticity_other / elasticity
    quote.other = other_quantity(quote.other, crossing, share, response, prices.adjustment)

"""Supply: more is brought to the border when a trip gains more. Carries no claim of its own.

Without it consignments come up at the pace of their size and season, whatever a trip gains, and
only those for whom no way is worth it stay home.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amnok.compiling import rule, step
from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.mechanisms.roles import origin
from amnok.quantity import Days, Ratio
from amnok.rules.smoothing import drawn_towards
from amnok.vector_math import exp, log


class Supply(Section):
    """How much is brought to the border, as goods gain more or less than usual."""

    NEUTRAL: ClassVar[Mapping[str, float]] = {"most": 1.0}

    response: Ratio
    """Elasticity of the consignments that come up to the gain of their goods: the difference of
    prices between the banks, relative to the usual one. At 0 as many come up whatever they gain; at
    1 half the gain brings half of them; high: a gap that opens draws a rush.
    """

    days: Days
    """Days over which people follow a new gain; after that many about two thirds have. At 0 they do
    at once; high: an old trade goes on for long.
    """

    most: Ratio
    """The most that come up, relative to usual: what carriers and vehicles there are can take. At 1
    a larger gain brings no more trade; high: capacity never binds.
    """


@rule
def readiness(gain: float, usual: float, response: float, most: float) -> float:
    """Consignments that come up, relative to usual: `min(most, (gain/usual)**response)`.

    None where nothing is gained; as usual where there never was a gain to compare with.

    Args:
        gain: difference of an item's prices between the banks (money).
        usual: the same before the first day (money).
        response: elasticity (dimensionless); 0 for none.
        most: the most (dimensionless).

    Returns:
        A ratio (dimensionless), 1 = usual.

    Source: assumption (constant elasticity).

    >>> readiness(50.0, 100.0, 1.0, 2.0), readiness(400.0, 100.0, 1.0, 2.0)
    (0.5, 2.0)
    >>> readiness(-5.0, 100.0, 1.0, 2.0), readiness(50.0, 100.0, 0.0, 2.0)
    (0.0, 1.0)
    """
    if usual <= 0.0 or response <= 0.0:
        return 1.0
    if gain <= 0.0:
        return 0.0
    return min(most, exp(response * log(gain / usual)))


@step
def gain_of(state: Any, goods: Any, g: int, market: int) -> float:
    """What an item gains between the banks at today's prices."""
    home = origin(goods)
    there, here = state.prices[1 - home, g, market].price, state.prices[home, g, market].price
    return float(there - here)


@step
def follow(world: Any, state: Any, t: int) -> None:
    """In the evening people follow what goods now gain; in the spin-up that is usual."""
    supply = world.rates[0].supply
    if supply.present > 0.0 and t >= world.spin_up:
        for g in range(len(world.goods)):
            for market in range(world.border_share.shape[2]):
                trade = state.supply[g, market]
                gain = gain_of(state, world.goods[g], g, market)
                wanted = readiness(gain, trade.usual_gain, supply.response, supply.most)
                trade.readiness = drawn_towards(trade.readiness, wanted, supply.days)


@step
def readiest(state: Any, market: int) -> float:
    """The largest readiness among a market's goods."""
    most = 0.0
    for g in range(len(state.supply)):
        most = max(most, state.supply[g, market].readiness)
    return most


MECHANISM = Mechanism(
    "supply",
    Supply,
    "How much is brought to the border, as goods gain more or less than usual.",
    shapes=("crossings", "prices"),
    label="Trade that follows the gain",
    keeps=("supply",),
    contrasts=(Contrast("supply", "Trade follows the gain", setting({"supply.response": 0.0})),),
)

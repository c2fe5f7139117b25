"""How the equilibrium of the consignor's game moves with each number in it.

Where both waver, with c(k) the chance of a leak after k of n checks and D = c(m) - c(n),

    searches      x = w*tau*(n - m) / (f*L*D)
    full checks   y = (c(m) - s/(v*f)) / D

so that each side moves with the *other's* payoffs: a harsher punishment L means fewer searches and
not more checks; police who value finds more are met by more checks and do not search more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from amnok.errors import AmnokError
from amnok.games.consignor import Consignment, ConsignorGame

NOBODY, WAVERING, ALL_CHECKED, UNDETERRED, SEVERAL = (
    "nobody is searched, spot checks only",
    "some are searched, some check everything",
    "all are searched, all check everything",
    "all are searched, spot checks only",
    "several equilibria",
)


@dataclass(frozen=True)
class Slope:
    """What one more unit of a parameter does where both sides waver.

    Attributes:
        parameter: its name, as in `Consignment` and `Police`.
        search: change of the chance of a search, per unit of the parameter.
        full: change of the share who check everything, per unit.
    """

    parameter: str
    search: float
    full: float


@dataclass(frozen=True)
class SwitchPoint:
    """Where the equilibrium changes its kind as one parameter moves and all others stay.

    Attributes:
        parameter, value: at which value of which parameter.
        below, above: what happens just below and just above it.
    """

    parameter: str
    value: float
    below: str
    above: str


def kind_of(game: ConsignorGame) -> str:
    """The kind of equilibrium; at a switch point itself there are several."""
    first, *more = game.solve().equilibria
    if more or not first.is_point:
        return SEVERAL
    search, full = float(first.row[0]), float(first.column[0])
    if search == 0.0:
        return NOBODY
    if search == 1.0:
        return ALL_CHECKED if full == 1.0 else UNDETERRED
    return WAVERING


def slopes(game: ConsignorGame) -> tuple[Slope, ...]:
    """Derivatives of both chances where both sides waver, in closed form.

    For numbers of items, what one more does, unless the equilibrium is then of another kind.

    Raises:
        AmnokError: the equilibrium is of another kind, where small changes change nothing.
    """
    if kind_of(game) != WAVERING:
        raise AmnokError(f"{kind_of(game)}: small changes change nothing")
    one, police = game.consignment, game.police
    drop, rest = one.removed(), one.items - one.few
    search = one.switch() / police.find_rate
    caught = police.find_value * police.find_rate
    wanted = police.search_cost / caught  # the chance of a leak that makes a search worth it
    full = (one.leak(one.few) - wanted) / drop
    scale = police.find_rate * one.leak_loss * drop
    leak_slopes = []
    for parameter, slope in (("leak_rate", _by_leak_rate), ("effectiveness", _by_effectiveness)):
        few, everything = slope(one, one.few), slope(one, one.items)
        faster = few - everything
        leak_slopes.append(Slope(parameter, -search * faster / drop, (few - full * faster) / drop))
    return (
        Slope("minute_cost", one.minutes * rest / scale, 0.0),
        Slope("minutes", one.minute_cost * rest / scale, 0.0),
        Slope("leak_loss", -search / one.leak_loss, 0.0),
        Slope("find_rate", -search / police.find_rate, wanted / (police.find_rate * drop)),
        Slope("find_value", 0.0, wanted / (police.find_value * drop)),
        Slope("search_cost", 0.0, -1.0 / (caught * drop)),
        *leak_slopes,
        *_steps(game, search, full),
    )


def _steps(game: ConsignorGame, search: float, full: float) -> Iterator[Slope]:
    """What one item more does, sent or spot-checked, if both still waver."""
    for parameter in ("items", "spot_check"):
        more = _with(game, parameter, getattr(game.consignment, parameter) + 1)
        if kind_of(more) == WAVERING:
            [found] = more.solve().equilibria
            row, column = float(found.row[0]), float(found.column[0])
            yield Slope(parameter, row - search, column - full)


def switch_points(game: ConsignorGame) -> tuple[SwitchPoint, ...]:
    """All values at which the kind of equilibrium changes, parameter by parameter, in closed form.

    Leak rate and effectiveness are left out: they move all three conditions at once.
    """
    one, police = game.consignment, game.police
    leaks = one.leak(one.few), one.leak(one.items)
    risk = one.leak_loss * one.removed()
    values = {
        "find_value": [_over(police.search_cost, police.find_rate * leak) for leak in leaks],
        "search_cost": [police.find_value * police.find_rate * leak for leak in leaks],
        "find_rate": [
            *(_over(police.search_cost, police.find_value * leak) for leak in leaks),
            one.switch(),
        ],
        "leak_loss": [_over(one.checking_rest, police.find_rate * one.removed())],
        "minute_cost": [_over(police.find_rate * risk, one.minutes * (one.items - one.few))],
        "minutes": [_over(police.find_rate * risk, one.minute_cost * (one.items - one.few))],
    }
    return tuple(
        point
        for parameter, numbers in values.items()
        for value in sorted(set(numbers))
        if (point := _switch(game, parameter, value)) is not None
    )


def _switch(game: ConsignorGame, parameter: str, value: float) -> SwitchPoint | None:
    """The switch at a value, if the kind of equilibrium does change there."""
    most = 1.0 if parameter == "find_rate" else math.inf
    if not 0.0 < value < most:
        return None
    below, above = (
        kind_of(_with(game, parameter, value * factor)) for factor in (1 - 1e-7, 1 + 1e-7)
    )
    return SwitchPoint(parameter, value, below, above) if below != above else None


def _with(game: ConsignorGame, parameter: str, value: float) -> ConsignorGame:
    """The game with another value of a parameter of either side."""
    changed: dict[str, Any] = {parameter: value}
    if parameter in ("find_rate", "find_value", "search_cost"):
        return replace(game, police=replace(game.police, **changed))
    return replace(game, consignment=replace(game.consignment, **changed))


def _over(one: float, other: float) -> float:
    return one / other if other > 0.0 else math.inf


def _by_leak_rate(one: Consignment, checked: int) -> float:
    """Derivative of the chance of a leak by the leak rate."""
    missed = 1 - one.effectiveness
    return _sum_of_hazards(one, checked, missed, 1.0)


def _by_effectiveness(one: Consignment, checked: int) -> float:
    """Derivative of the chance of a leak by the effectiveness of checks."""
    return _sum_of_hazards(one, checked, -one.leak_rate, 0.0)


def _sum_of_hazards(one: Consignment, checked: int, on_checked: float, on_rest: float) -> float:
    """Derivative of 1 - A**k * B**(n-k), given those of -A and -B."""
    a, b, rest = 1 - one.leak_rate * (1 - one.effectiveness), 1 - one.leak_rate, one.items - checked
    of_checked = checked * on_checked * a ** (checked - 1) * b**rest if checked else 0.0
    of_rest = rest * on_rest * a**checked * b ** (rest - 1) if rest else 0.0
    return of_checked + of_rest

"""Draws from a scenario's priors, made to fit each other. Needs SciPy (the extra `sensitivity`)."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Mapping

from scipy.special import betaincinv, ndtri

from amnok.quantity import Parameter, Prior, Unit
from amnok.scenario.changes import unit_at
from amnok.scenario.kept import once
from amnok.scenario.model import Scenario

Values = dict[str, float | dt.date]
Known = Mapping[str, Parameter]
_ROUNDING = 1e-12


def quantile(prior: Prior, u: float) -> float | dt.date:
    """The value below which a share u of a prior lies; a date for a prior between dates.

    Args:
        prior: one distribution.
        u: above 0 and below 1.

    >>> quantile(Prior(lognormal=(0.002, 2)), 0.5)
    0.002
    """
    if prior.uniform is not None:
        low, high = prior.uniform
        if isinstance(low, dt.date) and isinstance(high, dt.date):
            return low + dt.timedelta(days=math.floor(u * ((high - low).days + 1)))
        return float(low) + u * (float(high) - float(low))  # type: ignore[arg-type]
    if prior.beta is not None:
        mean, strength = prior.beta
        return float(betaincinv(mean * strength, (1 - mean) * strength, u))
    z = float(ndtri(u))
    if prior.lognormal is not None:
        median, spread = prior.lognormal
        return float(median * spread**z)
    assert prior.normal is not None
    mean, deviation = prior.normal
    return mean + deviation * z


def values_at(scenario: Scenario, place: Mapping[str, float]) -> Values:
    """Values of parameters at places within their priors, made to fit each other.

    A value beyond what its unit allows is put on the edge. Shares of sizes are scaled to add up to
    one on either bank, and what a market passes on to no more than it gets: the draws of these are
    relative weights.

    Args:
        scenario: whose priors; parameters that are not placed keep their values.
        place: share of the prior below the value, above 0 and below 1, by path of the parameter.
    """
    known, _ = _known(scenario)
    return fitted(scenario, {path: quantile(known[path].prior, u) for path, u in place.items()})


def fitted(scenario: Scenario, values: Mapping[str, float | dt.date]) -> Values:
    """Values of parameters made to fit each other, as `values_at` says."""
    known, units = _known(scenario)
    values = {path: _allowed(units[path], value) for path, value in values.items()}
    for key in ("share_inner", "share_outer"):
        paths = [f"traders.sizes.{name}.{key}" for name in scenario.traders.sizes]
        _scale(values, known, paths, at_most=False)
    for key, there in itertools.product(("fed_by", "feeds"), scenario.markets):
        paths = [
            f"markets.{name}.{key}.{there}"
            for name, market in scenario.markets.items()
            if there in getattr(market, key)
        ]
        _scale(values, known, paths, at_most=True)
    passed_on = ["guards.share_superiors", "guards.share_security"]
    _scale(values, known, passed_on, at_most=True)
    return values


@once
def _known(scenario: Scenario) -> tuple[Known, Mapping[str, Unit | None]]:
    """The parameters and their units, by path: the same for all draws."""
    known = dict(scenario.parameters())
    return known, {path: unit_at(scenario, path) for path in known}


def _allowed(unit: Unit | None, value: float | dt.date) -> float | dt.date:
    if unit is None or isinstance(value, dt.date):
        return value
    return min(max(value, unit.low), unit.high)


def _scale(values: Values, known: Known, paths: list[str], at_most: bool) -> None:
    """Scale some shares to add up to one, if any of them was drawn; or to one at most."""
    if not any(path in values for path in paths):
        return
    now = {path: float(values.get(path, known[path].number)) for path in paths}  # type: ignore[arg-type]
    total = sum(now.values())
    if total > 0 and (total > 1 or not at_most):
        # Rounding must not bring the sum of what may be less than one above it.
        total *= 1 + _ROUNDING if at_most else 1
        values.update({path: share / total for path, share in now.items()})

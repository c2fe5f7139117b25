"""The same scenario with some of its values changed, in Python; `overrides` does it for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from amnok.errors import Fault, ScenarioError
from amnok.scenario import consistency, wording
from amnok.scenario.model import Scenario


def with_values(scenario: Scenario, values: Mapping[str, float | dt.date]) -> Scenario:
    """The scenario with the values of some parameters replaced; units, priors, sources stay.

    Args:
        scenario: where to start from; it stays as it is.
        values: new value by dotted path of the parameter, as `Scenario.parameters` gives them.

    Raises:
        ScenarioError: with every path that is not a parameter, and every value that is not allowed.
    """
    if not values:
        return scenario
    known = dict(scenario.parameters())
    faults = [Fault("is not a parameter", path=path) for path in values if path not in known]
    if faults:
        raise ScenarioError(faults)
    data = scenario.model_dump(mode="json", by_alias=True)
    for path, value in values.items():
        _parameter(data, path)["value"] = value.isoformat() if isinstance(value, dt.date) else value
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioError([*wording.faults(error, data), *consistency.faults(data)]) from None


def _parameter(data: dict[str, Any], path: str) -> dict[str, Any]:
    for name in path.split("."):
        data = data[name]
    return data

"""What a border without a mechanism has nothing of: variables, and places along their axes.

What a variable needs stands beside it in `amnok.counts`; here is what is left: needs of places
along an axis that belong to no single count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from amnok.counts import COUNTS, variables
from amnok.mechanisms import ACTS_BY
from amnok.variables import BY_STATUS, KEPT_BRIBES, Variable

if TYPE_CHECKING:
    from amnok.scenario.model import Scenario

Needs = tuple[str, ...]

VARIABLES: Mapping[str, Needs] = {one.name: one.needs for one in variables() if one.needs}
"""Of the variables that need sections, which."""


def _of_counts(variable: Variable) -> dict[str, Needs]:
    """Of the counts that a variable shows side by side, what each needs."""
    return {one.name: one.needs for one in COUNTS if one.of == variable}


PLACES: Mapping[str, Mapping[str, Needs]] = {
    "agency_role": {role: ("|".join(sections),) for role, sections in ACTS_BY.items()},
    "receiver": _of_counts(KEPT_BRIBES),
    "status": _of_counts(BY_STATUS),
    "investigated": {"ever": ("security_police",)},
    "paying": {"yes": ("protection",)},
}
"""Of the places along an axis, by the coordinate that names them, what some of them need."""


def there(scenario: Scenario, needs: Mapping[str, Needs], name: str) -> bool:
    """Whether a border has what something of this name needs."""
    return scenario.has(*needs.get(name, ()))


def places(scenario: Scenario, coordinate: str, names: list[str]) -> list[int]:
    """Which of the names along a coordinate a border has, by position."""
    needs = PLACES.get(coordinate, {})
    return [place for place, name in enumerate(names) if there(scenario, needs, name)]

"""What a border without a mechanism has nothing of: variables, and places along their axes.

What a variable needs stands beside it in `amnok.counts`; here is what is left: needs of places
along an axis that belong to no single count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amnok.counts import COUNTS, variables
from amnok.variables import BY_STATUS, KEPT_BRIBES, Variable

if TYPE_CHECKING:
    from amnok.scenario.model import Scenario

Needs = tuple[str, ...]

VARIABLES: Mapping[str, Needs] = {one.name: one.needs for one in variables() if one.needs}
"""Of the variables that need sections, which."""


@dataclass(frozen=True)
class Places:
    """Names along a dimension that are the same on every border, as far as it has them.

    Attributes:
        names: in the order of the books.
        needs: what some of them need.
    """

    names: tuple[str, ...]
    needs: Mapping[str, Needs]

    def of(self, scenario: Scenario) -> list[int]:
        """Which of them a border has, by position."""
        return [at for at, name in enumerate(self.names) if there(scenario, self.needs, name)]


def _beside(variable: Variable) -> Places:
    """The counts that a variable shows side by side."""
    counts = [one for one in COUNTS if one.of == variable]
    return Places(tuple(one.name for one in counts), {one.name: one.needs for one in counts})


PLACES: Mapping[str, Places] = {
    "receiver": _beside(KEPT_BRIBES),
    "status": _beside(BY_STATUS),
    "investigated": Places(("never", "ever"), {"ever": ("security_police",)}),
    "paying": Places(("no", "yes"), {"yes": ("protection",)}),
}
"""By dimension."""


def there(scenario: Scenario, needs: Mapping[str, Needs], name: str) -> bool:
    """Whether a border has what something of this name needs."""
    return scenario.has(*needs.get(name, ()))

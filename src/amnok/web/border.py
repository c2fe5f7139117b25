"""What the explorer asks of the model: a border under some settings, or under two."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any, Literal

import xarray as xr

from amnok.engine import simulate
from amnok.errors import AmnokError, Fault
from amnok.reporting.comparison import comparison_sheet, headline_rows
from amnok.reporting.formats import as_data
from amnok.reporting.picture import base_map, picture
from amnok.results.ledgers import dataset, side_by_side
from amnok.results.threads import Days, cores, days_of, in_order
from amnok.results.weekly import NEEDED, scaled, weekly
from amnok.scenario import Scenario
from amnok.scenario.catalog import evidence_index, first_sentence, parameter_table
from amnok.scenario.levers import Levers
from amnok.scenario.overrides import with_values
from amnok.studies.comparison.arms import compare_arms

Quality = Literal["preview", "full"]
Settings = Mapping[str, float]

PREVIEW_TRADERS = 2_000  # simulated while dragging, in each replicate; then scaled up
_KEPT = 16  # settings whose pictures are kept
_MOST_WORK = 4.0  # traders of a setting, over those of the border as it is
_TRADERS = ("traders.inner", "traders.outer")


@dataclass(frozen=True)
class Border:
    """A scenario to explore.

    Attributes:
        scenario: as it is; settings start from here.
        levers: what can be moved.
        seed: of all simulations.
        replicates: of a full picture.
        saved: a saved run of the scenario as it is, by weeks, to show before anything is moved.
    """

    scenario: Scenario
    levers: Levers
    seed: int = 1
    replicates: int = 4
    saved: xr.Dataset | None = None


class Explorer:
    """Simulates settings of one border and remembers the last few; on any thread."""

    def __init__(self, border: Border) -> None:
        self.border = border
        self._kept: OrderedDict[tuple[Any, ...], xr.Dataset] = OrderedDict()
        self._lock = Lock()

    def picture(
        self, settings: Settings, quality: Quality, sector: str | None, days: Callable[[int], Days]
    ) -> dict[str, Any]:
        """What the page draws under some settings.

        Args:
            settings: value by path of a parameter.
            quality: "preview" simulates a part of the traders and scales up their counts.
            sector: charts show this one; the whole border without it.
            days: makes the counter of simulated days from how many there will be.

        Raises:
            ScenarioError: a setting is not allowed.
            AmnokError: it would be too much to simulate, or there is no such sector.
            Stopped: the counter said so.
        """
        if sector is not None and sector not in self.border.scenario.sectors:
            raise AmnokError([Fault(f"no sector '{sector}'")])
        weeks, share = self._weeks(settings, quality, days)
        return {**picture(weeks, self.border.scenario, sector), "share": share}

    def comparison(
        self, pinned: Settings, settings: Settings, days: Callable[[int], Days]
    ) -> dict[str, Any]:
        """Paired differences between two settings, and who is arrested under which.

        Raises: as for `picture`.
        """
        base, other = self._under(pinned), self._under(settings)
        n = self.border.replicates
        found = compare_arms(
            base,
            {"now": other},
            {"now": "the present setting"},
            self.border.seed,
            n,
            days(2 * n * days_of(base)),
        )
        whole = as_data(comparison_sheet(found))
        return {
            "replicates": n,
            "first_difference": whole["first_difference"]["now"],
            "rows": headline_rows(found, "now"),
            "persons": whole["persons"],
        }

    def about(self) -> dict[str, Any]:
        """The border, its levers and evidence, for the page to start with."""
        scenario, levers = self.border.scenario, self.border.levers
        return {
            "name": scenario.name,
            "title": scenario.title,
            "description": scenario.description,
            "seed": self.border.seed,
            "replicates": self.border.replicates,
            "sides": {one.key: one.label for one in (scenario.sides.inner, scenario.sides.outer)},
            "sizes": {name: size.label for name, size in scenario.traders.sizes.items()},
            "sectors": list(scenario.sectors),
            "levers": list(levers.paths),
            "policies": [
                {
                    "name": name,
                    "label": levers.named[name].label,
                    "note": levers.named[name].note,
                    "set": dict(values),
                }
                for name, values in levers.policies.items()
                if values
            ],
            "parameters": _parameters(scenario, levers),
            "claims": _claims(scenario),
            "references": {
                name: {"text": one.citation, "figure": one.figure, "status": one.status}
                for name, one in scenario.references.items()
            },
            "patterns": {name: one.text for name, one in scenario.patterns.items()},
            "map": base_map(),
        }

    def _under(self, settings: Settings, share: float = 1.0) -> Scenario:
        """The scenario under some settings, with a share of its traders."""
        numbers = self._traders(settings)
        if sum(numbers.values()) > _MOST_WORK * max(self._people({}), PREVIEW_TRADERS):
            problem = "more traders than the explorer simulates"
            raise AmnokError([Fault(problem, "use amnok run", path="traders")])
        fewer = {path: round(number * share) for path, number in numbers.items() if share < 1}
        return with_values(self.border.scenario, {**settings, **fewer})

    def _traders(self, settings: Settings) -> dict[str, float]:
        """Traders of either side under some settings, by path."""
        traders = self.border.scenario.traders
        as_is = (traders.inner.number, traders.outer.number)
        return {
            path: settings.get(path, number) for path, number in zip(_TRADERS, as_is, strict=True)
        }

    def _people(self, settings: Settings) -> float:
        return sum(self._traders(settings).values())

    def _weeks(
        self, settings: Settings, quality: Quality, days: Callable[[int], Days]
    ) -> tuple[xr.Dataset, float]:
        share, replicates = 1.0, self.border.replicates
        if self.border.saved is not None and not settings:
            return self.border.saved, share
        if quality == "preview":
            share = min(1.0, PREVIEW_TRADERS / max(self._people(settings), 1.0))
            # The browser draws meanwhile: it needs a core of its own.
            replicates = min(max(cores() - 1, 1), replicates)
        key = _key(settings, quality)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key], share
        scenario = self._under(settings, share)
        weeks = self._simulated(scenario, replicates, days(replicates * days_of(scenario)))
        weeks = scaled(weeks, 1 / share) if share < 1 else weeks
        with self._lock:
            self._kept[key] = weeks
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return weeks, share

    def _simulated(self, scenario: Scenario, replicates: int, days: Days) -> xr.Dataset:
        seed = self.border.seed

        def one(number: int) -> xr.Dataset:
            outcome = simulate(scenario, seed, number, on_days=days)
            return weekly(dataset(outcome, scenario, seed, NEEDED))

        return side_by_side(in_order(range(replicates), one, cores(), days))


def _key(settings: Settings, quality: Quality) -> tuple[Any, ...]:
    return (quality, *sorted(settings.items()))


def _parameters(scenario: Scenario, levers: Levers) -> list[dict[str, Any]]:
    rows = []
    for row in parameter_table(scenario):
        entry = asdict(row) | {
            "section": _section(scenario, row.path),
            "gist": first_sentence(row.meaning),
        }
        if row.path in levers.ranges:
            entry["range"] = asdict(levers.ranges[row.path])
        else:
            entry["value"] = str(row.value)
        rows.append(entry)
    return rows


def _section(scenario: Scenario, path: str) -> str:
    """What a parameter belongs to, by its labels where there are any."""
    part: Any = scenario
    words: list[str] = []
    for name in path.split(".")[:-1]:
        part = part[name] if isinstance(part, dict) else getattr(part, name)
        label = getattr(part, "label", "")
        words = [label] if label else [*words, name.replace("_", " ")]
    return ": ".join(words)


def _claims(scenario: Scenario) -> dict[str, Any]:
    claims = {}
    for row in evidence_index(scenario):
        claim = scenario.claims[row.claim]
        claims[row.claim] = {
            "text": claim.text,
            "grade": row.grade,
            "place": claim.place,
            "report": scenario.ledger.cited(row.claim),
            "patterns": list(row.patterns),
            "mechanisms": list(row.mechanisms),
        }
    return claims

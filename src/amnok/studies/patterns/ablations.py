"""The mechanisms that the evidence names, each with the values that switch it off.

Switched off, all else and all draws stay as they are. What a scenario lacks, an order for cameras
say, leaves nothing to switch off, and the values are empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from amnok.scenario import Scenario
from amnok.studies.patterns.windows import STOP

Values = Mapping[str, float]


@dataclass(frozen=True)
class Mechanism:
    """One mechanism of the model.

    Attributes:
        name: short, for the command line and for data.
        label: what is switched off, in a few words.
        pattern: the pattern that the evidence ties to it, and that must go with it.
        off: the values that switch it off in a scenario, by path.
    """

    name: str
    label: str
    pattern: str
    off: Callable[[Scenario], Values]


def _set(values: Values) -> Callable[[Scenario], Values]:
    """These values, as far as a scenario has the sections that they are in."""

    def off(scenario: Scenario) -> Values:
        there = dict(scenario.parameters())
        return {path: value for path, value in values.items() if path in there}

    return off


no_liability = _set({"guards.liability_usual": 0.0, "guards.liability_campaign": 0.0})


def orders_off(scenario: Scenario, roles: set[str]) -> Values:
    """No orders to agencies of such roles (or to `cameras`)."""
    targets = {name for name, agency in scenario.agencies.items() if agency.role in roles}
    targets |= roles & {"cameras"}
    return {
        f"orders.{name}.intensity": 0.0
        for name, order in scenario.orders.items()
        if not targets.isdisjoint(order.targets)
    }


def _same_minutes(scenario: Scenario) -> Values:
    exports = {
        name: kind.minutes.number
        for name, kind in scenario.goods.items()
        if kind.direction == "export"
    }
    return {f"goods.{name}.minutes": sum(exports.values()) / len(exports) for name in exports}


def _alike(scenario: Scenario) -> Values:
    """All sizes are as exempt, and as cheap to bring in, as the smallest."""
    sizes = scenario.traders.sizes
    smallest = min(sizes.values(), key=lambda size: size.items.number)
    values: dict[str, float] = {}
    for name in sizes:
        values[f"traders.sizes.{name}.exemption"] = smallest.exemption.number
        values[f"traders.sizes.{name}.bring_in_cost"] = smallest.bring_in_cost.number
    return values


def _guarded_like_the_river(scenario: Scenario) -> Values:
    """Customs wave nothing through, and patrols are at sea as they are at the river."""
    kinds = scenario.route_kinds
    rivers = (kind for kind in kinds.values() if kind.channel == "river")
    river = max((kind.patrol_exposure.number for kind in rivers), default=1.0)
    at_sea = [name for name, kind in kinds.items() if kind.channel == "sea"]
    at_bridges = {"customs.laxity": 0.0} if scenario.customs is not None else {}
    return at_bridges | {f"route_kinds.{name}.patrol_exposure": river for name in at_sea}


def _always_passable(scenario: Scenario) -> Values:
    kinds = scenario.route_kinds.items()
    return {
        f"route_kinds.{name}.flood_stage": 1000.0 for name, kind in kinds if kind.channel == "river"
    }


def _unmoved_by_politics(scenario: Scenario) -> Values:
    weights = ("sanctions_weight", "tariff_weight", "election_weight")
    return {f"agencies.{name}.{weight}": 0.0 for name in scenario.agencies for weight in weights}


def _no_halts(scenario: Scenario) -> Values:
    return {f"calendar.halts.{name}.strength": 0.0 for name in scenario.calendar.halts}


MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism(
        "leak_penalty",
        "Campaign raises the penalty for leaks",
        "P01",
        _set({"security_police.leak_loss_campaign": 0.0}),
    ),
    Mechanism(
        "investigated_wariness",
        "Investigation makes traders wary",
        "P02",
        _set({"learning.investigated_wariness": 1.0}),
    ),
    Mechanism("checking_time", "Goods differ in checking time", "P03", _same_minutes),
    Mechanism("halts", "Political dates stop the trade", "P04", _no_halts),
    Mechanism("floods", "Floods close the river", "P05", _always_passable),
    Mechanism("collusion", "Guards take bribes", "P06", _set({"guards.collusion": 0.0})),
    Mechanism(
        "guard_liability",
        "Guards are liable for leaks",
        "P07",
        no_liability,
    ),
    Mechanism("cameras", "More cameras", "P08", lambda one: orders_off(one, {"cameras"})),
    Mechanism("crackdown", "Central order to crack down", "P09", lambda one: orders_off(one, STOP)),
    Mechanism("selection", "The large are exempt and costly to arrest", "P10", _alike),
    Mechanism("open_channels", "Customs and sea are open", "P11", _guarded_like_the_river),
    Mechanism(
        "protection",
        "Paying the police protects",
        "P12",
        _set({"protection.effect": 0.0, "protection.premium": 0.0}),
    ),
    Mechanism("politics", "Talks and elections move agencies", "P13", _unmoved_by_politics),
    Mechanism(
        "phone_monitoring",
        "Phones are monitored",
        "P14",
        _set({"phones.monitoring_base": 0.0, "phones.monitoring_boost": 0.0}),
    ),
)

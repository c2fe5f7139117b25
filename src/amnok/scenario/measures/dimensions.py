"""What the books of a border are kept by: names along each dimension, and their attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from pydantic import Field

from amnok.counts import measurable
from amnok.mechanisms.roles import CHANNELS, GUARDED, ROLES
from amnok.mechanisms.signals import Signal, Signals
from amnok.quantity import Part
from amnok.scenario.measures.calendar import MeasureCalendar, calendar_of
from amnok.scenario.places import Item
from amnok.scenario.politics import Agency
from amnok.scenario.presence import PLACES
from amnok.scenario.where import posts
from amnok.variables import REPORTED

if TYPE_CHECKING:
    from amnok.scenario.model import Scenario

_UNDER_SANCTIONS = ("sanctioned_value",)  # counts of goods that not every border has

Name = str | bool


class Space(Part):
    """One border as measures see it. A dataset carries it along, as JSON.

    Attributes:
        labels: names along each dimension and values of each attribute, in the order of the books.
        absent: of these, names that there are only with a mechanism that the border lacks.
        owners: attribute -> dimension -> its value for each name along that.
        words: dimension -> word that every border has -> name.
        by_size: positions of sizes, from the smallest to the largest.
        idle: attributes that tell nothing apart here.
        sections: of the scenario, those that may be left out and are not.
        missing: variables that there are only with a mechanism that the border lacks.
        currency: of all money.
        calendar: its orders, halts and rises of the river.
        signals: political signals, for measures in Python.
        items: of goods that people count by another unit than items, by name: how many of which
            an item holds.
    """

    labels: dict[str, tuple[Name, ...]]
    absent: dict[str, tuple[str, ...]]
    owners: dict[str, dict[str, tuple[Name, ...]]]
    words: dict[str, dict[str, str]]
    by_size: tuple[int, ...]
    idle: tuple[str, ...]
    sections: tuple[str, ...]
    missing: tuple[str, ...]
    currency: str
    calendar: MeasureCalendar
    signals: tuple[Signal, ...]
    items: dict[str, Item] = Field(default_factory=dict)

    def along(self, key: str, dims: tuple[str, ...]) -> tuple[str, tuple[Name, ...]] | None:
        """The dimension of a variable that a key speaks of, and the key's value for each name."""
        if key in dims:
            return key, self.labels[key]
        for dim, values in self.owners.get(key, {}).items():
            if dim in dims:
                return dim, values
        return None

    def item_of(self, goods: str) -> Item:
        """What an item of some goods is, by their name or a word for them."""
        name = self.words["goods"].get(goods, goods)
        return self.items.get(name, Item(unit=ITEM))

    def told_in(self, unit: str, goods: str = "") -> tuple[str, float]:
        """A unit with its words filled in, and how many of it there are in what is counted.

        Args:
            unit: `{money}` stands for the currency, `{item}` for what people count goods by.
            goods: as for `item_of`.
        """
        item = self.item_of(goods)
        holds = item.holds if f"{{{ITEM}}}" in unit else 1.0
        return unit.format(money=self.currency, item=item.unit), holds

    def known(self, key: str) -> list[str]:
        """Names and words that may be asked for along a dimension or attribute."""
        names = [*self.labels[key], *self.absent.get(key, ())]
        return [*(_written(name) for name in names), *self.words.get(key, {})]

    def chosen(self, key: str, wanted: Any) -> set[Name] | str:
        """The names that a filter lets through, or the one that is not known."""
        found: set[Name] = set()
        for one in wanted if isinstance(wanted, tuple) else (wanted,):
            name: Name = self.words.get(key, {}).get(one) or one
            known = {*self.labels[key], *self.absent.get(key, ())}
            if name not in known:
                name = _OTHER_READERS.get(name, name)
            if name not in known:
                return _written(one)
            if name in self.labels[key]:
                found.add(name)
        return found


# An older reader of YAML takes yes for true, and writes true: one is as good as the other.
ITEM = "item"  # in a unit: what people count goods by
_OTHER_READERS: dict[Name, Name] = {True: "yes", False: "no", "yes": True, "no": False}


def _written(name: Name) -> str:
    return str(name).lower() if isinstance(name, bool) else name


def space_of(scenario: Scenario) -> Space:
    """A border as measures see it."""
    agencies = posts(scenario)
    roles = {one.agency.role for one in agencies}
    channels = {one.channel for one in scenario.route_kinds.values()}
    labels: dict[str, tuple[Name, ...]] = {
        "route": tuple(name for one in scenario.sectors.values() for name in one.routes),
        "sector": tuple(scenario.sectors),
        "size": tuple(scenario.traders.sizes),
        "side": (scenario.sides.inner.key, scenario.sides.outer.key),
        "goods": tuple(scenario.goods),
        "market": tuple(scenario.markets),
        "agency": tuple(one.name for one in agencies),
        "kind": REPORTED,
        "channel": tuple(one for one in CHANNELS if one in channels),
        "role": tuple(role for role in ROLES if role in roles),
        "direction": ("export", "import"),
        **dict.fromkeys(("sanctioned", "slow_to_check", "watched"), (False, True)),
    }
    absent: dict[str, tuple[str, ...]] = {
        "role": tuple(set(ROLES) - roles),
        "channel": tuple(one for one in CHANNELS if one not in channels),
    }
    for dim, places in PLACES.items():
        labels[dim] = tuple(places.names[at] for at in places.of(scenario))
        absent[dim] = tuple(name for name in places.names if name not in labels[dim])
    owners = _owners(scenario, labels, [one.agency for one in agencies])
    slow = [value for value, way in zip(*_slow(scenario), strict=True) if way == "export"]
    return Space(
        labels=labels,
        absent=absent,
        owners=owners,
        words=_words(scenario, labels),
        by_size=tuple(map(int, by_size(scenario))),
        idle=("slow_to_check",) if all(slow) or not any(slow) else (),
        sections=scenario.sections,
        missing=(
            *(one.name for one in measurable().values() if not scenario.has(*one.needs)),
            *(() if any(one.sanctioned for one in scenario.goods.values()) else _UNDER_SANCTIONS),
        ),
        currency=scenario.currency,
        calendar=calendar_of(scenario),
        signals=tuple(_moving_patrols(scenario)),
        items={name: one.item for name, one in scenario.goods.items() if one.item is not None},
    )


def _moving_patrols(scenario: Scenario) -> Iterator[Signal]:
    """The signals that make orders to patrols stricter, by the priors of their weights."""
    section = scenario.section(Signals)
    weights = [one.weights for one in scenario.agencies.values() if one.role == "patrol"]
    for name, signal in section.named.items() if section is not None else ():
        priors = [one[name].prior for one in weights if name in one]
        if any(prior.middle > 0.0 for prior in priors):
            yield signal


def _owners(
    scenario: Scenario, labels: Mapping[str, tuple[Name, ...]], agencies: Sequence[Agency]
) -> dict[str, dict[str, tuple[Name, ...]]]:
    kinds = scenario.route_kinds
    routes = [
        (sector, kind) for sector, one in scenario.sectors.items() for kind in one.routes.values()
    ]
    cover = {
        name: kind.fixed_cameras.number + kind.rotating_cameras.number
        for name, kind in kinds.items()
        if kind.channel in GUARDED
    }
    most = max(cover.values(), default=0.0)
    goods = scenario.goods.values()
    return {
        "sector": {"route": tuple(sector for sector, _ in routes)},
        "channel": {"route": tuple(kinds[kind].channel for _, kind in routes)},
        "watched": {"route": tuple(cover.get(kind, -1.0) == most > 0 for _, kind in routes)},
        "role": {"agency": tuple(one.role for one in agencies)},
        "side": {
            "agency": tuple(scenario.sides.on(one.stands).key for one in agencies),
        },
        "direction": {"goods": tuple(one.direction for one in goods)},
        "sanctioned": {"goods": tuple(one.sanctioned for one in goods)},
        "slow_to_check": {"goods": tuple(_slow(scenario)[0])},
    }


def _slow(scenario: Scenario) -> tuple[list[bool], list[str]]:
    """Of each kind of goods, whether it is slow to check; and its direction."""
    goods = scenario.goods.values()
    exports = [one.minutes.number for one in goods if one.direction == "export"]
    least = 0.5 * median(exports) if exports else 0.0
    ways = [one.direction for one in goods]
    return [one.direction == "export" and one.minutes.number >= least for one in goods], [*ways]


def by_size(scenario: Scenario) -> list[int]:
    """Positions of sizes, from the smallest consignment to the largest."""
    items = [one.items.number for one in scenario.traders.sizes.values()]
    return sorted(range(len(items)), key=items.__getitem__)


def _words(scenario: Scenario, labels: Mapping[str, tuple[Name, ...]]) -> dict[str, dict[str, str]]:
    order, sizes = by_size(scenario), list(scenario.traders.sizes)
    imports = [name for name, one in scenario.goods.items() if one.direction == "import"]
    staple = "grain" if "grain" in scenario.goods else (imports or list(scenario.goods))[0]
    inner, outer = scenario.sides.inner.key, scenario.sides.outer.key
    return {
        "size": {"smallest": sizes[order[0]], "largest": sizes[order[-1]]},
        "side": {"inner": inner, "outer": outer},
        "goods": {"staple": staple},
    }

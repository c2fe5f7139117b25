"""A border to begin with: a valid YAML file with a comment on every field, to be replaced by facts.

The numbers come from `reported-mechanisms`, with wide priors and no source: each is an assumption
until somebody replaces it. Names, places and labels are those that were asked for.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from amnok.errors import AmnokError, Fault, nearest
from amnok.mechanisms import ACTS_BY, NAMES
from amnok.mechanisms.roles import CHANNELS
from amnok.quantity import ASSUMPTION
from amnok.scenario.catalog import first_sentence
from amnok.scenario.document import Place, value_at
from amnok.scenario.dump import entry, text_of_key
from amnok.scenario.left_out import idle
from amnok.scenario.loading import load, load_text
from amnok.scenario.model import Scenario
from amnok.scenario.shape import field_of, shape_at

_TEMPLATE = "reported-mechanisms"  # it has every mechanism but tolls
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_WIDTH = 100
# Of each kind of goods and each channel one stands for all: what its kind of route is called, and
# which kind of the other border it is like.
_GOODS = {"export": "medicinal_plants", "import": "grain"}
_KINDS = {
    "river": ("ford", "minor_river"),
    "land": ("trail", "minor_river"),
    "customs": ("port", "bridge"),
    "sea": ("boat", "sea"),
    "air": ("flight", "sea"),
}
# Without them nobody would miss them, but prices would not answer to trade, sizes be one, and
# agencies of a role alike.
_KEPT = ("border_share_inner", "border_share_outer", "share_inner", "share_outer", "usual_level")
_SIGNAL = "talks"
_LABELS = {
    "guard": "Border guard",
    "security_police": "Security police",
    "patrol": "Patrol",
    "police": "Police",
    "customs": "Customs",
}
_SPREAD, _STRENGTH = 2.0, 4.0  # of a prior that says little
_TOLLS = {
    "takers": {
        "armed_group": {
            "label": "Armed group",
            "bank": "inner",
            "presence": {"value": 0.3, "unit": "probability", "prior": {"beta": (0.3, 4.0)}},
            "share": {"value": 0.05, "unit": "ratio", "prior": {"lognormal": (0.05, 2.0)}},
        }
    }
}  # the other border has no such mechanism
_LEVEL = {"usual_level": {"value": 0.0, "unit": "index", "prior": {"normal": (0.0, 0.3)}}}
_OF_PLACES = ("kinds", "sectors", "fees")  # what mechanisms say of single places
_DATED = ("events", "inspections", "campaigns")  # what happened on days of another border


@dataclass(frozen=True)
class Starter:
    """What a new border is to have.

    Attributes:
        name: of the scenario: small letters, digits, `-` and `_`.
        sectors: names of the stretches of border, in their order along it.
        goods: names of the goods by direction, `export` (they leave the inner bank) or `import`.
        inner, outer: what the two banks are called.
        mechanisms: names of the sections that the border has.
        currency: three capital letters.
        start, end: first and last day.
        agencies: further ones beside the one of each role: role and sectors, by name.
        channels: how goods get across; without any, over land, or over the river if there is that
            mechanism, and through customs if there is that.
    """

    name: str
    sectors: Sequence[str]
    goods: Mapping[str, str]
    inner: str
    outer: str
    mechanisms: Sequence[str]
    currency: str
    start: dt.date
    end: dt.date
    channels: Sequence[str] = ()
    agencies: Mapping[str, tuple[str, Sequence[str]]] = field(default_factory=dict)

    @property
    def ways(self) -> Mapping[str, tuple[str, str]]:
        """Its channels, each with the name of its kind of route and the kind that this is like."""
        usual = ["river" if "river" in self.mechanisms else "land"]
        usual += ["customs"] * ("customs" in self.mechanisms)
        return {name: _KINDS[name] for name in self.channels or usual}

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise AmnokError(faults)

    def _faults(self) -> Iterator[Fault]:
        named = {
            "name": [self.name],
            "sectors": self.sectors,
            "goods": list(self.goods),
            "agencies": list(self.agencies),
        }
        for path in ("sectors", "goods"):
            if not named[path]:
                yield Fault("there is none", "name one at least", path=path)
        for path, given in named.items():
            for name in given:
                if not _NAME.fullmatch(name):
                    fix = "small letters, digits, - and _, beginning with a letter"
                    yield Fault(f"'{name}' is not a valid name", fix, path=path)
        chosen = {"mechanisms": self.mechanisms, "channels": self.channels}
        for path, given in {**named, **chosen}.items():
            for name, times in Counter(given).items():
                if times > 1:
                    yield Fault(f"'{name}' is named twice", path=path)
        for name, direction in self.goods.items():
            if direction not in _GOODS:
                fix = "export (leaves the inner bank) or import"
                yield Fault(f"'{direction}' is not a direction", fix, path=f"goods.{name}")
        for name in self.mechanisms:
            if name not in NAMES:
                yield Fault(f"no mechanism '{name}'", nearest(name, NAMES), path="mechanisms")
        yield from self._wrong_agencies()
        for name in self.channels:
            if name not in CHANNELS:
                yield Fault(f"no channel '{name}'", nearest(name, CHANNELS), path="channels")
        if not re.fullmatch("[A-Z]{3}", self.currency):
            fix = "three capital letters, such as USD"
            yield Fault(f"'{self.currency}' is not a currency", fix, path="currency")
        if self.key(self.inner) == self.key(self.outer):
            yield Fault("both banks have the same name", "name them apart", path="sides")
        if self.end < self.start:
            yield Fault(f"ends on {self.end}, before {self.start}", "swap the two", path="period")

    def _wrong_agencies(self) -> Iterator[Fault]:
        roles = [role for role, by in ACTS_BY.items() if not set(by).isdisjoint(self.mechanisms)]
        for name, (role, sectors) in self.agencies.items():
            path = f"agencies.{name}"
            if role not in roles:
                yield Fault(f"nobody here has the role '{role}'", nearest(role, roles), path=path)
            if name in ACTS_BY:
                yield Fault("has the name of a role", "call it otherwise", path=path)
            for sector in sectors:
                if sector not in self.sectors:
                    yield Fault(f"no sector '{sector}'", nearest(sector, self.sectors), path=path)

    @staticmethod
    def key(label: str) -> str:
        """The short name of a bank.

        >>> Starter.key("North bank")
        'north_bank'
        """
        letters = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
        return letters if re.match("[a-z]", letters) else f"side_{letters}".rstrip("_")


def starter(asked: Starter) -> str:
    """A border as YAML text with comments; it is a valid scenario.

    Raises:
        AmnokError: what is asked for makes no border.
    """
    data = _border(asked, _template())
    text = "\n".join((*_head(asked), *_lines(data, (), "", set()))) + "\n"
    load_text(text, f"{asked.name}.yaml")  # or it says what does not fit
    return text


@cache
def _template() -> Scenario:
    return load(_TEMPLATE)


def _head(asked: Starter) -> Iterator[str]:
    yield f"# {asked.name}: a border to begin with. Every number is an assumption with a wide"
    yield "# prior, taken from another border. Replace by what you know what decides first, and"
    yield "# name a source: `source: [C1]`, a claim or a reference that stands in this file."
    yield f"# `amnok check {asked.name}.yaml --explain PATH` says what a number means."


def _border(asked: Starter, template: Scenario) -> dict[str, Any]:
    whole = template.model_dump(by_alias=True, exclude_defaults=True) | {"tolls": _TOLLS}
    banks = {"inner": asked.inner, "outer": asked.outer}
    data = {
        "name": asked.name,
        "title": f"{asked.inner} and {asked.outer}, {asked.start} to {asked.end}",
        "description": "Say here which border this is, which years, and what the model is for.",
        "currency": asked.currency,
        "period": {"start": asked.start, "end": asked.end, "spin_up": 90},
        "sides": {bank: {"key": asked.key(label), "label": label} for bank, label in banks.items()},
        "traders": whole["traders"],
        "goods": {
            name: _goods(whole, name, way, asked.mechanisms) for name, way in asked.goods.items()
        },
        "route_kinds": {
            kind: {**whole["route_kinds"][like], "label": kind, "channel": channel}
            for channel, (kind, like) in asked.ways.items()
        },
        "sectors": {
            name: _sector(whole, name, [kind for kind, _ in asked.ways.values()])
            for name in asked.sectors
        },
        **{name: _everywhere(whole[name]) for name in whole if name in asked.mechanisms},
        "learning": whole["learning"],
        "prices": whole["prices"],
        "agencies": dict(_agencies(whole, asked)),
    }
    for size in data["traders"]["sizes"].values():
        for channel, way in CHANNELS.items():
            if channel not in asked.ways:
                size.pop(way.access, None)
    if "signals" in data:
        one = next(iter(whole["signals"]["named"].values()))
        told = {"label": _label(_SIGNAL), "points": [[asked.start, 0.0]], "source": ASSUMPTION}
        data["signals"] = {"named": {_SIGNAL: {**one, **told}}}
    useful: dict[str, Any] = _assumed(data, asked.currency)
    kept = {*_KEPT, *(("import_share",) if "import" in asked.goods.values() else ())}
    for path in idle(useful):
        part, _, key = path.rpartition(".")
        if key not in kept:
            del value_at(useful, tuple(part.split(".")))[key]
    return {key: value for key, value in useful.items() if value}


def _everywhere(section: Any) -> Any:
    """The section of a mechanism without what it says of single places of the other border."""
    if not isinstance(section, dict):
        return section
    return {key: value for key, value in section.items() if key not in _OF_PLACES}


def _numbers(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if isinstance(value, dict)}


def _goods(
    whole: dict[str, Any], name: str, direction: str, mechanisms: Iterable[str]
) -> dict[str, Any]:
    kept: dict[str, Any] = {"label": _label(name), "direction": direction}
    if "customs" in mechanisms:
        kept["sanctioned"] = False
    return kept | _numbers(whole["goods"][_GOODS[direction]])


def _sector(whole: dict[str, Any], name: str, kinds: Iterable[str]) -> dict[str, Any]:
    first = next(iter(whole["sectors"].values()))
    routes = {f"{name}-{kind}": kind for kind in kinds}
    return {"label": _label(name), **_numbers(first), "routes": routes}


def _agencies(whole: dict[str, Any], asked: Starter) -> Iterator[tuple[str, Any]]:
    """An agency for each role that the border has something for to act by, moved by nothing yet,
    and those beside it."""
    for role, needed in ACTS_BY.items():
        if set(needed).isdisjoint(asked.mechanisms):
            continue
        old = next(one for one in whole["agencies"].values() if one["role"] == role)
        weight = _number_of(next(iter(old["weights"].values())), 0.0)
        weighed = {"weights": {_SIGNAL: weight}} if "signals" in asked.mechanisms else {}
        usual = {key: value for key, value in old.items() if key != "weights"} | weighed
        yield role, {**usual, "label": _LABELS[role]}
        for name, (own, sectors) in asked.agencies.items():
            if own == role:
                yield name, {**usual, "label": _label(name), "sectors": list(sectors), **_LEVEL}


def _number_of(parameter: dict[str, Any], value: float) -> dict[str, Any]:
    """A parameter with another value, and a prior about it."""
    prior = {"uniform": (-0.1, 0.1)} if value == 0 else {"lognormal": (value, _SPREAD)}
    return {**parameter, "value": value, "prior": prior}


def _label(name: str) -> str:
    return re.sub("[-_]+", " ", name).capitalize()


def _assumed(part: Any, currency: str) -> Any:
    """The same with every parameter an assumption, widely known at most, and in this currency."""
    if not isinstance(part, dict):
        return part
    if "prior" not in part:
        kept = {key: value for key, value in part.items() if key not in _DATED}
        return {key: _assumed(value, currency) for key, value in kept.items()}
    unit = re.sub(r"^[A-Z]{3}(?=/|$)", currency, part["unit"])
    prior = {kind: _wide(kind, numbers) for kind, numbers in part["prior"].items()}
    return {"value": part["value"], "unit": unit, "prior": prior, "source": ASSUMPTION}


def _wide(kind: str, numbers: Sequence[float]) -> tuple[float, ...]:
    """A prior of the same kind that says less."""
    first, second = numbers
    if kind == "lognormal":
        return first, max(second, _SPREAD)
    if kind == "beta":
        return first, min(second, _STRENGTH)
    return (first, second) if kind == "uniform" else (first, 2 * second)


def _lines(data: dict[str, Any], place: Place, indent: str, told: set[str]) -> Iterator[str]:
    """Lines of a mapping; before each field of the model, once, a sentence on what it does."""
    for key, value in data.items():
        here = (*place, key)
        if not indent:
            yield ""
        field = field_of(".".join(map(str, here)))
        if field not in told:
            yield from _comment(here, indent)
            told.add(field)
        name = text_of_key(str(key))
        if isinstance(value, dict) and value and "prior" not in value:
            yield f"{indent}{name}:"
            yield from _lines(value, here, indent + "  ", told)
        else:
            yield f"{indent}{name}: {entry(value)}"


def _comment(place: Place, indent: str) -> Iterator[str]:
    above, here = shape_at(place[:-1]), shape_at(place)
    is_own_name = above.keys is None  # the name of a sector, of goods: the field above says it
    if here.meaning and not is_own_name:
        sentence = " ".join(first_sentence(here.meaning).split())
        width = max(_WIDTH - len(indent), 40)
        for line in textwrap.wrap(sentence, width, break_on_hyphens=False):
            yield f"{indent}# {line}"

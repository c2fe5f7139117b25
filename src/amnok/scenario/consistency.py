"""Whether the parts of a scenario fit each other: one small check for each thing that can be wrong.

The checks look at plain data and pass over what they cannot read, so that they can also run on a
scenario with faulty values: whoever writes one sees all faults at once.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from amnok.errors import Fault
from amnok.mechanisms import ACTS_BY
from amnok.scenario.data import (
    Data,
    entries,
    inside,
    listed,
    number,
    routes_of,
    sourced,
    unknown_name,
    unknown_names,
)
from amnok.scenario.places import THE_MARKET

_MOST = 500  # faults that one check tells: advice on each takes time
_IN_SECTORS = (
    *("goods", "river.events", "oversight.inspections", "targeting.campaigns", "tolls.takers"),
    *("agencies", "orders", "changes", "closures", "calendar.halts"),
)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_MONEY = re.compile(r"([A-Z]{3})(/.*)?")
_NAMED = (
    ("sectors",),
    ("goods",),
    ("markets",),
    ("route_kinds",),
    ("traders", "sizes"),
    ("agencies",),
    ("orders",),
    ("changes",),
    ("closures",),
    ("phases",),
    ("calendar", "halts"),
    ("river", "events"),
    ("oversight", "inspections"),
    ("targeting", "campaigns"),
    ("tolls", "takers"),
    ("signals", "named"),
    *((name,) for name in ("windows", "measures", "outcomes", "rows", "charts")),
)

_LABELLED = (
    ("sides",),
    ("traders", "sizes"),
    ("goods",),
    ("phases",),
    ("markets",),
    ("sectors",),
    ("route_kinds",),
    ("agencies",),
)


def faults(data: Data) -> list[Fault]:
    """Everything in a scenario's plain data that does not fit together, with its dotted path.

    Values may be wrong or missing: what cannot be read is passed over, as other checks name it.
    """
    return [*of_the_border(data), *of_the_ledger(data)]


def of_the_border(data: Data) -> list[Fault]:
    """What does not fit together in the border itself."""
    from amnok.scenario import changes, left_out, map_file, ways  # they use what stands below

    others = (*ways.CHECKS, map_file.sectors_are_on_it, left_out.faults, changes.faults)
    return [fault for check in (*CHECKS, *others) for fault in bounded(check(data))]


def of_the_ledger(data: Data) -> list[Fault]:
    """What does not fit together in its ledger, or between ledger and border."""
    from amnok.scenario.ledger.checks import CHECKS as OF_THE_LEDGER

    return [fault for check in OF_THE_LEDGER for fault in bounded(check(data))]


def bounded(found: Iterator[Fault]) -> Iterator[Fault]:
    """What a check finds; of very much, the first and that there is more."""
    yield from itertools.islice(found, _MOST)
    if next(found, None) is not None:
        yield Fault(f"more than {_MOST:,} faults of one kind", "correct the others first")


def names_are_well_formed(data: Data) -> Iterator[Fault]:
    """Names become coordinates and file names: small letters, digits, _ and -."""
    for path, mapping in named(data):
        for name in mapping:
            if not _NAME.fullmatch(name):
                problem = f"the name '{name}' contains characters other than a-z, 0-9, _ and -"
                yield Fault(problem, "rename it; labels are free", path=f"{path}.{name}")


def named(data: Data) -> Iterator[tuple[str, Data]]:
    """What goes by names of the border's own, with its path."""
    for place in _NAMED:
        yield ".".join(place), inside(data, *place)
    for name, sector in _sectors(data):
        yield f"sectors.{name}.routes", inside(sector, "routes")


def labels_tell_apart(data: Data) -> Iterator[Fault]:
    """Tables and figures call things by their labels, and channels by their words."""
    for section, labels in _labels(data):
        owner: dict[str, str] = {}
        for name, path, label in labels:
            if isinstance(label, str) and not label.strip():
                yield Fault("is empty", "say what tables and charts call it", path=path)
            elif label in owner:
                problem = f"'{owner[label]}' already has the {section} '{label}'"
                yield Fault(problem, "tables distinguish them by it", path=path)
            elif label is not None:
                owner[label] = name


def _labels(data: Data) -> Iterator[tuple[str, list[tuple[str, str, Any]]]]:
    """Names, paths and labels of what tables tell apart, and what a label is called."""
    for place in _LABELLED:
        path = ".".join(place)
        yield (
            "label",
            [
                (name, f"{path}.{name}.label", _hashable(entry.get("label")))
                for name, entry in entries(data, *place)
            ],
        )
    called = inside(data, "channels").items()
    yield "words", [(name, f"channels.{name}", _hashable(words)) for name, words in called]


def route_names_are_unique(data: Data) -> Iterator[Fault]:
    """Routes are one dimension of the results, whatever their sector."""
    owner: dict[str, str] = {}
    for sector, routes in routes_of(data):
        for route in routes:
            if route in owner:
                problem = f"the sector '{owner[route]}' already has a route of that name"
                path = f"sectors.{sector}.routes.{route}"
                yield Fault(problem, f"for example '{sector}_{route}'", path=path)
            owner.setdefault(route, sector)


def route_kinds_are_known(data: Data) -> Iterator[Fault]:
    """Each route is of a kind that the scenario describes."""
    for sector, routes in routes_of(data):
        for route, kind in routes.items():
            path = f"sectors.{sector}.routes.{route}"
            yield from unknown_name(kind, inside(data, "route_kinds"), "route kind", path)


def markets_of_sectors_are_known(data: Data) -> Iterator[Fault]:
    """Each sector belongs to a market."""
    for name, sector in _sectors(data):
        path, known = f"sectors.{name}.market", inside(data, "markets") or [THE_MARKET]
        yield from unknown_name(sector.get("market", THE_MARKET), known, "market", path)


def ice_comes_and_goes(data: Data) -> Iterator[Fault]:
    """Freeze and thaw on one day would leave open whether there is ice all year or never."""
    for name, sector in _sectors(data):
        freeze, thaw = number(sector.get("freeze")), number(sector.get("thaw"))
        for key, other in (("freeze", "thaw"), ("thaw", "freeze")):
            if sector.get(key) is None and sector.get(other) is not None:
                path = f"sectors.{name}.{key}"
                yield Fault(f"is missing, and there is {other}", "say both, or neither", path)
        if freeze is not None and freeze == thaw:
            problem = f"freezes and thaws on the same day of the year ({freeze:g})"
            fix = "for a river without ice, leave both out"
            yield Fault(problem, fix, path=f"sectors.{name}.thaw")


def named_sectors_are_known(data: Data) -> Iterator[Fault]:
    """Goods, and what is dated, name the sectors they come to, or say all."""
    for path in _IN_SECTORS:
        for name, part in entries(data, *path.split(".")):
            asked, there = part.get("sectors"), inside(data, "sectors")
            yield from unknown_names(asked, there, "sector", f"{path}.{name}.sectors")


def sizes_of_goods_are_known(data: Data) -> Iterator[Fault]:
    """Goods name the sizes of traders who deal in them, or say all."""
    for name, goods in entries(data, "goods"):
        asked, sizes = goods.get("sizes"), inside(data, "traders", "sizes")
        yield from unknown_names(asked, sizes, "size of traders", f"goods.{name}.sizes")


def sizes_named_by_mechanisms_are_known(data: Data) -> Iterator[Fault]:
    """Campaigns aim at, and permits are held by, sizes of traders that there are."""
    named = [
        (f"targeting.campaigns.{name}.sizes", inside(campaign, "sizes"))
        for name, campaign in entries(data, "targeting", "campaigns")
    ]
    for path, sizes in [*named, ("state_firms.permits", inside(data, "state_firms", "permits"))]:
        for size in sizes:
            known = inside(data, "traders", "sizes")
            yield from unknown_name(size, known, "size", f"{path}.{size}")


def imports_are_carried(data: Data) -> Iterator[Fault]:
    """Where goods come in, sizes say what share of their loads is brought in."""
    ways = [goods.get("direction") for _, goods in entries(data, "goods")]
    for name, size in entries(data, "traders", "sizes") if "import" in ways else ():
        if size.get("import_share") is None:
            path = f"traders.sizes.{name}.import_share"
            fix = "say which share of the loads comes in: 1 if nothing goes out"
            yield Fault("is missing, and some goods are imports", fix, path=path)


def markets_feed_each_other(data: Data) -> Iterator[Fault]:
    """Imports travel on to other markets and exports come from them, no more than there are."""
    passing = {"fed_by": "passes on {} of its imports to", "feeds": "has {} of its exports from"}
    for key, words in passing.items():
        given: Counter[str] = Counter()
        for name, market in entries(data, "markets"):
            for other, share in inside(market, key).items():
                path = f"markets.{name}.{key}.{other}"
                yield from unknown_name(other, inside(data, "markets"), "market", path)
                if other == name:
                    yield Fault("a market cannot feed itself", "remove it", path=path)
                given[other] += number(share) or 0.0  # type: ignore[assignment]
        for name, total in given.items():
            if total > 1 + 1e-6:
                problem = f"{words.format(f'{total:g}')} other markets, more than 1"
                fix = f"lower the shares of '{name}' in the {key} of other markets"
                yield Fault(problem, fix, path=f"markets.{name}")


def sizes_share_all_traders(data: Data) -> Iterator[Fault]:
    """On either bank, the sizes of traders add up to all of them."""
    for key in ("share_inner", "share_outer"):
        sizes = [size for _, size in entries(data, "traders", "sizes")]
        shares = [1.0 if size.get(key) is None else number(size[key]) for size in sizes]
        known = [share for share in shares if share is not None]
        if known and len(known) == len(shares) and abs(sum(known) - 1) > 1e-6:
            problem = f"{key} adds up to {sum(known):g} over the sizes, not to 1"
            yield Fault(problem, f"change {key} of one size", path="traders.sizes")


def each_role_has_an_agency(data: Data) -> Iterator[Fault]:
    """The mechanisms look for agencies in each role that they need, and none in others."""
    by_role: dict[Any, list[str]] = {}
    for name, agency in entries(data, "agencies"):
        by_role.setdefault(_hashable(agency.get("role")), []).append(name)
    for role, sections in ACTS_BY.items():
        holders = by_role.get(role, [])
        is_needed = any(data.get(section) is not None for section in sections)
        if is_needed and not holders:
            yield Fault(f"no agency has the role {role}", f"add one with role: {role}", "agencies")
        if holders and not is_needed:
            problem = f"has the role {role}, and the border has no section {' or '.join(sections)}"
            fix = "leave the agency out, or add the section"
            yield Fault(problem, fix, path=f"agencies.{holders[0]}.role")
        yield from _shared_out(data, role, holders)


def _shared_out(data: Data, role: str, holders: list[str]) -> Iterator[Fault]:
    """Agencies of one role share out the sectors: each sector has one of them."""
    agencies, owner = inside(data, "agencies"), dict[str, str]()
    rest = [name for name in holders if agencies[name].get("sectors") in (None, "all")]
    for name in holders:
        for place, sector in enumerate(listed(agencies[name].get("sectors"))):
            first = owner.setdefault(sector, name) if isinstance(sector, str) else name
            if first != name:
                problem = f"'{sector}' is served by '{first}', which has the same role"
                yield Fault(problem, "name it once", f"agencies.{name}.sectors[{place}]")
    left = [sector for sector in inside(data, "sectors") if sector not in owner]
    for name in rest[1:]:
        problem = f"the role {role} is already that of '{rest[0]}', in the same sectors"
        fix = "say in `sectors` which of them it serves: each sector has one agency of a role"
        yield Fault(problem, fix, path=f"agencies.{name}.role")
    if rest and not left and owner:
        problem = f"no sector is left for it: others serve all with the role {role}"
        yield Fault(problem, "leave it out, or name fewer elsewhere", f"agencies.{rest[0]}.role")
    if holders and not rest and left:
        problem = f"nobody has the role {role} in {', '.join(left)}"
        fix = "name each sector with one agency, or leave `sectors` out of one: it serves the rest"
        yield Fault(problem, fix, path=f"agencies.{holders[-1]}.sectors")


def targets_of_orders_are_known(data: Data) -> Iterator[Fault]:
    """Orders move agencies, by name or role, or the level of cameras."""
    roles = (_hashable(one.get("role")) for _, one in entries(data, "agencies"))
    known = {*inside(data, "agencies"), *(role for role in roles if role is not None)}
    if data.get("cameras") is not None:
        known.add("cameras")
    for name, order in entries(data, "orders"):
        path = f"orders.{name}.targets"
        yield from unknown_names(order.get("targets"), known, "agency", path)


def weighed_signals_are_known(data: Data) -> Iterator[Fault]:
    """Agencies give weights to signals that there are; without any, weights do nothing."""
    named = inside(data, "signals", "named")
    for name, agency in entries(data, "agencies") if named else ():
        for signal in inside(agency, "weights"):
            path = f"agencies.{name}.weights.{signal}"
            yield from unknown_name(signal, named, "signal", path)


def money_is_in_one_currency(data: Data) -> Iterator[Fault]:
    """Sums of money are added up, so they must be in the scenario's currency."""
    currency = data.get("currency")
    if not isinstance(currency, str):
        return
    for path, part in sourced(data):
        money = _MONEY.fullmatch(str(part.get("unit")))
        if money and money[1] != currency:
            fix = f"write {currency}{money[2] or ''}, and the value in it"
            yield Fault(f"is in {money[1]}, but the scenario counts in {currency}", fix, path=path)


CHECKS: tuple[Callable[[Data], Iterator[Fault]], ...] = (
    names_are_well_formed,
    labels_tell_apart,
    route_names_are_unique,
    route_kinds_are_known,
    markets_of_sectors_are_known,
    ice_comes_and_goes,
    named_sectors_are_known,
    sizes_of_goods_are_known,
    sizes_named_by_mechanisms_are_known,
    imports_are_carried,
    markets_feed_each_other,
    sizes_share_all_traders,
    each_role_has_an_agency,
    targets_of_orders_are_known,
    weighed_signals_are_known,
    money_is_in_one_currency,
)


def _sectors(data: Data) -> list[tuple[str, Data]]:
    return entries(data, "sectors")


def _hashable(value: Any) -> str | None:
    return value if isinstance(value, str) else None

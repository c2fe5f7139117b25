"""Parts of the model's description on the border: its people, places, agencies, dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from amnok.mechanisms.river import River
from amnok.mechanisms.signals import Signals
from amnok.odd.text import bullets, name, number, or_none, plain, table
from amnok.quantity import Parameter
from amnok.scenario import Scenario
from amnok.scenario.politics import Dated
from amnok.scenario.where import posts


def sizes(scenario: Scenario) -> str:
    """Traders: how many, of what size, on which bank."""
    traders, sides = scenario.traders, scenario.sides
    rows = []
    for size in traders.sizes.values():
        cells = (size.shipping_rate, size.items, size.import_share, size.exemption)
        heads = (
            traders.inner.number * size.share_inner.number,
            traders.outer.number * size.share_outer.number,
        )
        counts = (number(round(one)) for one in heads)
        rows.append((plain(size.label), *counts, *map(_value, cells)))
    head = (
        "Traders",
        f">{plain(sides.inner.label)}, persons",
        f">{plain(sides.outer.label)}, persons",
        ">Consignments a day",
        ">Items in one",
        ">Share of imports",
        ">Exempt (probability)",
    )
    return table(head, rows)


def goods(scenario: Scenario) -> str:
    """Goods with value and season."""
    rows = []
    for one in scenario.goods.values():
        where, whose = _those(one.sectors), _those(one.sizes)
        cells = (one.value, one.markup, one.minutes, one.leak_rate)
        season = f"day {_value(one.season_peak)}, {_value(one.season_strength)}"
        season = season if one.season_strength.is_given else "-"
        sanctioned = "yes" if one.sanctioned else "no"
        rows.append(
            (plain(one.label), one.direction, sanctioned, *map(_value, cells), season, where, whose)
        )
    head = (
        "Goods",
        "Direction",
        "Sanctioned",
        f">Value ({scenario.currency})",
        ">Markup",
        ">Minutes to check",
        ">Leak rate",
        ">Season (peak, strength)",
        "Sectors",
        "Traders",
    )
    return table(head, rows)


def places(scenario: Scenario) -> str:
    """Sectors with their towns, market and routes; kinds of route; markets."""
    rows, has_river = [], scenario.has("river")
    for one in scenario.sectors.values():
        kinds = Counter(scenario.route_kinds[kind].label for kind in one.routes.values())
        routes = ", ".join(f"{count} {plain(kind)}" for kind, count in kinds.items())
        towns = (plain(one.inner_town) or "-", plain(one.outer_town) or "-")
        market = plain(scenario.markets[one.market].label)
        ice = f"day {_value(one.freeze)} to {_value(one.thaw)}" if one.freeze.is_given else "-"
        rows.append((plain(one.label), *towns, market, routes, *[ice] * has_river))
    sides = plain(scenario.sides.inner.label), plain(scenario.sides.outer.label)
    return table(("Sector", *sides, "Market", "Routes", *["Ice"] * has_river), rows)


def route_kinds(scenario: Scenario) -> str:
    """Kinds of route."""
    rows = [
        (
            plain(one.label),
            plain(scenario.called(one.channel)),
            *map(_value, (one.crossing_cost, one.search_exposure, one.patrol_exposure, one.bulk)),
        )
        for one in scenario.route_kinds.values()
    ]
    exposures = ">Exposed to searches", ">Exposed to patrols"
    return table(("Routes", "Channel", ">Cost of crossing", *exposures, ">Bulk"), rows)


def markets(scenario: Scenario) -> str:
    """Markets, where what comes in travels on to, and where what goes out comes from."""

    def told(shares: Mapping[str, Parameter]) -> str:
        named = (
            f"{plain(scenario.markets[at].label)} ({_value(one)})" for at, one in shares.items()
        )
        return ", ".join(named) or "-"

    whole = scenario.markets.values()
    feeding = ("Feeds (share)",) if any(one.feeds for one in whole) else ()
    rows = [
        (
            plain(one.label),
            _value(one.openness),
            told(one.fed_by),
            *(told(one.feeds) for _ in feeding),
        )
        for one in whole
    ]
    head = ("Market", ">Openness (factor on border shares)", "Fed by (share)")
    return table((*head, *feeding), rows)


def agencies(scenario: Scenario) -> str:
    """Agencies with their roles and how politics moves them; what is as usual for all is left out:
    where they serve, on which bank, and how hard they work without an order."""
    whole, served = scenario.agencies, {one.name: one.sectors for one in posts(scenario)}
    moved = ("Bank",) if any(one.bank is not None for one in whole.values()) else ()
    shared = ("Sectors",) if any(one.sectors != "all" for one in whole.values()) else ()
    at_work = (">Usual level",) if any(one.usual_level.is_given for one in whole.values()) else ()
    rows = [
        (
            plain(one.label),
            one.role.replace("_", " "),
            *(one.stands for _ in moved),
            *(_those(served[key]) for _ in shared),
            *(_value(one.usual_level) for _ in at_work),
            ", ".join(f"{name(signal)} {_value(weight)}" for signal, weight in one.weights.items())
            or "-",
            _value(one.inertia),
            one.allocation.replace("_", " ") + (f" ({_value(one.follow)})" if one.follow else ""),
        )
        for key, one in whole.items()
    ]
    new = (*moved, *shared, *at_work)
    head = ("Agency", "Role", *new, "Weights of signals", ">Inertia (days)", "Effort")
    return table(head, rows)


def orders(scenario: Scenario) -> str:
    """Orders: to whom, when, how strong."""
    rows = []
    for one in scenario.orders.values():
        to = ", ".join(
            plain(scenario.agencies[moved].label if moved in scenario.agencies else moved)
            for moved in scenario.moved_by(one)
        )
        strength = ("-" if one.lowers else "") + _strength(one.intensity)
        rows.append((plain(one.label), to, *_span(one), strength, _those(one.sectors)))
    head = ("Order", "To", "From", "Until", ">Ramp (days)", ">Intensity", "Sectors")
    return or_none(table(head, rows), rows)


def changes(scenario: Scenario) -> str:
    """Dated changes of numbers: which, when, to what."""
    rows = []
    steps = ((each, news) for each in scenario.changes.values() for news in each.news)
    for one, news in steps:
        new = news.value or news.factor
        assert new is not None
        to = f"{_value(new)} {plain(new.unit)}" if news.value else f"{_value(new)} times"
        what = ", ".join(map(name, news.paths))
        where = _those(one.sectors), _goods(one.direction)
        rows.append((plain(one.label), what, to, *_span(one), *where))
    head = ("Change", "Of", "To", "From", "Until", ">Ramp (days)", "Sectors", "Goods")
    return or_none(table(head, rows), rows)


def closures(scenario: Scenario) -> str:
    """Closures: which ways, when, how surely."""
    rows = []
    for one in scenario.closures.values():
        channels = one.channels if one.channels == "all" else [*map(scenario.called, one.channels)]
        those = map(_those, (channels, one.kinds, one.sectors))
        cells = _goods(one.direction), *_span(one), _strength(one.strength)
        rows.append((plain(one.label), *those, *cells))
    where = ("Channels", "Kinds", "Sectors", "Goods")
    head = ("Closure", *where, "From", "Until", ">Ramp (days)", ">Chance")
    return or_none(table(head, rows), rows)


def halts(scenario: Scenario) -> str:
    """Political dates on which crossing stops."""
    rows = []
    for key, one in scenario.calendar.halts.items():
        cells = str(one.start.date), _value(one.days), _strength(one.strength)
        where = _those(one.sectors), _goods(one.direction)
        rows.append((plain(one.label or key), *cells, *where))
    head = ("Halt", "From", ">Days", ">Chance of staying home", "Sectors", "Goods")
    return or_none(table(head, rows), rows)


def rises(scenario: Scenario) -> str:
    """Dated rises of the river."""
    rows = []
    river = scenario.section(River)
    for one in river.events.values() if river is not None else ():
        cells = str(one.start.date), _value(one.days), _value(one.height), _those(one.sectors)
        rows.append((plain(one.label), *cells))
    return or_none(table(("Rise", "From", ">Days", ">Height (index)", "Sectors"), rows), rows)


def signals(scenario: Scenario) -> str:
    """Political signals with their dated levels."""
    lines = []
    signals = scenario.section(Signals)
    for key, one in signals.named.items() if signals is not None else ():
        points = "; ".join(f"{date} {number(level)}" for date, level in one.points)
        source = "assumption" if isinstance(one.source, str) else ", ".join(map(plain, one.source))
        note = f" {plain(one.note)}" if one.note else ""
        lines.append(
            f"**{plain(one.label)}** ({name(key)}; source: {source}), scale "
            f"{_value(one.scale)}: {points}.{note}"
        )
    return bullets(lines) or "None."


def phases(scenario: Scenario) -> str:
    """Named stretches of days that summaries report on."""
    lines = [f"{plain(one.label)}: {one.start} to {one.end}" for one in scenario.phases.values()]
    return bullets(lines) or "None."


def _value(parameter: Parameter) -> str:
    return number(parameter.value) if parameter.is_given else "-"


def _strength(parameter: Parameter) -> str:
    return _value(parameter) + (" (off)" if parameter.number == 0 else "")


def _those(names: Sequence[str]) -> str:
    return "all" if names == "all" else ", ".join(map(plain, names))


def _goods(direction: str) -> str:
    return "all" if direction == "both" else f"{direction}s"


def _span(one: Dated) -> tuple[str, str, str]:
    """From when, until when, and over how many days it comes."""
    return str(one.start.date), str(one.until or "-"), number(one.ramp_days)

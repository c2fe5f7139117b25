"""Sources: what they see, whether they dare to call about it, and what becomes of them."""

from __future__ import annotations

from tests.twin.border import Border
from tests.twin.meetings import monitoring, tapping
from tests.twin.people import Source

from amnok.mechanisms.phones import noticed_chance
from amnok.mechanisms.reporting import (
    SOURCE_DRAW,
    dares_chance,
    delay_mean,
    sees_chance,
    visibility,
)
from amnok.mechanisms.roles import GUARD, PATROL, POLICE, SECURITY
from amnok.rules.distributions import exponential_days
from amnok.world.places import INNER, OUTER

_FIRST_KIND_SEEN = 16  # option of SOURCE; option 0 is about the call
_KEPT_HOME = 5  # the last kind: it keeps many at home, and is one event
_LONGEST_DELAY = 1e6


def report(border: Border) -> None:
    """Every source's evening, unless it was traced lately."""
    for source in border.sources:
        if border.t >= source.silent_until:
            _watch(border, source)


def _watch(border: Border, source: Source) -> None:
    """A source tells the rarest thing that it saw, if it dares; the call may be traced."""
    reporting, listening = border.rates.reporting, monitoring(border, source.sector)
    if source.side == INNER:
        listening += (1.0 - listening) * tapping(border, source.sector)
    kind = _rarest_seen(border, source)
    u_dare, u_delay, u_traced, u_event = border.draw4(source.number, SOURCE_DRAW)
    if kind is None or u_dare >= dares_chance(reporting.courage, reporting.fear, listening):
        return
    if border.day >= 0:
        mean = min(delay_mean(reporting.delay, reporting.slowdown, listening), _LONGEST_DELAY)
        arrival = border.day + exponential_days(mean, u_delay)
        place = source.sector.number
        events = 1 if kind == _KEPT_HOME else _events_by_kind(border, source)[kind]
        about = (place, source.side, kind, source.number, int(u_event * events))
        border.tips.append((border.day, arrival, *about))
    if u_traced < noticed_chance(listening, reporting.call_traced):
        source.silent_until = border.t + 1 + int(reporting.silent_days)
        border.counts.sector[source.sector.number].sources_traced += 1


def _rarest_seen(border: Border, source: Source) -> int | None:
    each = visibility(border.rates.reporting.reach, source.traders)
    for kind, events in enumerate(_events_by_kind(border, source)):
        if events > 0:
            chance = sees_chance(each, events)
            if border.draw(source.number, SOURCE_DRAW, _FIRST_KIND_SEEN + kind) < chance:
                return kind
    return None


def _events_by_kind(border: Border, source: Source) -> list[int]:
    """Today's leaks found, guards removed, arrests, questionings, searches and people kept home.

    The rarest come first. What the inner bank sees is its own; so is what the outer bank sees.
    """
    events = border.counts.events[source.sector.number]
    is_outer = border.orders_in(source.sector).bank[GUARD] == OUTER
    if source.side == INNER:
        rest, searches = border.counts.sector[source.sector.number], events[SECURITY]
        arrests = sum(each.arrests for each in searches)
        arrests += sum(each.arrests for each in events[GUARD]) if not is_outer else 0
        stops = sum(each.stops for each in searches)
        return [rest.leak_cases, rest.guards_removed, arrests, 0, stops, rest.kept_home]
    police = events[PATROL] + events[POLICE]
    arrests = sum(each.arrests for each in [*police, *(events[GUARD] if is_outer else [])])
    questionings = sum(each.questionings for each in police)
    return [0, 0, arrests, questionings, 0, 0]

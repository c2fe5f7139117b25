"""Source reporting: who sees an event, dares to tell it, and how late (claim B02)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amnok.compiling import Later, rule, step
from amnok.decisions import Decision
from amnok.draws import Key, draw, draw4
from amnok.mechanisms.deeds import day_in
from amnok.mechanisms.form import Mechanism, Section
from amnok.mechanisms.inner_phones import felt_monitoring
from amnok.mechanisms.phones import monitoring_level, noticed_chance
from amnok.mechanisms.roles import GUARD, INNER, PATROL, POLICE, SECURITY
from amnok.quantity import Days, Persons, Probability, Ratio, SourcesPerThousand, Weight
from amnok.rules.distributions import at_least_one, exponential_days, probability
from amnok.variables import REPORTED, REPORTS, SECTOR, Count, Variable
from amnok.vector_math import exp

SOURCE_DRAW = Decision(16, "SOURCE", "what a source sees, dares and when")
EDITOR_DRAW = Decision(17, "EDITOR", "what the editors publish")

if TYPE_CHECKING:
    import numpy as np

    from amnok.compiling import memory
else:
    np, memory = Later("numpy"), Later("amnok.compiling.memory")

TIP = ("event_day", "arrival_day", "sector", "side", "kind", "source", "event")
N_KINDS = len(REPORTED)
LEAK_FOUND, GUARD_REMOVED, ARREST, QUESTIONING, SEARCH, HALT = range(N_KINDS)
_LONGEST_DELAY = 1e6  # mean days; what comes so late is never printed
_SEEN_OPTION = 16  # kinds seen are options from here on; option 0 is about the call


class Reporting(Section):
    """Sources inside, and the editors who publish them."""

    sources: SourcesPerThousand
    """How many people tell journalists what they see, for 1,000 traders of a sector and bank;
    rounded to whole persons. At 0 nothing is ever reported; high: most events have a witness.
    """

    reach: Persons
    """How many traders of the sector and bank a source keeps an eye on, and so hears of what
    befalls them. Low: most goes unseen; high: almost everything is seen.
    """

    courage: Probability
    """Chance that a source who saw something calls, when no phone is monitored. Low: few calls ever
    come; high: almost every sighting is told.
    """

    fear: Weight
    """How fast the readiness to call falls with the monitoring of phones: it is multiplied by
    exp(-fear * monitored share). At 0 monitoring frightens nobody; high: it silences the border.
    """

    delay: Days
    """Mean days from an event to the call about it, when no phone is monitored. Low: news is fresh;
    high: it is old when it arrives.
    """

    slowdown: Ratio
    """How much longer calls take when all phones are monitored, relative to the usual delay: 4
    makes it five times as long. At 0 monitoring slows nothing; high: news comes weeks late.
    """

    call_traced: Probability
    """Chance that a source's call is traced, if all calls were monitored. Low: calling is safe;
    high: most sources are soon silenced.
    """

    silent_days: Days
    """Days for which a traced source stays silent, from the next day on. Low: sources soon call
    again; high: one trace removes them for the period.
    """

    corroboration_days: Days
    """Days for which editors wait for a second source after the first call. Low: few events are
    confirmed in time; high: more are confirmed, and news waits.
    """

    single_source_published: Probability
    """Chance that editors publish an event that no second source confirmed. At 0 they print only
    what two have told; at 1 everything that one has told.
    """

    editing_days: Days
    """Mean days from the end of checking to publication. Low: reports follow at once; high: they
    come out weeks later.
    """


@rule
def visibility(reach: float, traders: float) -> float:
    """Chance that a source sees one event among the traders of its sector and bank: `reach / n`.

    Args:
        reach: how many traders it keeps an eye on (persons).
        traders: how many n there are (persons).

    Returns:
        A probability; 1 where it knows all of them.

    Source: assumption; a person knows about as many others wherever they live.

    >>> visibility(100.0, 2000.0), visibility(100.0, 50.0)
    (0.05, 1.0)
    """
    return reach / traders if reach < traders else 1.0


@rule
def sees_chance(visibility: float, events: int) -> float:
    """Chance that a source sees at least one of a day's events: `1 - (1 - v)**events`.

    Args:
        visibility: chance v of seeing each (probability).
        events: number of events.

    Returns:
        A probability; 0 without events.

    Source: form of both reports; independence is an assumption.

    >>> round(sees_chance(0.1, 2), 12), sees_chance(0.1, 0)
    (0.19, 0.0)
    """
    return at_least_one(visibility, events)


@rule
def dares_chance(courage: float, fear: float, monitoring: float) -> float:
    """Chance that a source dares to tell what it saw: `courage * exp(-fear * monitoring)`.

    Args:
        courage: chance when no phone is watched (probability).
        fear: how fast it falls with monitoring (dimensionless).
        monitoring: share of border calls that are monitored (0 to 1).

    Returns:
        A probability.

    Source: claim B02 (calls bring people in for questioning); the form is an assumption.

    >>> dares_chance(0.5, 2.0, 0.0), round(dares_chance(0.5, 2.0, 0.5), 6)
    (0.5, 0.18394)
    """
    return probability(courage * exp(-fear * monitoring))


@rule
def delay_mean(usual: float, slowdown: float, monitoring: float) -> float:
    """Mean delay before a source tells: `usual * (1 + slowdown * monitoring)`.

    Args:
        usual: mean delay when no phone is watched (days).
        slowdown: relative rise at full monitoring (dimensionless).
        monitoring: share of border calls that are monitored (0 to 1).

    Returns:
        Mean delay (days).

    Source: claim B02; the linear form is an assumption.

    >>> delay_mean(6.0, 1.0, 0.5)
    9.0
    """
    return usual * (1.0 + slowdown * monitoring)


@step
def report(world: Any, state: Any, today: Any, book: Any, key: Key, t: int) -> None:
    """Every source's day, in the order of the sources."""
    phones, taps = world.rates[0].phones, world.rates[0].inner_phones
    seen = memory.stack_array(N_KINDS, np.float64)
    for sector in range(len(world.sectors)):
        day = day_in(world, t, sector)
        hard = day.intensity
        outer = monitoring_level(phones.monitoring_base, phones.monitoring_boost, hard[POLICE])
        inner = monitoring_level(taps.monitoring_base, taps.monitoring_boost, hard[SECURITY])
        for side in range(2):
            traders = 0.0
            for size in range(len(world.sizes)):
                traders += world.traders[side, sector, size]
            each = visibility(world.rates[0].reporting.reach, traders)
            for kind in range(N_KINDS):
                seen[kind] = sees_chance(each, events_of_kind(today, day, sector, side, kind))
            monitoring = felt_monitoring(outer, inner) if side == INNER else outer
            place = sector * 2 + side
            for source in range(world.sources[place], world.sources[place + 1]):
                if t >= state.silent_until[source]:
                    kind = rarest_seen(seen, key, t - world.spin_up, source)
                    if kind >= 0:
                        call(world, state, today, book, key, t, place, source, kind, monitoring)


@step
def events_of_kind(today: Any, day: Any, sector: int, side: int, kind: int) -> int:
    """Events of one kind that could be seen today on one bank of a sector."""
    total = 0.0
    if side == INNER and kind == GUARD_REMOVED:
        total = today.sector[sector].guards_removed
    if side == INNER and kind == HALT:
        total = today.sector[sector].kept_home
    if side == INNER and kind == LEAK_FOUND:
        total = today.sector[sector].leak_cases
    for size in range(today.events.shape[2]):
        if side == INNER:
            event = today.events[sector, SECURITY, size]
            total += (kind == ARREST) * event.arrests + (kind == SEARCH) * event.stops
        else:
            for role in (PATROL, POLICE):
                event = today.events[sector, role, size]
                total += (kind == ARREST) * event.arrests
                total += (kind == QUESTIONING) * event.questionings
        if side == day.bank[GUARD]:
            total += (kind == ARREST) * today.events[sector, GUARD, size].arrests
    return int(total)


@step
def rarest_seen(chances: Any, key: Key, day: int, source: int) -> int:
    """The first of REPORTED (the rarest first) that a source saw today, or -1."""
    seen = -1
    for kind in range(N_KINDS):
        if seen >= 0 or chances[kind] <= 0.0:
            continue  # most days most kinds do not happen, and draws cost time
        if draw(key, source, day, SOURCE_DRAW, _SEEN_OPTION + kind) < chances[kind]:
            seen = kind
    return seen


@step
def call(
    world: Any,
    state: Any,
    today: Any,
    book: Any,
    key: Key,
    t: int,
    place: int,
    source: int,
    kind: int,
    monitoring: float,
) -> None:
    """One source that saw something: dare, call, and perhaps be traced."""
    reporting, day = world.rates[0].reporting, t - world.spin_up
    sector, side = place // 2, place % 2
    u_dare, u_delay, u_traced, u_event = draw4(key, source, day, SOURCE_DRAW)
    if u_dare < dares_chance(reporting.courage, reporting.fear, monitoring):
        mean = min(delay_mean(reporting.delay, reporting.slowdown, monitoring), _LONGEST_DELAY)
        if day >= 0:
            row = book.tip_count[0]
            book.tips[row, 0] = day
            book.tips[row, 1] = day + exponential_days(mean, u_delay)
            book.tips[row, 2] = sector
            book.tips[row, 3] = side
            book.tips[row, 4] = kind
            book.tips[row, 5] = source
            # A halt is one event for all whom it keeps at home.
            here = day_in(world, t, sector)
            alike = 1 if kind == HALT else events_of_kind(today, here, sector, side, kind)
            book.tips[row, 6] = int(u_event * alike)
            book.tip_count[0] = row + 1
        if u_traced < noticed_chance(monitoring, reporting.call_traced):
            state.silent_until[source] = t + 1 + int(reporting.silent_days)
            today.sector[sector].sources_traced += 1


MECHANISM = Mechanism(
    "reporting",
    Reporting,
    "Sources and the editors who publish what they tell.",
    shapes=("records",),
    label="What sources see, dare to tell, and when",
    claims="B02",
    results=(
        Count(
            SECTOR,
            "sources_traced",
            "persons",
            "Sources silenced by a traced call",
            "On the day of the call; they report again after a while.",
            needs=("phones",),
        ),
        Variable(
            REPORTS,
            "reports",
            "reports",
            "Source reports, by day of their event",
            "All that are ever published, be it after the last day.",
        ),
        Variable(
            REPORTS,
            "reports_in_time",
            "reports",
            "Source reports published by the last day, by day of their event",
            "The part of reports that an observer at the end of the period has read.",
        ),
        Variable(
            REPORTS,
            "publications",
            "reports",
            "Source reports, by day of publication",
            "Those published within the period, also of events before it.",
        ),
    ),
    draws=(SOURCE_DRAW, EDITOR_DRAW),
    keeps=("silent_until",),
)

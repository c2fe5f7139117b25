"""Security police: searches, leaks found, investigations (claims A02, A05, A06, A08, A13)."""

from __future__ import annotations

from typing import Any, NamedTuple

from amnok.compiling import rule, step
from amnok.decisions import Decision
from amnok.draws import Key
from amnok.mechanisms.cameras import CAMERA_DRAW
from amnok.mechanisms.deeds import DETAINED, IMPRISONED, LOST, PASSED, Trip, detain, seize
from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.mechanisms.roles import SECURITY
from amnok.quantity import Days, Money, Probability, Ratio
from amnok.rules.distributions import driven_chance
from amnok.variables import (
    ARREST,
    BRIBES,
    EFFORTS,
    EVENTS,
    FLOW,
    IMPRISON,
    KEPT_BRIBES,
    MONEY,
    PAID,
    PEOPLE,
    SEARCH_BELIEFS,
    SECTOR,
    SEIZE,
    STOP,
    Count,
    Variable,
)

SEARCH_DRAW = Decision(8, "SEARCH", "what a search finds, and what follows")


class SecurityPolice(Section):
    """The inner side's police against leaks: search, watch, investigate, punish."""

    search_base: Probability
    """Chance that the security police search a consignment when no campaign is on, before effort,
    the exposure of the route, cameras and scrutiny multiply it. Low: searches are rare in ordinary
    times; high: they are common at all times.
    """

    search_boost: Probability
    """What a campaign of intensity 1 adds to the chance of a search. Low: a campaign changes
    little; high: searches jump as soon as it starts.
    """

    flag_factor: Ratio
    """Factor on the chance of a search for a consignment that a camera has seen. At 1 cameras make
    no difference; high: being seen nearly means being searched.
    """

    scrutiny_factor: Ratio
    """Factor on the chance of a search for a sender who was investigated not long ago. It lasts for
    `scrutiny_days`. At 1 a file has no consequences; high: those with a file are searched far more
    often than others.
    """

    scrutiny_days: Days
    """Days for which the security police search a sender more often after an investigation. Low: a
    file is soon forgotten; high: it follows the sender for long.
    """

    find_rate: Probability
    """Chance that a search finds a given leak in the consignment. Senders know it: it multiplies
    their believed chance of a search. Low: leaks mostly get through; high: a search misses little.
    """

    watch_base: Probability
    """Chance per day that the security police open a file on a free trader of the inner bank, with
    no search before it and no campaign on. Low: only searches lead to files; high: many are watched
    without cause.
    """

    watch_boost: Probability
    """What a campaign of intensity 1 adds to the daily chance that a free trader of the inner bank
    is investigated. Low: a campaign works by searches alone; high: it opens files on many people
    who were never searched.
    """

    file_opened: Probability
    """Chance that a search that finds no leak still opens a file on the sender; one that finds a
    leak always does. Low: a clean search has no sequel; high: being searched nearly always means
    being investigated.
    """

    detain_contraband: Probability
    """Chance that a search that finds no leak ends in detention and the loss of the goods.
    Otherwise the sender pays `release_payment` and goes on. Low: contraband is a matter of money;
    high: it is punished.
    """

    contraband_days: Days
    """Mean days in detention of a sender caught with contraband alone, by the security police or by
    a guard who takes no bribes. Low: senders are soon back in trade; high: they are missing for
    long.
    """

    leak_loss_usual: Money
    """What the punishment for a leak that is found is worth to the sender in money, in ordinary
    times. It is feared, not paid: it decides how much is checked. Low: nobody minds leaks; high:
    people check everything even without a campaign.
    """

    leak_loss_campaign: Money
    """What a campaign of intensity 1 adds to the feared punishment for a leak, in money. Low: a
    campaign frightens nobody; high: senders start to check everything when it comes.
    """

    leak_days: Days
    """Mean days in prison of a sender in whose goods a leak was found. Low: they are soon back;
    high: they are away for most of the period.
    """


@rule
def search_chance(
    base: float, boost: float, intensity: float, effort: float, exposure: float, factor: float
) -> float:
    """Chance that the security police search a consignment.

    Formula: `min(1, (base + boost*intensity) * effort * exposure * factor)`.

    Args:
        base: chance without a campaign (probability).
        boost: what a campaign of intensity 1 adds (probability).
        intensity: intensity of the campaign (dimensionless).
        effort: effort on this route relative to an even spread (dimensionless, 1 = even).
        exposure: how exposed this kind of crossing is (dimensionless, 1 = usual).
        factor: what else multiplies it: a camera's alarm, scrutiny of this person (dimensionless).

    Returns:
        A probability.

    Source: claims A05, A06, A13, A14; the product form is an assumption.

    >>> round(search_chance(0.02, 0.10, 1.0, 1.5, 1.0, 2.0), 12)
    0.36
    """
    return driven_chance(base, boost, intensity, effort * exposure * factor)


@rule
def investigation_chance(base: float, boost: float, intensity: float) -> float:
    """Chance that a free trader is investigated on a day: `min(1, base + boost*intensity)`.

    The security police watch people who were never searched, too. Searches lead to investigations
    by other rules: always if a leak is found, else with the chance `security_police.file_opened`.

    Args:
        base: chance without a campaign (probability per trader and day).
        boost: what a campaign of intensity 1 adds (probability per trader and day).
        intensity: intensity of the campaign (dimensionless).

    Returns:
        A probability per trader and day.

    Source: claims A06, A13; the linear form is an assumption.

    >>> investigation_chance(0.25, 0.5, 1.0), investigation_chance(0.5, 0.75, 1.0)
    (0.75, 1.0)
    """
    return driven_chance(base, boost, intensity, 1.0)


@rule
def leak_loss(usual: float, campaign: float, intensity: float) -> float:
    """What a leak that is found costs its sender: `max(0, usual + campaign*intensity)`.

    The money equivalent of the punishment, far above that for contraband during a crackdown.

    Args:
        usual: loss in ordinary times (money).
        campaign: what a campaign of intensity 1 adds (money).
        intensity: intensity of the campaign (dimensionless).

    Returns:
        Loss (money).

    Source: claims A02, A08; the linear form is an assumption.

    >>> leak_loss(5_000.0, 45_000.0, 0.5)
    27500.0
    """
    return max(0.0, usual + campaign * intensity)


@step
def open_file(world: Any, state: Any, tally: Any, t: int, block: int, i: int) -> None:
    """The security police investigate a trader, who stays wary for long (claim A06)."""
    trader = state.traders[i]
    state.investigated[i] = t
    trader.leak_wary = world.rates[0].learning.investigated_wariness
    trader.leak_day = t
    tally.events[block, SECURITY, world.traits[i].size_class].investigations += 1


class Found(NamedTuple):
    """What a search comes to: leaks found; whether a file is opened, the route's guard answers for
    a leak, the goods are seized; what is paid if they are not (money)."""

    leaks: int
    is_filed: bool
    is_guard_removed: bool
    is_seized: bool
    payment: float


@step
def search(
    world: Any,
    state: Any,
    tally: Any,
    key: Key,
    t: int,
    trip: Trip,
    planned: Any,
    found: Found,
) -> int:
    """What a search leads to: a leak means prison; contraband alone, a payment or some days."""
    police, day = world.rates[0].security_police, t - world.spin_up
    tally.flow[trip.block, trip.local, trip.size].searches += 1
    event = tally.events[trip.block, SECURITY, trip.size]
    event.stops += 1
    if found.is_filed:
        open_file(world, state, tally, t, trip.block, trip.i)
    if found.leaks > 0:
        tally.sector[trip.block].leak_cases += 1
        tally.flow[trip.block, trip.local, trip.size].leaks_found += found.leaks
        if found.is_guard_removed:
            # The route's guard pays for it too (claim A09); a stricter one takes over tomorrow.
            tally.removed[trip.block, trip.local] += 1
            tally.sector[trip.block].guards_removed += 1
    outcome = PASSED
    if found.is_seized:
        outcome = LOST
        event.arrests += 1
        event.detections += 1
        seize(tally, trip.block, SECURITY, trip.size, planned)
        if found.leaks > 0:
            event.imprisonments += 1
            detain(state, key, t, day, trip.i, IMPRISONED, police.leak_days)
        else:
            detain(state, key, t, day, trip.i, DETAINED, police.contraband_days)
    else:
        # The usual end: a payment, never more than the goods are worth.
        state.traders[trip.i].cash -= found.payment
        tally.bribes[trip.block, trip.size].security_police += found.payment
        tally.flow[trip.block, trip.local, trip.size].released += 1
    return outcome


MECHANISM = Mechanism(
    "security_police",
    SecurityPolice,
    "How the inner bank's security police search, investigate and punish.",
    shapes=("checking", "bribes", "searches", "arrests"),
    label="Security police: searches, punishment",
    claims="A02, A05, A06, A08, A13",
    roles=("security_police",),
    contrasts=(
        Contrast(
            "leak_penalty",
            "Campaign raises the penalty for leaks",
            setting({"security_police.leak_loss_campaign": 0.0}),
        ),
    ),
    does=(STOP, SEIZE, ARREST, IMPRISON, PAID),
    results=(
        Count(
            FLOW,
            "leaks_found",
            "leaks",
            "Leaks that searches found",
            "By the security police, of what was still in the consignment; also in leaks_held.",
        ),
        Count(
            FLOW,
            "searches",
            "consignments",
            "Searched by the security police",
            "Whatever came of it; the security police's stops are the same by sector.",
        ),
        Count(
            FLOW,
            "released",
            "consignments",
            "Searched, and on after a payment",
            "The part of searches that neither found a leak nor led to detention.",
        ),
        Count(
            EVENTS,
            "investigations",
            "files",
            "Files opened on traders",
            "By the security police, whether by watching or after a search.",
        ),
        Count(
            BRIBES,
            "security_police",
            MONEY,
            "Kept by the security police",
            "Their share of guard_bribes, and payments for release after a search.",
            of=KEPT_BRIBES,
        ),
        Count(
            PEOPLE,
            "under_scrutiny",
            "persons",
            "Under scrutiny of the security police",
            "A file was opened on them not long ago; inner-side traders only.",
        ),
        Count(
            SECTOR,
            "guards_removed",
            "persons",
            "Guards who lost their post",
            "After a search on their route found a leak; the next guard is strict for a time.",
            needs=("guards",),
        ),
        Count(
            SECTOR,
            "leak_cases",
            "consignments",
            "Searches that found a leak",
            "However many leaks there were in the consignment.",
        ),
        Variable(
            SEARCH_BELIEFS,
            "belief_search",
            "probability",
            "Believed chance of a search",
            "By the security police; shared by word of mouth, without personal caution.",
        ),
        Variable(
            EFFORTS,
            "effort_security_police",
            "ratio",
            "Effort of the security police; 1 is the average",
            "What the next day begins with: by plan, or drawn to where the agency stopped most.",
        ),
    ),
    draws=(CAMERA_DRAW, SEARCH_DRAW),
    keeps=(
        "investigated",
        "sector_risk.searched",
        "sector_risk.search_belief",
        "sectors.leaks",
        "sectors.find_belief",
    ),
)

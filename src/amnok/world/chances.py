"""What a consignment risks on its way: every chance, once.

The day draws against these chances (`if u < search_probability(...)`). Plans of agencies
(`world.plans`), the measure of how exploitable behaviour is (`games.best_trader`,
`games.best_agency`) and the border's games (`games.border`, `games.border_network`) call the same
functions, so that nobody expects what the day does not do. What a chance costs once it has come
true is in `world.consignment`; what follows is told in the module of its mechanism.

Arguments are records of the world: `rates` (the scenario's numbers), `way` (a route), `day`,
`size` (of a trader), `goods`. `effort` is what an agency puts on the way, 1 being an even spread.
A chance that is one parameter as it stands and that nobody else reckons with, such as
`patrols.arrest_share`, is read where it is drawn.
"""

from __future__ import annotations

from amnok.compiling import step
from amnok.mechanisms import WARN_PATROLS
from amnok.mechanisms.alarms import expected
from amnok.mechanisms.boats import open_despite_ice
from amnok.mechanisms.camera_deals import seen_despite_deals
from amnok.mechanisms.cameras import seen_by_cameras
from amnok.mechanisms.customs import customs_stop_chance
from amnok.mechanisms.patrols import intercept_chance, let_go_chance
from amnok.mechanisms.phones import monitoring_level, noticed_chance, question_chance
from amnok.mechanisms.river import passable
from amnok.mechanisms.roles import CUSTOMS_OFFICE, GUARD, PATROL, POLICE, SECURITY
from amnok.mechanisms.security_police import search_chance
from amnok.mechanisms.self_inspection import leak_chance_from_logs
from amnok.mechanisms.targeting import spared
from amnok.rules.distributions import driven_chance
from amnok.world.places import CUSTOMS, INNER, RIVER
from amnok.world.rates import Records

_LITTLE = 2.0**-20  # effort at which no chance is at its limit; a power of two divides exactly


# The way itself.


@step
def is_passable(way: Records, stage: float, frozen: bool) -> bool:
    """Whether water lets a consignment through, where there is any; only a frozen river bears."""
    return passable(stage, way.flood_stage, frozen and way.channel == RIVER)


@step
def open_share(rates: Records, way: Records, direction: int, frozen: bool) -> float:
    """Share of days on which a way is not shut to goods of a direction (EXPORT, IMPORT), be it by
    officials or, to boats, by ice."""
    open_days: float = way.open[direction]
    return open_despite_ice(open_days, rates.boats.ice) if frozen and way.by_boat else open_days


# Guards, who stand on the ways over the river and over land.


@step
def acceptance_probability(rates: Records, way: Records, is_inspected: bool) -> float:
    """Chance that the guard on duty lets consignments pass for money; any other reports it."""
    honest = float(rates.oversight.honest_share) if is_inspected else 0.0
    dealing: float = rates.guards.collusion * (1.0 - honest)
    return dealing if way.guarded else 1.0


@step
def loss_belief_inspected(rates: Records, belief: float) -> float:
    """The believed chance of a loss on a route while its guards are inspected, as far as
    senders foresee that some of them deal with nobody."""
    oversight = rates.oversight
    refusing: float = oversight.foreseen * oversight.honest_share
    return 1.0 - (1.0 - belief) * (1.0 - refusing)


@step
def liability(rates: Records, day: Records) -> float:
    """Chance that a leak found is laid at the guard's door (claim A09); not across the border."""
    guards = rates.guards
    chance: float = guards.liability_usual + guards.liability_campaign * day.intensity[GUARD]
    return min(1.0, max(0.0, chance)) if day.bank[GUARD] == INNER else 0.0


# Cameras and the security police.


@step
def camera_probability(rates: Records, way: Records, day: Records) -> float:
    """Chance that a camera sees a consignment."""
    cameras, level = rates.cameras, day.camera_level
    seen = seen_by_cameras(
        way.fixed_cameras * level,
        way.rotating_cameras * level,
        cameras.period,
        cameras.visible_share,
        cameras.exposed,
    )
    return seen_despite_deals(seen, rates.camera_deals.share) if way.guarded else seen


@step
def search_factor(rates: Records, is_seen: bool, is_scrutinised: bool) -> float:
    """How many times likelier a search is that a camera or the sender's file calls for."""
    police = rates.security_police
    factor = float(police.flag_factor) if is_seen else 1.0
    return factor * float(police.scrutiny_factor) if is_scrutinised else factor


@step
def search_probability(
    rates: Records, way: Records, day: Records, effort: float, factor: float
) -> float:
    """Chance that the security police search a consignment, with a `search_factor`."""
    police, intensity = rates.security_police, day.intensity[SECURITY]
    return search_chance(
        police.search_base, police.search_boost, intensity, effort, way.search_exposure, factor
    )


@step
def mean_search_probability(
    rates: Records, way: Records, day: Records, effort: float, seen: float
) -> float:
    """The same before a camera sees it, as it does with the chance `seen`; nobody has a file."""
    unseen_chance = search_probability(rates, way, day, effort, search_factor(rates, False, False))
    seen_chance = search_probability(rates, way, day, effort, search_factor(rates, True, False))
    return (1.0 - seen) * unseen_chance + seen * seen_chance


@step
def seizure_probability(rates: Records, is_leak_found: bool) -> float:
    """Chance that a search ends with the goods seized and the sender taken along."""
    return 1.0 if is_leak_found else float(rates.security_police.detain_contraband)


@step
def mean_seizure_probability(rates: Records, found: float) -> float:
    """The same where a search finds a leak with the chance `found`."""
    plain = seizure_probability(rates, False)
    return found * seizure_probability(rates, True) + (1.0 - found) * plain


@step
def prior_release(rates: Records) -> float:
    """Chance of a payment for release that people believe in before any experience.

    They believe in a chance of a search, and know how searches end.
    """
    released = (1.0 - seizure_probability(rates, False)) * float(rates.learning.prior_search)
    return released if rates.security_police.present > 0.0 else 0.0


# Patrols and the police of the outer bank.


@step
def patrol_probability(rates: Records, way: Records, day: Records, effort: float) -> float:
    """Chance that a patrol meets a consignment; none is met at customs."""
    patrols, intensity = rates.patrols, day.intensity[PATROL]
    met = intercept_chance(
        patrols.intercept_base, patrols.intercept_boost, intensity, effort, way.patrol_exposure
    )
    return 0.0 if way.channel == CUSTOMS else met


mean_patrol_probability = expected(WARN_PATROLS, patrol_probability)
"""The same before it is known who warns the patrols: each alarm multiplies their effort."""


@step
def let_go_probability(rates: Records, size: Records, is_protected: bool, aim: float) -> float:
    """Chance that a partner of this size who is met or questioned is let go; `aim` is how hard a
    campaign aims at the size, `day.aim`."""
    exemption = spared(size.exemption, aim)
    return let_go_chance(exemption, is_protected, rates.protection.effect)


@step
def held_probability(rates: Records, size: Records, protected: float, aim: float) -> float:
    """Chance that a partner is not let go, where a share `protected` pay the police."""
    plain = let_go_probability(rates, size, False, aim)
    paying = let_go_probability(rates, size, True, aim)
    return 1.0 - ((1.0 - protected) * plain + protected * paying)


@step
def notice_probability(rates: Records, day: Records) -> float:
    """Chance that the call which arranges a trip is noticed."""
    phones, intensity = rates.phones, day.intensity[POLICE]
    monitoring = monitoring_level(phones.monitoring_base, phones.monitoring_boost, intensity)
    return noticed_chance(monitoring, phones.calls_noticed)


@step
def question_probability(rates: Records, day: Records) -> float:
    """Chance that a partner whose call was noticed is questioned."""
    phones = rates.phones
    return question_chance(phones.question_base, phones.question_boost, day.intensity[POLICE])


# Phones of the inner bank.


@step
def tap_level(rates: Records, day: Records) -> float:
    """Share of calls to the other bank that the security police hear."""
    taps, intensity = rates.inner_phones, day.intensity[SECURITY]
    return monitoring_level(taps.monitoring_base, taps.monitoring_boost, intensity)


@step
def tap_probability(rates: Records, day: Records) -> float:
    """Chance that the call which arranges a trip gives the sender away."""
    return noticed_chance(tap_level(rates, day), rates.inner_phones.calls_noticed)


# Customs, who look at whatever goes their way.


@step
def customs_stop_probability(rates: Records, goods: Records, day: Records) -> float:
    """Chance that customs seize a consignment."""
    customs = rates.customs
    return customs_stop_chance(
        customs.stop_base,
        customs.stop_boost,
        day.intensity[CUSTOMS_OFFICE],
        goods.is_sanctioned,
        customs.laxity,
    )


# Firms with a permit, whose load customs may look into.


@step
def look_probability(rates: Records, day: Records) -> float:
    """Chance that customs look into the load of a firm with a permit."""
    firms = rates.state_firms
    return driven_chance(firms.look_base, firms.look_boost, day.intensity[CUSTOMS_OFFICE], 1.0)


# Fines on the outer bank.


@step
def fine_probability(rates: Records) -> float:
    """Chance that whoever is caught on the outer bank is fined."""
    return float(rates.fines.chance)


@step
def forfeit_probability(rates: Records) -> float:
    """Chance that the goods of whoever is caught on the outer bank are gone."""
    return 1.0 - float(rates.fines.chance) * float(rates.fines.returned)


@step
def prior_fine(rates: Records) -> float:
    """Chance of a fine that people believe in before any experience: so large a part of the chance
    to lose a consignment."""
    return float(rates.fines.chance) * float(rates.learning.prior_loss)


# A trip as a whole, as those see it who plan.


@step
def other_loss_probability(
    rates: Records, way: Records, size: Records, goods: Records, day: Records
) -> float:
    """Chance of losing a consignment to anyone but the security police and patrols; guards are not
    under inspection, and firms with a permit lose nothing at customs."""
    if way.channel == CUSTOMS:
        stopped: float = customs_stop_probability(rates, goods, day) * (1.0 - size.permit)
        return stopped * forfeit_probability(rates)
    return 1.0 - acceptance_probability(rates, way, False)


@step
def passing_probability(searched: float, seizure: float, other_loss: float) -> float:
    """Chance that the goods are not lost: not to a search, not to a patrol, not otherwise."""
    return (1.0 - searched) * (1.0 - seizure) * (1.0 - other_loss)


@step
def found_probability(goods: Records, items: float, checked: float) -> float:
    """Chance that a search finds a leak, where so many items were checked."""
    return leak_chance_from_logs(items, checked, goods.log_checked, goods.log_unchecked)


# What each unit of an agency's effort adds to a chance, as long as that is below 1.


@step
def search_slope(rates: Records, way: Records, day: Records, factor: float) -> float:
    """Of a search, with a `search_factor`."""
    return search_probability(rates, way, day, _LITTLE, factor) / _LITTLE


@step
def mean_search_slope(rates: Records, way: Records, day: Records, seen: float) -> float:
    """Of a search before a camera sees the consignment (`mean_search_probability`)."""
    return mean_search_probability(rates, way, day, _LITTLE, seen) / _LITTLE


@step
def patrol_slope(rates: Records, way: Records, day: Records) -> float:
    """Of a meeting with a patrol."""
    return mean_patrol_probability(rates, way, day, _LITTLE) / _LITTLE

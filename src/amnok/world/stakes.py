"""What a consignment stands to gain and to lose by a way, by the model's own rules.

The same numbers that traders weigh when they plan (`engine.planning.weigh`), with the chances as
they are in the place of beliefs. Plans of agencies and the measure of how exploitable behaviour is
are made from them.
"""

from __future__ import annotations

from amnok.compiling import step
from amnok.rules.cameras import seen_by_cameras
from amnok.rules.customs import customs_payment, customs_stop_chance
from amnok.rules.guards import agreed_bribe, reservation_price
from amnok.rules.inspection import leak_chance_from_logs
from amnok.rules.patrols import intercept_chance, let_go_chance
from amnok.rules.river import crossing_cost
from amnok.rules.search import search_chance
from amnok.world.days import CUSTOMS_OFFICE, PATROL, SECURITY
from amnok.world.places import CUSTOMS, RIVER
from amnok.world.rates import Records

_MOST_ITEMS = 1e9


@step
def items_of(size: Records, way: Records) -> int:
    """Items of the median consignment of a size on a way."""
    return max(1, int(min(size.items * way.bulk, _MOST_ITEMS) + 0.5))


@step
def cost_ratio(rates: Records, way: Records, stage: float, frozen: bool) -> float:
    """What the crossing itself costs as a share of the goods' worth."""
    river = rates.river
    base: float = way.crossing_cost
    if way.channel == RIVER:
        base = crossing_cost(base, stage, river.stage_cost, frozen, river.ice_factor)
    return base


@step
def camera_sees(rates: Records, way: Records, level: float) -> float:
    """Chance that a camera sees a consignment."""
    cameras = rates.cameras
    return seen_by_cameras(
        way.fixed_cameras * level,
        way.rotating_cameras * level,
        cameras.period,
        cameras.visible_share,
        cameras.exposed,
    )


@step
def is_searched(rates: Records, way: Records, day: Records, effort: float, factor: float) -> float:
    """Chance that the security police search a consignment; a camera or scrutiny adds a factor."""
    police, intensity = rates.security_police, day.intensity[SECURITY]
    return search_chance(
        police.search_base, police.search_boost, intensity, effort, way.search_exposure, factor
    )


@step
def searched(rates: Records, way: Records, day: Records, effort: float, seen: float) -> float:
    """The same for someone not under scrutiny, by the chance that a camera sees it."""
    usual = is_searched(rates, way, day, effort, 1.0)
    flagged = is_searched(rates, way, day, effort, rates.security_police.flag_factor)
    return (1.0 - seen) * usual + seen * flagged


@step
def intercepted(rates: Records, way: Records, day: Records, effort: float) -> float:
    """Chance that a patrol meets a consignment; none is met at a bridge, where customs stand."""
    patrols, intensity = rates.patrols, day.intensity[PATROL]
    met = intercept_chance(
        patrols.intercept_base, patrols.intercept_boost, intensity, effort, way.patrol_exposure
    )
    return 0.0 if way.channel == CUSTOMS else met


@step
def held_when_met(rates: Records, size: Records, protected: float) -> float:
    """Chance that a partner who is met is not let go; `protected` is the share who pay."""
    effect = rates.protection.effect
    plain = let_go_chance(size.exemption, False, effect)
    paying = let_go_chance(size.exemption, True, effect)
    return 1.0 - ((1.0 - protected) * plain + protected * paying)


@step
def lost_otherwise(rates: Records, way: Records, goods: Records, day: Records) -> float:
    """Chance of losing a consignment to anyone but the security police and patrols."""
    if way.channel == CUSTOMS:
        customs = rates.customs
        return customs_stop_chance(
            customs.stop_base,
            customs.stop_boost,
            day.intensity[CUSTOMS_OFFICE],
            goods.is_sanctioned,
            customs.laxity,
        )
    return 1.0 - rates.guards.collusion if way.channel == RIVER else 0.0


@step
def leak_cost(goods: Records, items: int, checked: int, at_risk: float, per_item: float) -> float:
    """What checking so many items costs, and the risk that is left."""
    left = leak_chance_from_logs(items, checked, goods.log_checked, goods.log_unchecked)
    return per_item * checked + at_risk * left


@step
def payoff(rates: Records, way: Records, worth: float, surplus: float, guard_price: float) -> float:
    """What a consignment gains by a way, once officials are paid; 0 where no guard would deal.

    `surplus` is the gain before that, `guard_price` what letting it pass costs a guard in risk.
    """
    guards, customs = rates.guards, rates.customs
    if way.channel == RIVER and guards.present > 0.0:
        reservation = reservation_price(1.0, guard_price, guards.effort * worth, 1.0)
        bribe = agreed_bribe(surplus, reservation, guards.bargaining_share)
        return surplus - bribe if bribe >= 0.0 else 0.0
    if way.channel == CUSTOMS:
        duty, pocketed = customs_payment(worth, customs.duty, customs.bribe_share)
        return surplus - duty - pocketed
    return surplus

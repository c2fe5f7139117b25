"""What is expected of a trip is what happens: chances beside frequencies, dues beside payments.

`world.chances` holds every chance of a trip. Plans, the measure of exploitability and games
expect these chances, and the day draws against them. Each case counts how often something happened
in a simulation and asks `chances`, called from Python, how often it should have: z is the
difference over its standard deviation. A right chance is beyond 4.5 for 7 in a million seeds, so
that all twenty-four cases together raise a false alarm for one seed in 6,000; seeds are fixed.

That this would find a mistake is shown too: each chance is made half as large again (or half as
large, where half as large again would be above 1) for those who expect, and left alone where the
day draws. Every case must then be far out.
"""

from functools import cache

import numpy as np
import pytest
from tests.absent import more
from tests.paths import TINY

from amnok import engine
from amnok.mechanisms.roles import CUSTOMS_OFFICE, GUARD, PATROL, POLICE, SECURITY
from amnok.scenario import load
from amnok.world import chances, consignment
from amnok.world.places import CUSTOMS, INNER, RIVER
from amnok.world.trips import Cargo, Situation, mean_fine

pytestmark = pytest.mark.statistical

FALSE_ALARM = 4.5  # standard deviations

# Many senders of honey, which goes out only, and guards who ask nothing: whoever is not stopped by
# one official comes to the next, so that it is known who came to each.
OPEN: dict[str, object] = {
    "period.start": "2030-03-20",
    "period.end": "2030-05-20",
    "period.spin_up": 10,
    "traders.inner": 6000,
    "traders.outer": 3000,
    "traders.choice_noise": 1,
    "traders.sizes.carrier.import_share": 0,
    "traders.sizes.dealer.import_share": 0,
    "traders.sizes.carrier.capacity": 50,
    "traders.sizes.dealer.capacity": 50,
    "traders.sizes.carrier.customs_access": 0.5,
    "goods.honey.sectors": "all",
    "goods.honey.sanctioned": "true",
    "goods.honey.leak_rate": 0,
    "guards.effort": 0,
    "guards.penalty": 0,
    "learning.salience": 0,  # nobody is afraid, so that they keep on sending
    "learning.prior_loss": 0,
    "security_police.search_base": 0.05,
    "security_police.scrutiny_factor": 1,
    "security_police.detain_contraband": 0,
    "patrols.intercept_base": 0.05,
    "quota.arrests": 0,
    "calendar.halts.spring_vote.strength": 0,
}
KINDS = ("ford", "path", "toll_road")
SIZES = ("carrier", "dealer")
LEAKY: dict[str, object] = {
    **{f"traders.sizes.{size}.items_spread": 0 for size in SIZES},
    **{f"route_kinds.{kind}.bulk": 1 for kind in KINDS},
    **{f"route_kinds.{kind}.search_exposure": 1 for kind in KINDS},
    "agencies.bureau.follow": 0,
    "self_inspection.effectiveness": 0.5,
    "security_police.search_base": 1,
    "security_police.detain_contraband": 0.3,
    "security_police.leak_loss_usual": 0,
    "security_police.leak_loss_campaign": 0,
    "security_police.leak_days": 1,
    "security_police.contraband_days": 1,
}
ARMS: dict[str, dict[str, object]] = {
    # Searches end with a payment, so that all come to the outer bank.
    "watched": {
        "learning.prior_arrest": 0.01,
        "traders.sizes.carrier.protection_access": 0.5,
        "traders.sizes.carrier.protection_fee": 1,
        "phones.calls_noticed": 0.3,
        "phones.lie_low_days": 0,
        "customs.stop_base": 0.1,
        "customs.laxity": 0.2,
    },
    "everyone has a file": {
        "security_police.watch_base": 1,
        "security_police.scrutiny_days": 400,
        "security_police.scrutiny_factor": 2,
        "learning.investigated_wariness": 1,
    },
    # One item each, or a dozen, and everyone is searched.
    "leaks": {
        **LEAKY,
        "goods.honey.leak_rate": 0.3,
        "self_inspection.spot_check": 0.5,
        **{f"traders.sizes.{size}.items": 1 for size in SIZES},
    },
    "loads": {
        **LEAKY,
        "goods.honey.leak_rate": 0.08,
        "self_inspection.spot_check": 6.5,
        **{f"traders.sizes.{size}.items": 12 for size in SIZES},
    },
    # Nobody is let off, so that whatever crossed met nobody.
    "seized": {
        "guards.collusion": 0.8,
        "patrols.intercept_base": 0.2,
        "security_police.detain_contraband": 1,
        "security_police.contraband_days": 1,
        "traders.sizes.carrier.exemption": 0.4,
        "traders.sizes.carrier.protection_access": 0,
        "traders.sizes.dealer.protection_access": 0,
        "customs.stop_base": 0.2,
        "customs.laxity": 0.2,
    },
}

# What only the border with all mechanisms has, one of them at a time.
FINED: dict[str, object] = {
    "patrols.intercept_base": 0.3,
    "route_kinds.toll_road.bulk": 1,
    **{f"traders.sizes.{size}.items_spread": 0 for size in SIZES},
    **{f"traders.sizes.{size}.exemption": 0 for size in SIZES},
    **{f"traders.sizes.{size}.protection_access": 0 for size in SIZES},
    "customs.stop_base": 0.2,
    "customs.laxity": 0.2,
    "markets.vellmouth.openness": 0,
    "fines.chance": 0.4,
    "fines.impounded": 0,
    "fines.per_kilogram": 0.1,
}
ARMS["fined"] = FINED
ARMS["inspected"] = {
    "guards.collusion": 0.9,
    "oversight.honest_share": 0.2,
    "oversight.removed_share": 0,
    "oversight.rotation_share": 0,
    "oversight.inspections.spring_audit.start": "2030-03-27",
    "oversight.inspections.spring_audit.days": 100,
    "oversight.inspections.spring_audit.sectors": "all",
}
ARMS["aimed at"] = {
    **FINED,
    **{f"traders.sizes.{size}.exemption": 0.7 for size in SIZES},
    "fines.chance": 0,
    "targeting.case_rate": 150,
    "targeting.campaigns.big_fish.start": "2030-03-27",
    "targeting.campaigns.big_fish.days": 100,
    "quota.detention_days": 1,
}
ARMS["papers"] = {
    **{f"traders.sizes.{size}.items_spread": 0 for size in SIZES},
    **{f"state_firms.permits.{size}": 1 for size in SIZES},
    "state_firms.quota": 0.5,
    "state_firms.penalty": 0.3,
    "goods.honey.sanctioned": "false",
    "goods.honey.minutes": 0,
    "markets.vellmouth.openness": 0,
    "security_police.search_base": 0,
    "security_police.search_boost": 0,
}
ARMS["tapped"] = {
    "inner_phones.monitoring_base": 0.3,
    "inner_phones.monitoring_boost": 0.4,
    "inner_phones.calls_noticed": 0.4,
}
ARMS["bought off"] = {"camera_deals.share": 0.5}
WIDER = {
    "bought off": ("camera_deals",),
    "aimed at": ("targeting", "fines"),
    "fined": ("fines",),
    "inspected": ("oversight",),
    "papers": ("state_firms",),
    "tapped": ("inner_phones",),
}
"""Arms on the border with all mechanisms, and those that they keep."""


def border(arm):
    """The small border, or for some arms the one with further mechanisms."""
    values = {**OPEN, **ARMS[arm]}
    sets = [f"{path}={value}" for path, value in values.items()]
    return more(*WIDER[arm], sets=sets) if arm in WIDER else load(TINY, sets)


@cache
def simulated(arm):
    outcome = engine.simulate(border(arm), 11)
    assert outcome.books.flow["refused"].sum() == 0
    return outcome


def days(outcome):
    """The records of the days from the second on: of the first, no effort is in the books."""
    return outcome.world.days[outcome.world.spin_up + 1 :, 0]


def counted(outcome, name):
    """A count of consignments, [day, route]."""
    return outcome.books.flow[name][1:].sum(axis=2)


def events(outcome, role, name):
    """A count of what an agency did, [day, sector, size]."""
    return outcome.books.events[name][1:, :, role]


def on_each(outcome, chance):
    """A chance of (rates, way, day, effort of the security police, effort of patrols) on each day
    and route, [day, route]. The books have the effort that the next day begins with."""
    world, effort = outcome.world, outcome.books.efforts
    return np.array(
        [
            [
                chance(
                    world.rates[0],
                    way,
                    day,
                    float(effort["effort_security_police"][t, r]),
                    float(effort["effort_patrols"][t, r]),
                )
                for r, way in enumerate(world.routes)
            ]
            for t, day in enumerate(days(outcome))
        ]
    )


def by_day(outcome, chance):
    """A chance of (rates, day) on each day, [day, 1]."""
    return np.array([[chance(outcome.world.rates[0], day)] for day in days(outcome)])


def seen_by_cameras():
    outcome = simulated("watched")
    chance = on_each(outcome, lambda rates, way, day, *_: camera(rates, way, day))
    return counted(outcome, "seen_by_camera"), counted(outcome, "attempts"), chance


def camera(rates, way, day):
    return chances.camera_probability(rates, way, day)


def seen_though_bought_off():
    outcome = simulated("bought off")
    chance = on_each(outcome, lambda rates, way, day, *_: camera(rates, way, day))
    return counted(outcome, "seen_by_camera"), counted(outcome, "attempts"), chance


def searched():
    outcome = simulated("watched")
    chance = on_each(
        outcome,
        lambda rates, way, day, effort, _: chances.mean_search_probability(
            rates, way, day, effort, camera(rates, way, day)
        ),
    )
    return counted(outcome, "searches"), counted(outcome, "attempts"), chance


def searched_by_slope():
    outcome = simulated("watched")
    chance = on_each(
        outcome,
        lambda rates, way, day, effort, _: (
            effort * chances.mean_search_slope(rates, way, day, camera(rates, way, day))
        ),
    )
    return counted(outcome, "searches"), counted(outcome, "attempts"), chance


def searched_by_slope_seen_or_not():
    outcome = simulated("watched")

    def chance(rates, way, day, effort, _):
        seen = camera(rates, way, day)
        plain, flagged = (
            chances.search_slope(rates, way, day, chances.search_factor(rates, one, False))
            for one in (False, True)
        )
        return effort * ((1.0 - seen) * plain + seen * flagged)

    return counted(outcome, "searches"), counted(outcome, "attempts"), on_each(outcome, chance)


def searched_with_a_file():
    outcome = simulated("everyone has a file")

    def chance(rates, way, day, effort, _):
        seen = camera(rates, way, day)
        plain, flagged = (
            chances.search_probability(
                rates, way, day, effort, chances.search_factor(rates, one, True)
            )
            for one in (False, True)
        )
        return (1.0 - seen) * plain + seen * flagged

    return counted(outcome, "searches"), counted(outcome, "attempts"), on_each(outcome, chance)


def met_by_patrols():
    outcome = simulated("watched")
    chance = on_each(
        outcome,
        lambda rates, way, day, _, effort: chances.patrol_probability(rates, way, day, effort),
    )
    return counted(outcome, "intercepts"), counted(outcome, "attempts"), chance


def met_by_patrols_by_slope():
    outcome = simulated("watched")
    chance = on_each(
        outcome,
        lambda rates, way, day, _, effort: effort * chances.patrol_slope(rates, way, day),
    )
    return counted(outcome, "intercepts"), counted(outcome, "attempts"), chance


def held_by_patrols():
    """Of those met; who pays for protection is as common among them as among all partners."""
    outcome = simulated("watched")
    sent = outcome.books.partners["partner_attempts"][1:]
    paying = sent[..., 1] / np.maximum(1.0, sent.sum(axis=-1))
    rates = outcome.world.rates[0]
    chance = np.zeros(paying.shape)
    for place, share in np.ndenumerate(paying):
        size = outcome.world.sizes[place[-1]]
        chance[place] = chances.held_probability(rates, size, float(share), 0.0)
    stops = events(outcome, PATROL, "stops")
    assert 0.2 < (paying * stops).sum() / stops.sum() < 0.8
    return stops - events(outcome, PATROL, "let_go"), stops, chance


def questioned_for_a_call():
    outcome = simulated("watched")
    chance = by_day(
        outcome,
        lambda rates, day: (
            chances.notice_probability(rates, day) * chances.question_probability(rates, day)
        ),
    )
    stops = events(outcome, POLICE, "stops").sum(axis=(1, 2))[:, None]
    return stops, counted(outcome, "attempts").sum(axis=1, keepdims=True), chance


def heard_on_the_inner_bank():
    outcome = simulated("tapped")
    chance = by_day(outcome, lambda rates, day: chances.tap_probability(rates, day))
    heard = events(outcome, SECURITY, "calls_tapped").sum(axis=(1, 2))[:, None]
    return heard, counted(outcome, "attempts").sum(axis=1, keepdims=True), chance


def seized_by_customs():
    outcome = simulated("watched")
    (honey,) = (one for one in outcome.world.goods if not one.is_import)
    chance = by_day(outcome, lambda rates, day: chances.customs_stop_probability(rates, honey, day))
    found, came = (
        events(outcome, CUSTOMS_OFFICE, name).sum(axis=(1, 2))[:, None]
        for name in ("detections", "stops")
    )
    return found, came, chance


def papers_of_honey(outcome, way, day):
    """What firms with a permit do with honey that they carry out, whose prices stay as they are,
    and what it gains (share of its worth)."""
    (honey,) = (one for one in outcome.world.goods if not one.is_import)
    rates, gained = outcome.world.rates[0], honey.value * (honey.markup - 1.0)
    gain = consignment.gain_of_worth(rates, honey.value, gained, way.crossing_cost)
    return consignment.papers(rates, honey, day, gain), gain


def looked_into():
    """Loads of firms with a permit: whoever looks finds what is off the books as often as it takes
    up room."""
    outcome = simulated("papers")

    def chance(rates, way, day, *_):
        hidden = papers_of_honey(outcome, way, day)[0].hidden if way.channel == CUSTOMS else 0.0
        return chances.look_probability(rates, day) * hidden

    found = counted(outcome, "found_off_books")
    return found, counted(outcome, "attempts"), on_each(outcome, chance)


def cases(arm, items, few, chance):
    """Searches that found a leak, among all, as everyone is searched; senders check `few` items or
    one more. `chance` is that of a find, of (goods, items, checked)."""
    outcome = simulated(arm)
    (honey,) = (one for one in outcome.world.goods if not one.is_import)
    sent, checked = counted(outcome, "attempts"), counted(outcome, "items_checked")
    assert (counted(outcome, "searches") == sent).all()
    assert (counted(outcome, "items_attempted") == items * sent).all()
    more = (checked - few * sent).sum()
    assert 0.2 * sent.sum() < more < 0.8 * sent.sum()
    found = outcome.books.sector["leak_cases"][1:].sum()
    chances = np.array([chance(honey, items, k) for k in (few, few + 1)])
    return np.array(found), np.array([sent.sum() - more, more]), chances


def leaks_found_in_an_item():
    return cases("leaks", 1, 0, chances.found_probability)


def leaks_found_in_a_load():
    """Each leak is found or not by itself."""
    return cases("loads", 12, 6, chances.found_probability)


def leaks_reckoned_with_in_a_load():
    """What planning reckons with, if a find costs 1 and checking nothing."""

    def risk(goods, items, checked):
        return consignment.checking_cost(goods, items, checked, 1.0, 0.0)

    return cases("loads", 12, 6, risk)


def seized_on_average():
    """Whatever a search finds, by how likely a find is."""
    outcome = simulated("loads")
    _, sent, finds = cases("loads", 12, 6, chances.found_probability)
    rates = outcome.world.rates[0]
    chance = [chances.mean_seizure_probability(rates, float(one)) for one in finds]
    return events(outcome, SECURITY, "detections").sum(), sent, np.array(chance)


def seized_after_a_search():
    outcome = simulated("leaks")
    rates, sector = outcome.world.rates[0], outcome.books.sector
    with_leak = sector["leak_cases"][1:].sum()
    seized = events(outcome, SECURITY, "detections").sum()
    clean = counted(outcome, "searches").sum() - with_leak
    found, unfound = (chances.seizure_probability(rates, one) for one in (True, False))
    return np.array(seized), np.array([with_leak, clean]), np.array([found, unfound])


def reported_by_guards():
    outcome = simulated("seized")
    chance = on_each(
        outcome, lambda rates, way, *_: 1.0 - chances.acceptance_probability(rates, way, False)
    )
    return events(outcome, GUARD, "detections"), counted(outcome, "attempts"), chance


def reported_under_inspection():
    outcome = simulated("inspected")
    inspected = outcome.world.inspected[outcome.world.spin_up + 1 :, INNER]
    chance = np.array(
        [
            [
                1.0
                - chances.acceptance_probability(
                    outcome.world.rates[0], way, bool(inspected[t, way.sector])
                )
                for way in outcome.world.routes
            ]
            for t in range(len(days(outcome)))
        ]
    )
    return events(outcome, GUARD, "detections"), counted(outcome, "attempts"), chance


def held_though_exempt():
    """Of partners of sizes that a campaign aims at, one more than the other."""
    outcome = simulated("aimed at")
    rates, aims = outcome.world.rates[0], days(outcome)["aim"]
    chance = np.array(
        [
            [
                chances.held_probability(rates, size, 0.0, float(aim[k]))
                for k, size in enumerate(outcome.world.sizes)
            ]
            for aim in aims
        ]
    )[:, None]
    stops = events(outcome, PATROL, "stops")
    return stops - events(outcome, PATROL, "let_go"), stops, chance


def passed_undisturbed():
    """Everything on the way at once, as plans see it."""
    outcome = simulated("seized")
    (honey,) = (one for one in outcome.world.goods if not one.is_import)
    sent, crossed = (outcome.books.flow[name][1:] for name in ("attempts", "crossings"))
    # Partners are of other sizes than senders: the share of each among those met is as it is.
    partners = outcome.books.partners["partner_attempts"][1:].sum(axis=(0, 1, 3))
    held = sum(
        float(share) * chances.held_probability(outcome.world.rates[0], size, 0.0, 0.0)
        for share, size in zip(partners / partners.sum(), outcome.world.sizes, strict=True)
    )
    chance = on_each(
        outcome,
        lambda rates, way, day, police, patrols: chances.passing_probability(
            chances.mean_search_probability(rates, way, day, police, camera(rates, way, day))
            * chances.mean_seizure_probability(rates, 0.0),
            chances.mean_patrol_probability(rates, way, day, patrols) * held,
            chances.other_loss_probability(rates, way, outcome.world.sizes[0], honey, day),
        ),
    )
    return crossed.sum(axis=2), sent.sum(axis=2), chance


def caught(outcome):
    """Caught on the outer bank, [day, sector, role]: by patrols and by customs."""
    found = outcome.books.events["detections"][1:]
    return found[:, :, [PATROL, CUSTOMS_OFFICE]].sum(axis=-1)


def fined_on_the_outer_bank():
    outcome = simulated("fined")
    chance = np.array(chances.fine_probability(outcome.world.rates[0]))
    return counted(outcome, "fined").sum(), caught(outcome).sum(), chance


def forfeited_on_the_outer_bank():
    outcome = simulated("fined")
    chance = np.array(chances.forfeit_probability(outcome.world.rates[0]))
    return counted(outcome, "losses").sum(), caught(outcome).sum(), chance


CASES = {
    seen_by_cameras: ["camera_probability"],
    seen_though_bought_off: ["camera_probability"],
    searched: ["mean_search_probability", "search_probability", "search_factor"],
    searched_by_slope: ["mean_search_slope", "camera_probability"],
    searched_by_slope_seen_or_not: ["search_slope"],
    searched_with_a_file: ["search_probability", "search_factor"],
    met_by_patrols: ["patrol_probability"],
    met_by_patrols_by_slope: ["patrol_slope"],
    held_by_patrols: ["held_probability", "let_go_probability"],
    heard_on_the_inner_bank: ["tap_probability", "tap_level"],
    questioned_for_a_call: ["notice_probability", "question_probability"],
    seized_by_customs: ["customs_stop_probability"],
    looked_into: ["look_probability"],
    leaks_found_in_an_item: ["found_probability"],
    leaks_found_in_a_load: ["found_probability"],
    leaks_reckoned_with_in_a_load: ["checking_cost"],
    seized_on_average: ["mean_seizure_probability", "found_probability"],
    seized_after_a_search: ["seizure_probability"],
    reported_by_guards: ["acceptance_probability"],
    held_though_exempt: ["held_probability", "let_go_probability"],
    reported_under_inspection: ["acceptance_probability"],
    fined_on_the_outer_bank: ["fine_probability"],
    forfeited_on_the_outer_bank: ["forfeit_probability"],
    passed_undisturbed: [
        *("passing_probability", "other_loss_probability", "acceptance_probability"),
        *("mean_search_probability", "mean_patrol_probability", "mean_seizure_probability"),
    ],
}


def off_by(case):
    """Standard deviations between how often something happened and how often it should have."""
    found, trials, chance = case()
    assert found.sum() > 100
    expected, variance = (trials * chance).sum(), (trials * chance * (1.0 - chance)).sum()
    return abs(found.sum() - expected) / np.sqrt(variance)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_as_often_as_expected(case):
    assert off_by(case) < FALSE_ALARM


def made_wrong(function):
    """A function of one home whose chances (or factors) are no longer right."""

    def wrong(*arguments):
        right = function(*arguments)
        return 1.5 * right if 1.5 * right <= 1.0 else 0.5 * right

    return wrong


@pytest.mark.parametrize(
    ("case", "name"),
    [(case, name) for case, names in CASES.items() for name in names],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_a_wrong_chance_would_be_noticed(case, name, monkeypatch):
    home = chances if hasattr(chances, name) else consignment
    monkeypatch.setattr(home, name, made_wrong(getattr(home, name)))
    assert off_by(case) > FALSE_ALARM


def test_customs_take_what_is_expected():
    """All that customs took of the honey that crossed bridges, at the prices of the morning."""
    outcome = simulated("watched")
    world, books = outcome.world, outcome.books
    (honey,) = np.flatnonzero(~world.goods["is_import"])
    bridges = np.flatnonzero(world.routes["channel"] == CUSTOMS)
    worth = 0.0
    for r in bridges:
        market = world.sectors[world.routes[r].sector].market
        price = books.prices["price"][:-1, INNER, honey, market]  # of the evening before
        worth += float((books.flow["items_crossed"][1:, r].sum(axis=1) * price).sum())
    duty, pocketed = consignment.customs_dues(
        consignment.terms(world.rates[0], world.routes[bridges[0]]), worth
    )
    assert worth > 0.0
    assert books.accounts["duties"][1:].sum() == pytest.approx(duty, rel=1e-9)
    assert books.bribes["customs"][1:].sum() == pytest.approx(pocketed, rel=1e-9)


def test_fines_cost_what_is_expected():
    """What plans and games expect fines to cost, over all trips, beside what was paid."""
    outcome = simulated("fined")
    world, books, rates = outcome.world, outcome.books, outcome.world.rates[0]
    (g,) = np.flatnonzero(~world.goods["is_import"])
    honey, efforts = world.goods[g], books.efforts["effort_patrols"]
    expected, variance = 0.0, 0.0
    for t, day in enumerate(days(outcome)):
        for r, way in enumerate(world.routes):
            met = chances.mean_patrol_probability(rates, way, day, float(efforts[t, r]))
            for k, size in enumerate(world.sizes):
                items = consignment.items_carried(size.items, way.bulk)
                worth = items * honey.value
                cargo = Cargo(items, worth, 0.0, 0.0)
                mean = mean_fine(Situation(rates, way, size, honey, day), cargo, met)
                paid = consignment.fine_payment(rates, worth, items * honey.kilograms)
                trips = books.flow["attempts"][t + 1, r, k]
                expected += trips * mean
                variance += trips * mean * (paid - mean)
    found = books.accounts["fines"][1:].sum()
    assert found > 50 * paid
    assert abs(found - expected) < FALSE_ALARM * np.sqrt(variance)


def test_papers_cost_what_is_expected():
    """What firms reckon that papers and what is off the books cost, beside what they paid."""
    outcome = simulated("papers")
    world, books, rates = outcome.world, outcome.books, outcome.world.rates[0]
    (g,) = np.flatnonzero(~world.goods["is_import"])
    honey, flow = world.goods[g], outcome.books.flow
    expected, variance, worth_of_all, seen = 0.0, 0.0, 0.0, set()
    for t, day in enumerate(days(outcome)):
        for r in np.flatnonzero(world.routes["channel"] == CUSTOMS):
            way = world.routes[r]
            shown, gain = papers_of_honey(outcome, way, day)
            seen.add(shown)
            for k, size in enumerate(world.sizes):
                full = size.items * (shown.declared + shown.hidden)
                worth = consignment.items_carried(full, way.bulk) * honey.value
                trips = flow["attempts"][t + 1, r, k]
                assert flow["items_attempted"][t + 1, r, k] * honey.value == trips * worth
                chance = consignment.off_books_probability(rates, day, shown)
                penalty = consignment.off_books_penalty(rates, shown, worth)
                cost = consignment.papers_cost(rates, day, shown, worth)
                cargo = Cargo(1.0, worth, gain * worth, 0.0)
                mean = mean_fine(Situation(rates, way, size, honey, day), cargo, 0.0)
                assert mean == pytest.approx(cost)
                expected += trips * cost
                variance += trips * chance * (1.0 - chance) * penalty**2
                worth_of_all += trips * worth
    accounts = books.accounts
    paid = sum(accounts[name][1:].sum() for name in ("duties", "permit_fees"))
    paid += accounts["off_books_penalties"][1:].sum() - rates.customs.duty * worth_of_all
    assert len(seen) > 1
    assert flow["found_off_books"][1:].sum() > 100
    assert abs(paid - expected) < FALSE_ALARM * np.sqrt(variance)
    on_bridges = books.goods["goods_value_customs"][1:, :, g].sum()
    hidden = books.goods["goods_value_off_books"][1:, :, g].sum()
    assert 0.05 < hidden / on_bridges < 0.95


def test_a_campaign_brings_the_cases_that_it_says():
    """Of those who were free in the morning, sizes and days apart."""
    outcome = simulated("aimed at")
    cases = outcome.books.events["cases"][1:, :, POLICE].sum(axis=1)
    free = outcome.books.partners["partner_free_days"][1:].sum(axis=(1, 3)) + cases
    chance = 150 / 1000 / 30 * days(outcome)["aim"][:, : free.shape[1]]
    expected, variance = (free * chance).sum(), (free * chance * (1 - chance)).sum()
    assert expected > 100
    assert abs(cases.sum() - expected) < FALSE_ALARM * np.sqrt(variance)


# A trade that goes on whatever is believed, so that word of mouth has something to tell.
RISKY = {
    **OPEN,
    "goods.honey.markup": 4,
    "patrols.intercept_boost": 0,
    "agencies.rangers.follow": 0,
    "security_police.search_boost": 0,
    "security_police.detain_contraband": 0.4,
    "security_police.contraband_days": 1,
    "quota.detention_days": 1,
    "phones.lie_low_days": 0,
    "traders.return_share": 1,
    "learning.prior_weight": 1e-6,
    "learning.personal_spread": 0.01,
    "learning.bad_event_wariness": 1,
    "learning.investigated_wariness": 1,
    **{f"traders.sizes.{size}.exemption": 0 for size in SIZES},
    **{f"traders.sizes.{size}.protection_access": 0 for size in SIZES},
    **{f"traders.sizes.{size}.customs_access": 0 for size in SIZES},
}


@pytest.mark.parametrize("salience", [1.0, 2.0, 4.0])
def test_believed_losses_are_actual_ones_times_salience(salience):
    """Salience is the one bias of beliefs: at 1 what is believed of a way is what happens there.

    False alarm as above: beliefs weigh the last month of trips, whose events are Poisson.
    """
    sets = [f"{path}={value}" for path, value in {**RISKY, "learning.salience": salience}.items()]
    outcome = engine.simulate(load(TINY, sets), 11)
    risk, flow = outcome.state.route_risk, outcome.books.flow
    sent = flow["attempts"][-30:].sum(axis=0)
    for belief, events_of in (("loss_belief", "losses"), ("release_belief", "released")):
        happened = flow[events_of][-30:].sum(axis=0)
        believed = (risk[belief] * sent).sum() / sent.sum()
        actual = happened.sum() / sent.sum()
        assert happened.sum() > 300
        sure = 2.0 / np.sqrt(happened.sum())  # the month and the fading month are not the same
        assert abs(believed / actual - salience) < FALSE_ALARM * salience * sure


def test_some_went_by_each_kind_of_way():
    outcome = simulated("watched")
    sent = counted(outcome, "attempts").sum(axis=0)
    for channel in (RIVER, CUSTOMS):
        assert sent[outcome.world.routes["channel"] == channel].sum() > 1000

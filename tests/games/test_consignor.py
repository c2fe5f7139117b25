"""The consignor's game against all numbers of checks, nashpy, and differences taken numerically."""

import math
import random
import warnings
from dataclasses import replace

import nashpy
import numpy as np
import pytest

from amnok.errors import AmnokError
from amnok.games.consignments import ConsignmentsGame
from amnok.games.consignor import (
    WAVERING,
    ConsignorGame,
    kind_of,
    slopes,
    switch_points,
)
from amnok.games.consignor_sides import Consignment, Police
from amnok.mechanisms.self_inspection import checking_cost, switch_belief

HERBS = Consignment(50, 2, 0.002, 0.9, 20_000.0, 0.05, 4.0)
POLICE = Police(0.6, 5_000.0, 100.0)


def consignments(count, seed):
    dice = random.Random(seed)
    for _ in range(count):
        yield Consignment(
            items=dice.choice([1, 2, dice.randint(1, 30), dice.randint(1, 400)]),
            spot_check=dice.randint(0, 3),
            leak_rate=dice.choice([0.0, 1.0, 10 ** dice.uniform(-9, 0), 10 ** dice.uniform(-3, 0)]),
            effectiveness=dice.choice([0.0, 1.0, dice.random(), dice.random()]),
            leak_loss=dice.choice([0.0, 10 ** dice.uniform(1, 6)]),
            minute_cost=dice.choice([0.0, 10 ** dice.uniform(-3, 1), 10 ** dice.uniform(-3, 1)]),
            minutes=10 ** dice.uniform(-1, 1.5),
            per_day=dice.choice([0.0, 10 ** dice.uniform(0, 3), 10 ** dice.uniform(0, 3)]),
        )


def polices(count, seed):
    dice = random.Random(seed)
    for _ in range(count):
        yield Police(
            find_rate=dice.choice([0.0, 1.0, dice.random(), dice.random()]),
            find_value=dice.choice([0.0, 10 ** dice.uniform(0, 5), 10 ** dice.uniform(0, 5)]),
            search_cost=dice.choice([0.0, 10 ** dice.uniform(-1, 3), 10 ** dice.uniform(-1, 3)]),
        )


def games(count, seed, most=400):
    """Every other one with a search that is worth it for spot checkers only."""
    dice, found = random.Random(seed), []
    pairs = zip(consignments(count, seed), polices(count, seed + 1), strict=True)
    for number, (one, police) in enumerate(pairs):
        one = replace(one, items=min(one.items, most))
        if number % 2:
            one = replace(one, leak_loss=1e5 * dice.random(), minute_cost=0.01 * dice.random())
            worth = police.find_value * police.find_rate
            some = dice.uniform(one.leak(one.items), one.leak(one.few))
            police = replace(police, search_cost=worth * some)
        found.append(ConsignorGame(one, police))
    return found


def test_where_both_waver_each_leaves_the_other_indifferent():
    [only] = ConsignorGame(HERBS, POLICE).solve().equilibria
    search, full = only.row[0], only.column[0]
    assert search * 0.6 == pytest.approx(switch_belief(50, 2, 0.002, 0.9, 20_000.0, 0.05, 4.0))
    leak = full * HERBS.leak(50) + (1 - full) * HERBS.leak(2)
    assert 5_000 * 0.6 * leak == pytest.approx(100.0)


def test_thousand_games_hold_against_every_number_of_checks():
    kinds = set()
    for game in games(1500, 1):
        solution = game.solve()
        assert solution.certificate.holds(1e-9), game
        kinds.add(kind_of(game))
        one = game.consignment
        for found in solution.equilibria:
            for search, full in found.corners():
                # The model's own cost function, by the number of checks.
                terms = (
                    one.items,
                    one.leak_rate,
                    one.effectiveness,
                    game.police.find_rate * search,
                )
                costs = [
                    checking_cost(k, *terms, one.leak_loss, one.minute_cost, one.minutes)
                    for k in sorted({one.few, (one.few + one.items) // 2, one.items})
                ]
                used = full * costs[-1] + (1 - full) * costs[0]
                assert used <= min(costs) + 1e-9 * (1 + max(costs))
    assert len(kinds) == 5


@pytest.mark.slow
def test_thousand_games_of_all_actions_against_nashpy():
    """Every equilibrium that nashpy finds with all numbers of checks as actions is one of ours."""
    checked = 0
    for game in games(1500, 7, most=6):
        one, police = game.consignment, game.police
        if one.few == one.items or one.minute_cost == 0.0:
            continue
        if one.leak_loss * police.find_rate * one.leak_rate * one.effectiveness < 1e-6:
            continue
        counts = range(one.few, one.items + 1)
        gains = [police.search_gain(one.leak(k)) for k in counts]
        theirs = np.array([gains, [0.0] * len(gains)])
        cost = [one.minute_cost * one.minutes * k for k in counts]
        risk = [police.find_rate * one.leak_loss * one.leak(k) for k in counts]
        ours = -np.array([[c + r for c, r in zip(cost, risk, strict=True)], cost])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            scaled = nashpy.Game(theirs / max(1, abs(theirs).max()), ours / abs(ours).max())
            found = list(scaled.support_enumeration())
        if not found:
            continue
        checked += 1
        solution = game.solve()
        for searches, checks in found:
            assert checks[1:-1].sum() < 1e-6
            assert any(
                found.row[0] - 1e-6 <= searches[0] <= found.row[1] + 1e-6
                and found.column[0] - 1e-6 <= checks[-1] <= found.column[1] + 1e-6
                for found in solution.equilibria
            ), (game, searches, checks)
    assert checked > 200


def test_a_spot_check_of_everything():
    [only] = ConsignorGame(replace(HERBS, items=2), POLICE).solve().equilibria
    assert only.column == (1.0, 1.0)


def test_tiny_leak_rates_keep_their_digits():
    one = replace(HERBS, leak_rate=1e-12)
    # To first order: l * e * (n - m).
    assert one.removed() == pytest.approx(1e-12 * 0.9 * 48, rel=1e-9)


def test_a_certificate_sees_what_is_no_equilibrium():
    game = ConsignorGame(HERBS, POLICE)
    solution = game.solve()
    [only] = solution.equilibria
    for wrong in (replace(only, row=(0.5, 0.5)), replace(only, column=(0.1, 0.1))):
        assert not game.check(replace(solution, equilibria=(wrong,))).holds(1e-6)


def test_slopes_against_differences():
    """For every wavering game of the random ones, by central differences."""
    wavering = [game for game in games(1500, 11) if kind_of(game) == WAVERING]
    wavering = [game for game in wavering if 1e-5 < game.consignment.leak_rate < 0.2]
    assert len(wavering) > 50
    for game in wavering:
        for slope in slopes(game):
            name = slope.parameter
            if name in ("items", "spot_check"):
                continue
            part = "police" if hasattr(game.police, name) else "consignment"
            value, ends = getattr(getattr(game, part), name), []
            for factor in (1 - 1e-6, 1 + 1e-6):
                if value * factor < 1 or name not in ("find_rate", "effectiveness"):
                    moved = replace(getattr(game, part), **{name: value * factor})
                    other = replace(game, **{part: moved})
                    if kind_of(other) == WAVERING:
                        [found] = other.solve().equilibria
                        ends.append(np.array([found.row[0], found.column[0]]))
            if len(ends) == 2:
                steps = (ends[1] - ends[0]) / (2e-6 * value)
                noise = 1e-8 / value
                assert slope.search == pytest.approx(steps[0], rel=1e-3, abs=noise)
                assert slope.full == pytest.approx(steps[1], rel=1e-3, abs=noise)


def test_a_harsher_punishment_means_fewer_searches_and_not_more_checks():
    found = {slope.parameter: slope for slope in slopes(ConsignorGame(HERBS, POLICE))}
    assert found["leak_loss"].search < 0
    assert found["leak_loss"].full == 0
    assert found["find_value"].search == 0
    assert found["find_value"].full > 0


def test_one_item_more():
    game = ConsignorGame(HERBS, POLICE)
    found = {slope.parameter: slope for slope in slopes(game)}
    for name in ("items", "spot_check"):
        more = replace(HERBS, **{name: getattr(HERBS, name) + 1})
        [one], [other] = (ConsignorGame(some, POLICE).solve().equilibria for some in (HERBS, more))
        assert found[name].search == pytest.approx(other.row[0] - one.row[0], rel=1e-9)
        assert found[name].full == pytest.approx(other.column[0] - one.column[0], rel=1e-9)


def test_slopes_only_where_both_waver():
    with pytest.raises(AmnokError, match="change nothing"):
        slopes(ConsignorGame(HERBS, replace(POLICE, find_value=0.0)))


def test_switch_points_are_where_the_kind_changes():
    points = switch_points(ConsignorGame(HERBS, POLICE))
    names = [point.parameter for point in points]
    # With a find rate of 1, too, those who check everything are not worth a search.
    assert names == [
        *["find_value", "find_value", "search_cost", "search_cost", "find_rate"],
        *["leak_loss", "minute_cost", "minutes"],
    ]
    for one in points:
        assert one.below != one.above
    by = {(one.parameter, one.below): one for one in points}
    # Below this value of a find nobody is searched: 100 / (0.6 * leak chance of spot checks).
    first = by["find_value", "nobody is searched, spot checks only"]
    assert first.value == pytest.approx(100 / (0.6 * HERBS.leak(2)))


def test_thousand_games_of_several_kinds():
    dice = random.Random(5)
    kinds = list(consignments(4000, 21))
    bound = 0
    for police in polices(1000, 22):
        some = tuple(dice.sample(kinds, dice.randint(1, 6)))
        searches = dice.choice([None, 0.0, 10 ** dice.uniform(-3, 3), 10 ** dice.uniform(-3, 1)])
        game = ConsignmentsGame(some, police, searches)
        solution = game.solve()
        assert solution.certificate.holds(1e-9), game
        bound += solution.price > 0
        other = replace(solution, value=solution.value + 1e-3 * solution.certificate.scale)
        assert not game.check(other).holds(1e-9)
    assert bound > 100


def test_one_kind_with_searches_enough_is_the_consignors_game():
    for game in games(1000, 31):
        if game.consignment.per_day == 0.0:
            continue
        [search], [full] = (
            getattr(ConsignmentsGame((game.consignment,), game.police).solve(), name)
            for name in ("search", "full")
        )
        assert any(
            one.row[0] - 1e-9 <= search <= one.row[1] + 1e-9
            and one.column[0] - 1e-9 <= full <= one.column[1] + 1e-9
            for one in game.solve().equilibria
        ), game


def test_scarce_searches_go_where_they_find_most():
    cloth = replace(HERBS, leak_rate=0.004, per_day=10.0)
    herbs = replace(HERBS, per_day=10.0)
    enough = ConsignmentsGame((herbs, cloth), POLICE).solve()
    assert enough.price == 0.0
    few = ConsignmentsGame((herbs, cloth), POLICE, searches=0.03).solve()
    assert few.search[0] == 0.0
    assert few.search[1] == pytest.approx(0.003)
    assert few.price == pytest.approx(POLICE.search_gain(cloth.leak(2)))


def test_all_faults_at_once():
    with pytest.raises(AmnokError) as caught:
        Consignment(0, -1, 1.5, math.nan, -1.0, math.inf, "3")  # type: ignore[arg-type]
    assert len(caught.value.faults) == 7
    with pytest.raises(AmnokError) as caught:
        Police(2.0, -1.0, math.nan)
    assert len(caught.value.faults) == 3
    with pytest.raises(AmnokError) as caught:
        ConsignmentsGame((), POLICE, -1.0)
    assert len(caught.value.faults) == 2

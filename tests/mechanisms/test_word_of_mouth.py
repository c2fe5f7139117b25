"""What is heard of other sectors and sizes, held against closed forms."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from tests.absent import more
from tests.rewritten import people_times, rewritten, sectors_split

from amnok.engine.state import ROUTE_RISK, SECTOR_RISK
from amnok.mechanisms.word_of_mouth import TOLD_OF_KINDS, TOLD_OF_SECTORS, WordOfMouth, hear
from amnok.scenario.model import needed
from amnok.world.people import head_counts, hearing
from amnok.world.places import INNER, OUTER
from amnok.world.rates import record_type, records


class Sectors:
    """Sectors with a route and a size each, which hear of one another and see nothing new.

    Args:
        weights: [sector, other], of what is told.
        lags: [sector, other], days that word is on the way.
        traders: [size], how many there are in each sector.
        between_sizes: the parameter.
    """

    def __init__(self, weights, lags, traders=(50.0,), between_sizes=0.0):
        n, sizes = len(weights), len(traders)
        nights = int(np.max(lags)) + 1
        everywhere = np.asarray(weights, dtype=float)[None, :, :, None]
        self.world = SimpleNamespace(
            rates=[SimpleNamespace(word_of_mouth=SimpleNamespace(between_sizes=between_sizes))],
            sectors=[SimpleNamespace(first_route=s, last_route=s + 1) for s in range(n)],
            routes=[SimpleNamespace(sector=s, kind=0, alike=1.0) for s in range(n)],
            sizes=range(sizes),
            traders=np.broadcast_to(np.array(traders), (2, n, sizes)),
            hearing=np.broadcast_to(everywhere, (2, n, n, sizes)),
            lags=np.asarray(lags),
            has_kind=np.ones((n, 1), dtype=bool),
        )
        self.state = SimpleNamespace(
            sector_risk=records((n, sizes), record_type(SECTOR_RISK)),
            route_risk=records((n, sizes), record_type(ROUTE_RISK)),
            told_of_sectors=np.zeros((nights, n, sizes, len(TOLD_OF_SECTORS))),
            told_of_kinds=np.zeros((nights, n, 1, sizes, len(TOLD_OF_KINDS))),
        )

    def evenings(self, days):
        """Searches that people go by after each of so many evenings, [day, sector, size]."""
        seen = []
        for t in range(days):
            hear(self.world, self.state, t)
            seen.append(self.state.sector_risk["searched"].copy())
        return np.array(seen)


@pytest.mark.slow
def test_a_ring_of_ten_without_delay_agrees_as_its_second_eigenvalue_says():
    """Averaging around a ring: 1 - 2w(1 - cos(2 pi/10)) = 0.96180 a day, halved in 17.80 days."""
    n, w = 10, 0.1
    weights = w * (np.roll(np.eye(n), 1, axis=0) + np.roll(np.eye(n), -1, axis=0))
    ring = Sectors(weights, np.zeros((n, n), dtype=int))
    start = np.random.default_rng(5).uniform(0.0, 2.0, n)
    ring.state.sector_risk["searched"][:, 0] = start
    seen = ring.evenings(400)[:, :, 0]
    np.testing.assert_allclose(seen.mean(axis=1), start.mean())  # nothing is made up or lost
    gap = np.ptp(seen, axis=1)
    second = 1.0 - 2.0 * w * (1.0 - math.cos(2.0 * math.pi / n))
    assert second == pytest.approx(0.96180, abs=5e-6)
    assert math.log(0.5) / math.log(second) == pytest.approx(17.80, abs=5e-3)
    assert gap[350] / gap[349] == pytest.approx(second, rel=1e-6)
    assert gap[-1] < 1e-5


@pytest.mark.parametrize(("delay", "weight"), [(0, 0.25), (1, 0.5), (7, 0.125)])
@pytest.mark.parametrize("name", [*TOLD_OF_SECTORS, *TOLD_OF_KINDS])
def test_a_shock_is_there_after_the_delay_and_with_its_weight(name, delay, weight):
    """What happens in the first sector on one day, in the second and, by it, in the third."""
    chain = Sectors(weight * np.eye(3, k=-1), delay * np.abs(np.subtract.outer(range(3), range(3))))
    table = chain.state.sector_risk if name in TOLD_OF_SECTORS else chain.state.route_risk
    seen = []
    for t in range(20):
        table[name][0, 0] = 8.0 if t == 3 else 0.0
        hear(chain.world, chain.state, t)
        seen.append(table[name][:, 0].copy())
    second = np.array(seen)[:, 1]
    assert not second[: 3 + delay].any()
    assert second[3 + delay] == 8.0 * weight
    # From then on it fades, as what is told is that nothing happens.
    np.testing.assert_allclose(second[4 + delay :] / second[3 + delay : -1], 1.0 - weight)
    # Passed on a day later at the earliest: each hears what the other went by before hearing.
    third, arrives = np.array(seen)[:, 2], 3 + 2 * delay + 1
    assert not third[:arrives].any()
    assert third[arrives] == 8.0 * weight * weight


def test_where_all_go_by_the_same_nothing_changes():
    weights = np.full((4, 4), 0.2)
    alike = Sectors(weights, np.ones((4, 4), dtype=int), traders=(70.0, 30.0), between_sizes=0.3)
    alike.state.sector_risk["searched"] = 1.5
    np.testing.assert_allclose(alike.evenings(30), 1.5)


def test_sizes_agree_on_what_the_mean_trader_goes_by():
    """The gap closes by the share a day; the mean over traders stays."""
    one = Sectors(np.zeros((1, 1)), np.zeros((1, 1), int), (75.0, 25.0), between_sizes=0.2)
    one.state.sector_risk["searched"][0] = (1.0, 5.0)
    seen = one.evenings(6)[:, 0]
    np.testing.assert_allclose(seen @ [0.75, 0.25], 2.0)
    np.testing.assert_allclose(seen[:, 1] - seen[:, 0], 4.0 * 0.8 ** np.arange(1, 7))


def heard(scenario):
    return hearing(scenario, head_counts(scenario))[0]


def test_weights_are_a_share_of_all_whom_one_talks_to():
    border = more("word_of_mouth")
    talk = needed(border, WordOfMouth)
    traders = head_counts(border)
    weights, lags = hearing(border, traders)
    for side in (INNER, OUTER):
        for sector in range(3):
            met = [
                traders[side, other] * math.exp(-abs(other - sector) / talk.reach.number)
                for other in range(3)
            ]
            for other in range(3):
                expected = talk.between_sectors.number * met[other] / sum(met)
                np.testing.assert_allclose(weights[side, sector, other], expected)
    np.testing.assert_array_equal(lags, 3 * np.abs(np.subtract.outer(range(3), range(3))))


def test_weights_know_no_scale():
    """Ten times the traders change none. Where ties do not fade, halves of split sectors hear of
    each other sector, both of its halves together, as the whole did."""
    sets = ["traders.inner=36000", "traders.outer=36000", "word_of_mouth.reach=100000"]
    border = more("word_of_mouth", sets=sets)
    many = rewritten(border, people_times(10.0))
    np.testing.assert_allclose(heard(many), heard(border), rtol=1e-12)
    halves = heard(rewritten(border, sectors_split))
    together = halves.reshape(2, 6, 3, 2, -1).sum(axis=3)  # of both halves of each other
    np.testing.assert_allclose(together[:, ::2], heard(border), rtol=1e-3)
    np.testing.assert_allclose(together[:, 1::2], heard(border), rtol=1e-3)


def test_word_that_comes_after_the_last_day_is_never_heard():
    border = more("word_of_mouth", sets=["word_of_mouth.delay=30000"])
    weights, lags = hearing(border, head_counts(border))
    assert not weights[:, 0, 1:].any()
    assert weights[INNER, 0, 0].any()
    assert lags.max() == border.period.spin_up + border.period.days

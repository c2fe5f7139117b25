"""The traders: who lives where, who trades with whom, in what.

Inner-side traders come first (0 <= i < n_inner), then the outer side. Both are laid out by block:
a block is a stretch of one sector whose traders' partners are all in the same block, so that blocks
can be simulated side by side without ever touching each other's people. Within a block, traders of
one size lie together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amnok.compiling import allocating_kernel
from amnok.decisions import PERSON_AIR_DRAW, PERSON_DRAW, PERSON_GOODS_DRAW
from amnok.draws import Key, philox, unit
from amnok.mechanisms.entry_exit import EntryExit
from amnok.mechanisms.quota import Quota
from amnok.mechanisms.self_inspection import SelfInspection
from amnok.mechanisms.word_of_mouth import WordOfMouth, closeness, days_on_the_way
from amnok.rules.calendar import DAYS_IN_MONTH
from amnok.rules.distributions import normal_quantile
from amnok.scenario.model import Scenario
from amnok.vector_math import exp
from amnok.world.places import INNER, OUTER, goods_weights, has_air, permits
from amnok.world.rates import Field, Records, person_type, records

BLOCK_SIZE = 2048  # inner-side traders in a block, at most about


_BLOCK = [
    (name, np.int64)
    for name in ("sector", "inner_first", "inner_last", "outer_first", "outer_last")
]
TRAITS = [
    Field("sector", np.int16, "where the person trades"),
    # Not `size`, which is a NumPy attribute of any record.
    Field("size_class", np.uint8, "size of the trader"),
    Field("spot_check", np.int32, "items looked at by habit"),
    Field(
        "partner", np.int32, "standing partner on the other bank; -1 for none and on the outer side"
    ),
    Field("second", np.int32, "second partner, likewise"),
    Field("caution", np.float32, "personal factor on beliefs"),
    Field("export_goods", np.int8, "goods dealt in outward, -1 if there are none"),
    Field("import_goods", np.int8, "goods dealt in inward, -1 if there are none"),
    Field("customs_access", np.bool_, "whether ways through customs can be used"),
    Field("permit", np.bool_, "whether the person acts for a firm with a permit"),
    Field("sea_access", np.bool_, "whether the sea can be used"),
    Field("air_access", np.bool_, "whether the air can be used"),
    Field("found_at", np.float32, "factor on what it costs to find this one (outer side)"),
    Field("protection_access", np.bool_, "whether protection is on offer (outer side)"),
]


def apportion(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Split `total` persons by `weights` (largest remainder); the parts add up to the total."""
    weights = np.asarray(weights, dtype=np.float64)
    if total == 0 or weights.sum() <= 0:
        weights = np.eye(1, weights.size)[0]  # nothing to go by: everyone in the first part
    exact = total * weights / weights.sum()
    result: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - result), kind="stable")
    result[order[: total - int(result.sum())]] += 1
    return result


def _cells(scenario: Scenario, side: int) -> NDArray[np.int64]:
    """Number of traders of one side, [sector, size]."""
    sectors, sizes = scenario.sectors.values(), scenario.traders.sizes.values()
    if side == INNER:
        total = scenario.traders.inner.number
        where = np.array([sector.weight_inner.number for sector in sectors])
        share = np.array([size.share_inner.number for size in sizes])
    else:
        total = scenario.traders.outer.number
        where = np.array([sector.weight_outer.number for sector in sectors])
        share = np.array([size.share_outer.number for size in sizes])
    flat = apportion(round(total), np.outer(where, share).ravel())
    return flat.reshape(len(where), len(share))


def head_counts(scenario: Scenario) -> NDArray[np.float64]:
    """Number of traders, [side, sector, size]."""
    return np.array([_cells(scenario, side) for side in (INNER, OUTER)], dtype=np.float64)


def hearing(
    scenario: Scenario, heads: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Who hears of whom: weights [side, sector, other, size], and days on the way [sector, other].

    People talk with traders of their size along the border in proportion to how many there are and
    how close; those of one's own sector count too, so that a sector may be split into two. Word
    that would come after the last day weighs nothing. Without word of mouth both are empty.

    Args:
        heads: number of traders, [side, sector, size].
    """
    talk, n = scenario.section(WordOfMouth), len(scenario.sectors)
    if talk is None:
        return np.zeros((2, 0, 0, heads.shape[2])), np.zeros((0, 0), dtype=np.int64)
    apart = [float(distance) for distance in range(n)]
    ties = np.array([closeness(distance, talk.reach.number) for distance in apart])
    on_the_way = np.array([days_on_the_way(talk.delay.number, distance) for distance in apart])
    steps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    n_days = scenario.period.spin_up + scenario.period.days
    lags = np.minimum(on_the_way, float(n_days)).astype(np.int64)[steps]
    met = ties[steps][None, :, :, None] * heads[:, None, :, :]
    everyone = met.sum(axis=2, keepdims=True)
    weights = np.divide(met, everyone, out=np.zeros_like(met), where=everyone > 0.0)
    weights *= talk.between_sectors.number * (lags < n_days)[None, :, :, None]
    return weights, lags


def sources(heads: NDArray[np.float64], per_thousand: float) -> NDArray[np.int64]:
    """Where the sources of each place begin, [place + 1]; see `World`.

    Args:
        heads: number of traders, [side, sector, size].
        per_thousand: sources for 1,000 traders.
    """
    people = heads.sum(axis=2).T.ravel()
    counts = apportion(round(per_thousand * float(people.sum()) / 1000.0), people)
    return np.concatenate([[0], np.cumsum(counts)])


def _layout(scenario: Scenario) -> tuple[Records, dict[int, NDArray[np.int64]]]:
    """The blocks, and for each side the head count [block, size]."""
    cells = {side: _cells(scenario, side) for side in (INNER, OUTER)}
    sector_of: list[int] = []
    counts: dict[int, list[NDArray[np.int64]]] = {INNER: [], OUTER: []}
    for sector in range(len(scenario.sectors)):
        chunks = max(1, -(-int(cells[INNER][sector].sum()) // BLOCK_SIZE))
        for chunk in range(chunks):
            sector_of.append(sector)
            for side in (INNER, OUTER):
                whole = cells[side][sector]
                counts[side].append(whole * (chunk + 1) // chunks - whole * chunk // chunks)
    heads = {side: np.array(counts[side]) for side in (INNER, OUTER)}
    totals = {side: heads[side].sum(axis=1) for side in (INNER, OUTER)}
    blocks = records(len(sector_of), _BLOCK)
    blocks["sector"] = sector_of
    blocks["inner_last"] = np.cumsum(totals[INNER])
    blocks["inner_first"] = blocks["inner_last"] - totals[INNER]
    blocks["outer_last"] = int(totals[INNER].sum()) + np.cumsum(totals[OUTER])
    blocks["outer_first"] = blocks["outer_last"] - totals[OUTER]
    return blocks, heads


def _spread(
    heads: NDArray[np.int64], sectors: NDArray[np.int64]
) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
    """Sector and size of each person from head counts [block, size]."""
    n_sizes = heads.shape[1]
    sector = np.repeat(np.repeat(sectors, n_sizes), heads.ravel()).astype(np.int16)
    size = np.repeat(np.tile(np.arange(n_sizes), len(heads)), heads.ravel()).astype(np.uint8)
    return sector, size


def _pair(
    blocks: Records, heads: dict[int, NDArray[np.int64]], n_inner: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Standing partner and second partner of each inner-side trader.

    Traders pair with their own size; where the other bank has none of that size in the block, with
    anyone there; where it has nobody, with no one.
    """
    partner = np.full(n_inner, -1, dtype=np.int32)
    second = np.full(n_inner, -1, dtype=np.int32)
    for block in range(len(blocks)):
        inner, outer = int(blocks[block].inner_first), int(blocks[block].outer_first)
        everyone = int(heads[OUTER][block].sum())
        for n_in, n_out in zip(heads[INNER][block], heads[OUTER][block], strict=True):
            first, pool = (
                (outer, int(n_out)) if n_out else (int(blocks[block].outer_first), everyone)
            )
            if n_in and pool:
                place = np.arange(n_in) * pool // n_in
                partner[inner : inner + n_in] = first + place
                second[inner : inner + n_in] = first + (place + 1) % pool
            inner += int(n_in)
            outer += int(n_out)
    return partner, second


@allocating_kernel
def _uniforms(key: Key, n: int, decision: int) -> NDArray[np.float64]:
    """Four uniforms a person, [4, person]."""
    result = np.empty((4, n))
    for i in range(n):
        x0, x1, x2, x3 = philox(i, 0, decision, 0, key.low, key.high)
        result[0, i], result[1, i] = unit(x0), unit(x1)
        result[2, i], result[3, i] = unit(x2), unit(x3)
    return result


@allocating_kernel
def _lognormal(uniforms: NDArray[np.float64], spread: float) -> NDArray[np.float32]:
    """Factors with the median 1, from draws."""
    steps, result = np.empty(len(uniforms)), np.empty(len(uniforms), dtype=np.float32)
    for i in range(len(uniforms)):
        steps[i] = normal_quantile(uniforms[i])
    for i in range(len(uniforms)):
        result[i] = exp(spread * steps[i])
    return result


def _goods_dealt_in(
    scenario: Scenario, traits: Records, uniforms: NDArray[np.float64], direction: str
) -> NDArray[np.int8]:
    """The goods of one direction that each person deals in, by weight among those of the person's
    sector and size."""
    dealt_in = np.array([goods.direction == direction for goods in scenario.goods.values()])
    sizes = scenario.traders.sizes
    weights = dealt_in * np.array(
        [[goods_weights(scenario, place, size) for size in sizes] for place in scenario.sectors]
    )
    weights = weights.reshape(-1, len(dealt_in))  # [cell, goods]
    totals = weights.sum(axis=-1, keepdims=True)
    edges = np.cumsum(weights, axis=-1) / np.where(totals > 0.0, totals, 1.0)
    last = weights.shape[-1] - 1 - np.argmax(weights[:, ::-1] > 0.0, axis=-1)
    last = np.where(totals[:, 0] > 0.0, last, -1).astype(np.int8)
    cell = traits["sector"].astype(np.intp) * len(sizes) + traits["size_class"]
    chosen = np.zeros(len(traits), dtype=np.int8)
    for edge in edges.T:
        chosen += edge[cell] <= uniforms
    return np.asarray(np.minimum(chosen, last[cell]))


class People(NamedTuple):
    """The traders of one replicate.

    blocks [block]; stretches [block, side, size + 1]: the people of a size lie from one entry up
    to the next; traits [person]: lasting traits; shipping_rate [person]: that of the person's
    size, rounded up.
    """

    blocks: Records
    stretches: NDArray[np.int64]
    traits: Records
    shipping_rate: NDArray[np.float32]


def people(scenario: Scenario, key: Key) -> People:
    """Lay out the traders of one replicate, pair them and draw their traits."""
    blocks, heads = _layout(scenario)
    n_inner = int(heads[INNER].sum())
    traits = records(n_inner + int(heads[OUTER].sum()), person_type(TRAITS))
    for side, people in ((INNER, slice(None, n_inner)), (OUTER, slice(n_inner, None))):
        sector, size = _spread(heads[side], blocks["sector"])
        traits["sector"][people], traits["size_class"][people] = sector, size
    traits["partner"], traits["second"] = -1, -1
    traits["partner"][:n_inner], traits["second"][:n_inner] = _pair(blocks, heads, n_inner)
    _draw_traits(scenario, traits, key)
    rate = shipping_rates(scenario)[traits["size_class"]]
    return People(blocks, _stretches(blocks, heads), traits, rate)


def shipping_rates(scenario: Scenario) -> NDArray[np.float32]:
    """Consignments a day of each size, rounded up, [size]."""
    rates = [size.shipping_rate.number for size in scenario.traders.sizes.values()]
    return np.nextafter(np.array(rates, dtype=np.float32), np.float32(np.inf))


def _stretches(blocks: Records, heads: dict[int, NDArray[np.int64]]) -> NDArray[np.int64]:
    """Where the people of each size begin in each block and side, [block, side, size + 1]."""
    n_sizes = heads[INNER].shape[1]
    result = np.zeros((len(blocks), 2, n_sizes + 1), dtype=np.int64)
    for side, first in ((INNER, "inner_first"), (OUTER, "outer_first")):
        result[:, side, 1:] = np.cumsum(heads[side], axis=1)
        result[:, side] += blocks[first][:, None]
    return result


def _draw_traits(scenario: Scenario, traits: Records, key: Key) -> None:
    """What is a matter of chance about a person."""
    habits = _uniforms(key, len(traits), PERSON_DRAW)
    tastes = _uniforms(key, len(traits), PERSON_GOODS_DRAW)
    checks = scenario.section(SelfInspection)
    spot = checks.spot_check.number if checks is not None else 0.0
    habit = np.floor(spot) + (habits[0] < spot - np.floor(spot))
    traits["spot_check"] = habit
    traits["caution"] = _lognormal(habits[1], scenario.learning.personal_spread.number)
    quota = scenario.section(Quota)
    noise = quota.search_noise.number if quota is not None else 0.0
    traits["found_at"] = _lognormal(tastes[3], noise)
    named = [
        ("customs_access", habits[2]),
        ("sea_access", habits[3]),
        ("protection_access", tastes[2]),
    ]
    if has_air(scenario):
        named.append(("air_access", _uniforms(key, len(traits), PERSON_AIR_DRAW)[0]))
    for name, uniforms in named:
        chances = [getattr(kind, name).number for kind in scenario.traders.sizes.values()]
        traits[name] = uniforms < np.array(chances)[traits["size_class"]]
    access = np.array([kind.customs_access.number for kind in scenario.traders.sizes.values()])
    holders = access * np.array(permits(scenario))
    traits["permit"] = habits[2] < holders[traits["size_class"]]
    traits["export_goods"] = _goods_dealt_in(scenario, traits, tastes[0], "export")
    traits["import_goods"] = _goods_dealt_in(scenario, traits, tastes[1], "import")


def offered(
    scenario: Scenario, traits: Records, partners: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Items a month that senders would bring to a partner, [sector, size of partner, goods].

    What the senders whose standing partner is of that size ship in a usual month, for each such
    partner; season, fears and the bulk of ways apart. `partners` are their number, [sector, size].
    """
    sizes = list(scenario.traders.sizes.values())
    shape = (len(scenario.sectors), len(sizes), len(scenario.goods))
    result = np.zeros(shape)
    sector, size_class = traits["sector"], traits["size_class"]
    monthly = np.array(
        [DAYS_IN_MONTH * size.shipping_rate.number * size.items.number for size in sizes]
    )
    inward = np.array([size.import_share.number for size in sizes])
    for goods, share in (("import_goods", inward), ("export_goods", 1.0 - inward)):
        deals = np.flatnonzero((traits["partner"] >= 0) & (traits[goods] >= 0))
        to = traits["partner"][deals]
        where = (sector[to], size_class[to], traits[goods][deals])
        np.add.at(result, where, (monthly * share)[size_class[deals]])
    np.divide(result, partners[:, :, None], out=result, where=partners[:, :, None] > 0.0)
    return result


def dealt(scenario: Scenario, traits: Records, senders: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the consignments of senders of a size that are of each goods, [sector, size, goods].

    Outward and inward by the size's `import_share`; `senders` are their number, [sector, size].
    Empty where nobody leaves or enters the trade.
    """
    if scenario.section(EntryExit) is None:
        return np.zeros((0, senders.shape[1], len(scenario.goods)))
    inward = np.array([one.import_share.number for one in scenario.traders.sizes.values()])
    result = np.zeros((*senders.shape, len(scenario.goods)))
    inner = traits[: int(senders.sum())]
    for goods, share in (("import_goods", inward), ("export_goods", 1.0 - inward)):
        deals = inner[inner[goods] >= 0]
        size = deals["size_class"]
        np.add.at(result, (deals["sector"], size, deals[goods]), share[size])
    np.divide(result, senders[:, :, None], out=result, where=senders[:, :, None] > 0.0)
    return result

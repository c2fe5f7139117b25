"""What this machine can do at best: one of each thing that a day needs, in the tightest loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from full_day import SCENARIO
from numpy.typing import NDArray

from amnok import draws, vector_math
from amnok.compiling import kernel

N = 4096  # of each in one call
ELEMENTARY = ("exp", "expm1", "log", "log_positive", "log1p")

# A consignment that went over the river, all worked out: where it counts in each table of the tally
# (its record's place, all axes in one), and what.
TABLES = ("flow", "goods", "partners", "exports", "bribes", "accounts")
AMOUNTS = (
    *("outward", "items", "checked", "hours", "leaks", "removed", "worth", "revenue"),
    *("transport", "sanctioned", "bribe", "superiors", "security_police"),
)
CONSIGNMENT = np.dtype(
    [(name, np.uint32) for name in TABLES] + [(name, np.float64) for name in AMOUNTS]
)
ROUNDS = 16  # over the consignments, in one call: handing over the tables takes a while


def best(call: Callable[[], Any], repeats: int = 300) -> float:
    """Nanoseconds of the fastest of many calls, the first (which compiles) apart."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - start)
    return float(min(times))


def machine_rates() -> dict[str, float]:
    """Nanoseconds for one of each, and for one byte, on one thread: the best of many."""
    from amnok.rules.distributions import normal_quantile

    uniforms = (np.arange(N) + 0.5) / N
    rates = {"philox": draw_rate()}
    for name in ELEMENTARY:
        rates[name] = call_rate(getattr(vector_math, name), uniforms)
    rates["normal_quantile"] = call_rate(normal_quantile, uniforms)
    rates["bytes"] = byte_rate()
    rates["consignments"] = booking_rate()
    return rates


def library_rates() -> dict[str, float]:
    """Nanoseconds for one call of the C library's functions in the same loop."""
    import math

    uniforms = (np.arange(N) + 0.5) / N
    alike = [name for name in ELEMENTARY if hasattr(math, name)]
    return {name: call_rate(getattr(math, name), uniforms) for name in alike}


def draw_rate() -> float:
    """Nanoseconds for a block of four uniforms."""
    out = np.zeros(4 * N)
    key = draws.replicate_key(1, 0)

    @kernel
    def draw_all(key: draws.Key, day: int, out: Any) -> None:
        for i in range(N):
            a, b, c, d = draws.philox(i, day, 5, 0, key.low, key.high)
            out[i] = draws.unit(a)
            out[N + i] = draws.unit(b)
            out[2 * N + i] = draws.unit(c)
            out[3 * N + i] = draws.unit(d)

    return best(lambda: draw_all(key, 3, out)) / N


def call_rate(function: Any, x: NDArray[np.float64]) -> float:
    """Nanoseconds for a call of a function of one number."""
    out = np.zeros(len(x))

    @kernel
    def call_all(x: Any, out: Any) -> None:
        for i in range(len(x)):
            out[i] = function(x[i])

    return best(lambda: call_all(x, out)) / len(x)


def byte_rate() -> float:
    """Nanoseconds for a byte read or written, of more than any cache holds."""
    large = np.zeros(8_000_000)

    @kernel
    def update(x: Any) -> None:
        for i in range(len(x)):
            x[i] += 1.0

    return best(lambda: update(large), 20) / (2 * large.nbytes)


def booking_rate() -> float:
    """Nanoseconds to add one consignment, computed before, to the day's counts."""
    from amnok.engine.replicate import start
    from amnok.scenario import load

    tally = start(load(SCENARIO), 1, 0).tally
    tables = tuple(getattr(tally, name).reshape(-1) for name in TABLES)
    consignments = some_consignments(tables)
    return best(lambda: book_all(tables, consignments)) / (N * ROUNDS)


def some_consignments(tables: tuple[Any, ...]) -> NDArray[Any]:
    """Consignments of random sectors, routes, sizes and goods."""
    random = np.random.default_rng(1)
    made = np.zeros(N, CONSIGNMENT)
    for name, table in zip(TABLES, tables, strict=True):
        made[name] = random.integers(len(table), size=N)
    for name in AMOUNTS:
        made[name] = random.uniform(size=N)
    return made.view(np.recarray)


@kernel
def book_all(tables: Any, consignments: Any) -> None:
    """All adds of `crossing.book_attempt`, the guard's bribe and `crossing.settle_crossing`."""
    flows, goods_kinds, partners, records, payers, blocks = tables
    for _ in range(ROUNDS):
        for k in range(len(consignments)):
            one = consignments[k]
            # Read before anything is written, or the compiler reads again after each add.
            outward, items, checked, hours = one.outward, one.items, one.checked, one.hours
            leaks, removed, revenue = one.leaks, one.removed, one.revenue
            flow = flows[one.flow]
            flow.attempts += 1
            flow.crossings += 1
            flow.items_attempted += items
            flow.items_crossed += items
            flow.value_crossed += revenue
            flow.sanctioned_value += one.sanctioned
            flow.items_checked += checked
            flow.checking_hours += hours
            flow.leaks_packed += leaks + removed
            flow.leaks_removed += removed
            flow.leaks_through += leaks
            flow.guard_bribes += one.bribe
            goods = goods_kinds[one.goods]
            goods.goods_attempts += 1
            goods.goods_items_attempted += items
            goods.goods_items_crossed += items
            goods.goods_value_crossed += revenue
            goods.goods_items_checked += checked
            goods.goods_checking_hours += hours
            partner = partners[one.partners]
            partner.partner_attempts += 1
            partner.partner_crossings += 1
            record = records[one.exports]
            record.export_attempts += outward
            record.export_items += outward * items
            record.export_items_checked += outward * checked
            payer = payers[one.bribes]
            payer.superiors += one.superiors
            payer.security_police += one.security_police
            payer.guards += one.bribe - one.superiors - one.security_police
            accounts = blocks[one.accounts]
            accounts.revenue += revenue
            accounts.purchases += one.worth
            accounts.transport_costs += one.transport

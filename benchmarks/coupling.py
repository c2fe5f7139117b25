"""How many choices does a lever flip, against the least that any coupling could?

`PYTHONPATH=. python benchmarks/coupling.py`. Two arms run to the same day with the twin. Then every
sender of the inner bank is asked in both which way it would take a consignment, with the day's own
draws. Where the chances of the options are p in one arm and q in the other, no way of sharing draws
between arms can let fewer than the total variation, half the sum of |p - q|, choose differently;
one keyed draw for each option, and one for each channel, lets a little more. See docs/decisions/
0002 and 0031.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from tests.twin import simulate
from tests.twin.border import Border
from tests.twin.people import Sender
from tests.twin.planning import offer, open_routes, own_reasons

from amnok.decisions import OPPORTUNITY_DRAW, ROUTE_DRAW
from amnok.rules.distributions import gumbel, normal_quantile
from amnok.scenario import Scenario, load
from amnok.scenario.overrides import with_values
from amnok.scenario.policies import chosen, policies, under
from amnok.vector_math import exp

SCENARIO = "sino-korean-border"
STAY = 0xFFFFFFFF
# Lever and the day on which choices are compared: some weeks after it began to act.
LEVERS = (
    ("no_order", dt.date(2018, 11, 20)),
    ("no_leak_campaign", dt.date(2019, 7, 10)),
    ("cameras_off", dt.date(2019, 7, 10)),
    ("customs_closed", dt.date(2018, 7, 10)),
)


def chances(border: Border, sender: Sender) -> tuple[dict[int, float], int]:
    """Chance of each option, and the option taken with the day's draws."""
    _, _, u_direction, u_items = border.draw4(sender.number, OPPORTUNITY_DRAW)
    is_import = u_direction < sender.size.import_share
    goods = sender.import_goods if is_import else sender.export_goods
    if goods is None:
        return {STAY: 1.0}, STAY
    items = sender.size.items * exp(sender.size.items_spread * normal_quantile(u_items))
    utility = {STAY: 0.0}
    for route in open_routes(border, sender, goods):
        offered = offer(border, sender, goods, route, items)
        if offered is not None:
            utility[route.number] = offered[1]
    noisy = {STAY: gumbel(border.draw_option(sender.number, ROUTE_DRAW, STAY))}
    for route in sender.sector.routes:
        if route.number in utility:
            noisy[route.number] = utility[route.number] + own_reasons(border, sender, route)
    taken = max(noisy, key=lambda option: noisy[option])
    return nested(border, utility), taken


def nested(border: Border, utility: dict[int, float]) -> dict[int, float]:
    """Chance of each option: channels by their inclusive values, and routes within them."""
    dissimilarity = border.rates.traders.route_dissimilarity
    nests: dict[int, dict[int, float]] = {}
    for option, value in utility.items():
        channel = -1 if option == STAY else border.routes[option].channel
        nests.setdefault(channel, {})[option] = value
    within, inclusive = {}, {}
    for channel, values in nests.items():
        most = max(values.values())
        pull = {o: math.exp((value - most) / dissimilarity) for o, value in values.items()}
        total = sum(pull.values())
        within[channel] = {option: each / total for option, each in pull.items()}
        inclusive[channel] = most + dissimilarity * math.log(total)
    most = max(inclusive.values())
    weights = {channel: math.exp(value - most) for channel, value in inclusive.items()}
    total = sum(weights.values())
    return {
        option: weights[channel] / total * share
        for channel, shares in within.items()
        for option, share in shares.items()
    }


def at(scenario: Scenario, day: dt.date, seed: int) -> Border:
    """The border on the morning of a day."""
    index = (day - scenario.period.start).days + scenario.period.spin_up
    border = simulate(scenario, seed, days=index).border
    border.begin_day(index)
    return border


def compared(one: Border, two: Border) -> dict[str, float]:
    """Share of choices that differ, the least possible share, and their ratio."""
    flipped, least = [], []
    for sender, other in zip(one.senders, two.senders, strict=True):
        p, taken = chances(one, sender)
        q, taken_other = chances(two, other)
        flipped.append(taken != taken_other)
        options = p.keys() | q.keys()
        least.append(0.5 * sum(abs(p.get(o, 0.0) - q.get(o, 0.0)) for o in options))
    share, floor = float(np.mean(flipped)), float(np.mean(least))
    return {"flipped": share, "least": floor, "ratio": share / floor, "choices": len(flipped)}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traders", type=int, default=6_000, help="in place of 28,000")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    asked = chosen(policies(SCENARIO), [name for name, _ in LEVERS])
    _, arms = under(SCENARIO, [], asked)
    fewer = {
        "traders.inner": round(options.traders * 20 / 28),
        "traders.outer": round(options.traders * 8 / 28),
    }
    base = with_values(load(SCENARIO), fewer)
    results: dict[str, Any] = {}
    borders: dict[dt.date, Border] = {}
    print(f"{'lever':<20}{'choices':>10}{'flipped':>10}{'least':>10}{'ratio':>8}")
    for name, day in LEVERS:
        if day not in borders:
            borders[day] = at(base, day, options.seed)
        found = compared(borders[day], at(with_values(arms[name], fewer), day, options.seed))
        results[name] = found
        print(
            f"{name:<20}{found['choices']:>10,}{found['flipped']:>10.3%}"
            f"{found['least']:>10.3%}{found['ratio']:>8.2f}",
            flush=True,
        )
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()

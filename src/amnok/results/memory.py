"""How much memory a run takes, so that one that cannot fit is refused and not killed halfway."""

from __future__ import annotations

import os

from amnok.engine import tally
from amnok.errors import AmnokError, Fault
from amnok.scenario import Scenario
from amnok.world.days import ROLES

_PERSON = 110  # bytes: traits, state, and the draws that make the traits; measured
_COUNT = 12  # bytes: a float64 in the books and mostly an int32 in the dataset
_GIGABYTE = 1e9


def check_memory(scenario: Scenario, at_once: int) -> None:
    """Refuse a run that needs more memory than the machine has.

    Args:
        scenario: what is to be simulated.
        at_once: how many replicates are simulated side by side.

    Raises:
        AmnokError: it cannot fit. Where the machine does not tell its memory, all is let pass.
    """
    needed, there = at_once * needed_memory(scenario), machine_memory()
    if there is not None and needed > there:
        problem = (
            f"the run needs about {needed / _GIGABYTE:,.0f} GB of memory, "
            f"this machine has {there / _GIGABYTE:,.0f} GB"
        )
        raise AmnokError(Fault(problem, "fewer traders, fewer days, or fewer threads"))


def needed_memory(scenario: Scenario) -> float:
    """About how many bytes one replicate takes: its people, and its books of every day."""
    traders = scenario.traders
    people = traders.inner.number + traders.outer.number
    return people * _PERSON + scenario.period.days * _counts_a_day(scenario) * _COUNT


def _counts_a_day(scenario: Scenario) -> int:
    """Counts that are booked for each day."""
    sectors, sizes = len(scenario.sectors), len(scenario.traders.sizes)
    goods, markets = len(scenario.goods), len(scenario.markets)
    routes = sum(len(sector.routes) for sector in scenario.sectors.values())
    by_sector = goods * len(tally.GOODS) + sizes * (
        len(ROLES) * len(tally.EVENTS) + len(tally.BRIBES) + 2 * len(tally.PEOPLE)
    )
    tips = 2 * round(scenario.reporting.sources.number) * len(tally.TIP)
    by_route = sizes * (len(tally.FLOW) + 1) + 3
    return routes * by_route + sectors * (by_sector + tips) + 2 * goods * markets


def machine_memory() -> int | None:
    """Bytes of memory of this machine, or None where it cannot be told (Windows)."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None

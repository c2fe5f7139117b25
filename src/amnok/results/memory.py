"""How much memory a run takes, so that one that cannot fit is refused and not killed halfway."""

from __future__ import annotations

import math
import os

from amnok.counts import kept_in
from amnok.engine import tally
from amnok.errors import AmnokError, Fault
from amnok.scenario import Scenario
from amnok.variables import BOOKED
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
    length = {
        "route": sum(len(sector.routes) for sector in scenario.sectors.values()),
        "sector": len(scenario.sectors),
        "agency": len(ROLES),
        "size": len(scenario.traders.sizes),
        "side": 2,
        "goods": len(scenario.goods),
        "market": len(scenario.markets),
        "investigated": 2,
        "paying": 2,
    }
    reporting = scenario.reporting
    each = round(reporting.sources.number) if reporting is not None else 0
    return length["sector"] * 2 * each * len(tally.TIP) + sum(
        len(kept_in(table)) * math.prod(length[axis] for axis in table.axes) for table in BOOKED
    )


def machine_memory() -> int | None:
    """Bytes of memory of this machine, or None where it cannot be told (Windows)."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None

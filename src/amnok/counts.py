"""Everything that results hold: what is counted, what stands at the end of a day, what is seen.

A count is said once, in `amnok.counted` or in the module of the mechanism that it belongs to; what
else any border has is said here. The engine's records (`tally.flow[...].searches`), the books
(`books.flow["searches"]`), the dataset with its units and names, and the model's description are
made from that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TypeVar

from amnok.counted import OF_ALL_BORDERS
from amnok.mechanisms import MECHANISMS
from amnok.variables import (
    BORDER,
    DECLARED,
    LEVELS,
    LOSS_BELIEFS,
    MONEY,
    OFFICIAL,
    ORDERS,
    PRICES,
    REPORTS,
    STOP,
    SURVEYS,
    TALLIED,
    WATER,
    Count,
    Variable,
    VariableTable,
)

Kind = TypeVar("Kind", bound=Variable)


def _of_mechanisms(kind: type[Kind], tables: tuple[VariableTable, ...]) -> Iterator[Kind]:
    """What mechanisms add to some tables, each of which needs the mechanism that it belongs to."""
    for mechanism in MECHANISMS:
        for one in mechanism.results:
            if isinstance(one, kind) and one.table in tables:
                yield replace(one, needs=(mechanism.name, *one.needs))


COUNTS: tuple[Count, ...] = (*OF_ALL_BORDERS, *_of_mechanisms(Count, TALLIED))

# What stands at the end of a day.
AT_END: tuple[Variable, ...] = (
    Variable(
        PRICES,
        "price",
        MONEY,
        "Market price of an item",
        "At the end of the day, once what was traded has moved it.",
    ),
    Variable(
        LOSS_BELIEFS,
        "belief_loss",
        "probability",
        "Believed chance that a consignment is lost",
        "Shared by word of mouth; payments for release and personal caution are not in it.",
    ),
    *_of_mechanisms(Variable, LEVELS),
)

# What the world brought, whatever anyone did.
GIVEN: tuple[Variable, ...] = (
    Variable(
        ORDERS,
        "intensity",
        "index",
        "How hard an agency works beyond its usual level",
        "From orders, as politics and the agency's inertia leave them; 0 is the usual level; "
        "where orders hold in some sectors, the mean over those that the agency serves.",
        needs=(STOP,),
    ),
    Variable(
        BORDER,
        "halt",
        "probability",
        "Chance that a consignment is kept home by a halt",
        "The strength of the halts of the day, the mean over all sectors and both directions; 0 "
        "without one.",
    ),
    *_of_mechanisms(Variable, (ORDERS, BORDER, WATER)),
)

# What is visible.
OFFICIAL_COUNTS: tuple[Variable, ...] = tuple(_of_mechanisms(Variable, (OFFICIAL,)))
(DECLARED_VALUE,) = _of_mechanisms(Variable, (DECLARED,))
(SURVEYED,) = _of_mechanisms(Variable, (SURVEYS,))

# Source reports, counted by day; the dataset keeps them one by one, as a table.
REPORT_COUNTS: tuple[Variable, ...] = tuple(_of_mechanisms(Variable, (REPORTS,)))


def kept_in(table: VariableTable) -> list[Variable]:
    """The fields of a table's records, in their order."""
    return [one for one in (*COUNTS, *AT_END) if one.table == table]


def beside(variable: Variable) -> tuple[str, ...]:
    """Names of the counts that a variable shows side by side along its axis."""
    return tuple(count.name for count in COUNTS if count.of == variable)


def variables() -> Iterator[Variable]:
    """Every variable of the dataset, in its order; source reports apart."""
    shown = (count.of or count for count in COUNTS)
    yield from dict.fromkeys((*shown, *AT_END, *GIVEN, *OFFICIAL_COUNTS, DECLARED_VALUE, SURVEYED))


@cache
def measurable() -> dict[str, Variable]:
    """What measures are made of, by name: every day's variables, and counts of source reports."""
    daily = (one for one in variables() if one.table != SURVEYS)
    return {one.name: one for one in (*daily, *REPORT_COUNTS)}


@cache
def named(name: str) -> Variable:
    """The count or variable of a name.

    Raises:
        KeyError: there is none.
    """
    for one in (*COUNTS, *variables()):
        if one.name == name:
            return one
    raise KeyError(name)

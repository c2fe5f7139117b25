"""Everything that results hold: what is counted, what stands at the end of a day, what is seen.

A count is said once, here or in the module of the mechanism that it belongs to. The engine's
records (`tally.flow[...].searches`), the books (`books.flow["searches"]`), the dataset with its
units and names, and the model's description are made from that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TypeVar

from amnok.mechanisms import MECHANISMS
from amnok.variables import (
    ACCOUNTS,
    ARREST,
    BORDER,
    BY_STATUS,
    EVENTS,
    EXPORTS,
    FLOW,
    GOODS,
    IMPRISON,
    LEVELS,
    LOSS_BELIEFS,
    MONEY,
    OFFICIAL,
    ORDERS,
    OUTER_ARREST,
    PARTNERS,
    PEOPLE,
    PRICES,
    QUESTION,
    REPORTS,
    SECTOR,
    SEIZE,
    STOP,
    SURVEYS,
    TALLIED,
    WATER,
    Count,
    Table,
    Variable,
)

Kind = TypeVar("Kind", bound=Variable)


def _of_mechanisms(kind: type[Kind], tables: tuple[Table, ...]) -> Iterator[Kind]:
    """What mechanisms add to some tables, each of which needs the mechanism that it belongs to."""
    for mechanism in MECHANISMS:
        for one in mechanism.results:
            if isinstance(one, kind) and one.table in tables:
                yield replace(one, needs=(mechanism.name, *one.needs))


COUNTS: tuple[Count, ...] = (
    Count(
        FLOW,
        "attempts",
        "consignments",
        "Consignments that set out",
        "Whatever became of them; what stayed at home is not among them.",
    ),
    Count(
        FLOW,
        "crossings",
        "consignments",
        "Consignments that crossed",
        "Those that reached the other bank with their goods, both directions together.",
    ),
    Count(
        FLOW,
        "losses",
        "consignments",
        "Consignments seized on the way",
        "By any agency; those turned back are not among them.",
        needs=(SEIZE,),
    ),
    Count(
        FLOW,
        "items_attempted",
        "items",
        "Items that set out",
        "Those of attempts: the sum of what crossed, was lost and was turned back.",
    ),
    Count(FLOW, "items_crossed", "items", "Items that crossed", "Those of crossings."),
    Count(
        FLOW,
        "items_lost",
        "items",
        "Items seized on the way",
        "Those of losses, by the sender's route; items_seized are the same by agency.",
        needs=(SEIZE,),
    ),
    Count(
        FLOW,
        "value_crossed",
        MONEY,
        "Worth of what crossed, where it is sold",
        "At the day's price on the bank of sale; costs and bribes are not taken off.",
    ),
    Count(
        FLOW,
        "sanctioned_value",
        MONEY,
        "Worth of what crossed under sanctions",
        "The part of value_crossed in goods that the scenario calls sanctioned.",
    ),
    Count(
        FLOW,
        "leaks_packed",
        "leaks",
        "Leaks among the items before any check",
        "In consignments that set out: leaks_removed, and those that went along.",
    ),
    Count(
        FLOW, "leaks_through", "leaks", "Leaks that crossed", "Neither removed nor held on the way."
    ),
    Count(
        FLOW,
        "leaks_held",
        "leaks",
        "Leaks in what was seized or turned back",
        "Found or not; with leaks_removed and leaks_through they make up leaks_packed.",
        needs=(SEIZE,),
    ),
    Count(
        GOODS,
        "goods_attempts",
        "consignments",
        "Consignments that set out",
        "The same as attempts, by kind of goods.",
    ),
    Count(
        GOODS,
        "goods_items_attempted",
        "items",
        "Items that set out",
        "The same as items_attempted, by kind of goods.",
    ),
    Count(
        GOODS,
        "goods_items_crossed",
        "items",
        "Items that crossed",
        "The same as items_crossed, by kind of goods.",
    ),
    Count(
        GOODS,
        "goods_value_crossed",
        MONEY,
        "Worth of what crossed",
        "The same as value_crossed, by kind of goods.",
    ),
    Count(
        EVENTS,
        "stops",
        "persons",
        "Stopped, searched or called in",
        "Everyone whom an agency dealt with, and at customs every consignment; let_go is in it.",
        needs=(STOP,),
    ),
    Count(
        EVENTS,
        "let_go",
        "persons",
        "Let go at once: exempt or protected",
        "By patrols and police; released after a payment is another count.",
        needs=(QUESTION,),
    ),
    Count(
        EVENTS,
        "detections",
        "persons",
        "Found with goods, or brought in as known",
        "Those whose goods were seized, and those brought in for the quota.",
        needs=(STOP,),
    ),
    Count(
        EVENTS,
        "questionings",
        "persons",
        "Brought in for questioning",
        "After a watched call, or by a patrol that did not arrest.",
        needs=(QUESTION,),
    ),
    Count(
        EVENTS,
        "arrests",
        "persons",
        "Arrested",
        "Detained or imprisoned, the same person each time again; questionings are not in it.",
        needs=(ARREST,),
    ),
    Count(
        EVENTS,
        "imprisonments",
        "persons",
        "Arrested and sent to prison",
        "The part of arrests that ends in prison and not in detention.",
        needs=(IMPRISON,),
    ),
    Count(
        EVENTS,
        "items_seized",
        "items",
        "Items seized",
        "By the agency that seized them; by route they are items_lost.",
        needs=(SEIZE,),
    ),
    Count(
        EVENTS,
        "value_seized",
        MONEY,
        "Worth of the items seized",
        "At the price where they were bought, not where they would have been sold.",
        needs=(SEIZE,),
    ),
    Count(
        ACCOUNTS,
        "revenue",
        MONEY,
        "Sales of what crossed",
        "The same as value_crossed, by sector.",
    ),
    Count(
        ACCOUNTS,
        "purchases",
        MONEY,
        "Purchases of what crossed or was seized",
        "At the price where it was bought; what was turned back is not in it.",
    ),
    Count(
        ACCOUNTS,
        "transport_costs",
        MONEY,
        "Costs of carrying, also of what was seized",
        "Bribes, duty and the time of checking are not in it.",
    ),
    Count(
        ACCOUNTS,
        "sender_gains",
        MONEY,
        "What senders gain before officials are paid",
        "Their part of the margin less transport; goods that were lost are taken off.",
    ),
    Count(
        PEOPLE,
        "free",
        "persons",
        "Free",
        "Able to trade, those who lie low included.",
        of=BY_STATUS,
    ),
    Count(
        PEOPLE,
        "detained",
        "persons",
        "In detention",
        "Days or weeks in a cell.",
        of=BY_STATUS,
        needs=(ARREST,),
    ),
    Count(
        PEOPLE,
        "imprisoned",
        "persons",
        "In prison",
        "Serving a prison term.",
        of=BY_STATUS,
        needs=(IMPRISON,),
    ),
    Count(
        PEOPLE,
        "gone",
        "persons",
        "Out of the trade",
        "Came free and did not return to the trade.",
        of=BY_STATUS,
        needs=(ARREST,),
    ),
    Count(
        PEOPLE,
        "refusing",
        "persons",
        "Refusing goods",
        "Free, but a month's share is not worth the risk of arrest; outer-side traders only.",
        needs=(ARREST,),
    ),
    Count(
        PEOPLE,
        "lying_low",
        "persons",
        "Lying low after a questioning",
        "From the day of the questioning on; outer-side traders only.",
        needs=(QUESTION,),
    ),
    Count(
        PEOPLE,
        "known",
        "persons",
        "Known to the police",
        "From a watched call or a patrol, until that is forgotten; outer-side traders only.",
        needs=(QUESTION,),
    ),
    Count(
        EXPORTS,
        "export_attempts",
        "consignments",
        "Export consignments that set out",
        "The part of attempts that goes from the inner to the outer bank.",
    ),
    Count(
        EXPORTS,
        "export_items",
        "items",
        "Items in export consignments",
        "Those of export_attempts, checked or not.",
    ),
    Count(
        PARTNERS,
        "partner_free_days",
        "person-days",
        "Days that partners were free",
        "In the morning, before the day's trips; those who lie low are in it.",
    ),
    Count(
        PARTNERS,
        "partner_attempts",
        "consignments",
        "Consignments that set out to them",
        "The same as attempts, by the partner.",
    ),
    Count(
        PARTNERS,
        "partner_crossings",
        "consignments",
        "Consignments that reached them",
        "The same as crossings, by the partner.",
    ),
    Count(
        PARTNERS,
        "partner_arrests",
        "persons",
        "Partners arrested",
        "By patrols and by police, for the quota as well.",
        needs=(OUTER_ARREST,),
    ),
    Count(
        SECTOR,
        "kept_home",
        "consignments",
        "Packed, but kept home by a halt",
        "Each day again until they leave; not among attempts.",
    ),
    Count(
        SECTOR,
        "no_partner",
        "consignments",
        "Packed, but no partner was free",
        "Each day again until they leave; not among attempts.",
    ),
    Count(
        SECTOR,
        "no_passage",
        "consignments",
        "Packed, but no route was passable",
        "Each day again until they leave; not among attempts.",
    ),
    *_of_mechanisms(Count, TALLIED),
)

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
        "From orders, as politics and the agency's inertia leave them; 0 is the usual level.",
        needs=(STOP,),
    ),
    Variable(
        BORDER,
        "halt",
        "probability",
        "Chance that a consignment is kept home by a halt",
        "The strength of the halts of the day; 0 without one.",
    ),
    *_of_mechanisms(Variable, (ORDERS, BORDER, WATER)),
)

# What is visible.
OFFICIAL_COUNTS: tuple[Variable, ...] = tuple(_of_mechanisms(Variable, (OFFICIAL,)))
(SURVEYED,) = _of_mechanisms(Variable, (SURVEYS,))

# Source reports, counted by day; the dataset keeps them one by one, as a table.
REPORT_COUNTS: tuple[Variable, ...] = tuple(_of_mechanisms(Variable, (REPORTS,)))


def kept_in(table: Table) -> list[Variable]:
    """The fields of a table's records, in their order."""
    return [one for one in (*COUNTS, *AT_END) if one.table == table]


def beside(variable: Variable) -> tuple[str, ...]:
    """Names of the counts that a variable shows side by side along its axis."""
    return tuple(count.name for count in COUNTS if count.of == variable)


def variables() -> Iterator[Variable]:
    """Every variable of the dataset, in its order; source reports apart."""
    shown = (count.of or count for count in COUNTS)
    yield from dict.fromkeys((*shown, *AT_END, *GIVEN, *OFFICIAL_COUNTS, SURVEYED))


@cache
def measurable() -> dict[str, Variable]:
    """What measures are made of, by name: every day's variables, and counts of source reports."""
    daily = (one for one in variables() if one.table != SURVEYS)
    return {one.name: one for one in (*daily, *REPORT_COUNTS)}


def named(name: str) -> Variable:
    """The count or variable of a name.

    Raises:
        KeyError: there is none.
    """
    for one in (*COUNTS, *variables()):
        if one.name == name:
            return one
    raise KeyError(name)

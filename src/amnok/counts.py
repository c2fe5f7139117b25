"""Everything that results hold: what is counted, what stands at the end of a day, what is seen.

A count is said here and nowhere else. The engine's records (`tally.flow[...].searches`), the books
(`books.flow["searches"]`), the dataset with its units and names, and the model's description are
made from it.
"""

from __future__ import annotations

from collections.abc import Iterator

from amnok.variables import (
    ACCOUNTS,
    ARREST,
    BORDER,
    BRIBES,
    EFFORTS,
    EVENTS,
    EXPORTS,
    FLOW,
    GOODS,
    GUARD_PRICES,
    IMPRISON,
    LOSS_BELIEFS,
    MONEY,
    OFFICIAL,
    ORDERS,
    OUTER_ARREST,
    PAID,
    PARTNERS,
    PEOPLE,
    PRICES,
    QUESTION,
    SEARCH_BELIEFS,
    SECTOR,
    SEIZE,
    STOP,
    SURVEYS,
    WATER,
    Count,
    Table,
    Variable,
)

KEPT_BRIBES = Variable(
    BRIBES,
    "bribes",
    MONEY,
    "Bribes kept, by receiver and size of the payer",
    "What each receiver keeps; what guards pass on counts for whom they pass it to.",
    "receiver",
    needs=(PAID,),
)
BY_STATUS = Variable(
    PEOPLE,
    "people",
    "persons",
    "Traders at the day's end, by status",
    "After the day's trips and before the police fill their quota; each person once.",
    "status",
)

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
        "refused",
        "consignments",
        "Turned back: no deal with the guard",
        "The goods stay with the sender, who tries again.",
        needs=("guards",),
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
        "items_turned_back",
        "items",
        "Items turned back",
        "Those of refused consignments.",
        needs=("guards",),
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
        "items_checked",
        "items",
        "Items checked by their sender",
        "Before setting out, be it only a spot check.",
        needs=("self_inspection",),
    ),
    Count(
        FLOW,
        "checking_hours",
        "hours",
        "Time that senders spent checking",
        "For items_checked: items times the minutes that one takes.",
        needs=("self_inspection",),
    ),
    Count(
        FLOW,
        "leaks_packed",
        "leaks",
        "Leaks among the items before any check",
        "In consignments that set out: leaks_removed, and those that went along.",
    ),
    Count(
        FLOW,
        "leaks_removed",
        "leaks",
        "Leaks that senders took out",
        "Found by the sender's own check; no search is among them.",
        needs=("self_inspection",),
    ),
    Count(
        FLOW,
        "leaks_found",
        "leaks",
        "Leaks that searches found",
        "By the security police, of what was still in the consignment; also in leaks_held.",
        needs=("security_police",),
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
        FLOW,
        "seen_by_camera",
        "consignments",
        "Seen by a camera",
        "Among those that came to where cameras stand, on the inner bank.",
        needs=("cameras",),
    ),
    Count(
        FLOW,
        "searches",
        "consignments",
        "Searched by the security police",
        "Whatever came of it; the security police's stops are the same by sector.",
        needs=("security_police",),
    ),
    Count(
        FLOW,
        "released",
        "consignments",
        "Searched, and on after a payment",
        "The part of searches that neither found a leak nor led to detention.",
        needs=("security_police",),
    ),
    Count(
        FLOW,
        "intercepts",
        "consignments",
        "Met by a patrol",
        "On the outer bank, those let go included.",
        needs=("patrols",),
    ),
    Count(
        FLOW,
        "guard_bribes",
        MONEY,
        "Paid to guards, before they pass on their part",
        "Also for what was seized later on its way; payments for release are not in it.",
        needs=("guards",),
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
        GOODS,
        "goods_items_checked",
        "items",
        "Items checked by their sender",
        "The same as items_checked, by kind of goods.",
        needs=("self_inspection",),
    ),
    Count(
        GOODS,
        "goods_checking_hours",
        "hours",
        "Time that senders spent checking",
        "The same as checking_hours, by kind of goods.",
        needs=("self_inspection",),
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
        "investigations",
        "files",
        "Files opened on traders",
        "By the security police, whether by watching or after a search.",
        needs=("security_police",),
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
        BRIBES,
        "guards",
        MONEY,
        "Kept by guards",
        "What is left of guard_bribes once others have their shares.",
        of=KEPT_BRIBES,
        needs=("guards",),
    ),
    Count(
        BRIBES,
        "superiors",
        MONEY,
        "Kept by guards' superiors",
        "Their share of guard_bribes.",
        of=KEPT_BRIBES,
        needs=("guards",),
    ),
    Count(
        BRIBES,
        "security_police",
        MONEY,
        "Kept by the security police",
        "Their share of guard_bribes, and payments for release after a search.",
        of=KEPT_BRIBES,
        needs=("security_police",),
    ),
    Count(
        BRIBES,
        "police",
        MONEY,
        "Kept by the police",
        "Monthly payments of outer-side traders for protection.",
        of=KEPT_BRIBES,
        needs=("protection",),
    ),
    Count(
        BRIBES,
        "customs",
        MONEY,
        "Kept by customs officers",
        "Payments at the bridge; duty is not among them.",
        of=KEPT_BRIBES,
        needs=("customs",),
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
        "duties",
        MONEY,
        "Customs duty",
        "Paid at the bridge; bribes are not in it.",
        needs=("customs",),
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
        "lying_low",
        "persons",
        "Lying low after a questioning",
        "From the day of the questioning on; outer-side traders only.",
        needs=(QUESTION,),
    ),
    Count(
        PEOPLE,
        "under_scrutiny",
        "persons",
        "Under scrutiny of the security police",
        "A file was opened on them not long ago; inner-side traders only.",
        needs=("security_police",),
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
        PEOPLE,
        "protected",
        "persons",
        "Paying the police for protection",
        "This month's payers, in custody or not; outer-side traders only.",
        needs=("protection",),
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
        EXPORTS,
        "export_items_checked",
        "items",
        "Of these, checked by their sender",
        "The part of export_items that was looked through before setting out.",
        needs=("self_inspection",),
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
    Count(
        SECTOR,
        "guards_removed",
        "persons",
        "Guards who lost their post",
        "After a search on their route found a leak; the next guard is stricter for a time.",
        needs=(
            "guards",
            "security_police",
        ),
    ),
    Count(
        SECTOR,
        "leak_cases",
        "consignments",
        "Searches that found a leak",
        "However many leaks there were in the consignment.",
        needs=("security_police",),
    ),
    Count(
        SECTOR,
        "sources_traced",
        "persons",
        "Sources silenced by a traced call",
        "On the day of the call; they report again after a while.",
        needs=(
            "reporting",
            "phones",
        ),
    ),
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
        "Believed chance that a consignment is lost or costs a payment",
        "Shared by word of mouth; personal caution is not in it.",
    ),
    Variable(
        SEARCH_BELIEFS,
        "belief_search",
        "probability",
        "Believed chance of a search",
        "By the security police; shared by word of mouth, without personal caution.",
        needs=("security_police",),
    ),
    Variable(
        GUARD_PRICES,
        "guard_price",
        MONEY,
        "What letting a consignment pass costs a guard in risk",
        "Chance of being held responsible times the penalty; the guard's trouble is not in it.",
        needs=("guards",),
    ),
    Variable(
        EFFORTS,
        "effort_security_police",
        "ratio",
        "Effort of the security police; 1 is the average",
        "What the next day begins with: by plan, or drawn to where the agency stopped most.",
        needs=("security_police",),
    ),
    Variable(
        EFFORTS,
        "effort_patrols",
        "ratio",
        "Effort of patrols; 1 is the average",
        "What the next day begins with: by plan, or drawn to where the agency stopped most.",
        needs=("patrols",),
    ),
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
    Variable(
        BORDER,
        "camera_level",
        "share",
        "Share of the cameras that are installed",
        "The same on every route; how many a route can have is a parameter.",
        needs=("cameras",),
    ),
    Variable(
        WATER,
        "river_stage",
        "index",
        "Level of the river; 0 is low water, 1 the bank",
        "With the season and dated rises; above 1 is a flood.",
        needs=("river",),
    ),
    Variable(
        WATER,
        "frozen",
        "1",
        "Whether the river is frozen",
        "1 between the sector's dates of freeze and thaw, else 0.",
        needs=("river",),
    ),
)

# What is visible.
OFFICIAL_COUNTS: tuple[Variable, ...] = (
    Variable(
        OFFICIAL,
        "official_arrests",
        "persons",
        "Arrests as an agency writes them down",
        "The part of arrests that is recorded.",
        needs=(
            "official",
            ARREST,
        ),
    ),
    Variable(
        OFFICIAL,
        "official_questionings",
        "persons",
        "Questionings as an agency writes them down",
        "The part of questionings that is recorded.",
        needs=(
            "official",
            QUESTION,
        ),
    ),
    Variable(
        OFFICIAL,
        "official_items_seized",
        "items",
        "Items seized as an agency writes them down",
        "The part of items_seized that is recorded.",
        needs=(
            "official",
            SEIZE,
        ),
    ),
    Variable(
        OFFICIAL,
        "official_value_seized",
        MONEY,
        "Worth of the items seized on paper",
        "The recorded items at the mean worth of the items seized.",
        needs=(
            "official",
            SEIZE,
        ),
    ),
)
SURVEYED = Variable(
    SURVEYS,
    "surveyed_price",
    MONEY,
    "Market price of an item as surveyed",
    "The price of the day with the error of a survey.",
    needs=("official",),
)


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


def named(name: str) -> Variable:
    """The count or variable of a name.

    Raises:
        KeyError: there is none.
    """
    for one in (*COUNTS, *variables()):
        if one.name == name:
            return one
    raise KeyError(name)

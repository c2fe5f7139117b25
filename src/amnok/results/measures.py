"""What the books count, under the names, units and descriptions that the dataset gives it.

The keys are those of `amnok.engine.tally`; a measure the engine counts and this file does not name
is an error. "money" stands for the scenario's currency. The comment above a group says what it is
counted by; the model's description (`amnok odd`) prints it.
"""

from __future__ import annotations

from typing import NamedTuple

MONEY = "money"


class Measure(NamedTuple):
    """Name of a variable, its unit, and what it is in a few words."""

    name: str
    unit: str
    long_name: str


# By route and size of the inner-side trader.
FLOW: dict[str, Measure] = {
    "attempts": Measure("attempts", "consignments", "Consignments that set out"),
    "refused": Measure("refused", "consignments", "Turned back: no deal with the guard"),
    "crossings": Measure("crossings", "consignments", "Consignments that crossed"),
    "losses": Measure("losses", "consignments", "Consignments seized on the way"),
    "items_attempted": Measure("items_attempted", "items", "Items that set out"),
    "items_crossed": Measure("items_crossed", "items", "Items that crossed"),
    "items_seized": Measure("items_lost", "items", "Items seized on the way"),
    "items_turned_back": Measure("items_turned_back", "items", "Items turned back"),
    "value_crossed": Measure("value_crossed", MONEY, "Worth of what crossed, where it is sold"),
    "sanctioned_value": Measure("sanctioned_value", MONEY, "Worth of what crossed under sanctions"),
    "items_checked": Measure("items_checked", "items", "Items checked by their sender"),
    "checking_hours": Measure("checking_hours", "hours", "Time that senders spent checking"),
    "leaks_packed": Measure("leaks_packed", "leaks", "Leaks among the items before any check"),
    "leaks_removed": Measure("leaks_removed", "leaks", "Leaks that senders took out"),
    "leaks_found": Measure("leaks_found", "leaks", "Leaks that searches found"),
    "leaks_through": Measure("leaks_through", "leaks", "Leaks that crossed"),
    "leaks_held": Measure("leaks_held", "leaks", "Leaks in what was seized or turned back"),
    "seen_by_camera": Measure("seen_by_camera", "consignments", "Seen by a camera"),
    "searches": Measure("searches", "consignments", "Searched by the security police"),
    "released": Measure("released", "consignments", "Searched, and on after a payment"),
    "intercepts": Measure("intercepts", "consignments", "Met by a patrol"),
    "guard_bribes": Measure(
        "guard_bribes", MONEY, "Paid to guards, before they pass on their part"
    ),
}

# By sector and goods.
GOODS: dict[str, Measure] = {
    "consignments": Measure("goods_attempts", "consignments", "Consignments that set out"),
    "items_attempted": Measure("goods_items_attempted", "items", "Items that set out"),
    "items_crossed": Measure("goods_items_crossed", "items", "Items that crossed"),
    "value_crossed": Measure("goods_value_crossed", MONEY, "Worth of what crossed"),
    "items_checked": Measure("goods_items_checked", "items", "Items checked by their sender"),
    "checking_hours": Measure("goods_checking_hours", "hours", "Time that senders spent checking"),
}

# By sector, agency and size of the person stopped.
EVENTS: dict[str, Measure] = {
    "stops": Measure("stops", "persons", "Stopped, searched or called in"),
    "let_go": Measure("let_go", "persons", "Let go at once: exempt or protected"),
    "detections": Measure("detections", "persons", "Found with goods, or brought in as known"),
    "questionings": Measure("questionings", "persons", "Brought in for questioning"),
    "arrests": Measure("arrests", "persons", "Arrested"),
    "imprisonments": Measure("imprisonments", "persons", "Arrested and sent to prison"),
    "investigations": Measure("investigations", "files", "Files opened on traders"),
    "items_seized": Measure("items_seized", "items", "Items seized"),
    "value_seized": Measure("value_seized", MONEY, "Worth of the items seized"),
}

# By sector, receiver and size of the payer.
BRIBES = Measure("bribes", MONEY, "Bribes kept, by receiver and size of the payer")

# By sector.
ACCOUNTS: dict[str, Measure] = {
    "revenue": Measure("revenue", MONEY, "Sales of what crossed"),
    "purchases": Measure("purchases", MONEY, "Purchases of what crossed or was seized"),
    "transport": Measure("transport_costs", MONEY, "Costs of carrying, also of what was seized"),
    "duties": Measure("duties", MONEY, "Customs duty"),
}
# By sector.
SECTOR: dict[str, Measure] = {
    "kept_home": Measure("kept_home", "consignments", "Packed, but kept home by a halt"),
    "no_partner": Measure("no_partner", "consignments", "Packed, but no partner was free"),
    "no_passage": Measure("no_passage", "consignments", "Packed, but no route was passable"),
    "guards_removed": Measure("guards_removed", "persons", "Guards who lost their post"),
    "leak_cases": Measure("leak_cases", "consignments", "Searches that found a leak"),
    "sources_traced": Measure("sources_traced", "persons", "Sources silenced by a traced call"),
}

STATUS = ("free", "detained", "imprisoned", "gone")
# By sector, side, size and status: free, detained, imprisoned or gone.
PEOPLE = Measure("people", "persons", "Traders at the day's end, by status")
# By sector, side and size.
MARKED: dict[str, Measure] = {
    "lying_low": Measure("lying_low", "persons", "Lying low after a questioning"),
    "under_scrutiny": Measure("under_scrutiny", "persons", "Under scrutiny of the security police"),
    "known": Measure("known", "persons", "Known to the police"),
    "protected": Measure("protected", "persons", "Paying the police for protection"),
}

# By sector and whether the sender was ever investigated; export consignments only.
SCRUTINY: dict[str, Measure] = {
    "consignments": Measure("export_attempts", "consignments", "Export consignments that set out"),
    "items_attempted": Measure("export_items", "items", "Items in export consignments"),
    "items_checked": Measure("export_items_checked", "items", "Of these, checked by their sender"),
}

# By sector, the outer-side partner's size, and whether that partner pays for protection.
PROTECTION: dict[str, Measure] = {
    "free_days": Measure("partner_free_days", "person-days", "Days that partners were free"),
    "consignments": Measure(
        "partner_attempts", "consignments", "Consignments that set out to them"
    ),
    "crossings": Measure("partner_crossings", "consignments", "Consignments that reached them"),
    "arrests": Measure("partner_arrests", "persons", "Partners arrested"),
}

# By side, goods and market.
PRICE = Measure("price", MONEY, "Market price of an item")
# By route and size.
BELIEF_LOSS = Measure(
    "belief_loss", "probability", "Believed chance that a consignment is lost or costs a payment"
)
# By sector and size.
BELIEF_SEARCH = Measure("belief_search", "probability", "Believed chance of a search")
# By route.
GUARD_PRICE = Measure("guard_price", MONEY, "What letting a consignment pass costs a guard in risk")
# By route.
EFFORT = (
    Measure("effort_security_police", "ratio", "Effort of the security police; 1 is the average"),
    Measure("effort_patrols", "ratio", "Effort of patrols; 1 is the average"),
)

# What the world brought, whatever anyone did.

# By agency.
INTENSITY = Measure("intensity", "index", "How hard an agency works beyond its usual level")
# For the whole border.
HALT = Measure("halt", "probability", "Chance that a consignment is kept home by a halt")
# For the whole border.
CAMERA_LEVEL = Measure("camera_level", "share", "Share of the cameras that are installed")
# By sector.
RIVER_STAGE = Measure("river_stage", "index", "Level of the river; 0 is low water, 1 the bank")
# By sector.
FROZEN = Measure("frozen", "1", "Whether the river is frozen")

# What is visible.

# By sector, agency and size of the person stopped.
OFFICIAL = (
    Measure("official_arrests", "persons", "Arrests as an agency writes them down"),
    Measure("official_questionings", "persons", "Questionings as an agency writes them down"),
    Measure("official_items_seized", "items", "Items seized as an agency writes them down"),
)
# By sector, agency and size of the person stopped.
OFFICIAL_VALUE = Measure("official_value_seized", MONEY, "Worth of the items seized on paper")
# On survey days, by goods and market of the inner side.
SURVEY = Measure("surveyed_price", MONEY, "Market price of an item as surveyed")

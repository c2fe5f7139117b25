"""What a variable of the results is: its table, name, unit and meaning.

A mechanism says what it counts with these types, and `amnok.counts` gathers what all of them say.
The engine's tally, the books, the dataset and the model's description are made from that, so a
count has one name everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MONEY = "money"  # a unit that stands for the scenario's currency

# What mechanisms do, as a variable may need (`Mechanism.does`).
ARREST = "arrest"
OUTER_ARREST = "arrest on the outer bank"
IMPRISON = "imprison"
SEIZE = "seize"
QUESTION = "question"
STOP = "stop"
PAID = "get paid"

Kind = Literal["flow", "stock", "level"]
KINDS: dict[Kind, str] = {
    "flow": "adds up over days and cells",
    "stock": "adds up over cells; over days it gives unit-days",
    "level": "does not add up: a mean over days, for each cell by itself",
}

# What sources report, the rarest first.
REPORTED = ("leak_found", "guard_removed", "arrest", "questioning", "search", "halt")

WHOLE = frozenset(("consignments", "items", "leaks", "persons", "files", "person-days"))


@dataclass(frozen=True)
class VariableTable:
    """Variables that are kept together, for each day.

    Attributes:
        name: as in `tally.flow` and `books.flow`.
        axes: dimensions of the dataset after the day; a place (sector or route) comes first.
        by: the same in words; whose size is meant.
        ledger: "truth" (what happened) or "visible" (what could be seen of it).
        kind: how its variables add up, see `KINDS`.
    """

    name: str
    axes: tuple[str, ...]
    by: str
    ledger: str = "truth"
    kind: Kind = "flow"


@dataclass(frozen=True)
class Variable:
    """A variable of the dataset.

    Attributes:
        table: what it is kept by.
        name: the same in kernels, books, dataset and files.
        unit: of each number; MONEY stands for the currency. Units in WHOLE are counted in whole.
        label: what it is in a few words, the dataset's `long_name`.
        text: one sentence: what is in it and what is not; the dataset's `comment`.
        axis: a last dimension along which counts stand side by side, those whose `of` it is.
        needs: what a border must have for there to be anything to count, all that are listed: a
            mechanism by name, or any one that does such a thing (`ARREST` to `PAID`).
    """

    table: VariableTable
    name: str
    unit: str
    label: str
    text: str
    axis: str = ""
    needs: tuple[str, ...] = ()

    @property
    def axes(self) -> tuple[str, ...]:
        """Its dimensions after the day."""
        return (*self.table.axes, self.axis) if self.axis else self.table.axes


@dataclass(frozen=True)
class Count(Variable):
    """What kernels add up over a day: a field of its table's records, and a variable.

    Attributes:
        of: the variable that shows it beside others, along its `axis`; None if it is one itself.
    """

    of: Variable | None = None


# What the engine counts, in the order in which the books keep it.
FLOW = VariableTable("flow", ("route", "size"), "By route and size of the inner-side trader")
GOODS = VariableTable("goods", ("sector", "goods"), "By sector and goods")
EVENTS = VariableTable(
    "events", ("sector", "agency", "size"), "By sector, agency and size of the person stopped"
)
BRIBES = VariableTable("bribes", ("sector", "size"), "By sector, receiver and size of the payer")
ACCOUNTS = VariableTable("accounts", ("sector",), "By sector")
PEOPLE = VariableTable(
    "people", ("sector", "side", "size"), "By sector, side and size", kind="stock"
)
EXPORTS = VariableTable(
    "exports",
    ("sector", "investigated"),
    "By sector and whether the sender was ever investigated; export consignments only",
)
PARTNERS = VariableTable(
    "partners",
    ("sector", "size", "paying"),
    "By sector, the outer-side partner's size, and whether that partner pays for protection",
)
SECTOR = VariableTable("sector", ("sector",), "By sector")
TALLIED = (FLOW, GOODS, EVENTS, BRIBES, ACCOUNTS, PEOPLE, EXPORTS, PARTNERS, SECTOR)

# What stands at the end of a day: read off, not added up.
PRICES = VariableTable(
    "prices", ("side", "goods", "market"), "By side, goods and market", kind="level"
)
LOSS_BELIEFS = VariableTable("loss_beliefs", ("route", "size"), "By route and size", kind="level")
SEARCH_BELIEFS = VariableTable(
    "search_beliefs", ("sector", "size"), "By sector and size", kind="level"
)
GUARD_PRICES = VariableTable("guard_prices", ("route",), "By route", kind="level")
EFFORTS = VariableTable("efforts", ("route",), "By route", kind="level")
LEVELS = (PRICES, LOSS_BELIEFS, SEARCH_BELIEFS, GUARD_PRICES, EFFORTS)
BOOKED = (*TALLIED, *LEVELS)

# What the world brought, whatever anyone did.
ORDERS = VariableTable("orders", ("agency",), "By agency", kind="level")
BORDER = VariableTable("border", (), "For the whole border", kind="level")
WATER = VariableTable("water", ("sector",), "By sector", kind="level")

# What is visible.
OFFICIAL = VariableTable(
    "official",
    ("sector", "agency", "size"),
    "By sector, agency and size of the person stopped",
    "visible",
)
DECLARED = VariableTable(
    "declared",
    ("sector", "side", "goods"),
    "By sector, side that it is brought to, and goods",
    "visible",
)
SURVEYS = VariableTable(
    "surveys",
    ("goods", "market"),
    "On survey days, by goods and market of the inner side",
    "visible",
    "level",
)
REPORTS = VariableTable(
    "reports",
    ("sector", "side", "kind"),
    "By sector, side and kind of the event reported",
    "visible",
)

# Variables that show counts of several mechanisms side by side.
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

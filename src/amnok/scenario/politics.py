"""Agencies, the orders that drive them, and political dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from amnok.mechanisms.form import PlanMethod
from amnok.mechanisms.roles import EITHER_BANK, EXPORT, IMPORT, Bank, Role, usual_bank
from amnok.quantity import (
    Date,
    Days,
    Index,
    Level,
    Parameter,
    Part,
    Probability,
    Ratio,
    Share,
    SomeOrAll,
    Sparse,
    Weight,
    is_among,
    neutral,
)

Name = str
Directions = Literal["both", "export", "import"]


class Agency(Sparse):
    """An agency: its role in the model, how politics moves it, how it spreads its effort."""

    label: str
    """What tables and charts call this agency."""

    role: Role
    """What the agency does in the model. A border has an agency of a role, or several, wherever it
    has the mechanism that the role acts by.
    """

    sectors: SomeOrAll = "all"
    """The sectors that the agency serves, or `all` that no other agency of its role names. Each
    sector has one agency of a role.
    """

    bank: Bank | None = None
    """The bank on which the agency stands. Without it `guard` and `security_police` are on the
    inner one, `patrol`, `police` and `customs` on the outer one; only `guard` and `customs` can be
    on the other.
    """

    usual_level: Level = neutral(0.0)
    """How hard the agency works at all times, beyond what is usual for its role, as if so strong an
    order were always in force. Below 0 it does less; at 0 what the role's mechanism says; at 1 as
    much more as its `boost` fields say.
    """

    inertia: Days = neutral(0.0)
    """Days over which the agency's intensity follows an order; after that many days about two
    thirds of the change are made. At 0 it follows at once; high: an order takes months to be felt.
    """

    weights: dict[Name, Weight] = Field(default_factory=dict)
    """How much each signal scales the orders to this agency, by name of the signal: an order is
    multiplied by 1 plus the sum of weight times signal. At 0, or without a weight, a signal does
    not matter; above 0 it makes orders stricter, below 0 milder. They act only with `signals`.
    """

    allocation: Literal["fixed", "follow_finds"] | PlanMethod = "fixed"
    """How the agency spreads its effort over the routes of a sector: evenly (`fixed`), drawn to
    recent finds (`follow_finds`), or by a plan against traders who take the best route
    (`stackelberg`) or who also have reasons outside the model (`quantal`). Only security police and
    patrols have a choice.
    """

    follow: Share | None = None
    """How far effort moves to where the agency has lately stopped most; only read with `allocation:
    follow_finds`. At 0 effort stays even; at 1 it goes wholly where the finds are.
    """

    @property
    def stands(self) -> Bank:
        """The bank on which it stands."""
        return self.bank or usual_bank(self.role)

    @model_validator(mode="after")
    def _stands_where_it_can(self) -> Agency:
        usual = usual_bank(self.role)
        if self.stands != usual and self.role not in EITHER_BANK:
            raise ValueError(f"{self.role} stands on the {usual} bank; guard and customs can move")
        return self

    @model_validator(mode="after")
    def _follows_with_a_share(self) -> Agency:
        if self.allocation != "fixed" and self.role not in ("security_police", "patrol"):
            raise ValueError("only security_police and patrol spread effort over routes")
        if self.allocation == "follow_finds" and self.follow is None:
            raise ValueError("allocation: follow_finds needs `follow`, how far effort moves")
        return self


class Dated(Part):
    """What counts from a first day on, and ends on a date or never."""

    if TYPE_CHECKING:  # each kind has its own words for them
        label: str
        called: str
        start: Date
        ramp: Days | None
        end: Date | None

    @property
    def until(self) -> dt.date | None:
        """First day on which it no longer counts, or None if it never ends."""
        return None if self.end is None else self.end.date

    @property
    def ramp_days(self) -> float:
        """Days until it has its full strength; 0 is at once."""
        return 0.0 if self.ramp is None else self.ramp.number

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.until is not None and self.until <= self.start.date:
            raise ValueError(
                f"dates out of order: it ends on {self.until}, starts on {self.start.date}"
            )
        return self


class Order(Dated):
    """A dated order that raises or lowers the intensity of agencies, or the level of `cameras`."""

    label: str
    """What tables and charts call this order."""

    called: str = ""
    """What sentences and lines of charts call it, as in "the October order"; its label without it.
    """

    targets: tuple[Name, ...] = Field(min_length=1)
    """The agencies that the order moves: by name, by role for all that have it, as far as no agency
    is called so, or `cameras` for their number.
    """

    lowers: bool = False
    """Whether it is a relaxation: `intensity` then lowers what agencies do, below the usual too
    where no order raises them, and takes down that share of the cameras. Nothing falls below 0.
    """

    start: Date
    """First day of the order; it starts to count on this day."""

    end: Date | None = None
    """First day on which the order no longer counts. Without it the order never ends."""

    ramp: Days
    """Days until the order is in full force, in even steps; 1 or less is at once. Low: it comes as
    a shock; high: it creeps in.
    """

    sectors: SomeOrAll = "all"
    """The sectors where the order holds, or `all`. Elsewhere agencies go on as they did."""

    intensity: Index
    """Strength of the order in full force. What an agency's `boost` fields say is for 1. For
    cameras it is the share of the missing ones that is put up, at most all. At 0 there is no order;
    at 2 it is twice as strong.
    """

    @property
    def strength(self) -> float:
        """The intensity, below 0 if the order lowers."""
        return -self.intensity.number if self.lowers else self.intensity.number


class News(Part):
    """What becomes of a number, or of several that change alike."""

    parameter: str | tuple[str, ...] = ()
    """The number that changes, by its path as after `--set`; a list for several that change
    alike. A `*` in it stands for every name, as in `goods.*.markup`.
    """

    value: Parameter | None = None
    """The number's new value, in the unit of the number that changes."""

    factor: Ratio | None = None
    """How many times what it is the number becomes, instead of a new value. At 0 it becomes 0; at 1
    nothing changes; at 2 it doubles, up to the most that its unit allows.
    """

    @property
    def paths(self) -> tuple[str, ...]:
        """Paths as written; names may be `*`."""
        return (self.parameter,) if isinstance(self.parameter, str) else self.parameter

    def fits(self) -> str:
        """What does not fit in it; nothing if all does."""
        if not self.paths:
            return "names no `parameter` that changes"
        is_one = (self.value is None) != (self.factor is None)
        return "" if is_one else "a change has either a `value` or a `factor`"

    @model_validator(mode="after")
    def _one_new_number(self) -> Self:
        if wrong := self.fits():
            raise ValueError(wrong)
        return self


class Change(News, Dated, Sparse):
    """A dated change of a number, or of several at once."""

    label: str
    """What tables and charts call this change."""

    called: str = ""
    """What sentences call it, as in "because of the price rise"; its label without it."""

    sets: dict[Name, News] = Field(default_factory=dict)
    """Several numbers that change at once, each in its own way, by a name of one's choice: instead
    of `parameter`.
    """

    strength: Share = neutral(1.0)
    """How much of the change is made. At 0 nothing changes; at 1 all of it."""

    start: Date
    """First day of the change; it counts on this day."""

    ramp: Days | None = None
    """Days until the number has its new value, in even steps; 1 or less, or none: at once. Low: it
    comes as a shock; high: it creeps in.
    """

    end: Date | None = None
    """First day on which the number is again what it was. Without it the change lasts."""

    sectors: SomeOrAll = "all"
    """The sectors where the number changes, or `all`. Only what can differ between sectors can
    change in some.
    """

    direction: Directions = "both"
    """Of `goods.*`, which change: `export`, `import` (as goods are) or `both`. Other numbers are
    the same in both directions.
    """

    @property
    def news(self) -> tuple[News, ...]:
        """What it does to which numbers."""
        return tuple(self.sets.values()) or (self,)

    def fits(self) -> str:
        """As of `News`, unless it is several of them."""
        if not self.sets:
            return super().fits()
        is_both = bool(self.paths) or self.value is not None or self.factor is not None
        return "a change has either `sets` or a `parameter`" if is_both else ""


class Closure(Dated):
    """Days on which ways across are shut; people with goods take others, or wait for none.

    A way is shut if the closure is of its channel, its kind and its sector.
    """

    label: str
    """What tables, charts and maps call this closure."""

    called: str = ""
    """What sentences call it, as in "because of the closure"; its label without it."""

    start: Date
    """First day of the closure."""

    ramp: Days | None = None
    """Days until it has its full strength, in even steps; 1 or less, or none: at once."""

    end: Date | None = None
    """First day on which the ways are open again. Without it they stay shut."""

    strength: Probability
    """Chance that a way is shut on a day, drawn for each way and day. At 0 none is; at 1 all are,
    every day.
    """

    channels: SomeOrAll = "all"
    """The channels of the ways that are shut, such as `customs`, or `all`."""

    kinds: tuple[Name, ...] | Literal["all"] = "all"
    """The kinds of route that are shut, by name, or `all`."""

    sectors: SomeOrAll = "all"
    """The sectors where they are shut, or `all`."""

    direction: Directions = "both"
    """Which goods cannot pass: `export`, `import` (as goods are) or `both`. The others go on."""

    def shuts(self, sector: str, kind: str, channel: str) -> bool:
        """Whether it is of the ways of a kind in a sector."""
        asked = ((self.sectors, sector), (self.kinds, kind), (self.channels, channel))
        return all(is_among(one, these) for these, one in asked)


class Halt(Part):
    """Days around a political date on which most people stay home."""

    label: str = ""
    """What tables, charts and maps call these days; the halt's name without it."""

    start: Date
    """First day on which people stay home."""

    days: Days
    """How many days the halt lasts; rounded to whole days. Low: goods go out the day after; high:
    they pile up at home.
    """

    strength: Probability
    """Chance that a consignment that is ready stays home on such a day; it goes out later. At 0 the
    day is like any other; at 1 nothing moves.
    """

    sectors: SomeOrAll = "all"
    """The sectors where people stay home, or `all`."""

    direction: Directions = "both"
    """Which goods stay home: `export`, `import` (as goods are) or `both`."""


def ways_of(direction: Directions) -> slice:
    """Where the goods of a direction stand in what is told apart by it, at EXPORT and IMPORT."""
    only = {"export": EXPORT, "import": IMPORT}
    return slice(only[direction], only[direction] + 1) if direction in only else slice(None)


DATED: Mapping[str, str] = {
    "order": "orders",
    "change": "changes",
    "closure": "closures",
    "halt": "calendar.halts",
}
"""Kinds of dated events, and the path that each has its names under."""


class Calendar(Part):
    """Political dates."""

    halts: dict[Name, Halt] = Field(default_factory=dict)
    """Political dates on which people stay home, by name."""

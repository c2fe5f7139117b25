"""The words that measures are written in: what can be said of a border's books, as data.

A measure is a head (a sum, a mean, a ratio, ...) in a context (days, people, arm), and every
comparison changes one part of the context. Nothing is computed from strings: what these words
cannot say is a function in Python with a name (`REGISTERED`). `docs/measures.md` has the grammar
with examples.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema, model_validator
from typing_extensions import TypeAliasType

from amnok.counts import measurable
from amnok.quantity import Part
from amnok.scenario.ablations import CONTRASTS

DIMENSIONS: dict[str, str] = {
    "route": "A way across the border, by name.",
    "sector": "A stretch of the border.",
    "size": "Size of the trader: the sender on the inner bank, or whoever is stopped.",
    "side": "The bank: of people, of markets, or of the agency that acts.",
    "goods": "A kind of goods that is traded.",
    "market": "The market town of a price.",
    "agency": "The agency that stops, arrests or records.",
    "receiver": "Who keeps what is paid in bribes.",
    "status": "Whether someone is free, detained, imprisoned or gone.",
    "investigated": "Whether the sender was ever investigated: never, ever.",
    "paying": 'Whether a partner pays for protection: "no", "yes".',
    "kind": "What kind of event a source reports.",
}
ATTRIBUTES: dict[str, tuple[tuple[str, ...], str]] = {
    "channel": (("route",), "Whether it goes by river, land, customs, sea or air."),
    "watched": (
        ("route",),
        "Whether it is of the kind of route where guards stand that cameras cover most.",
    ),
    "role": (("agency",), "What the agency is for."),
    "direction": (("goods",), "Whether goods are for export or import."),
    "sanctioned": (("goods",), "Whether the goods are under sanctions."),
    "slow_to_check": (
        ("goods",),
        "Whether they are exports that take half the middle time of all exports or more.",
    ),
}
"""Attribute -> the dimensions whose names have it, and what it is."""

WEEK = 7
TIMES: dict[str, int] = {"day": 1, "week": WEEK, "month": 30}
"""Blocks of days that a measure can be kept by, and how many days each has."""

REGISTERED: dict[str, tuple[str, tuple[str, ...]]] = {
    "added_hours_on_slow_goods": ("share", ("self_inspection", "security_police")),
    "follows_politics": ("ratio", ("patrols", "signals")),
}
"""Measures in Python (`amnok.results.measuring.registered`): unit, and sections they need."""


def _one_of(told: dict[str, str]) -> WithJsonSchema:
    """For editors: the names that may stand here, each with its meaning."""
    return WithJsonSchema(
        {"anyOf": [{"const": name, "description": text} for name, text in told.items()]}
    )


_VARIABLES = {one.name: f"{one.label} ({one.unit}). {one.text}" for one in measurable().values()}
_ALONG = {**DIMENSIONS, **{name: text for name, (_, text) in ATTRIBUTES.items()}}
_KEPT = {**_ALONG, **{name: f"Blocks of {days} days." for name, days in TIMES.items()}}

_WITHOUT = {one.name: f"{one.label}." for one in CONTRASTS}
# With names of their own, the JSON Schema says each once.
VariableName = TypeAliasType("VariableName", Annotated[str, _one_of(_VARIABLES)])
Along = TypeAliasType("Along", Annotated[str, _one_of(_KEPT)])
Mechanism = TypeAliasType("Mechanism", Annotated[str, _one_of(_WITHOUT)])
Variables = VariableName | tuple[VariableName, ...]
Wanted = bool | str | tuple[str, ...]
_WHERE = {
    "type": "object",
    "properties": {name: {"description": text} for name, text in _ALONG.items()},
    "additionalProperties": False,
}
Where = TypeAliasType("Where", Annotated[dict[str, Wanted], WithJsonSchema(_WHERE)])
HEADS = (
    *("sum", "mean", "ratio", "share", "difference", "least", "most"),
    *("concentration", "use", "python"),
)
ANCHORS = ("whole", "phase", "dates", "before_orders", "order", "order_to", "halt", "river")


class Window(Part):
    """Days: an anchor, and a part of it. Without an anchor, that of the days it stands in."""

    whole: Literal[True] | None = None
    """All days of the period."""

    phase: str | None = None
    """A phase of the scenario, by name."""

    dates: tuple[dt.date, dt.date] | None = None
    """First and last day, both counted; as far as the period has them."""

    before_orders: Literal[True] | None = None
    """The days before any order, if there is a week of them."""

    order: str | None = None
    """An order, a closure or a change of the scenario, by name; of two alike, the order."""

    order_to: tuple[str, ...] = ()
    """The earliest order to an agency in one of these roles, or to `cameras`, that starts within
    the period.
    """

    halt: str | None = None
    """A halt of the scenario by name, or `full`: the first that keeps nearly everyone at home, with
    two weeks before and after it.
    """

    river: Literal["high", "flood"] | None = None
    """Every dated rise of the river that leaves all river routes passable (`high`) or none
    (`flood`), in the sectors where it rises. A run decides which it is.
    """

    there: Literal[True] | None = None
    """Only the sectors where the `order` or `halt` that is named holds; without it, all sectors."""

    part: Literal["all", "before", "in_force", "after", "around"] = "all"
    """Which part: all days of the anchor from its first on; those `before` it or `after` it; those
    `in_force`, from two weeks after an order is in full force; those `around` it on both sides,
    without halts and the week after each.
    """

    skip: int = Field(default=0, ge=0)
    """Days that are left out at the start."""

    days: int | None = Field(default=None, ge=1)
    """At most so many days: the first ones, or the last ones before the anchor."""

    blocks: int | None = Field(default=None, ge=1)
    """Cut into whole blocks of so many days, one after the other; `take` says which counts."""

    @property
    def anchors(self) -> list[str]:
        """The anchors that are named."""
        return [name for name in ANCHORS if getattr(self, name)]

    @model_validator(mode="after")
    def _one_anchor(self) -> Window:
        if len(self.anchors) > 1:
            raise ValueError(f"a window has one anchor, not {' and '.join(self.anchors)}")
        if self.there and self.order is None and self.halt is None:
            raise ValueError("there belongs to an order or a halt")
        if self.dates is not None and self.dates[1] < self.dates[0]:
            raise ValueError(f"dates out of order: {self.dates[1]} is before {self.dates[0]}")
        if self.part in ("before", "after", "around") and self.blocks is not None:
            raise ValueError(f"blocks cannot be cut from the days {self.part} something")
        if self.part in ("before", "around") and self.skip:
            raise ValueError(f"skip cannot be used with the days {self.part} something")
        return self


class Against(Part):
    """What a measure is compared with: other days, another arm, other people, another measure."""

    over: str | Window | None = None
    """Other days: a window, or the name of one."""

    without: Mechanism | None = None
    """The same people and draws without a mechanism."""

    under: str | None = None
    """In a comparison of policies: under a policy, or `base`."""

    where: Where = Field(default_factory=dict)
    """Other cells, key by key: those of the measure stay where nothing else is said."""

    measure: Node | None = None
    """Another measure, evaluated in the same context as this one."""

    within: tuple[Along, ...] = ()
    """Compare cell by cell along these, and take the mean, weighted by what the side that has less
    in a cell divides by. Only for ratios.
    """

    at_least: float = Field(default=0.0, ge=0)
    """With `within`: the least weight of all cells together; with less there is nothing to say."""

    @model_validator(mode="after")
    def _something(self) -> Against:
        if not (self.over or self.without or self.under or self.where or self.measure):
            raise ValueError("against needs one of over, without, under, where, measure")
        if self.without is not None and self.under is not None:
            raise ValueError("there is no arm without a mechanism and under a policy")
        if self.at_least and not self.within:
            raise ValueError("at_least of against needs within")
        return self


class Measure(Part):
    """One head, the context it is evaluated in, and what is done with the value."""

    label: str = ""
    """What tables and charts call it."""

    sum: Variables | None = None
    """A variable added up over days and cells, or several of one unit. A stock (people) gives
    unit-days; a level (a price, a belief) cannot be added up.
    """

    mean: Variables | None = None
    """The same per day. For a level the only way; each of its dimensions is kept or pinned."""

    ratio: tuple[Node, Node] | None = None
    """One over the other; nothing where there is nothing to divide by, unless `empty` says more."""

    share: Node | None = None
    """The share of `part` in it, or of each cell along `among`."""

    difference: tuple[Node, Node] | None = None
    """The first less the second; of one unit."""

    least: tuple[Node, ...] = ()
    """The least of several numbers, of one unit."""

    most: tuple[Node, ...] = ()
    """The most of several numbers, of one unit."""

    concentration: tuple[Node, Node] | None = None
    """How the first is concentrated along the second, over sizes from small to large: 0 if each
    bears what it moves, below 0 if the small bear more (Wagstaff, Paci & van Doorslaer 1991).
    """

    use: str | None = None
    """A measure or an outcome by name; what is said beside it (`where`, `by`, `over`) goes before
    what that measure says itself.
    """

    python: str | None = None
    """A measure in Python, by the name it is registered under."""

    where: Where = Field(default_factory=dict)
    """Only these cells: dimension or attribute -> a name, several names, or a word that every
    border has (`smallest`, `largest`; `inner`, `outer`; `staple`).
    """

    by: tuple[Along, ...] | None = None
    """Keep these apart: dimensions, attributes, and `day`, `week` or `month` first."""

    over: str | Window | None = None
    """Only these days: a window, or the name of one."""

    without: Mechanism | None = None
    """In the arm without a mechanism: the same people and draws."""

    under: str | None = None
    """In a comparison of policies: under this one, or `base`."""

    part: Where = Field(default_factory=dict)
    """Of a share: which cells."""

    among: Along | None = None
    """Of a share: the dimension along which shares add up to 1."""

    against: Against | None = None
    """What it is compared with."""

    as_: Literal["ratio", "difference", "change"] = Field(alias="as", default="ratio")
    """How it is compared: as a ratio, a difference, or a change (the ratio less 1)."""

    absolute: bool = False
    """Whether only its size counts, without the sign."""

    per: float = Field(default=1.0, gt=0)
    """Times this number: 100 for percent, 1000 for a rate in a thousand."""

    empty: float | None = None
    """What a ratio is where there is nothing to divide by."""

    take: Literal["min", "max", "mean", "median"] | None = None
    """Of several stretches of days (`blocks`, `river`): which value counts."""

    unit: str | None = None
    """The unit, where what is added up has several."""

    @property
    def words(self) -> set[str]:
        """The fields that say something."""
        fields = type(self).model_fields.items()
        return {
            name
            for name, field in fields
            if getattr(self, name) != field.get_default(call_default_factory=True)
        }

    @property
    def head(self) -> str:
        """The one word that says what is measured."""
        return next(name for name in HEADS if _given(self, name))

    @model_validator(mode="after")
    def _one_head(self) -> Measure:
        heads = [name for name in HEADS if _given(self, name)]
        if len(heads) != 1:
            found = " and ".join(heads) or "none"
            raise ValueError(f"a measure has one of {', '.join(HEADS)}; found {found}")
        if self.share is not None and bool(self.part) == bool(self.among):
            raise ValueError("a share needs `part` (which cells) or `among` (along what)")
        if self.share is None and (self.part or self.among):
            raise ValueError("`part` and `among` belong to `share`")
        if self.empty is not None and self.ratio is None and self.share is None:
            raise ValueError("`empty` belongs to `ratio` and `share`")
        if self.against is None and self.as_ != "ratio":
            raise ValueError("`as` needs `against`")
        if self.unit is not None and self.head not in ("sum", "mean"):
            raise ValueError("`unit` belongs to `sum` and `mean`; of others it follows")
        return self


def _given(measure: Measure, name: str) -> bool:
    return getattr(measure, name) not in (None, ())


Node = VariableName | Measure
"""What heads are made of: a variable, for its total in the context, or a measure."""

for _model in (Against, Measure):
    _model.model_rebuild()


class Row(Part):
    """A row of the summary of each phase, one for each cell that its measure keeps."""

    table: str
    """The group of rows that it belongs to."""

    label: str
    """What it shows; `{size}` stands for the label of the size, and so on."""

    unit: str
    """Its unit, for readers; `{money}` stands for the currency, `{item}` for what people count the
    goods by: numbers that an item has are then told of one of these.
    """

    measure: Measure
    """What is measured, over the days of a phase."""


class ChartLine(Part):
    """Lines of a chart, one for each cell that its measure keeps beside the week."""

    label: str
    """What the legend calls it; `{size}` stands for the label of the size, and so on."""

    alone: str = ""
    """What it is called where it is but one line; by default as `label` says."""

    measure: Measure
    """What is measured, by `week` and whatever tells lines apart, over all days."""


class ChartOf(Part):
    """A chart of a run by week, on every page of charts and for each sector."""

    title: str
    """What it shows; `{staple}` stands for the label of the staple."""

    unit: str
    """Of the vertical axis; `{money}` stands for the currency, `{item}` for what people count the
    goods of its lines by: numbers that an item has are then told of one of these.
    """

    scale: Literal["linear", "log", "symlog"] = "linear"
    """The vertical axis: `log` where numbers differ many times, `symlog` for counts with zeros."""

    top: float | None = None
    """Upper end of the vertical axis, if it has a natural one."""

    lines: tuple[ChartLine, ...] = Field(min_length=1)
    """The lines that are drawn, in their order."""

    surveyed: bool = False
    """Whether lines are prices beside which surveyed prices of the same goods stand as dots."""


class Definitions(Part):
    """What can be measured beside the variables themselves, by name."""

    windows: dict[str, Window] = Field(default_factory=dict)
    """Named stretches of days."""

    measures: dict[str, Measure] = Field(default_factory=dict)
    """Named measures, that others use."""

    outcomes: dict[str, Measure] = Field(default_factory=dict)
    """Measures that policies are judged by and that sweeps keep."""

    rows: dict[str, Row] = Field(default_factory=dict)
    """Rows of the summary of a run."""

    charts: dict[str, ChartOf] = Field(default_factory=dict)
    """Charts of a run."""

    @property
    def usable(self) -> dict[str, Measure]:
        """Measures and outcomes by name, a measure before an outcome of its name."""
        return {**self.outcomes, **self.measures}

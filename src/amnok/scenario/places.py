"""Places, goods and people of a border: what there is, before anyone acts."""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from amnok.mechanisms.roles import Bank
from amnok.quantity import (
    Consignments,
    ConsignmentsPerDay,
    DayOfYear,
    Items,
    Kilograms,
    Minutes,
    Money,
    Part,
    Persons,
    Probability,
    Ratio,
    Share,
    Sparse,
    StandardDeviations,
    neutral,
)
from amnok.scenario.document import describe

Name = str
THE_MARKET = "market"  # where a border names none
Place: TypeAlias = tuple[
    Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]
]
Direction: TypeAlias = Literal["export", "import"]
Channel: TypeAlias = Literal["river", "customs", "sea", "land", "air"]


class Side(Part):
    """One bank of the border."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """Short name of the bank in results and their files, such as `north`."""

    label: str
    """What tables and charts call this bank."""

    called: str = ""
    """What sentences call it, as in `in the United States`; the label without it."""


class Sides(Part):
    """The two banks of the border."""

    inner: Side
    """The bank whose traders own the consignments and take the decisions; guards, unless an
    agency's `bank` says otherwise, and security police are on it, where there are any.
    """

    outer: Side
    """The bank of the partners who receive or bring the goods; patrols, police and, unless an
    agency's `bank` says otherwise, customs are on it, where there are any.
    """

    def on(self, bank: Bank) -> Side:
        """The side on a bank."""
        return self.inner if bank == "inner" else self.outer


class TraderSize(Sparse):
    """Traders of one size: how much they move, and what it costs to touch them."""

    label: str
    """What tables and charts call traders of this size."""

    plural: str = ""
    """What sentences call several of them; the label with an s without it."""

    share_inner: Share = neutral(1.0)
    """Share of the traders on the inner bank who are of this size; over all sizes the shares add up
    to 1. Low: few are; high: most are.
    """

    share_outer: Share = neutral(1.0)
    """Share of the traders on the outer bank who are of this size; over all sizes the shares add up
    to 1. Low: few are; high: most are.
    """

    shipping_rate: ConsignmentsPerDay
    """Consignments that come up for a free sender of this size per day, before the season of the
    goods scales it. Low: they ship a few times a year; at 1 every day.
    """

    items: Items
    """Items in the median consignment of this size; `bulk` of the route kind multiplies it. Low:
    bundles that are quick to check; high: loads that are worth a bribe and costly to check.
    """

    items_spread: StandardDeviations = neutral(0.0)
    """How much consignments of this size differ in items: standard deviation of the logarithm. At 0
    all are alike; high: a few are many times as large.
    """

    import_share: Share = neutral(0.0)
    """Share of consignments that bring goods in; the others take goods out. At 0 all are exports;
    at 1 all are imports.
    """

    capacity: Consignments = neutral(1e6)
    """Consignments that one partner of this size can take in a day. Low: senders often wait for
    their partner; high: partners are never in the way.
    """

    exemption: Probability = neutral(0.0, "patrols", "phones")
    """Chance that a partner of this size is let go by a patrol or when the police would question
    them. At 0 they are treated like anyone; at 1 they are never touched there.
    """

    bring_in_cost: Ratio = neutral(1.0, "quota")
    """What it costs the police to arrest someone of this size for the quota, relative to a pedlar
    (1). The quota falls on the cheapest first. Low: they fill the quota; above `quota.highest_cost`
    hardly any do.
    """

    customs_access: Probability = neutral(1.0, "customs")
    """Chance that a sender of this size can use ways through customs, settled once for each
    person. At 0 nobody can; at 1 everyone.
    """

    sea_access: Probability = neutral(1.0)
    """Chance that a sender of this size can trade at sea, settled once for each person. At 0 nobody
    can; at 1 everyone.
    """

    air_access: Probability = neutral(1.0)
    """Chance that a sender of this size can trade by air, settled once for each person. At 0 nobody
    can; at 1 everyone.
    """

    protection_access: Probability = neutral(1.0, "protection")
    """Chance that a trader of this size on the outer bank is offered protection by the police,
    settled once for each person. At 0 nobody can buy it; at 1 everyone.
    """

    release_payment: Money = neutral(0.0, "security_police")
    """What a sender of this size pays when searched and no leak is found, to be let go with the
    goods; never more than these are worth. Low: a search is cheap; high: it takes the gain of the
    trip.
    """

    arrest_loss: Money = neutral(0.0, "protection", is_needed=True)
    """What being arrested on the outer bank would cost someone of this size, in money. It decides
    whether protection is worth its fee. Low: nobody buys protection; high: most who can do.
    """

    protection_fee: Money = neutral(0.0, "protection", is_needed=True)
    """What protection costs a trader of this size each month. Low: most who can buy it; high: only
    the fearful do.
    """


class Traders(Sparse):
    """The people who trade, on both banks."""

    inner: Persons
    """How many people trade on the inner bank: the senders. Low: a small trade that is quick to
    simulate; high: a large one that takes longer.
    """

    outer: Persons
    """How many people trade on the outer bank: the partners. Low: senders share few partners and
    often wait; high: partners are plenty.
    """

    choice_noise: Ratio
    """How much reasons outside the model sway the choice of a route, as a share of the goods'
    worth: the scale of the random utility. At 0 everyone takes the best route; high: choices are
    close to a lottery.
    """

    route_dissimilarity: Share = neutral(1.0)
    """How far a sender's own reasons tell apart the routes of one channel. At 1 each route has
    reasons of its own, and twice as many routes of a channel draw far more of the trade; at 0 they
    count as one, and the best is taken.
    """

    partner_share: Share
    """Share of the gain of a consignment that the partner on the other bank gets. At 0 the sender
    keeps it all, and partners who run any risk refuse; at 1 the partner does.
    """

    return_share: Probability = neutral(1.0, "arrest")
    """Chance that someone who comes out of detention or prison trades again; the others leave for
    good and are not replaced. Low: arrests thin out the trade; at 1 everyone comes back.
    """

    sizes: dict[Name, TraderSize] = Field(min_length=1, max_length=8)
    """Sizes of traders by name, from the smallest up."""


KILOGRAMS = {"gram": 0.001, "kilogram": 1.0, "tonne": 1000.0, "pound": 0.45359237}
"""Units of weight, and the kilograms in each."""
_OTHERWISE = {  # how else they are written, but for capitals and an s at the end
    **{unit: unit for unit in KILOGRAMS},
    **dict.fromkeys(("g", "gr", "gramme"), "gram"),
    **dict.fromkeys(("kg", "kilo", "kilogramme"), "kilogram"),
    **dict.fromkeys(("t", "metric ton", "metric tonne"), "tonne"),
    "lb": "pound",
}
_WORDS = r"^[^\W\d_]+( [^\W\d_]+)*$"


def _unit(told: object) -> str:
    """A unit as after "per": any words, and a unit of weight by its own."""
    if not (isinstance(told, str) and re.fullmatch(_WORDS, told)):
        wrong = f"is {describe(told)}, expected a word for a unit"
        raise ValueError(wrong, "write one such as kilogram or bottle")
    meant = _OTHERWISE.get(told.casefold().removesuffix("s"), told)
    if told != meant:
        wrong = f"is {describe(told)}, a unit of weight that is called {meant}"
        raise ValueError(wrong, f"write {meant}")
    return told


class Item(Part):
    """What an item of some goods is, in a unit that people count these by."""

    holds: float = Field(default=1.0, ge=1e-6, le=1e6)
    """How many of the unit an item holds."""

    unit: Annotated[str, BeforeValidator(_unit)] = Field(pattern=_WORDS, max_length=30)
    """The unit, as after "per": `bottle`, or one of weight: `gram`, `kilogram`, `tonne`, `pound`.
    By one of weight an item holds what it weighs, where `kilograms` is given.
    """


class Goods(Sparse):
    """One kind of goods; an item is the unit that is packed, checked and hides things."""

    label: str
    """What tables and charts call these goods."""

    direction: Direction
    """`export` for goods that leave the inner bank, `import` for goods that come to it."""

    sanctioned: bool = False
    """Whether the goods are under sanctions; customs stop only such goods."""

    value: Money
    """Usual price of an item where the goods come from. Low: only cheap routes are worth it; high:
    more is at stake on each trip.
    """

    markup: Ratio
    """Usual price on the other bank relative to the price of origin. At 1 there is nothing to gain;
    high: even costly and risky routes pay.
    """

    minutes: Minutes = neutral(0.0, "self_inspection", is_needed=True)
    """Minutes that it takes to check one item for leaks. Low: such goods are the first to be
    checked completely; high: they are checked by habit only.
    """

    leak_rate: Probability = neutral(0.0, "self_inspection", "security_police")
    """Chance that an item carries a leak: something that takes domestic information out of the
    inner bank's country, or brings in what is forbidden reading there, as a memory stick in
    imports. At 0 there is nothing to find; high: an unchecked load almost surely holds one.
    """

    border_share_inner: Share = neutral(0.0)
    """Share of what is usually traded of these goods on the inner bank that crosses the border. At
    0 prices there do not answer to it; at 1 they depend on it wholly.
    """

    border_share_outer: Share = neutral(0.0)
    """Share of what is usually traded of these goods on the outer bank that crosses the border. At
    0 prices there do not answer to it; at 1 they depend on it wholly.
    """

    season_peak: DayOfYear = neutral(1.0)
    """Day of the year on which most of these goods are shipped. Low: early in the year; high: late.
    """

    season_strength: Share = neutral(0.0)
    """How strong the season is: what is shipped goes up and down by this share of its mean. At 0 it
    is even all year; at 1 nothing is shipped half a year from the peak.
    """

    weight: Ratio = neutral(1.0)
    """How often a trader of a sector deals in these goods, relative to the others of the same
    direction there. At 0 nobody does; high: most do.
    """

    kilograms: Kilograms = neutral(0.0, "fines", "carriers", is_needed=True)
    """Weight of an item. Low: goods are light
    for their worth; high: heavy.
    """

    item: Item | None = None
    """What an item is in a unit that people know, such as a sack of 50 kilograms: charts tell
    prices by it. Without it they are told by the item.
    """

    sectors: tuple[Name, ...] | Literal["all"] = "all"
    """The sectors where these goods are traded, or `all`."""

    sizes: tuple[Name, ...] | Literal["all"] = "all"
    """The sizes of traders who deal in these goods, or `all`."""


class RouteKind(Sparse):
    """What routes of one kind have in common."""

    label: str
    """What tables and maps call routes of this kind."""

    channel: Channel
    """How goods get across: `river` (guards to pay; water and ice), `land` (the same, without
    water), `customs` (a bridge or road with duty, officers and no patrol), `sea` or `air` (neither
    guards nor customs).
    """

    crossing_cost: Ratio
    """What the crossing itself costs, as a share of the goods' worth; bribes and duty come on top.
    Low: almost free; high: only goods with a large markup take it.
    """

    search_exposure: Ratio = neutral(1.0, "security_police")
    """Factor on the chance that the security police search a consignment on such a route. At 0 they
    are never there; 1 is usual; high: they watch it most.
    """

    patrol_exposure: Ratio = neutral(1.0, "patrols")
    """Factor on the chance that a patrol meets a consignment on such a route; ways through
    customs have no patrol whatever it says. At 0 none is there; 1 is usual; high: they are there
    most.
    """

    fixed_cameras: Share = neutral(0.0, "cameras")
    """Share of such a route that fixed cameras cover once all are up. At 0 there are none; at 1
    nobody crosses unseen.
    """

    rotating_cameras: Share = neutral(0.0, "cameras")
    """Share of such a route that rotating cameras cover once all are up. At 0 there are none; at 1
    one is seen unless the camera looks away.
    """

    flood_stage: Ratio = neutral(1e6, "river")
    """Water level from which nobody uses such a route (1 is the bank); ice opens river routes
    again, and no water shuts ways over land and by air. Low: it is often closed; high: water never
    stops it.
    """

    bulk: Ratio = neutral(1.0)
    """Factor on the items of a consignment on such a route. At 1 loads are as usual; high: goods
    move in bulk.
    """


class Market(Sparse):
    """A market town."""

    label: str
    """What tables and charts call this market."""

    openness: Ratio = neutral(1.0)
    """Factor on the goods' border shares at this market, on either bank (at most all crosses). At 0
    prices there do not answer to the border; 1 is as for the goods; high: they depend on it more.
    """

    fed_by: dict[Name, Share] = Field(default_factory=dict)
    """Which other markets' imports travel on to this one: for each, the share of what arrives
    there. At 0 nothing does; at 1 all of it.
    """

    feeds: dict[Name, Share] = Field(default_factory=dict)
    """Which other markets' exports were bought at this one: for each, the share of what goes out
    there. At 0 nothing was; at 1 all of it.
    """


class Sector(Sparse):
    """A county-sized stretch of the border with its routes."""

    label: str
    """What tables and maps call this sector."""

    inner_town: str = ""
    """Town on the inner bank that stands for the sector on maps; without it, the label does."""

    outer_town: str = ""
    """Town on the outer bank that stands for the sector on maps; without it, the label does."""

    inner_at: Place | None = None
    """Where maps show the inner bank's town, as longitude and latitude. Without it for all
    sectors, maps are a straight line.
    """

    outer_at: Place | None = None
    """Where maps show the outer bank's town, as longitude and latitude."""

    market: Name = THE_MARKET
    """The market where the sector's goods are bought and sold."""

    weight_inner: Ratio = neutral(1.0)
    """How many of the inner bank's traders live here, relative to the other sectors. At 0 none do;
    high: most do.
    """

    weight_outer: Ratio = neutral(1.0)
    """How many of the outer bank's traders live here, relative to the other sectors. At 0 none do;
    high: most do.
    """

    freeze: DayOfYear = neutral(367.0, "river")
    """Day of the year from which there is ice to walk on. Low: early in the year; high: late."""

    thaw: DayOfYear = neutral(367.0, "river")
    """Day of the year from which the ice no longer bears. Low: early in the year; high: late."""

    cameras: Ratio = neutral(1.0, "cameras")
    """Factor on the camera shares of the sector's routes (at most all of a route is covered). At 0
    the sector has no cameras; 1 is as the kind of route says.
    """

    routes: dict[Name, Name] = Field(min_length=1, max_length=64)
    """The sector's routes by name, each with its kind."""

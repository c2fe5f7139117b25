"""Places, goods and people of a border: what there is, before anyone acts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from amnok.quantity import (
    Consignments,
    ConsignmentsPerDay,
    DayOfYear,
    Items,
    Minutes,
    Money,
    Part,
    Persons,
    Probability,
    Ratio,
    Share,
    StandardDeviations,
)

Name = str


class Side(Part):
    """One bank of the border."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str


class Sides(Part):
    """The two banks. Leaks are feared on the inner one; the outer one has the arrest quota."""

    inner: Side
    outer: Side


class TraderSize(Part):
    """Traders of one size: how much they move, and what it costs to touch them."""

    label: str
    share_inner: Share
    share_outer: Share
    shipping_rate: ConsignmentsPerDay
    items: Items
    items_spread: StandardDeviations
    import_share: Share
    capacity: Consignments
    exemption: Probability
    bring_in_cost: Ratio
    customs_access: Probability
    sea_access: Probability
    protection_access: Probability
    release_payment: Money
    arrest_loss: Money
    protection_fee: Money


class Traders(Part):
    """The people who trade, on both banks; sizes are listed from the smallest up."""

    inner: Persons
    outer: Persons
    choice_noise: Ratio
    partner_share: Share
    return_share: Probability
    sizes: dict[Name, TraderSize] = Field(min_length=1, max_length=8)


class Goods(Part):
    """One kind of goods; an item is the unit that is packed, checked and hides things."""

    label: str
    direction: Literal["export", "import"]
    sanctioned: bool
    value: Money
    markup: Ratio
    minutes: Minutes
    leak_rate: Probability
    season_peak: DayOfYear
    season_strength: Share
    weight: Ratio
    sectors: tuple[Name, ...] | Literal["all"] = "all"


class RouteKind(Part):
    """What routes of one kind have in common; `bulk` multiplies the items of a consignment."""

    label: str
    channel: Literal["river", "customs", "sea"]
    crossing_cost: Ratio
    search_exposure: Ratio
    patrol_exposure: Ratio
    fixed_cameras: Share
    rotating_cameras: Share
    flood_stage: Ratio
    bulk: Ratio


class Market(Part):
    """A market town; `fed_by` says what share of another market's imports travels on to it."""

    label: str
    border_share: Share
    fed_by: dict[Name, Share] = Field(default_factory=dict)


class Sector(Part):
    """A county-sized stretch of the border with its routes (name of route -> kind)."""

    label: str
    inner_town: str
    outer_town: str
    market: Name
    weight_inner: Ratio
    weight_outer: Ratio
    freeze: DayOfYear
    thaw: DayOfYear
    cameras: Ratio
    routes: dict[Name, Name] = Field(min_length=1, max_length=64)

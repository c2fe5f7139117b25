"""The border in plain Python objects: everything that a day reads and changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
from tests.twin.counts import Counts, nothing_yet
from tests.twin.people import (
    Belief,
    Evening,
    Living,
    Numbers,
    Partner,
    Patrolling,
    Quote,
    Route,
    Sector,
    Sender,
    Source,
)

from amnok.decisions import Decision
from amnok.draws import Key, draw4, draw_option
from amnok.engine.tally import lengths
from amnok.mechanisms.guards import guards_on_route
from amnok.mechanisms.roles import GUARD
from amnok.world import World
from amnok.world.places import INNER, OUTER


@dataclass(eq=False)
class Border:
    """Places, people and prices as they stand, and the day that is on.

    sizes, goods: their numbers and, as `number`, their place; quotes and border_share
    [side][goods][market]; feeds [goods come in][market][there]: share of the exports of one market
    that come from another, and of its imports that travel on to another; tips: what sources told
    within the period; evenings: what people went by at the end of each day, before they heard of
    others. Of the day: `t` counts from the spin-up's first day, `day` from that of the period;
    `orders` [sector] are the day's records of the world; water [sector], season [goods];
    posts_lost: routes whose guard was removed, once for each removal.
    """

    key: Key
    world: World
    rates: Numbers
    sizes: list[Numbers]
    goods: list[Numbers]
    sectors: list[Sector]
    routes: list[Route]
    senders: list[Sender]
    partners: list[Partner]
    sources: list[Source]
    quotes: list[list[list[Quote]]]
    feeds: list[list[list[float]]]
    border_share: list[list[list[float]]]
    usual_gains: list[list[float]]  # [goods][market]
    readiness: list[list[float]]  # [goods][market]
    follow: list[list[float]]  # [sector][role]
    tips: list[tuple[int, ...]] = field(default_factory=list)
    evenings: list[Evening] = field(default_factory=list)
    t: int = field(init=False)
    day: int = field(init=False)
    orders: list[Numbers] = field(init=False)
    month_start: bool = field(init=False)
    water: list[Numbers] = field(init=False)
    season: list[float] = field(init=False)
    counts: Counts = field(init=False)
    posts_lost: list[Route] = field(init=False)

    def __post_init__(self) -> None:
        self.begin_day(0)

    def begin_day(self, t: int) -> None:
        """Turn to day t, with nothing counted yet."""
        self.t, self.day = t, t - self.world.spin_up
        zones = [plain(zone) for zone in self.world.days[t]]
        self.orders = [zones[sector.zone] for sector in self.world.sectors]
        self.month_start = all(zone.month_start for zone in zones)
        self.water = [plain(water) for water in self.world.water[t]]
        self.season = self.world.season[t].tolist()
        self.counts = nothing_yet(lengths(self.world))
        self.posts_lost = []

    def read_again(self) -> None:
        """Take over the numbers of the world, which a change has moved."""
        _renew(self.rates, self.world.rates[0])
        for kinds, records in ((self.sizes, self.world.sizes), (self.goods, self.world.goods)):
            for kind, record in zip(kinds, records, strict=True):
                _renew(kind, record)
        for route in self.routes:
            _renew(route.kind, self.world.routes[route.number])
            senders = sum(belief.traders for belief in route.losses) * route.kind.alike
            route.guards = guards_on_route(senders, route.kind.alike, self.rates.guards.clients)
        self.feeds = self.world.feeds.tolist()

    def orders_in(self, sector: Sector) -> Numbers:
        """What orders, halts and campaigns bring to a sector today."""
        return self.orders[sector.number]

    def is_inspected(self, sector: Sector, t: int) -> bool:
        """Whether the guards of a sector are under inspection on a day."""
        bank = self.orders[sector.number].bank[GUARD]
        is_dated = bool(self.world.inspected[t, bank, sector.number])
        return is_dated or (bank == INNER and t < sector.inspected_until)

    def draw4(
        self, agent: int, decision: Decision, option: int = 0
    ) -> tuple[float, float, float, float]:
        """Four uniforms for one of today's decisions."""
        return draw4(self.key, agent, self.day, int(decision), option)

    def draw(self, agent: int, decision: Decision, option: int = 0) -> float:
        """One uniform for one of today's decisions."""
        return self.draw4(agent, decision, option)[0]

    def draw_option(self, agent: int, decision: Decision, option: int) -> float:
        """One uniform for one of many options of today's decisions."""
        return draw_option(self.key, agent, self.day, int(decision), option)


def plain(record: Any) -> Numbers:
    """A record of the world as an object with plain numbers; records within it likewise."""
    values = {}
    for name in record.dtype.names:
        value = record[name]
        is_record = value.dtype.names is not None
        values[name] = plain(value) if is_record else value.tolist()
    return SimpleNamespace(**values)


def _renew(numbers: Numbers, record: Any) -> None:
    """Give an object that others point at the numbers that a record now has."""
    for name, value in vars(plain(record)).items():
        setattr(numbers, name, value)


def _numbered(records: Any) -> list[Numbers]:
    kinds = [plain(record) for record in records]
    for number, kind in enumerate(kinds):
        kind.number = number
    return kinds


def border_of(world: World, key: Key) -> Border:
    """The border on the eve of its first day: everyone free, nothing learnt, usual prices."""
    rates = plain(world.rates[0])
    sizes, goods = _numbered(world.sizes), _numbered(world.goods)
    routes = [_route(world, number, rates) for number in range(len(world.routes))]
    sectors = [
        _sector(world, number, routes, rates.learning) for number in range(len(world.sectors))
    ]
    senders, partners = _people(world, sectors, sizes, goods)
    quotes = _usual_quotes(world, goods)
    return Border(
        key=key,
        world=world,
        rates=rates,
        sizes=sizes,
        goods=goods,
        sectors=sectors,
        routes=routes,
        senders=senders,
        partners=partners,
        sources=_sources(world, sectors),
        quotes=quotes,
        usual_gains=[gains(quotes, kind) for kind in goods],
        readiness=[[1.0] * world.border_share.shape[2] for _ in goods],
        feeds=world.feeds.tolist(),
        border_share=world.border_share.tolist(),
        follow=world.follow.tolist(),
    )


def planned_effort(world: World, t: int) -> list[list[float]]:
    """Effort of security police and patrols by the plan for day t, [route][agency]."""
    efforts: list[list[float]] = world.plan[world.days[t, 0].plan].tolist()
    return efforts


def _route(world: World, number: int, rates: Numbers) -> Route:
    kind, learning = plain(world.routes[number]), rates.learning
    traders = _inhabitants(world, kind.sector, INNER)
    losses = [Belief(learning.prior_loss, heads / kind.alike) for heads in traders]
    releases = [Belief(expected_release(rates), heads / kind.alike) for heads in traders]
    fines = [Belief(expected_fine(rates), heads / kind.alike) for heads in traders]
    searches, patrols = (Patrolling(effort) for effort in planned_effort(world, 0)[number])
    guards = guards_on_route(sum(traders), kind.alike, rates.guards.clients)
    return Route(number, kind.channel, kind, losses, releases, fines, searches, patrols, guards)


def expected_release(rates: Numbers) -> float:
    """Chance of a payment for release that people believe in before they have seen any."""
    police = rates.security_police
    if not police.present:
        return 0.0
    prior: float = (1.0 - police.detain_contraband) * rates.learning.prior_search
    return prior


def expected_fine(rates: Numbers) -> float:
    """Chance of a fine that people believe in before they have seen any."""
    prior: float = rates.fines.chance * rates.learning.prior_loss
    return prior


def _inhabitants(world: World, sector: int, side: int) -> list[float]:
    """How many traders of each size live on one bank of a sector."""
    outer = np.arange(len(world.traits)) >= int(world.blocks.inner_last.max(initial=0))
    here = (world.traits.sector == sector) & (outer == (side == OUTER))
    return [
        float((world.traits.size_class[here] == size).sum()) for size in range(len(world.sizes))
    ]


def _sector(world: World, number: int, routes: list[Route], learning: Numbers) -> Sector:
    inner, outer = (_inhabitants(world, number, side) for side in (INNER, OUTER))
    return Sector(
        number=number,
        market=int(world.sectors[number].market),
        routes=[route for route in routes if route.kind.sector == number],
        searches=[Belief(learning.prior_search, heads) for heads in inner],
        arrests=[Belief(learning.prior_arrest, heads) for heads in outer],
        finds=Belief(learning.prior_find, sum(inner)),
        livings=[Living() for _ in inner],
    )


def _people(
    world: World, sectors: list[Sector], sizes: list[Numbers], goods: list[Numbers]
) -> tuple[list[Sender], list[Partner]]:
    """Senders come first in the world's list, then partners."""
    traits = [plain(record) for record in world.traits]
    n_senders = int((world.blocks.inner_last - world.blocks.inner_first).sum())
    partners = [
        Partner(
            number=number,
            sector=sectors[who.sector],
            size=sizes[who.size_class],
            caution=who.caution,
            protection_access=who.protection_access,
            found_at=who.found_at,
        )
        for number, who in enumerate(traits)
        if number >= n_senders
    ]
    senders = [
        Sender(
            number=number,
            sector=sectors[who.sector],
            size=sizes[who.size_class],
            caution=who.caution,
            partners=[partners[i - n_senders] for i in (who.partner, who.second) if i >= 0],
            export_goods=goods[who.export_goods] if who.export_goods >= 0 else None,
            import_goods=goods[who.import_goods] if who.import_goods >= 0 else None,
            spot_check=who.spot_check,
            customs_access=who.customs_access,
            has_permit=who.permit,
            sea_access=who.sea_access,
            air_access=who.air_access,
        )
        for number, who in enumerate(traits[:n_senders])
    ]
    return senders, partners


def _sources(world: World, sectors: list[Sector]) -> list[Source]:
    """Those of each bank of each sector."""
    places = [(sector, side) for sector in sectors for side in (INNER, OUTER)]
    counts = np.diff(world.sources).tolist()
    people = [place for place, count in zip(places, counts, strict=True) for _ in range(count)]
    return [
        Source(number, sector, side, sum(_inhabitants(world, sector.number, side)))
        for number, (sector, side) in enumerate(people)
    ]


def _usual_quotes(world: World, goods: list[Numbers]) -> list[list[list[Quote]]]:
    """Goods cost their value where they come from, and value times markup on the other bank."""
    return [
        [
            [
                Quote(_usual_price(kind, side), 1.0 - share)
                for share in world.border_share[side, kind.number].tolist()
            ]
            for kind in goods
        ]
        for side in (INNER, OUTER)
    ]


def gains(quotes: list[list[list[Quote]]], goods: Numbers) -> list[float]:
    """What an item gains between the banks, by market."""
    origin = OUTER if goods.is_import else INNER
    here, there = quotes[origin][goods.number], quotes[1 - origin][goods.number]
    return [sold.price - bought.price for bought, sold in zip(here, there, strict=True)]


def _usual_price(goods: Numbers, side: int) -> float:
    origin = OUTER if goods.is_import else INNER
    return goods.value if side == origin else goods.value * goods.markup

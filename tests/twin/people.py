"""Who and what changes from day to day: traders, sources, routes and guards, sectors, prices.

Objects point at each other: a sender knows its partners, its sector and, through that, its routes.
Days are counted from the first day of the spin-up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np

from amnok.rules.learning import believed_rate, discounted, per_trader, wariness

NEVER = -(10**9)  # a day before any other

Numbers = Any  # plain numbers under the names that they have in the scenario


class Status(IntEnum):
    """Whether a trader can trade."""

    FREE = 0
    DETAINED = 1
    IMPRISONED = 2
    GONE = 3
    AWAY = 4


class Waiting(IntEnum):
    """Whether a sender has goods packed, and for which way."""

    NOTHING = 0
    EXPORT = 1
    IMPORT = 2


@dataclass(eq=False)
class Belief:
    """A belief that so many traders share: fading counts for each of them, and their rate."""

    rate: float
    traders: float
    bad: float = 0.0
    trials: float = 0.0

    def count(self, bad: float, trials: float, learning: Numbers) -> None:
        """Add today's bad events and trials; what is older has faded by one more day."""
        self.bad = discounted(self.bad, per_trader(float(bad), self.traders), learning.memory)
        self.trials = discounted(
            self.trials, per_trader(float(trials), self.traders), learning.memory
        )

    def conclude(self, prior: float, learning: Numbers) -> None:
        """Believe what the counts say."""
        self.rate = believed_rate(
            self.bad, self.trials, prior, learning.prior_weight, learning.salience
        )


Told = list[tuple[float, float]]  # by size: bad events and trials for each trader


@dataclass(frozen=True)
class Evening:
    """What the people of each sector go by: of searches, arrests, and routes of each kind there."""

    searches: list[Told]
    arrests: list[Told]
    losses: list[dict[int, Told]]
    releases: list[dict[int, Told]]
    fines: list[dict[int, Told]]


@dataclass(eq=False)
class Patrolling:
    """An agency on one route: its effort there (1 is the average), and what it stopped lately."""

    effort: float
    finds: float = 0.0


@dataclass(eq=False)
class Route:
    """A way across: its kind, its guard, the agencies on it, and what each size believes of it."""

    number: int
    channel: int
    kind: Numbers
    losses: list[Belief]  # by size: a consignment is lost
    releases: list[Belief]  # by size: a consignment is released for a payment
    fines: list[Belief]  # by size: a consignment is fined
    searches: Patrolling
    patrols: Patrolling
    guards: float = 1.0
    strict: float = 0.0  # share of the guards who replaced one that was removed


@dataclass(eq=False)
class Quota:
    """A sector's arrests of this month: made, due by today, and of these left from last month."""

    filled: int = 0
    asked: float = 0.0
    carried: float = 0.0


@dataclass(eq=False)
class Living:
    """What the trade earns each sender of a size in a sector, fading, and as usual."""

    cash: float = 0.0
    earned: float = 0.0
    days: float = 0.0
    usual_earned: float = 0.0
    usual_days: float = 0.0


@dataclass(eq=False)
class Sector:
    """A stretch of the border, with the beliefs that its traders and guards share."""

    number: int
    market: int
    routes: list[Route]
    searches: list[Belief]  # by size: a consignment is searched
    arrests: list[Belief]  # by size: an outer-side trader is taken in on a day
    finds: Belief  # a consignment leads to a leak found
    livings: list[Living]  # by size
    quota: Quota = field(default_factory=Quota)
    inspected_until: int = NEVER


@dataclass(eq=False)
class Wariness:
    """How much riskier everything looks since a bad day; it fades."""

    level: float = 1.0
    since: int = NEVER

    def begin(self, level: float, t: int) -> None:
        """A bad day. People's factors are kept to the digits of a 32-bit float, like `caution`."""
        self.level, self.since = float(np.float32(level)), t

    def factor(self, t: int, memory: float) -> float:
        """What it multiplies beliefs by on day t."""
        return wariness(self.level, t - self.since, memory)


@dataclass(eq=False)
class Trader:
    """What traders of both banks have in common; `number` is the agent of their draws."""

    number: int
    sector: Sector
    size: Numbers
    caution: float
    cash: float = 0.0
    status: Status = Status.FREE
    until: int = NEVER  # the day on which a term ends
    arrests: int = 0  # times taken in since the period began


@dataclass(eq=False)
class Partner(Trader):
    """A trader of the outer bank, who receives or brings the goods."""

    protection_access: bool = False
    found_at: float = 1.0  # factor on what it costs the police to find this one
    refuses: bool = False  # takes no goods this month
    is_protected: bool = False  # pays the police this month
    taken: int = 0  # consignments today
    known_until: int = NEVER  # to the police
    low_until: int = NEVER  # lies low after a questioning


@dataclass(eq=False)
class Sender(Trader):
    """A trader of the inner bank, who owns the consignment."""

    partners: list[Partner] = field(default_factory=list)  # the standing one, then the second
    export_goods: Numbers | None = None
    import_goods: Numbers | None = None
    spot_check: int = 0
    customs_access: bool = False
    has_permit: bool = False
    sea_access: bool = False
    air_access: bool = False
    waiting: Waiting = Waiting.NOTHING
    impounded_until: int = NEVER  # no vehicle until then
    investigated: int = NEVER  # the last day
    leak_wariness: Wariness = field(default_factory=Wariness)
    loss_wariness: Wariness = field(default_factory=Wariness)


@dataclass(eq=False)
class Source:
    """Someone on one bank of a sector who may tell what happens there."""

    number: int
    sector: Sector
    side: int
    traders: float  # of the sector and side
    silent_until: int = NEVER


@dataclass(eq=False)
class Quote:
    """A price on one side of a market, and the quantity that moves it."""

    price: float
    other: float  # quantity that does not cross the border, relative to all that is usual
    quantity: float = 0.0  # smoothed
    reference: float = 0.0  # usual

"""Who taxes passage without being an agency: armed groups, villages, whoever holds a road."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from amnok.compiling import rule, step
from amnok.decisions import Decision
from amnok.draws import Key, draw4
from amnok.mechanisms.deeds import Trip
from amnok.mechanisms.form import Contrast, Mechanism, Section, Values
from amnok.mechanisms.roles import INNER
from amnok.quantity import Part, Probability, Ratio, SomeOrAll, is_among
from amnok.variables import ACCOUNTS, FLOW, MONEY, Count

TOLL_DRAW = Decision(49, "TOLL", "which of those who tax passage are met on a bank")
MOST_TAKERS = 4  # on one bank of a way: as many as a draw has words


class Taker(Part):
    """Somebody who taxes passage on one bank, whichever way goods go."""

    label: str
    """What tables and charts call them."""

    bank: Literal["inner", "outer"]
    """The bank on which they take their toll."""

    presence: Probability
    """Chance that a consignment meets them on a way that they hold. At 0 they are not there; at 1
    nobody gets past them.
    """

    share: Ratio
    """What they take of a consignment that they meet, as a share of its worth where it comes from,
    in sectors for which `rates` has no other number. At 0 they only watch; high: goods with a small
    markup stay home or take other ways.
    """

    rates: dict[str, Ratio] = Field(default_factory=dict)
    """What they take in a sector, by name of the sector. Low: they want the trade to go on; high:
    they live off it.
    """

    sectors: SomeOrAll = "all"
    """The sectors whose ways they hold, or `all`."""

    channels: SomeOrAll = "all"
    """The channels that they hold, such as `land`, or `all`."""

    def holds(self, sector: str, channel: str) -> bool:
        """Whether they take a toll on ways of a channel in a sector."""
        return is_among(sector, self.sectors) and is_among(channel, self.channels)

    def rate_in(self, sector: str) -> float:
        """What they take in a sector, as a share of worth."""
        return self.rates.get(sector, self.share).number


class Transit(Part):
    """A way whose goods pass through other sectors, of which those who hold these take a toll."""

    through: tuple[str, ...] = Field(min_length=1)
    """The sectors that goods pass through beside their own, by name."""

    cost: Ratio
    """What the longer way adds to the cost of the crossing, as a share of the goods' worth. Low: a
    good road; high: only goods with a large markup go round.
    """


class Tolls(Section):
    """Who taxes passage on either bank, and where; ways that lead through other sectors."""

    takers: dict[str, Taker] = Field(min_length=1, max_length=64)
    """Those who tax passage, by name."""

    transit: dict[str, Transit] = Field(default_factory=dict)
    """Ways through other sectors, by name of the route."""


@rule
def expected_toll(worth: float, near: float, far: float, lost: float) -> float:
    """What tolls cost a consignment on average: `worth * (near + (1 - lost) * far)`.

    Those on the bank where it sets out are met before officials are, those on the other after.

    Args:
        worth: of the goods where they come from (money).
        near: mean share that is taken on the bank where it sets out (dimensionless).
        far: the same on the other bank (dimensionless).
        lost: chance that it is lost between the two (probability).

    Returns:
        Money.

    Source: assumption.

    >>> expected_toll(1_000.0, 0.25, 0.5, 0.5)
    500.0
    """
    return worth * (near + (1.0 - lost) * far)


@step
def pass_takers(
    world: Any, state: Any, tally: Any, key: Key, t: int, trip: Trip, planned: Any, bank: int
) -> None:
    """Whoever holds the way on a bank takes a share, of those who are there today."""
    way = world.routes[planned.route]
    draws = draw4(key, trip.i, t - world.spin_up, TOLL_DRAW, bank)
    paid = 0.0
    for n in range(MOST_TAKERS):
        if draws[n] < way.toll_chance[bank, n]:
            paid += way.toll_share[bank, n] * planned.worth
    if paid > 0.0:
        state.traders[trip.i].cash -= paid
        tally.flow[trip.block, trip.local, trip.size].tolled += 1
        accounts = tally.accounts[trip.block]
        if bank == INNER:
            accounts.tolls_inner += paid
        else:
            accounts.tolls_outer += paid


def _off(scenario: Any) -> Values:
    """Nobody is there, and no way is longer for where it leads."""
    section = scenario.section(Tolls)
    if section is None:
        return {}
    return {
        **{f"tolls.takers.{name}.presence": 0.0 for name in section.takers},
        **{f"tolls.transit.{name}.cost": 0.0 for name in section.transit},
    }


MECHANISM = Mechanism(
    "tolls",
    Tolls,
    "Who taxes passage without being an agency, and ways through other sectors.",
    shapes=("crossings",),
    label="Tolls of those who hold a way",
    contrasts=(Contrast("tolls", "Passage is taxed by others than agencies", _off),),
    results=(
        Count(
            FLOW,
            "tolled",
            "consignments",
            "Times that a toll was paid",
            "Once for each bank on which a consignment paid anybody who taxes passage.",
        ),
        Count(
            ACCOUNTS,
            "tolls_inner",
            MONEY,
            "Tolls paid on the inner bank",
            "By senders, to those who tax passage there; bribes, duty and fines are not in it.",
        ),
        Count(
            ACCOUNTS,
            "tolls_outer",
            MONEY,
            "Tolls paid on the outer bank",
            "By senders, to those who tax passage there; bribes, duty and fines are not in it.",
        ),
    ),
    draws=(TOLL_DRAW,),
)

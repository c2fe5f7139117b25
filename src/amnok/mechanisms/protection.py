"""Protection: who on the outer bank pays the police to be left alone (claim B11)."""

from __future__ import annotations

from typing import Any

from amnok.compiling import rule, step
from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.quantity import Probability, Ratio
from amnok.rules.calendar import DAYS_IN_MONTH
from amnok.variables import BRIBES, KEPT_BRIBES, MONEY, PAID, PEOPLE, Count


class Protection(Section):
    """Bribes to the outer police for being left alone; the monthly fee goes by a trader's size."""

    effect: Probability
    """Chance that protection makes a patrol or a questioning officer let the payer go; buyers count
    on it. At 0 it is useless and nobody buys it; at 1 those who pay are always let go.
    """

    premium: Ratio
    """How much protection raises the cost of arresting a person for the quota: it is multiplied by
    1 plus this. At 0 payers are taken like anyone; high: the quota falls on those who do not pay.
    """


@rule
def buys_protection(monthly_risk: float, loss: float, effect: float, fee: float) -> bool:
    """Whether a month's protection is worth its fee: `risk * loss * effect > fee`.

    Args:
        monthly_risk: believed chance of being brought in during a month (probability).
        loss: what being brought in costs (money).
        effect: share of that risk which protection takes away (0 to 1).
        fee: price of protection (money per month).

    Returns:
        True if it pays.

    Source: claim B11; a risk-neutral buyer is an assumption.

    >>> buys_protection(0.1, 20_000.0, 0.5, 800.0), buys_protection(0.01, 20_000.0, 0.5, 800.0)
    (True, False)
    """
    return monthly_risk * loss * effect > fee


@step
def monthly_risk(world: Any, state: Any, i: int) -> float:
    """Believed chance that a partner without protection is taken in during a month."""
    traits = world.traits[i]
    daily = state.sector_risk[traits.sector, traits.size_class].arrest_belief
    return min(1.0, DAYS_IN_MONTH * daily * float(traits.caution))


@step
def choose(world: Any, state: Any, tally: Any, block: int, i: int) -> None:
    """Whether a month's protection is worth its fee (claim B11)."""
    traits = world.traits[i]
    size, effect = world.sizes[traits.size_class], world.rates[0].protection.effect
    risk = monthly_risk(world, state, i)
    pays = buys_protection(risk, size.arrest_loss, effect, size.protection_fee)
    state.protected[i] = pays
    if pays:
        state.traders[i].cash -= size.protection_fee
        tally.bribes[block, traits.size_class].police += size.protection_fee


MECHANISM = Mechanism(
    "protection",
    Protection,
    "Protection that traders of the outer bank buy from the police.",
    shapes=("arrests",),
    label="Protection bought from the police",
    claims="B11",
    contrasts=(
        Contrast(
            "protection",
            "Paying the police protects",
            setting({"protection.effect": 0.0, "protection.premium": 0.0}),
        ),
    ),
    does=(PAID,),
    results=(
        Count(
            BRIBES,
            "police",
            MONEY,
            "Kept by the police",
            "Monthly payments of outer-side traders for protection.",
            of=KEPT_BRIBES,
        ),
        Count(
            PEOPLE,
            "protected",
            "persons",
            "Paying the police for protection",
            "This month's payers, in custody or not; outer-side traders only.",
        ),
    ),
    keeps=("protected",),
)

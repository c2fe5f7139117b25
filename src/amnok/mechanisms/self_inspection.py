"""Self-inspection: how many items of a consignment its sender checks.

Claims A01-A03, A06, A07, A12. A search finds each leak by itself with the chance f, and a leak that
is not found does no harm. So where leaks are weighed, l is the chance that an item carries a leak
which a search would find: the goods' leak rate times f.

The jump from one or two items to all is not written down anywhere below: it comes out of the
optimum. With a = 1 - l(1-e) and b = 1 - l, a >= b, the risk left after k of n checks is
1 - b**n * (a/b)**k. A power with a base of at least 1 is convex in k, so this risk, and with it the
cost of checking, is concave: the cheapest k is an end point.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from amnok.compiling import rule
from amnok.mechanisms.form import Mechanism, Section
from amnok.quantity import Items, MoneyPerMinute, Probability
from amnok.variables import EXPORTS, FLOW, GOODS, Count
from amnok.vector_math import expm1, log1p


class SelfInspection(Section):
    """What it costs a sender to look through a consignment, and how well that works."""

    NEUTRAL: ClassVar[Mapping[str, float]] = {"minute_cost": 1e12}  # nobody looks

    spot_check: Items
    """Items that a sender looks through in every consignment, out of habit, whatever the risk. With
    1.5, half of the senders check one item and half check two; plans of agencies and games reckon
    with two. Low: nobody checks unless fear of a
    search makes it pay; high: much is checked at all times.
    """

    effectiveness: Probability
    """Chance that checking an item finds and removes a leak hidden in it. Low: checking is of
    little use, so people check only by habit; high: a checked item is almost surely clean.
    """

    minute_cost: MoneyPerMinute
    """What a minute of checking is worth to the sender, in money. It is weighed in the decision and
    paid to nobody. Low: a small fear of searches is enough to check everything; high: only great
    fear is.
    """


@rule
def log_clean(leak_rate: float, effectiveness: float) -> tuple[float, float]:
    """Log of the chance that an item is clean, checked and unchecked: `log(1-l(1-e)), log(1-l)`.

    They belong to the goods and not to the consignment, so they are worth keeping.

    Args:
        leak_rate: chance l that an item carries a leak (probability).
        effectiveness: chance e that a check finds and removes it (probability).

    Returns:
        Two log probabilities; minus infinity where every item carries a leak.

    Source: claims A02, A07.

    >>> log_clean(0.5, 1.0)
    (0.0, -0.6931471805599453)
    """
    return 0.0 + log1p(-leak_rate * (1.0 - effectiveness)), 0.0 + log1p(-leak_rate)


@rule
def leak_chance_from_logs(
    n_items: float, checked: float, log_checked: float, log_unchecked: float
) -> float:
    """Chance that a consignment still carries a leak, from the logs that `log_clean` gives.

    Args:
        n_items: items in the consignment, n.
        checked: items checked, k, from 0 to n.
        log_checked: log of the chance that a checked item is clean.
        log_unchecked: log of the chance that an unchecked item is clean.

    Returns:
        A probability; it falls with `checked`.

    Source: claims A02, A07.

    >>> round(leak_chance_from_logs(50, 2, *log_clean(0.002, 0.9)), 6)
    0.091987
    """
    # Nothing times minus infinity is nothing: no items of a kind carry no leak.
    clean_checked = checked * log_checked if checked > 0 else 0.0
    clean_rest = (n_items - checked) * log_unchecked if n_items > checked else 0.0
    return 0.0 - expm1(clean_checked + clean_rest)


@rule
def leak_chance(n_items: int, checked: int, leak_rate: float, effectiveness: float) -> float:
    """Chance that a consignment still carries a leak: `1 - (1-l(1-e))**k * (1-l)**(n-k)`.

    A leak is anything that carries internal information, a pamphlet for example, hidden among
    ordinary goods.

    Args:
        n_items: items in the consignment, n.
        checked: items checked, k, from 0 to n.
        leak_rate: chance l that an item carries a leak (probability).
        effectiveness: chance e that a check finds and removes it (probability).

    Returns:
        A probability; it falls with `checked`.

    Source: claims A02, A07.

    >>> round(leak_chance(50, 2, 0.002, 0.9), 6), round(leak_chance(50, 50, 0.002, 0.9), 6)
    (0.091987, 0.009951)
    """
    log_checked, log_unchecked = log_clean(leak_rate, effectiveness)
    return leak_chance_from_logs(n_items, checked, log_checked, log_unchecked)


@rule
def cost_from_logs(
    checked: float,
    n_items: float,
    log_checked: float,
    log_unchecked: float,
    at_risk: float,
    per_item: float,
) -> float:
    """`checking_cost` from the logs that `log_clean` gives.

    Args:
        checked: items checked, k, from 0 to n.
        n_items: items in the consignment, n.
        log_checked: log of the chance that nothing is found in a checked item.
        log_unchecked: that of an unchecked item.
        at_risk: what a leak is expected to cost, q*L (money).
        per_item: what checking an item costs, w*tau (money).

    Returns:
        Expected cost (money).

    Source: claims A02, A12.

    >>> round(cost_from_logs(2, 50, *log_clean(0.002, 0.9), 0.30 * 20_000.0, 0.05 * 4.0), 2)
    552.32
    """
    risk = leak_chance_from_logs(n_items, checked, log_checked, log_unchecked)
    return per_item * checked + at_risk * risk


@rule
def checking_cost(
    checked: int,
    n_items: int,
    leak_rate: float,
    effectiveness: float,
    search_belief: float,
    leak_loss: float,
    minute_cost: float,
    minutes: float,
) -> float:
    """Cost of checking k items and bearing the risk that is left.

    Formula: `w*tau*k + q*L*(1 - (1-l(1-e))**k * (1-l)**(n-k))`, concave in k.

    Args:
        checked: items checked, k, from 0 to n.
        n_items: items in the consignment, n.
        leak_rate: chance l that an item carries a leak that is found (probability).
        effectiveness: chance e that a check removes it (probability).
        search_belief: believed chance q of a search (probability).
        leak_loss: loss L when a leak is found (money).
        minute_cost: cost w of a minute's checking (money per minute).
        minutes: minutes tau to check one item (minutes per item).

    Returns:
        Expected cost (money).

    Source: claims A02, A12.

    >>> round(checking_cost(2, 50, 0.002, 0.9, 0.30, 20_000.0, 0.05, 4.0), 2)
    552.32
    """
    log_checked, log_unchecked = log_clean(leak_rate, effectiveness)
    at_risk, per_item = search_belief * leak_loss, minute_cost * minutes
    return cost_from_logs(checked, n_items, log_checked, log_unchecked, at_risk, per_item)


@rule
def items_to_check(
    n_items: int,
    spot_check: int,
    leak_rate: float,
    effectiveness: float,
    search_belief: float,
    leak_loss: float,
    minute_cost: float,
    minutes: float,
) -> int:
    """How many items of a consignment its sender checks: the habitual few, or all.

    The cost of checking k items (`checking_cost`) is concave in k, so the cheapest k from the
    habitual m to n is one of these two. Goods that are quick to check switch first.

    Args:
        n_items: items in the consignment, n.
        spot_check: items checked by habit, m, at whatever risk.
        leak_rate: chance l that an item carries a leak that is found (probability).
        effectiveness: chance e that a check removes it (probability).
        search_belief: believed chance q of a search (probability).
        leak_loss: loss L when a leak is found (money).
        minute_cost: cost w of a minute's checking (money per minute).
        minutes: minutes tau to check one item (minutes per item).

    Returns:
        `min(spot_check, n_items)` or `n_items`; the spot check if both cost the same.

    Source: claims A01-A03, A06, A12.

    >>> items_to_check(50, 2, 0.002, 0.9, 0.30, 20_000.0, 0.05, 4.0)
    50
    >>> items_to_check(50, 2, 0.002, 0.9, 0.001, 20_000.0, 0.05, 4.0)
    2
    """
    log_checked, log_unchecked = log_clean(leak_rate, effectiveness)
    at_risk, per_item = search_belief * leak_loss, minute_cost * minutes
    return int(
        cheapest_check(n_items, spot_check, log_checked, log_unchecked, at_risk, per_item)[0]
    )


@rule
def cheapest_check(
    n_items: float,
    spot_check: float,
    log_checked: float,
    log_unchecked: float,
    at_risk: float,
    per_item: float,
) -> tuple[float, float]:
    """How many items a sender checks (`items_to_check`), and what that costs (`checking_cost`).

    Args:
        n_items: items in the consignment, n.
        spot_check: items checked by habit, m, at whatever risk.
        log_checked: log of the chance that nothing is found in a checked item, see `log_clean`.
        log_unchecked: that of an unchecked item.
        at_risk: what a leak is expected to cost, q*L (money).
        per_item: what checking an item costs, w*tau (money).

    Returns:
        Items to check, and the expected cost of checking them and of the risk left (money).

    Source: claims A01-A03, A06, A12.

    >>> items, cost = cheapest_check(50, 2, *log_clean(0.002, 0.9), 0.30 * 20_000.0, 0.05 * 4.0)
    >>> items, round(cost, 2)
    (50, 69.71)
    """
    few = min(spot_check, n_items)
    cost_few = cost_from_logs(few, n_items, log_checked, log_unchecked, at_risk, per_item)
    cost_all = cost_from_logs(n_items, n_items, log_checked, log_unchecked, at_risk, per_item)
    return (n_items, cost_all) if cost_all < cost_few else (few, cost_few)


@rule
def switch_belief(
    n_items: int,
    spot_check: int,
    leak_rate: float,
    effectiveness: float,
    leak_loss: float,
    minute_cost: float,
    minutes: float,
) -> float:
    """The believed search chance above which all items are checked.

    Formula: `q* = w*tau*(n - m) / (L * (c(m) - c(n)))`, with c(k) the `leak_chance` after k checks.

    Args:
        n_items: items in the consignment, n.
        spot_check: items checked by habit, m.
        leak_rate: chance l that an item carries a leak that is found (probability).
        effectiveness: chance e that a check removes it (probability).
        leak_loss: loss L when a leak is found (money).
        minute_cost: cost w of a minute's checking (money per minute).
        minutes: minutes tau to check one item (minutes per item).

    Returns:
        A belief (dimensionless). Above 1 even a certain search would not make it worth while;
        infinite if more checks remove no risk, or there is nothing more to check.

    Source: claims A03, A12.

    >>> round(switch_belief(50, 2, 0.002, 0.9, 20_000.0, 0.05, 4.0), 6)
    0.005851
    >>> switch_belief(50, 2, 0.002, 0.0, 20_000.0, 0.05, 4.0)
    inf
    """
    if n_items <= spot_check:
        return math.inf
    saved = leak_loss * (
        leak_chance(n_items, spot_check, leak_rate, effectiveness)
        - leak_chance(n_items, n_items, leak_rate, effectiveness)
    )
    if saved <= 0.0:
        return math.inf
    return minute_cost * minutes * (n_items - spot_check) / saved


MECHANISM = Mechanism(
    "self_inspection",
    SelfInspection,
    "How senders check their own goods for leaks.",
    shapes=("checking",),
    label="Self-inspection of consignments",
    claims="A01-A03, A06, A07, A12",
    results=(
        Count(
            FLOW,
            "items_checked",
            "items",
            "Items checked by their sender",
            "Before setting out, be it only a spot check.",
        ),
        Count(
            FLOW,
            "checking_hours",
            "hours",
            "Time that senders spent checking",
            "For items_checked: items times the minutes that one takes.",
        ),
        Count(
            FLOW,
            "leaks_removed",
            "leaks",
            "Leaks that senders took out",
            "Found by the sender's own check; no search is among them.",
        ),
        Count(
            GOODS,
            "goods_items_checked",
            "items",
            "Items checked by their sender",
            "The same as items_checked, by kind of goods.",
        ),
        Count(
            GOODS,
            "goods_checking_hours",
            "hours",
            "Time that senders spent checking",
            "The same as checking_hours, by kind of goods.",
        ),
        Count(
            EXPORTS,
            "export_items_checked",
            "items",
            "Of these, checked by their sender",
            "The part of export_items that was looked through before setting out.",
        ),
    ),
)

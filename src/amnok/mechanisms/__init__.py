"""The mechanisms of a border, a module each, in the order of the day.

A module says all there is to say of its mechanism (`form.Mechanism`). The scenario's sections, the
numbers that kernels read, what each role acts by and what can be switched off are made from this
list.
"""

from __future__ import annotations

from collections.abc import Mapping

from amnok.decisions import OF_ALL_BORDERS, Decision
from amnok.mechanisms import (
    boats,
    camera_deals,
    cameras,
    carriers,
    customs,
    entry_exit,
    fines,
    guards,
    inner_phones,
    official,
    oversight,
    patrols,
    phones,
    protection,
    quota,
    reporting,
    river,
    security_police,
    self_inspection,
    signals,
    state_firms,
    supply,
    targeting,
    tolls,
    word_of_mouth,
)
from amnok.mechanisms.form import Alarm, Mechanism
from amnok.mechanisms.roles import ROLES, Role

MECHANISMS: tuple[Mechanism, ...] = (
    # The world of the day: the water, and what politics makes of orders.
    river.MECHANISM,
    boats.MECHANISM,
    signals.MECHANISM,
    # Morning: who pays for protection, who trades at all, who looks through the goods.
    protection.MECHANISM,
    targeting.MECHANISM,
    entry_exit.MECHANISM,
    self_inspection.MECHANISM,
    # On the way: the call that arranges a trip, then whom it meets.
    carriers.MECHANISM,
    tolls.MECHANISM,
    phones.MECHANISM,
    inner_phones.MECHANISM,
    guards.MECHANISM,
    cameras.MECHANISM,
    camera_deals.MECHANISM,
    security_police.MECHANISM,
    patrols.MECHANISM,
    customs.MECHANISM,
    state_firms.MECHANISM,
    fines.MECHANISM,
    # Evening: arrests for the quota, what gains bring; what is told, and what is written down.
    quota.MECHANISM,
    supply.MECHANISM,
    oversight.MECHANISM,
    word_of_mouth.MECHANISM,
    reporting.MECHANISM,
    official.MECHANISM,
)

DECISIONS: tuple[Decision, ...] = tuple(
    sorted({*OF_ALL_BORDERS, *(draw for one in MECHANISMS for draw in one.draws)})
)
"""Every decision that a draw is made for, by number."""

WARN_PATROLS: tuple[Alarm, ...] = tuple(
    one.warns_patrols for one in MECHANISMS if one.warns_patrols is not None
)
"""What makes it likelier that a patrol meets a consignment."""

NAMES: tuple[str, ...] = tuple(one.name for one in MECHANISMS)

ACTS_BY: Mapping[Role, tuple[str, ...]] = {
    role: tuple(one.name for one in MECHANISMS if role in one.roles) for role in ROLES
}
"""The mechanisms by which each role acts: without any of them it has nothing to do."""

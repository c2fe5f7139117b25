"""Numbers that stand for things in arrays: roles of agencies, banks, directions, channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from amnok.compiling import step

Role = Literal["guard", "security_police", "patrol", "police", "customs"]
ROLES: tuple[Role, ...] = ("guard", "security_police", "patrol", "police", "customs")
EITHER_BANK: tuple[Role, ...] = ("guard", "customs")
"""Those that can stand on either bank."""
GUARD, SECURITY, PATROL, POLICE, CUSTOMS_OFFICE = range(5)

Bank = Literal["inner", "outer"]
INNER, OUTER = 0, 1
EXPORT, IMPORT, NEITHER = range(3)
"""Directions of goods."""
RIVER, CUSTOMS, SEA, LAND, AIR = range(5)


def usual_bank(role: Role) -> Bank:
    """The bank on which agencies of a role stand, unless a border says otherwise."""
    return "inner" if role in ("guard", "security_police") else "outer"


@step
def direction_of(goods: Any) -> int:
    """Whether goods go out (EXPORT) or come in (IMPORT)."""
    return IMPORT if goods.is_import else EXPORT


@step
def origin(goods: Any) -> int:
    """The bank that goods come from."""
    return OUTER if goods.is_import else INNER


class Way(NamedTuple):
    """What a channel is: how maps call it, whether border guards stand there and anyone may use it,
    and whose access is settled by which number of a size of traders.
    """

    text: str
    is_guarded: bool = False
    access: str = ""


CHANNELS: Mapping[str, Way] = {
    "river": Way("over the river", is_guarded=True),
    "customs": Way("through customs", access="customs_access"),
    "sea": Way("by sea", access="sea_access"),
    "land": Way("over land", is_guarded=True),
    "air": Way("by air", access="air_access"),
}
"""The channels by name, in the order of their numbers."""
GUARDED = tuple(name for name, way in CHANNELS.items() if way.is_guarded)

"""Numbers that stand for things in arrays: roles of agencies, banks of the border, channels."""

from __future__ import annotations

from typing import Literal

Role = Literal["guard", "security_police", "patrol", "police", "customs"]
ROLES: tuple[Role, ...] = ("guard", "security_police", "patrol", "police", "customs")
INNER_ROLES: tuple[Role, ...] = ("guard", "security_police")
GUARD, SECURITY, PATROL, POLICE, CUSTOMS_OFFICE = range(5)

INNER, OUTER = 0, 1
RIVER, CUSTOMS, SEA = 0, 1, 2

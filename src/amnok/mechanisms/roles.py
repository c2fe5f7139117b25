"""The roles of agencies: what an agency does in the model, and its number in arrays."""

from __future__ import annotations

from typing import Literal

Role = Literal["guard", "security_police", "patrol", "police", "customs"]
ROLES: tuple[Role, ...] = ("guard", "security_police", "patrol", "police", "customs")
GUARD, SECURITY, PATROL, POLICE, CUSTOMS_OFFICE = range(5)

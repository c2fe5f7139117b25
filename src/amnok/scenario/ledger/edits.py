"""Changes that keep what stood there: claims are amended and retracted, never erased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from amnok.errors import AmnokError, Fault, nearest
from amnok.scenario.document import Document
from amnok.scenario.ledger import files
from amnok.scenario.ledger.book import Ledger
from amnok.scenario.ledger.model import Claim

_FIXED = ("amended", "retracted")


def amended(
    ledger: Ledger, claim: str, changes: Mapping[str, Any], why: str, date: dt.date
) -> Ledger:
    """The ledger with fields of a claim changed, and what they held before kept beside them.

    Args:
        ledger: as it is.
        claim: id of the claim.
        changes: new value by field, as it would stand in a file; None for none.
        why: why it is changed.
        date: day of the change.

    Raises:
        AmnokError: there is no such claim or field, a value is wrong, or nothing changes.
    """
    held = _held(ledger, claim)
    known = [field.alias or name for name, field in Claim.model_fields.items()]
    free = [name for name in known if name not in _FIXED]
    faults = [
        Fault(f"no field '{key}' can be amended", nearest(key, free), path=f"claims.{claim}.{key}")
        for key in changes
        if key not in free
    ]
    if faults:
        raise AmnokError(faults)
    entry = {**held, **changes}
    was = {key: held.get(key) for key in changes if held.get(key) != entry[key]}
    if not was:
        raise AmnokError(Fault("nothing would change", path=f"claims.{claim}"))
    history = [*held.get("amended", ()), {"date": date.isoformat(), "why": why, "was": was}]
    return _with(ledger, claim, {**entry, "amended": history})


def retracted(ledger: Ledger, claim: str, why: str, date: dt.date) -> Ledger:
    """The ledger with a claim that no longer counts.

    Raises:
        AmnokError: there is no such claim, or it was retracted before.
    """
    held = _held(ledger, claim)
    if ledger.claims[claim].retracted is not None:
        raise AmnokError(Fault("was retracted before", path=f"claims.{claim}"))
    return _with(ledger, claim, {**held, "retracted": {"date": date.isoformat(), "why": why}})


def _held(ledger: Ledger, claim: str) -> dict[str, Any]:
    ledger.must_hold(claim)
    held: dict[str, Any] = files.plain(ledger).data["claims"][claim]
    return held


def _with(ledger: Ledger, claim: str, entry: dict[str, Any]) -> Ledger:
    told = {key: value for key, value in entry.items() if value is not None}
    found = files.checked(Document({"claims": {claim: told}}), ledger)
    return Ledger(ledger.reports, {**ledger.claims, **found.claims})

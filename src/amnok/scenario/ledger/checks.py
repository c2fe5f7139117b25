"""Whether what stands in the ledger fits together; the checks look at plain data, as in
`amnok.scenario.consistency`, and pass over what they cannot read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

from amnok.errors import Fault
from amnok.quantity import ASSUMPTION
from amnok.scenario.data import Data, entries, inside, listed, sourced, unknown_name
from amnok.scenario.document import DATE, describe
from amnok.scenario.ledger.model import STANCES, TOPICS
from amnok.scenario.ledger.persons import in_text

_ABOUT = ("mechanisms", "says", "unmodelled", "unrecorded")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
ID_HELP = "an id has letters, digits, _ and - only, and at most 100 of them"


def ids_are_well_formed(data: Data) -> Iterator[Fault]:
    """Ids stand in paths and in lists of words."""
    for kind in ("reports", "claims"):
        for name in inside(data, kind):
            if not ID.fullmatch(name):
                yield Fault(f"{describe(name)} is not an id", ID_HELP, path=f"{kind}.{name}")


def claims_are_complete(data: Data) -> Iterator[Fault]:
    """Claims name a report and mechanisms that exist."""
    for name, claim in entries(data, "claims"):
        path = f"claims.{name}"
        if "report" in claim:
            reports = inside(data, "reports")
            yield from unknown_name(claim["report"], reports, "report", f"{path}.report")
        for mechanism in listed(claim.get("mechanisms")):
            yield from unknown_name(mechanism, TOPICS, "mechanism", f"{path}.mechanisms")


def claims_say_something_of_the_model(data: Data) -> Iterator[Fault]:
    """A claim that is neither about the model nor about what it lacks has no place in it."""
    for name, claim in entries(data, "claims"):
        if not any(listed(claim.get(key)) for key in _ABOUT):
            problem = "names neither a mechanism nor what the model lacks"
            fix = "give mechanisms, says, or a tag in unmodelled or unrecorded"
            yield Fault(problem, fix, path=f"claims.{name}")


def claims_and_references_have_different_ids(data: Data) -> Iterator[Fault]:
    """A source is looked up in both."""
    for name in inside(data, "references"):
        if name in inside(data, "claims"):
            yield Fault("a claim has the same id", "rename one of them", path=f"references.{name}")


def claims_and_patterns_agree(data: Data) -> Iterator[Fault]:
    """A claim names the patterns it asks for, and they name it."""
    yield from _agree(data, "claims", "patterns", "pattern")
    yield from _agree(data, "patterns", "claims", "claim")


def others_are_in_the_ledger(data: Data) -> Iterator[Fault]:
    """Claims stand to other claims, and reports share an origin with other reports."""
    for kind, keys in (("claims", STANCES), ("reports", ("same_origin",))):
        known = inside(data, kind)
        for name, entry in entries(data, kind):
            for key in keys:
                path = f"{kind}.{name}.{key}"
                for other in listed(entry.get(key)):
                    yield from unknown_name(other, known, kind.removesuffix("s"), path)
                    if other == name:
                        yield Fault("names itself", "remove it", path=path)


def claims_do_not_contradict_what_they_support(data: Data) -> Iterator[Fault]:
    """Two claims stand to each other in one way: not both for and against, whoever says it."""
    claims = dict(entries(data, "claims"))
    against = {name: set(listed(claim.get("contradicts"))) for name, claim in claims.items()}
    for name, claim in claims.items():
        for stance in ("supports", "refines"):
            for other in listed(claim.get(stance)):
                path = f"claims.{name}.{stance}"
                if other in against[name]:
                    yield Fault(f"names {other}, which it contradicts", "keep one", path=path)
                elif name in against.get(other, ()):
                    yield Fault(f"names {other}, which contradicts it", "keep one", path=path)


def no_claim_refines_itself(data: Data) -> Iterator[Fault]:
    """Of claims that make each other more exact, none can be the most exact."""
    refines = {
        name: [one for one in map(str, listed(claim.get("refines"))) if one != name]
        for name, claim in entries(data, "claims")
    }
    done: set[str] = set()
    for name in refines:
        way = {} if name in done else {name: iter(refines[name])}  # in the order of the steps
        while way:
            here = next(reversed(way))
            other = next(way[here], None)
            if other is None:
                done.add(here)
                del way[here]
            elif other in way:
                problem = f"names {other}, which refines it in turn"
                yield Fault(problem, "remove one of them", path=f"claims.{here}.refines")
            elif other in refines and other not in done:
                way[other] = iter(refines[other])


def copies_are_of_what_was_published(data: Data) -> Iterator[Fault]:
    """A copy is no older than its report: else a date is wrong, or of another calendar."""
    for name, report in entries(data, "reports"):
        day, copied = (_day(report.get(key)) for key in ("date", "captured"))
        exact = report.get("precision", "day") == "day" and not report.get("inferred")
        if exact and day and copied and copied < day:
            problem = f"is {copied}, before the date of the report, {day}"
            fix = "correct one of them; dates are of the Gregorian calendar"
            yield Fault(problem, fix, path=f"reports.{name}.captured")


def _day(told: Any) -> str | None:
    """A date as text, which is in the order of the days; None for what is none."""
    text = told.isoformat() if isinstance(told, dt.date) else told
    return text if isinstance(text, str) and DATE.fullmatch(text) else None


def places_are_sectors(data: Data) -> Iterator[Fault]:
    """A place within the border is one of its sectors; words about it stand in `place`."""
    sectors = inside(data, "sectors")
    for kind in ("reports", "claims"):
        for name, entry in entries(data, kind):
            for sector in listed(entry.get("sectors")):
                yield from unknown_name(sector, sectors, "sector", f"{kind}.{name}.sectors")


def no_text_leads_to_a_person(data: Data) -> Iterator[Fault]:
    """The ledger is about a trade, and holds nothing by which somebody in it can be found."""
    for kind in ("reports", "claims"):
        for name, entry in entries(data, kind):
            for key, told in entry.items():
                for text in _texts(told) if key != "url" else ():
                    yield from in_text(text, f"{kind}.{name}.{key}")


def _texts(told: Any) -> Iterator[str]:
    """Every text in a field: figures, amendments and the like have several."""
    if isinstance(told, str):
        yield told
    inner = told.values() if isinstance(told, dict) else told
    for one in inner if isinstance(told, dict | list | tuple) else ():
        yield from _texts(one)


def sources_are_known(data: Data) -> Iterator[Fault]:
    """Whatever stands behind a value is in the ledger."""
    known = {**inside(data, "claims"), **inside(data, "references")}
    for path, part in sourced(data):
        for source in listed(part["source"]):
            if source == ASSUMPTION:
                fix = "write source: assumption, without brackets"
                yield Fault(
                    "'assumption' cannot stand beside other sources", fix, path=f"{path}.source"
                )
            else:
                yield from unknown_name(source, known, "claim or reference", f"{path}.source")


def _agree(data: Data, here: str, there: str, word: str) -> Iterator[Fault]:
    others = inside(data, there)
    for name, entry in entries(data, here):
        for other in listed(entry.get(there)):
            path = f"{here}.{name}.{there}"
            yield from unknown_name(other, others, word, path)
            if other in others and name not in listed(inside(others, other).get(here)):
                problem = f"names {other}, which does not name {name}"
                yield Fault(problem, f"add {name} to {there}.{other}.{here}", path=path)


CHECKS: tuple[Callable[[Data], Iterator[Fault]], ...] = (
    ids_are_well_formed,
    claims_are_complete,
    claims_say_something_of_the_model,
    claims_and_references_have_different_ids,
    claims_and_patterns_agree,
    others_are_in_the_ledger,
    claims_do_not_contradict_what_they_support,
    no_claim_refines_itself,
    copies_are_of_what_was_published,
    places_are_sectors,
    no_text_leads_to_a_person,
    sources_are_known,
)

"""The questions of `amnok evidence add`, with what is known offered as answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import typer

from amnok.cli.common import say
from amnok.reporting.ledger import CREDIBILITY, RELIABILITY
from amnok.scenario import Scenario
from amnok.scenario.document import Document
from amnok.scenario.ledger import Ledger, adding, files
from amnok.scenario.ledger.checks import ID, ID_HELP
from amnok.scenario.ledger.model import STANCES, TOPICS, UNKNOWN, tag
from amnok.scenario.table import date

Value = TypeVar("Value")


def ask_for_claim(scenario: Scenario, target: Path) -> Document:
    """One claim of one report, asked for field by field. An empty answer means unknown, or none."""
    known = scenario.ledger
    if target.exists():
        known |= files.checked(files.read(target), known)
    say("No persons, no crossing points: say 'a trader', and a place no finer than a county.")
    report = _ask("Id of the report (a known one, or a new one)", _id)
    about = {} if report in known.reports else _report()
    if report in known.reports:
        say(f"Known: {known.reports[report].cited}")
    number = sum(one.report == report for one in known.claims.values()) + 1
    name = _ask("Id of the claim", _id, f"{report}-{number}")
    return adding.entry(report, about, name, _claim(scenario, known))


def _report() -> dict[str, Any]:
    told: dict[str, Any] = {
        "publisher": _ask("Outlet", str),
        "title": _ask("Title, as printed", str, UNKNOWN),
        "date": _ask(
            "Date, as 2019-07-25 (of a month or year its first day), or unknown", _date, UNKNOWN
        ),
    }
    if told["date"] != UNKNOWN:
        told["precision"] = _choice("How much of it is known", ("day", "month", "season", "year"))
        told["inferred"] = not typer.confirm("Does the report print it?", default=True, err=True)
        if told["inferred"]:
            told["inferred_from"] = _ask("What is it inferred from", str)
    told["url"] = _ask("Address", str, UNKNOWN)
    told["origin"] = _ask("Outlet that had it first, if it only passes it on", str, "")
    told["reliability"] = _graded("How reliable is the source", RELIABILITY, "F")
    return told


def _claim(scenario: Scenario, known: Ledger) -> dict[str, Any]:
    text = _ask("What it says, in your own words", str)
    place = _ask("Where", str, UNKNOWN)
    found = adding.suggestions(scenario, f"{text} {place}")
    told: dict[str, Any] = {
        "text": text,
        "place": place,
        "sectors": _several("Sectors", found.sectors, scenario.sectors, found.sectors),
        "credibility": int(_graded("How credible is it", CREDIBILITY, "6")),
        "doubt": _ask("What the outlet itself says against it", str, ""),
        "mechanisms": _several("Mechanisms it is about", found.mechanisms, TOPICS),
        "unmodelled": _several("What the model has no mechanism for", found.tags, read=tag),
        "unrecorded": _several("What happens in it and no book keeps", found.tags, read=tag),
    }
    while not any(told[key] for key in ("mechanisms", "unmodelled", "unrecorded")):
        say("A claim is about a mechanism, or about what the model lacks: name it in a few words.")
        told["unmodelled"] = _several("What the model has no mechanism for", found.tags, read=tag)
    for name in found.related:
        say(f"{name}: {known.claims[name].text} ({known.cited(name)})")
        stance = _choice(f"How does it stand to {name}", ("none", *STANCES))
        if stance != "none":
            told.setdefault(stance, []).append(name)
    return told


def _ask(question: str, read: Callable[[str], Value], default: str | None = None) -> Value:
    """Ask until the answer can be read."""
    while True:
        answer = typer.prompt(question, default=default, show_default=bool(default), err=True)
        try:
            return read(str(answer).strip())
        except ValueError as error:
            problem, *fix = error.args
            say(f"{problem} ({fix[0]})" if fix else str(problem))


def _id(text: str) -> str:
    if not ID.fullmatch(text):
        raise ValueError(f"'{text}' is not an id", ID_HELP)
    return text


def _date(text: str) -> str | dt.date:
    return text if text == UNKNOWN else date(text)


def _choice(question: str, options: Iterable[str]) -> str:
    options = tuple(options)

    def one_of(text: str) -> str:
        if text not in options:
            raise ValueError(f"'{text}' is none of them", ", ".join(options))
        return text

    return _ask(f"{question} ({', '.join(options)})", one_of, options[0])


def _graded(question: str, grades: Mapping[Any, str], default: str) -> str:
    told = "; ".join(f"{grade} {words}" for grade, words in grades.items())
    say(told)
    known = [str(grade) for grade in grades]

    def one_of(text: str) -> str:
        if text.upper() not in known:
            raise ValueError(f"'{text}' is not a grade", ", ".join(known))
        return text.upper()

    return _ask(question, one_of, default)


def _several(
    question: str,
    offered: Iterable[str],
    known: Iterable[str] = (),
    default: Iterable[str] = (),
    read: Callable[[str], str] = str,
) -> list[str]:
    offered, known = tuple(offered), tuple(known)
    hint = f" (perhaps {', '.join(offered)})" if offered else ""

    def names(text: str) -> list[str]:
        found = [one.strip() for one in text.replace(";", ",").split(",") if one.strip()]
        for one in found:
            if known and one not in known:
                raise ValueError(f"no '{one}'", f"of: {', '.join(known)}")
        return [read(one) for one in found]

    return _ask(f"{question}, with commas between{hint}", names, ", ".join(default))

"""`amnok new`: a border to begin with, as a commented file."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from amnok.cli.common import BORDER, app, must_be_new, say, write_text
from amnok.errors import AmnokError, Fault

_EVERYTHING, _NOTHING = "all", "none"


@app.command(rich_help_panel=BORDER)
def new(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Short name of the border; the file is NAME.yaml."),
    ],
    sector: Annotated[
        list[str] | None, typer.Option(help="A stretch of the border; repeat it, in their order.")
    ] = None,
    goods: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME:export|import", help="What is traded; repeat it."),
    ] = None,
    inner: Annotated[
        str | None, typer.Option(help="The bank whose traders send.", show_default="asks")
    ] = None,
    outer: Annotated[
        str | None, typer.Option(help="The bank of their partners.", show_default="asks")
    ] = None,
    mechanism: Annotated[
        list[str] | None,
        typer.Option(help="What the border has, such as guards; repeat it, or 'all' or 'none'."),
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option(
            help="How goods get across: river, land, customs, sea or air; repeat it.",
            show_default="land, or river with that mechanism; customs with that",
        ),
    ] = None,
    agency: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME:ROLE:SECTORS",
            help="One more agency: its name, role (such as guard or patrol) and sectors, with + "
            "between them; repeat it.",
        ),
    ] = None,
    currency: Annotated[str, typer.Option(help="Three capital letters.")] = "USD",
    start: Annotated[
        dt.datetime,
        typer.Option(formats=["%Y-%m-%d"], help="First day.", show_default="2024-01-01"),
    ] = dt.datetime(2024, 1, 1),
    end: Annotated[
        dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day.", show_default="2024-12-31")
    ] = dt.datetime(2024, 12, 31),
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write the border.", show_default="NAME.yaml"),
    ] = None,
) -> None:
    """Write a new border: valid, commented, every number an assumption to be replaced."""
    from amnok.mechanisms import NAMES
    from amnok.scenario.starter import Starter, starter

    file = out or Path(f"{name}.yaml")
    must_be_new(file)
    sectors = sector or _asked_list(
        "sector", "Stretches of the border, in their order", "north, south"
    )
    traded = goods or _asked_list("goods", "Goods, as name:export or name:import", "fuel:export")
    banks = inner or _asked("inner", "The bank whose traders send goods", "North bank")
    partners = outer or _asked("outer", "The bank of their partners", "South bank")
    has = mechanism or _asked_list("mechanism", f"Mechanisms ({', '.join(NAMES)})", _EVERYTHING)
    if agency is None and mechanism is None:
        question = "More agencies of a role, as name:role:sector+sector"
        agency = _asked_list("agency", question, _NOTHING)
    border = Starter(
        name,
        sectors,
        _directions(traded),
        banks,
        partners,
        _several("mechanism", has, NAMES),
        currency,
        start.date(),
        end.date(),
        tuple(channel or ()),
        _agencies(_several("agency", agency or [])),
    )
    write_text(file, starter(border))
    say(f"wrote {file}: a border to begin with, every number an assumption")
    say(f"next: amnok check {file}, then amnok run {file}")


def _several(option: str, given: list[str], known: Sequence[str] = ()) -> Sequence[str]:
    """What is named; `none` is nothing and, of what is known, `all` everything."""
    words = {_NOTHING: (), **({_EVERYTHING: known} if known else {})}
    alone = next((word for word in words if word in given), None)
    if alone and len(given) > 1:
        fix = f"leave out '{alone}' or the others"
        raise AmnokError(Fault(f"'{alone}' stands alone", fix, path=f"--{option}"))
    return words[alone] if alone else given


def _directions(goods: list[str]) -> dict[str, str]:
    """Direction by name of goods; those that say none are exports."""
    parts = [one.partition(":") for one in goods]
    names = [name for name, _, _ in parts]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise AmnokError(Fault(f"'{twice}' is named twice", path="--goods"))
    return {name: direction or "export" for name, _, direction in parts}


def _agencies(given: Sequence[str]) -> dict[str, tuple[str, list[str]]]:
    """Role and sectors by name of agency."""
    found: dict[str, tuple[str, list[str]]] = {}
    for one in given:
        name, _, rest = one.partition(":")
        role, _, sectors = rest.partition(":")
        if not (name and role and sectors):
            fix = "write name:role:sector, as in marines:patrol:delta+lake"
            raise AmnokError(Fault(f"'{one}' is not an agency", fix, path="--agency"))
        if name in found:
            raise AmnokError(Fault(f"'{name}' is named twice", path="--agency"))
        found[name] = (role, sectors.split("+"))
    return found


def _asked(option: str, question: str, example: str) -> str:
    """What somebody at a terminal answers; without a terminal, a fault."""
    if not (sys.stdin and sys.stdin.isatty()):
        raise AmnokError(Fault(f"--{option} is missing", f"such as --{option} '{example}'"))
    return str(typer.prompt(question, default=example, err=True))


def _asked_list(option: str, question: str, example: str) -> list[str]:
    """The same for several, with commas between them."""
    if not (sys.stdin and sys.stdin.isatty()):
        one = example.split(",")[0]
        raise AmnokError(Fault(f"--{option} is missing", f"such as --{option} {one}"))
    answer = str(typer.prompt(question, default=example, err=True))
    return [part.strip() for part in answer.split(",") if part.strip()]

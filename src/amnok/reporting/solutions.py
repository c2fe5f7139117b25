"""Solved games as tables and as JSON."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from rich.console import Console
from rich.table import Table

from amnok.allocation.certificate import Certificate
from amnok.games.files import Answer, Cell, PlanTable
from amnok.reporting.tables import plain_table

_LONGEST = 24  # of a fraction in a table


def print_answer(answer: Answer, console: Console) -> None:
    """Value, plan and certificate of a game."""
    console.print(answer.title, style="bold")
    console.print(_pairs({name: _shown(value) for name, value in answer.values.items()}))
    for table in answer.tables:
        console.print()
        console.print(table.title, style="bold")
        console.print(_rows(table))
    console.print()
    console.print("Certificate", style="bold")
    proof = _certificate(answer.certificate).items()
    shown = {name: "-" if one is None else _shown(one) for name, one in proof}
    console.print(_pairs({name.replace("_", " "): text for name, text in shown.items()}))
    for note in answer.notes:
        console.print(note)


def _pairs(values: Mapping[str, str]) -> Table:
    table = plain_table("", ">")
    table.show_header = False
    for name, value in values.items():
        table.add_row(name, value)
    return table


def _rows(plan: PlanTable) -> Table:
    cells = zip(*plan.rows, strict=True) if plan.rows else [()] * len(plan.columns)
    is_text = [any(isinstance(cell, str) for cell in column) for column in cells]
    names = zip(plan.columns, is_text, strict=True)
    table = plain_table(*(name if text else f">{name}" for name, text in names))
    for row in plan.rows:
        table.add_row(*map(_shown, row))
    return table


def answer_json(answer: Answer) -> str:
    """The same for programs; exact numbers are texts such as "3/11"."""
    data = {
        "title": answer.title,
        "values": {name: _plain(value) for name, value in answer.values.items()},
        "tables": [
            {
                "title": table.title,
                "columns": list(table.columns),
                "rows": [[_plain(cell) for cell in row] for row in table.rows],
            }
            for table in answer.tables
        ],
        "certificate": {
            name: None if number is None else _plain(number)
            for name, number in _certificate(answer.certificate).items()
        },
        "notes": list(answer.notes),
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _certificate(certificate: Certificate) -> dict[str, Any]:
    return {
        "bound": certificate.bound,
        "gap": certificate.gap,
        "regret_inspector": certificate.regret_inspector,
        "regret_inspected": certificate.regret_inspected,
        "residual": certificate.residual,
        "scale": certificate.scale,
        "holds": certificate.holds(),
    }


def _plain(value: Cell) -> Any:
    if isinstance(value, Fraction):
        return _written(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def _shown(value: Cell) -> str:
    """A number as a table shows it: a short fraction, or ten digits."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction):
        text = _written(value)
        return text if len(text) <= _LONGEST else f"about {float(value):.10g}"
    if isinstance(value, float):
        return "none" if math.isnan(value) else f"{value:.10g}"
    return f"{value:,}" if isinstance(value, int) else value


def _written(value: Fraction) -> str:
    """All digits, of which an exact answer may have more than Python writes out unasked."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return str(value)
    finally:
        sys.set_int_max_str_digits(limit)

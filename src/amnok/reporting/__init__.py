"""What people read: summaries, tables of the evidence, figures of a run."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amnok.reporting.evidence import print_check, print_ledger, print_scenarios
    from amnok.reporting.figures import overview
    from amnok.reporting.summaries import print_summary, summary

_HOME = {
    "overview": "figures",
    "print_check": "evidence",
    "print_ledger": "evidence",
    "print_scenarios": "evidence",
    "print_summary": "summaries",
    "summary": "summaries",
}

__all__ = [
    "overview",
    "print_check",
    "print_ledger",
    "print_scenarios",
    "print_summary",
    "summary",
]


def __getattr__(name: str) -> Any:
    # A scenario is checked in a moment; xarray and matplotlib take longer to import than that.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)

"""What people read: tables in every format, summaries, charts, reports."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amnok.reporting.figures import overview
    from amnok.reporting.formats import render
    from amnok.reporting.summaries import summary

_HOME = {"overview": "figures", "render": "formats", "summary": "summaries"}

__all__ = ["overview", "render", "summary"]


def __getattr__(name: str) -> Any:
    # A scenario is checked in a moment; xarray and matplotlib take longer to import than that.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)

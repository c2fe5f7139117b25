"""Amnok: a laboratory for contested borders.

import amnok
dataset = amnok.run("sino-korean-border", seed=1)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amnok.comparison import compare
    from amnok.equilibria import exploitability
    from amnok.observe import open_run, reports, run
    from amnok.scenario import load
    from amnok.sweeps import sweep
    from amnok.sweeps.analysis import sensitivity

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "compare",
    "exploitability",
    "load",
    "open_run",
    "reports",
    "run",
    "sensitivity",
    "sweep",
]

_HOME = {
    "compare": "amnok.comparison",
    "exploitability": "amnok.equilibria",
    "load": "amnok.scenario",
    "open_run": "amnok.observe",
    "reports": "amnok.observe",
    "run": "amnok.observe",
    "sensitivity": "amnok.sweeps.analysis",
    "sweep": "amnok.sweeps",
}


def __getattr__(name: str) -> Any:
    # Names come from where they live when first used, so that `import amnok` takes no time.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)

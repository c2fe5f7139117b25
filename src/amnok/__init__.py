"""Amnok: a laboratory for contested borders.

import amnok
dataset = amnok.run("sino-korean-border", seed=1)
amnok.plot(dataset)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amnok.games import exploit
    from amnok.games.files import solve
    from amnok.reporting.verbs import check, plot, report, runs
    from amnok.results import open_run, reports, run
    from amnok.results.measuring.asking import Statement, measure
    from amnok.scenario import load
    from amnok.studies.claims import evidence
    from amnok.studies.comparison import compare
    from amnok.studies.counterfactual import effect, effects
    from amnok.studies.inference.banks import bank
    from amnok.studies.inference.hidden import infer
    from amnok.studies.inference.questions import ask
    from amnok.studies.patterns import verify
    from amnok.studies.scoring.forecast import score
    from amnok.studies.sweeps import sweep
    from amnok.studies.sweeps.analysis import regret, sensitivity
    from amnok.studies.sweeps.prim import discover

__version__ = "0.1.0"

__all__ = [
    "Statement",
    "__version__",
    "ask",
    "bank",
    "check",
    "compare",
    "discover",
    "effect",
    "effects",
    "evidence",
    "exploit",
    "infer",
    "load",
    "measure",
    "open_run",
    "plot",
    "regret",
    "report",
    "reports",
    "run",
    "runs",
    "score",
    "sensitivity",
    "solve",
    "sweep",
    "verify",
]

_HOME = {
    "Statement": "amnok.results.measuring.asking",
    "ask": "amnok.studies.inference.questions",
    "bank": "amnok.studies.inference.banks",
    "check": "amnok.reporting.verbs",
    "compare": "amnok.studies.comparison",
    "discover": "amnok.studies.sweeps.prim",
    "effect": "amnok.studies.counterfactual",
    "effects": "amnok.studies.counterfactual",
    "evidence": "amnok.studies.claims",
    "exploit": "amnok.games",
    "infer": "amnok.studies.inference.hidden",
    "load": "amnok.scenario",
    "measure": "amnok.results.measuring.asking",
    "open_run": "amnok.results",
    "plot": "amnok.reporting.verbs",
    "regret": "amnok.studies.sweeps.analysis",
    "report": "amnok.reporting.verbs",
    "reports": "amnok.results",
    "run": "amnok.results",
    "runs": "amnok.reporting.verbs",
    "score": "amnok.studies.scoring.forecast",
    "sensitivity": "amnok.studies.sweeps.analysis",
    "solve": "amnok.games.files",
    "sweep": "amnok.studies.sweeps",
    "verify": "amnok.studies.patterns",
}


def __getattr__(name: str) -> Any:
    # Names come from where they live when first used, so that `import amnok` takes no time.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from amnok.environment import readable
    from amnok.errors import needs_extra

    with readable(), needs_extra(name):
        return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)

"""Scenarios: borders as data, with the evidence for every number.

>>> from amnok.scenario import builtin_names, load
>>> "sino-korean-border" in builtin_names()
True
"""

from amnok.scenario.dump import resolved
from amnok.scenario.loading import builtin_names, load, load_text
from amnok.scenario.model import Scenario

__all__ = ["Scenario", "builtin_names", "load", "load_text", "resolved"]

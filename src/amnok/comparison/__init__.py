"""Policies beside each other: the same people, the same draws."""

from amnok.comparison.compare import Comparison, compare
from amnok.comparison.outcomes import outcomes

__all__ = ["Comparison", "compare", "outcomes"]

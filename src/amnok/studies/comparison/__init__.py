"""Policies beside each other: the same people, the same draws."""

from amnok.results.outcomes import outcomes
from amnok.studies.comparison.arms import Comparison, compare

__all__ = ["Comparison", "compare", "outcomes"]

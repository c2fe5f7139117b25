"""Forecasts held against what came, beside forecasts that know nothing."""

from amnok.studies.scoring.naive import NAIVE, Naive
from amnok.studies.scoring.scores import crps, weighted_interval_score

__all__ = ["NAIVE", "Naive", "crps", "weighted_interval_score"]

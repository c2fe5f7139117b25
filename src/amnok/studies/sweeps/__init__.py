"""Sweeps: many points of the space of parameters and policies, resumable, on any executor."""

from amnok.scenario.measures.plan import BASE
from amnok.studies.sweeps.design import Point
from amnok.studies.sweeps.runner import Sweep, sweep

__all__ = ["BASE", "Point", "Sweep", "sweep"]

"""Sweeps: many points of the space of parameters and policies, resumable, on any executor."""

from amnok.sweeps.design import BASE, Point
from amnok.sweeps.runner import Sweep, sweep

__all__ = ["BASE", "Point", "Sweep", "sweep"]

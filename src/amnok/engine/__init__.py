"""The engine: keyed draws, the day, the run. Numba kernels over arrays."""

from amnok.engine.replicate import Outcome, Stopped, simulate

__all__ = ["Outcome", "Stopped", "simulate"]

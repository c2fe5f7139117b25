"""Amnok: a laboratory for contested borders."""

__version__ = "0.1.0"

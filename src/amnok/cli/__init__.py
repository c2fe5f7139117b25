"""The command line. Thin: it holds no model logic."""

from amnok.cli.main import main

__all__ = ["main"]

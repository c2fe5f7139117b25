"""Benchmarks are scripts in folders of their own: their tests find them here."""

import sys

from tests.paths import ROOT

sys.path += [str(ROOT / "benchmarks"), str(ROOT / "benchmarks" / "reduced")]

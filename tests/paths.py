"""Where tests find what is not code: the small border, the docs, real data beside the checkout."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
TINY = ROOT / "tests" / "scenarios" / "tiny-border"
TINY_MORE = TINY.with_name("tiny-more.yaml")  # with every mechanism that TINY does without
TINY_USUAL = TINY.with_name("tiny-usual.yaml")
HIGH_PASS = TINY.with_name("high-pass.yaml")  # a border without water
LEAST = TINY.with_name("least.yaml")  # with as little as makes a border

"""What the model is made of, read from its own source: its steps, rules, draws, state and books."""

from amnok.odd.anatomy.code import Function, Step, read_code
from amnok.odd.anatomy.feeds import Feeds, feeds
from amnok.odd.anatomy.fields import (
    Field,
    Group,
    books,
    daily_fields,
    decisions,
    person_fields,
    state_fields,
)

__all__ = [
    "Feeds",
    "Field",
    "Function",
    "Group",
    "Step",
    "books",
    "daily_fields",
    "decisions",
    "feeds",
    "person_fields",
    "read_code",
    "state_fields",
]

"""Every field says what it means, in the published schema and wherever fields are explained."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from amnok.scenario import builtin_names, load
from amnok.scenario.catalog import json_schema, parameter_table
from amnok.scenario.shape import shape_at

LEAST_WORDS = 5
ENDS = re.compile(r"\b([Ll]ow|[Hh]igh|[Ff]ew|[Aa]t 0|[Aa]t 1|[Aa]bove \S+|[Bb]elow \S+)\b")


def fields(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every property of a schema with its path; units restate those of a parameter."""
    if isinstance(schema, list):
        for entry in schema:
            yield from fields(entry, path)
    elif isinstance(schema, dict):
        properties = schema.get("properties")
        for name, inside in properties.items() if isinstance(properties, dict) else ():
            yield f"{path}.{name}", inside
        for name, inside in schema.items():
            if name != "allOf":
                yield from fields(inside, path if name == "properties" else f"{path}.{name}")


def empty_of_meaning(name: str, text: str) -> str:
    """What is wrong with an explanation; nothing if it explains."""
    words = re.findall(r"[a-z]+", text.lower())
    own = {part.rstrip("s") for part in name.lower().split("_")}
    news = [word for word in words if word.rstrip("s") not in own]
    if len(words) < LEAST_WORDS:
        return f"has {len(words)} words, fewer than {LEAST_WORDS}"
    if len(set(news)) < LEAST_WORDS - 1:
        return "says little more than its name"
    if not text.endswith(".") or not (text[0].isupper() or text[0] == "`"):
        return "is not a sentence"
    return ""


def test_every_field_of_the_schema_is_explained():
    published = list(fields(json_schema()["$defs"]))
    assert len(published) > 500
    faults = {
        path: trouble
        for path, field in published
        if (trouble := empty_of_meaning(path.rpartition(".")[2], field.get("description", "")))
    }
    assert not faults


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", "has 0 words, fewer than 5"),
        ("The penalty.", "has 2 words, fewer than 5"),
        ("The penalty of the penalties the penalty.", "says little more than its name"),
        ("what being caught costs a guard", "is not a sentence"),
        ("What being caught costs a guard.", ""),
    ],
)
def test_empty_explanations_are_refused(text, trouble):
    assert empty_of_meaning("penalty", text) == trouble


@pytest.mark.parametrize("name", builtin_names())
def test_every_number_says_what_low_and_high_mean(name):
    silent = [
        row.path
        for row in parameter_table(load(name))
        if row.unit not in ("date", "day of year") and not ENDS.search(row.meaning)
    ]
    assert not silent


def test_meaning_is_one_line_from_the_docstring_of_the_field():
    penalty = shape_at(("guards", "penalty")).meaning
    assert penalty.startswith("What being held responsible for a leak would cost a guard, in")
    assert "\n" not in penalty


def test_named_parts_inherit_the_meaning_of_their_mapping():
    shares = shape_at(("markets", "pyongyang", "fed_by", "sinuiju")).meaning
    assert shares == shape_at(("markets", "any", "fed_by")).meaning != ""
    assert shape_at(("nowhere",)).meaning == ""

"""What a person who writes YAML as one writes a letter is told, each with line, path and advice."""

import pytest
from tests.paths import LEAST

from amnok.errors import ScenarioError
from amnok.scenario import load_text

TEXT = LEAST.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  inner: {value", "\tinner: {value", r"has a tab at column 1 \(indent with spaces\)"),
        ("value: 0.4,", "value: 0,4,", r"traders.partner_share: unknown key '4' \(numbers have a"),
        ("value: 0.4,", 'value: "0,4",', r"is '0,4', expected a number \(write 0.4\)"),
        ("value: 0.4,", "value: 40%,", r"is '40%', expected a number \(write 0.4\)"),
        ("value: 300,", "value: 1.000.000,", r"is '1.000.000', expected a number$"),
        ("goods:\n", "goods\n", r"is not YAML.*check indentation, colons"),
        ("direction: export", "direction:export", r"is not YAML.*check indentation, colons"),
        ("unit: persons", "unit: Persons", r"unit is 'Persons', must be 'persons'"),
        ("value: 1, unit: USD", "value: 1, unit: $", r"unit is '\$', must be 'USD'"),
        ("start: 2015-01-01", "start: 01/01/2015", r"is '01/01/2015', expected a date such as"),
        ("currency: USD", "currency: USD\ncurrency: EUR", r"given twice, in lines 4 and 5"),
        ("  hills:", "  Green Hills:", r"'Green Hills' contains characters other than.*rename it"),
        ("label: Hills", 'label: ""', r"sectors.hills.label: is empty"),
    ],
)
def test_one_slip(old, new, told):
    assert old in TEXT
    with pytest.raises(ScenarioError, match=told) as error:
        load_text(TEXT.replace(old, new, 1), "mine.yaml")
    assert all(fault.line and fault.file == "mine.yaml" for fault in error.value.faults)


@pytest.mark.parametrize(
    "text",
    ["\ufeff" + TEXT, TEXT.replace("\n", "\r\n"), TEXT.replace("  hills:", "  no:"), TEXT + "\n\n"],
    ids=["a mark of the byte order", "lines of Windows", "a sector called no", "empty lines"],
)
def test_what_is_no_slip(text):
    assert load_text(text, "mine.yaml").name == "mini"

"""A scenario written back reads as the same scenario."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.paths import TINY

from amnok.errors import visible
from amnok.scenario import builtin_names, document, dump, load, load_text, resolved
from amnok.scenario.measures.dimensions import space_of


@pytest.mark.parametrize("sets", [(), ("quiet=on", "guards.penalty=1e-7")])
def test_small_border(sets):
    scenario = load(TINY, sets)
    text = resolved(scenario)
    assert load_text(text, "again") == scenario
    assert resolved(load_text(text, "again")) == text


@pytest.mark.parametrize("name", builtin_names())
def test_built_in_scenarios(name):
    scenario = load(name)
    assert load_text(resolved(scenario), "again") == scenario


def test_a_reader_of_an_older_yaml_reads_the_same_texts():
    text = resolved(load("sino-korean-border"))
    assert yaml.load(text, yaml.CSafeLoader) == document.parse(text, "f").data


@pytest.mark.parametrize("written", ["true", "True", '"yes"', "yes"])
def test_what_an_older_reader_made_of_yes_is_understood(written):
    text = resolved(load("sino-korean-border"))
    scenario = load_text(text.replace('{paying: "yes"}', f"{{paying: {written}}}"), "f")
    assert space_of(scenario).chosen("paying", True) == {"yes"}
    assert space_of(scenario).chosen("sanctioned", "no") == {False}


def test_a_parameter_takes_one_line():
    line = (
        "  penalty: {value: 60000.0, unit: CRN, prior: {lognormal: [60000.0, 1.6]}, source: [W3]}"
    )
    assert line in resolved(load(TINY)).splitlines()


# What a scenario holds once it was read: characters that nobody sees are written out there.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r\x85")).map(
    visible
)


@given(st.dictionaries(texts, texts | st.lists(texts) | st.dictionaries(texts, texts, min_size=1)))
def test_any_text_is_written_so_that_it_reads_as_itself(data):
    text = "\n".join(dump._lines(data, "")) + "\n"
    if data:
        assert document.parse(text, "f").data == data


@given(
    st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**17), 10**17) | st.dates()
)
def test_any_number_and_date_is_written_so_that_it_reads_as_itself(value):
    assert document.parse(f"a: {dump.entry(value)}", "f").data == {"a": value}

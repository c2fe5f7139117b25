"""Whatever is in a file, it loads or there is a ScenarioError; never another exception."""

import contextlib
import copy
import datetime as dt
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.paths import TINY

from amnok.errors import Fault, ScenarioError
from amnok.scenario import document, load, load_text, resolved

SMALL = TINY / "scenario.yaml"
DATA = document.read(SMALL).data
TEXT = SMALL.read_text(encoding="utf-8")


def places(data, place=()):
    yield place
    entries = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in entries:
        if isinstance(value, dict | list):
            yield from places(value, (*place, key))
        else:
            yield (*place, key)


PLACES = [place for place in places(DATA) if place]

garbage = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.text(max_size=8)
    | st.sampled_from(["off", "ferry", "W1", "assumption", "days", "rangers", "ford", "river"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "unit", "prior", "source", "x"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)
changes = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(["delete", "replace", "add"]), garbage),
    min_size=1,
    max_size=4,
)


def changed(data, place, what, value):
    parent = data
    for key in place[:-1]:
        try:
            parent = parent[key]
        except (KeyError, IndexError, TypeError):
            return  # an earlier change took the place away
    with contextlib.suppress(KeyError, IndexError, TypeError):
        if what == "delete":
            del parent[place[-1]]
        elif what == "replace":
            parent[place[-1]] = value
        else:
            parent[place[-1]]["x"] = value


def loads_or_tells(read):
    faults: tuple[Fault, ...] | None = None
    try:
        scenario = read()
    except ScenarioError as error:
        faults = error.faults
    else:
        assert load_text(resolved(scenario), "again") == scenario
    assert faults != ()
    for fault in faults or ():
        assert fault.problem
        assert len(str(fault).splitlines()) == 1


@pytest.mark.slow
@settings(max_examples=150)
@given(changes)
@example([(("goods",), "add", [])])
@example([(("goods",), "add", [1])])
def test_changed_scenario(edits):
    data = copy.deepcopy(DATA)
    for edit in edits:
        changed(data, *edit)
    text = json.dumps(data, default=dt.date.isoformat, ensure_ascii=False)
    loads_or_tells(lambda: load_text(text, "f"))


@pytest.mark.slow
@settings(max_examples=150)
@given(st.integers(0, len(TEXT)), st.integers(0, 40), st.text(max_size=12))
def test_changed_text(start, length, inserted):
    text = TEXT[:start] + inserted + TEXT[start + length :]
    loads_or_tells(lambda: load_text(text, "f"))


@given(st.binary(max_size=400))
def test_random_bytes(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("bytes") / "scenario.yaml"
    path.write_bytes(raw)
    loads_or_tells(lambda: load(path))


@pytest.mark.slow
@given(st.sampled_from(PLACES), st.text(max_size=12) | garbage.map(str))
def test_override(place, value):
    path = ".".join(map(str, place))
    loads_or_tells(lambda: load(SMALL, [f"{path}={value}"]))


@pytest.mark.slow
@given(st.text(max_size=30))
def test_override_of_anything(text):
    loads_or_tells(lambda: load(SMALL, [text]))


@pytest.mark.slow
@given(garbage)
def test_switches_of_anything(switches):
    text = json.dumps({**DATA, "switches": switches}, default=dt.date.isoformat)
    loads_or_tells(lambda: load_text(text, "f"))

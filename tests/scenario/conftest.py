"""The small invented border of tests/scenarios, to read, change and break."""

import datetime as dt
import json

import pytest
from tests.paths import TINY

from amnok.errors import ScenarioError
from amnok.scenario import document, load


@pytest.fixture
def tiny_data():
    """The plain data of the small border, fresh for each test."""
    return document.read(TINY / "scenario.yaml").data


@pytest.fixture
def write(tmp_path):
    """Writes data (JSON is YAML) or a text to a file and gives its path."""

    def write(data, name="scenario.yaml"):
        if not isinstance(data, str):
            data = json.dumps(data, indent=1, default=dt.date.isoformat)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data, encoding="utf-8")
        return path

    return write


@pytest.fixture
def faults_of():
    """The faults of loading something that must not load."""

    def faults_of(name_or_path, *sets):
        with pytest.raises(ScenarioError) as caught:
            load(name_or_path, sets)
        return caught.value.faults

    return faults_of


@pytest.fixture
def fault_of(tiny_data, write, faults_of):
    """The fault at a path that a value in the small border makes, and the file it is told of."""

    def fault_of(where, value, path, problem):
        *parents, last = where.split(".")
        part = tiny_data
        for key in parents:
            part = part[key]
        part[last] = value
        file = write(tiny_data)
        told = faults_of(file)
        found = [fault for fault in told if fault.path == path and problem in fault.problem]
        assert found, [str(fault) for fault in told]
        return found[0], file

    return fault_of

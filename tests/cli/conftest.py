"""The command line as people meet it: status, what it prints, what it complains about."""

import shutil
from dataclasses import dataclass

import pytest
from tests.paths import TINY

import amnok as library
from amnok.cli import main


@dataclass
class Answer:
    status: int
    out: str
    errors: list[str]


@pytest.fixture
def amnok(capsys, monkeypatch, tmp_path):
    """Runs `amnok ...` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def amnok(*arguments):
        status = main([str(one) for one in arguments])
        told = capsys.readouterr()
        return Answer(status, told.out, told.err.splitlines())

    return amnok


@pytest.fixture
def refused(amnok, tmp_path):
    """Runs `amnok ...` that must fail with status 2, one line a fault, and nothing written."""

    def refused(*arguments):
        before = sorted(tmp_path.rglob("*"))
        answer = amnok(*arguments)
        assert answer.status == 2
        assert answer.out == ""
        assert answer.errors
        assert all(line.startswith("error: ") for line in answer.errors)
        assert sorted(tmp_path.rglob("*")) == before
        return answer.errors

    return refused


@pytest.fixture(scope="session")
def saved_run(tmp_path_factory):
    """A run of the small border in a folder that nobody touches."""
    folder = tmp_path_factory.mktemp("saved") / "run"
    library.run(TINY, replicates=3, out=folder)
    return folder


@pytest.fixture
def run(saved_run, tmp_path):
    """A copy of it, in the folder where `amnok` runs."""
    return shutil.copytree(saved_run, tmp_path / "run")

"""The small border to explore, and its server without a network."""

import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from amnok.observe.threads import Days
from amnok.web.border import Explorer
from amnok.web.serve import border_of

TINY = Path(__file__).parents[1] / "scenarios" / "tiny-border"
SWEEP, QUOTA, INNER = "orders.april_sweep.intensity", "quota.arrests", "traders.inner"


@pytest.fixture(scope="session")
def tiny():
    return border_of(str(TINY), seed=3, replicates=2)


@pytest.fixture
def explorer(tiny):
    return Explorer(tiny)


@pytest.fixture
def days():
    """Counts days for nobody."""
    return lambda total: Days(total)


@dataclass
class Server:
    """`amnok explore` as a process of its own."""

    process: subprocess.Popen[str]
    address: str

    @property
    def port(self):
        return int(self.address.rstrip("/").rpartition(":")[2])

    def interrupt(self):
        """Ctrl-C: exit status, and what it told on standard error."""
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors


@contextmanager
def serving(*arguments):
    """Starts `amnok explore ...` and ends it, however the test ends."""
    command = [sys.executable, "-m", "amnok", "explore", "--no-browser", *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "http://127.0.0.1:" in line, line
            yield Server(process, next(word for word in line.split() if word.startswith("http:")))
        finally:
            process.kill()


@pytest.fixture(scope="session")
def server():
    """The small border, served for all tests that leave it running."""
    with serving(TINY, "--seed", "3", "--replicates", "2") as server:
        yield server

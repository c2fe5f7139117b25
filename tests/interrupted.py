"""Studies that are interrupted where a test wants it, however fast the machine is."""

import time
from contextlib import contextmanager

import pytest

from amnok.studies.sweeps.work import run_batch


@contextmanager
def one_batch():
    """Let only the first batch of a sweep or a bank go on; the others wait until they are stopped.

    What is finished when an interrupt comes is kept, so that the next batch may be kept too.
    """
    begun = []

    def waiting(task, points, days):
        begun.append(points)
        while len(begun) > 1 and days(0):
            time.sleep(0.01)
        return run_batch(task, points, days)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("amnok.studies.sweeps.executors.run_batch", waiting)
        yield

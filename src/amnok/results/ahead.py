"""Compiling ahead: for a wheel, and for this processor while code for its level is in use.

`python -m amnok.results.ahead` compiles what a run needs into the folder for compiled code.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

from amnok.arguments import DEFAULT_SCENARIO
from amnok.compiling.code_cache import FOLDERS
from amnok.draws import replicate_key
from amnok.engine import simulate
from amnok.results.visible import visible
from amnok.scenario import load
from amnok.world import labels

_DAYS = 40  # enough for reports and surveys, which have kernels of their own


def compile_all() -> None:
    """Compile, or load, all that a run of any scenario needs."""
    scenario = load(DEFAULT_SCENARIO)
    period = {"end": scenario.period.start + dt.timedelta(days=_DAYS), "spin_up": 0}
    short = scenario.model_copy(update={"period": scenario.period.model_copy(update=period)})
    visible(simulate(short, 0), labels(short), short, replicate_key(0, 0))


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[bool]:
    """Whether no other process compiles into the folder; the lock ends with its process."""
    try:
        import fcntl
    except ImportError:  # Windows: twice the work at worst, since files are born whole
        yield True
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def main() -> None:
    """Compile, if nobody else does, and stand back for all other work meanwhile."""
    if hasattr(os, "nice"):
        os.nice(19)
    with _alone(FOLDERS[0].with_suffix(".lock")) as alone:
        if alone:
            compile_all()


if __name__ == "__main__":
    main()

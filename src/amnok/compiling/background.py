"""Native code in the background, while code that came along is in use."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from functools import cache

from amnok.compiling.processors import IS_COMMON, NATIVE


@cache
def compile_for_this_processor() -> None:
    """Start a process that compiles for this very processor, unless that is done or unwanted.

    It has the lowest priority, stops by itself, and leaves if another is at it already
    (`amnok.results.ahead`). The next start of Amnok uses what it made.
    """
    if not IS_COMMON or os.environ.get(NATIVE) == "off":
        return
    quiet = subprocess.DEVNULL
    with contextlib.suppress(OSError):
        subprocess.Popen(
            [sys.executable, "-m", "amnok.results.ahead"],
            env={**os.environ, NATIVE: "now"},
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            start_new_session=True,  # Ctrl-C is meant for the run, not for this
        ).returncode = 0  # nobody waits for it, and Python need not warn of that

"""What Amnok and its libraries read from the environment: what they cannot use is told."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from amnok.errors import AmnokError, Fault


class Setting(NamedTuple):
    """What a variable may say, and how to put it right."""

    form: str
    fix: str


# By the form of the variable's name; of several the first.
SETTINGS: Mapping[str, Setting] = {
    "AMNOK_NATIVE": Setting("off|now|", "off, now, or unset it"),
    # What has no sign ends the process within LLVM.
    "NUMBA_CPU_FEATURES": Setting(
        r"([+-][\w.-]+(,[+-][\w.-]+)*)?", "as in +avx2,-avx512f, or unset it"
    ),
    "SOURCE_DATE_EPOCH": Setting(r"\d{1,11}", "whole seconds since 1970, or unset it"),
    # Results are read by zarr: how fast may be chosen, but not in which way.
    "ZARR_(ASYNC__CONCURRENCY|THREADING__MAX_WORKERS)": Setting(
        r"[1-9]\d*", "a whole number from 1, or unset it"
    ),
    "ZARR_(ARRAY|ASYNC|BUFFER|CODEC_PIPELINE|JSON_INDENT|NDBUFFER|THREADING)(__.*)?": Setting(
        "(?!)", "unset it: results are read in one way only"
    ),
}
_NOT_READ = re.compile("Environment variable '(.*?)' is defined but its .* value '(.*?)' could not")


@contextmanager
def readable() -> Iterator[None]:
    """Within, a setting that cannot be read is a fault, also where Numba would go on without it.

    Raises:
        AmnokError: with all of those that are known beforehand, or the first that Numba meets.
    """
    if faults := list(_faults()):
        raise AmnokError(faults)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", _NOT_READ.pattern, RuntimeWarning)
        try:
            yield
        except RuntimeWarning as warning:
            found = _NOT_READ.match(str(warning))
            if found is None:
                raise
            raise AmnokError(_fault(found[1], found[2], "unset it, or see Numba")) from None


def _faults() -> Iterator[Fault]:
    for name, value in sorted(os.environ.items()):
        of_it = (one for form, one in SETTINGS.items() if re.fullmatch(form, name))
        setting = next(of_it, None)
        if setting and not re.fullmatch(setting.form, value):
            yield _fault(name, value, setting.fix)


def _fault(name: str, value: str, fix: str) -> Fault:
    return Fault(f"the environment variable {name} is '{value}'", fix)

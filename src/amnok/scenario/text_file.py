"""Text files that people give, as text or as one fault; none is read beyond a limit."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from amnok.errors import Fault, ScenarioError

LIMIT = 4 * 1024 * 1024  # bytes, unless another is named


def text_of(path: Path, label: str, limit: int | None = None, may_be_wide: bool = True) -> str:
    """The text in a file: UTF-8, with or without a mark; if it may be wide, also UTF-16 with one.

    Raises:
        ScenarioError: it cannot be read, is no such text, or larger than the limit in bytes.
    """
    raw = _bytes(path, label, LIMIT if limit is None else limit)
    is_wider = raw.startswith(codecs.BOM_UTF32_LE)  # begins as UTF-16 does
    is_wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not is_wider
    if may_be_wide and is_wide:
        encoding, name = "utf-16", "UTF-16"
    else:
        encoding, name = "utf-8-sig", "UTF-8"
        if b"\x00" in raw:
            problem, fix = "is a binary file (it holds NUL bytes)", "a text file is needed"
            if is_wide or is_wider:
                problem, fix = "is UTF-16 or UTF-32 text", "save it as UTF-8"
            raise ScenarioError(Fault(problem, fix, file=label))
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        seen = raw[error.start : error.start + 1].decode("cp1252", "replace")
        perhaps = f", perhaps Windows-1252 ('{seen}')" if seen.isalpha() else ""
        problem = f"is not {name} text{perhaps}"
        raise ScenarioError(Fault(problem, "save it as UTF-8", file=label, line=line)) from None


def _bytes(path: Path, label: str, limit: int) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ScenarioError(Fault("is a folder, not a file", "name a file", file=label))
        if not stat.S_ISREG(status.st_mode):
            raise ScenarioError(Fault("is not an ordinary file", "name a text file", file=label))
        if status.st_size > limit:
            raise ScenarioError(_too_large(status.st_size, limit, label))
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except FileNotFoundError:
        raise ScenarioError(Fault("no such file", "check its path", file=label)) from None
    except (OSError, ValueError) as error:
        raise ScenarioError(unreadable(error, label)) from None
    if len(raw) > limit:
        raise ScenarioError(_too_large(len(raw), limit, label))
    return raw


def unreadable(error: OSError | ValueError, label: str) -> Fault:
    """What the system has against reading a file."""
    reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
    return Fault(f"cannot be read: {reason}", "check its name and permissions", file=label)


def _too_large(size: int, limit: int, label: str) -> Fault:
    return Fault(
        f"is {size / 1e6:.1f} MB, larger than {limit / 1e6:.1f} MB",
        "a scenario is a text of some hundred kB at most; name the right file",
        file=label,
    )

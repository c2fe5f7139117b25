"""Says `old` once the lock is older than a month, and `fresh` until then.

`make lock` writes the day on which it resolved. What pip installs today may differ from an old
lock, and that is what people get: CI then runs `make test-newest` too. Red, it asks for another
bound in pyproject.toml; `make lock` starts the month anew.
"""

import datetime as dt
import sys
from pathlib import Path

DAYS = 30
RESOLVED = Path(__file__).parents[1] / "requirements" / "resolved"


def age(written: str, today: dt.date) -> str:
    """`old` or `fresh`, from the day that `make lock` wrote.

    Raises:
        ValueError: no day is written there.
    """
    days = (today - dt.date.fromisoformat(written.strip())).days
    return "old" if days > DAYS else "fresh"


if __name__ == "__main__":
    today = dt.datetime.now(dt.UTC).date()
    sys.stdout.write(age(RESOLVED.read_text(encoding="utf-8"), today) + "\n")

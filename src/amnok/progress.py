"""How far a long call has come: a bar on a terminal or in a notebook, or the caller's function."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

Progress: TypeAlias = Callable[[int, int], None] | bool
"""Called now and then with what is done and what there is in all; True shows a bar."""

_EVERY = 0.2  # seconds between two pictures of a bar in a notebook


@contextmanager
def progress_bar(unit: str = "days") -> Iterator[Callable[[int, int], None] | None]:
    """A bar in a notebook or on a terminal, nothing in a pipe; `unit` is what is counted."""
    if in_notebook():
        with _in_notebook(unit) as tell:
            yield tell
        return
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield None
        return

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f} {unit}/s" if task.speed else "")

    with Bars(*Bars.get_default_columns(), Rate(), console=screen, transient=True) as bar:
        task = bar.add_task("simulating", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def shown(wanted: Progress | None) -> Iterator[Progress]:
    """Whom to tell, as a caller wants it: a function of the caller's, a bar, or nobody."""
    if callable(wanted):
        yield wanted
    elif in_notebook() if wanted is None else wanted:
        with progress_bar("steps") as tell:
            yield tell or False
    else:
        yield False


def in_notebook() -> bool:
    """Whether a cell of a notebook calls: only there a bar is shown unasked."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return hasattr(shell, "kernel")


@contextmanager
def _in_notebook(unit: str) -> Iterator[Callable[[int, int], None]]:
    """Rich would need ipywidgets for this; a notebook draws HTML's own bar."""
    from IPython.display import HTML, display  # type: ignore[import-not-found,unused-ignore]

    shown: Any = display(HTML(""), display_id=True)
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            text = f'<progress value="{done}" max="{total}"></progress> {done:,} of {total:,}'
            shown.update(HTML(f"{text} {unit}"))

    try:
        yield tell
    finally:
        shown.update(HTML(""))

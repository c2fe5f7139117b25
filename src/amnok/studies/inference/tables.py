"""Tables that users hand over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.errors import AmnokError, Fault

Array = NDArray[np.float64]
_LEAST_DRAWS = 100


def as_table(given: Any, word: str) -> tuple[tuple[str, ...], Array]:
    """Names of the columns, and [draw, column], of an array, a mapping, a series or a data frame.

    Raises:
        AmnokError: it has more than two dimensions.
    """
    if isinstance(given, Mapping):
        given = pd.DataFrame(given)
    if isinstance(given, pd.Series):
        given = given.to_frame()
    if isinstance(given, pd.DataFrame):
        return tuple(str(name) for name in given.columns), given.to_numpy(dtype=float)
    values = np.asarray(given, dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2:
        raise AmnokError([Fault(f"a table of {values.ndim} dimensions", "[draw, column]")])
    return tuple(f"{word} {j}" for j in range(values.shape[1])), values


def too_few(draws: int) -> list[Fault]:
    """The fault that draws are too few to learn from, if they are."""
    if draws >= _LEAST_DRAWS:
        return []
    return [Fault(f"{draws} draws are too few", f"at least {_LEAST_DRAWS}")]

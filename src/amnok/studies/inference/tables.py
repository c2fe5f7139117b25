"""Tables that users hand over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Integral
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


def read_table(
    given: Any, argument: str, word: str, faults: list[Fault]
) -> tuple[tuple[str, ...], Array]:
    """`as_table`; what cannot be read is put among the faults, and is a table without columns."""
    try:
        names, table = as_table(given, word)
    except AmnokError as error:
        faults += [replace(one, path=argument) for one in error.faults]
    except (TypeError, ValueError):
        fix = "[draw, column], columns of one length"
        faults.append(Fault("is not a table of numbers", fix, argument))
    else:
        if names:
            return names, table
        faults.append(Fault("has no columns", "at least one", argument))
    return (), np.empty((0, 0))


def read_weights(weights: Any, draws: int, faults: list[Fault]) -> Array:
    """Weights of draws, equal by default; what is wrong with them is put among the faults."""
    each = f"a number for each of {draws} draws, none below 0"
    try:
        v = np.ones(draws) if weights is None else np.asarray(weights, dtype=float)
    except (TypeError, ValueError):
        faults.append(Fault("are not all numbers", each, "weights"))
        return np.ones(draws)
    if v.shape != (draws,):
        faults.append(Fault(f"are a table of {list(v.shape)}", each, "weights"))
    elif not np.all(np.isfinite(v) & (v >= 0.0)):
        faults.append(Fault("are not all finite and at least 0", each, "weights"))
    elif weights is not None:
        some = int(np.count_nonzero(v))
        faults += [replace(one, path="weights above 0") for one in too_few(some)]
    return v


def read_row(observed: Any, columns: Sequence[str]) -> Array:
    """What was observed in each column; refuses a column that was not."""
    faults: list[Fault] = []
    present, seen = read_present(observed, columns, faults)
    refuse(faults)
    refuse(
        [Fault("was not observed", path=name) for j, name in enumerate(columns) if j not in present]
    )
    return seen


def read_present(
    observed: Any, columns: Sequence[str], faults: list[Fault]
) -> tuple[list[int], Array]:
    """Which columns were observed, and their values; and what is wrong with them."""
    before = len(faults)
    if isinstance(observed, pd.DataFrame) and len(observed) == 1:
        observed = observed.iloc[0]
    if isinstance(observed, pd.Series) and _says_names(observed.index, columns):
        labels = [str(name) for name in observed.index]
        faults += twice(labels, "observed")
        missing = [name for name in columns if name not in labels]
        fix = "not a number where it was not observed"
        faults += [Fault("is missing", fix, f"observed: {name}") for name in missing]
        observed = dict(zip(labels, observed, strict=True))
    if isinstance(observed, Mapping):
        by_name = {str(name): value for name, value in observed.items()}
        unknown = [name for name in by_name if name not in columns]
        fix = f"the table has {', '.join(columns)}"
        faults += [Fault("is not in the table", fix, f"observed: {name}") for name in unknown]
        if faults[before:]:
            return [], np.empty(0)
        ours = [by_name.get(name) for name in columns]
        observed = [None if value is pd.NA else value for value in ours]
    try:
        values = np.asarray(observed, dtype=float)
    except (TypeError, ValueError):
        faults.append(Fault("is not all numbers", "one number for each column", "observed"))
        return [], np.empty(0)
    if values.ndim > 1 and len(values) != 1:
        faults.append(Fault(f"has {len(values)} rows", "one row", "observed"))
    elif values.size != len(columns):
        problem = f"{values.size} values were observed, and the table has {len(columns)} columns"
        faults.append(Fault(problem))
    elif np.isinf(values).any():
        faults.append(Fault("an observed value is not finite"))
    elif np.isnan(values).all():
        faults.append(Fault("nothing was observed"))
    else:
        values = values.ravel()
        present = np.flatnonzero(~np.isnan(values))
        return present.tolist(), values[present]
    return [], np.empty(0)


def _says_names(labels: Any, columns: Sequence[str]) -> bool:
    """Whether the labels of values are names, and not places."""
    return any(isinstance(one, str) for one in labels) or set(map(str, labels)) <= set(columns)


def whole_number(argument: str, given: Any, least: int, other: str = "") -> list[Fault]:
    """The fault that an argument is no whole number, or below the least."""
    if isinstance(given, Integral) and int(given) >= least:
        return []
    return [Fault(f"is {given}", f"{other}a whole number, at least {least}", argument)]


def twice(names: Sequence[str], argument: str) -> list[Fault]:
    """The faults that names stand more than once in an argument."""
    more = [name for name, number in Counter(names).items() if number > 1]
    return [Fault("is there more than once", "once each", f"{argument}: {name}") for name in more]


def refuse(faults: Sequence[Fault]) -> None:
    """Raise what is wrong, if anything is."""
    if faults:
        raise AmnokError(faults)

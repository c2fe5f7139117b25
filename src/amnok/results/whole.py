"""Whether a dataset holds all that its run had: days and places are counted by position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Json, ValidationError

from amnok.counts import SURVEYED, measurable
from amnok.errors import AmnokError, Fault
from amnok.results.visible import OF_REPORTS
from amnok.scenario.measures.definitions import FRAME, Frame
from amnok.variables import REPORTS

if TYPE_CHECKING:
    import xarray as xr

    from amnok.scenario.measures.dimensions import Space

_FIX = "give it whole: what `amnok.run` returns, or a saved run"
_DAYS = "give it whole, and the days by `over: {dates: [.., ..]}`"
_BESIDE = {  # coordinates that belong to the names along a dimension
    "route": ("sector", "channel", "channel_label"),
    "goods": ("label", "direction", "sanctioned"),
    "agency": ("label", "role", "side"),
    **dict.fromkeys(("sector", "size", "side", "market"), ("label",)),
}
_MANY = 5  # names that a message shows

Dims = tuple[str, ...]
Events = Json[list[dict[str, Any]]]


class _Attributes(BaseModel):
    """What a dataset says of its run, beside the frame of its border."""

    model_config = ConfigDict(extra="ignore", arbitrary_types_allowed=True)

    title: str
    scenario: str
    seed: int | np.integer[Any]
    amnok_version: str
    currency: str
    phases: Events
    orders: Events
    halts: Events


def whole(dataset: xr.Dataset) -> xr.Dataset:
    """The dataset, each variable's dimensions in their order; it may be of some replicates only.

    Raises:
        AmnokError: with everything in which it is not as the run was.
    """
    space = frame_in(dataset).space
    expected = _expected(space)
    faults = [*_lacking(dataset, expected)] or [*_misplaced(dataset, space, expected)]
    if faults:
        raise AmnokError(faults)
    turned = [name for name, dims in expected.items() if dataset.variables[name].dims != dims]
    return dataset.assign({name: dataset[name].transpose(*expected[name]) for name in turned})


def frame_in(dataset: xr.Dataset) -> Frame:
    """What measures of a dataset's border refer to.

    Raises:
        AmnokError: it is no dataset of a run.
    """
    if FRAME not in dataset.attrs:
        raise AmnokError(Fault(f"the dataset has not the attribute '{FRAME}'", _FIX))
    try:
        return Frame.model_validate_json(dataset.attrs[FRAME])
    except ValidationError:
        raise AmnokError(Fault(f"'{FRAME}' of the dataset is not as in a run", _FIX)) from None


def _expected(space: Space) -> dict[str, Dims]:
    """What a run on this border has, by name, with its dimensions."""
    here = [one for name, one in measurable().items() if name not in space.missing]
    found = {one.name: ("replicate", "day", *one.axes) for one in here if one.table != REPORTS}
    if {*SURVEYED.needs} <= {*space.sections}:
        found[SURVEYED.name] = ("replicate", "survey_day", *SURVEYED.axes)
    for dim in dict.fromkeys(dim for dims in found.values() for dim in dims):
        found |= dict.fromkeys((dim, *(f"{dim}_{one}" for one in _BESIDE.get(dim, ()))), (dim,))
    if any(one.table == REPORTS for one in here):
        found |= dict.fromkeys(OF_REPORTS, ("report",))
    return found


def _lacking(dataset: xr.Dataset, expected: Mapping[str, Dims]) -> Iterator[Fault]:
    """What the run had and the dataset has not."""
    for dim, fix in (("replicate", "take one by isel(replicate=[0])"), ("day", _DAYS)):
        if not dataset.sizes.get(dim):
            yield Fault(f"the dataset has nothing along '{dim}'", fix)
    try:
        _Attributes.model_validate(dataset.attrs)
    except ValidationError as error:
        wrong = dict.fromkeys(str(one["loc"][0]) for one in error.errors())
        yield Fault(f"the dataset has not the attributes of a run: {_some([*wrong])}", _FIX)
    lost = [name for name in expected if name not in dataset.variables]
    if lost:
        yield Fault(f"the dataset has lost {_some(lost)}", _FIX)


def _some(names: Sequence[str]) -> str:
    beside = len(names) - _MANY
    return ", ".join(names[:_MANY]) + (f" and {beside} more" if beside > 0 else "")


def _misplaced(dataset: xr.Dataset, space: Space, expected: Mapping[str, Dims]) -> Iterator[Fault]:
    """What is not where the run had it."""
    variables = dataset.variables
    other = [name for name, dims in expected.items() if {*variables[name].dims} != {*dims}]
    if other:
        yield Fault(f"the dataset has other dimensions than a run: {_some(other)}", _FIX)
    numbers = dataset["replicate"].to_numpy().reshape(-1)
    if numbers.dtype.kind not in "iu" or len({*numbers.tolist()}) < len(numbers):
        problem = "the replicates of the dataset are not numbered, each once"
        yield Fault(problem, "amnok.run simulates several with their numbers: replicates=..")
    yield from _misdated(dataset["day"].to_numpy().reshape(-1), space)
    for dim, names in space.labels.items():
        if dim in expected and tuple(dataset[dim].to_numpy().reshape(-1).tolist()) != names:
            problem = f"{dim} of the dataset is not what the run had, in its order"
            yield Fault(problem, f"give it whole, and what counts by `where: {{{dim}: ..}}`")


def _misdated(days: np.ndarray, space: Space) -> Iterator[Fault]:
    """Windows mean the days that they say only if all are there."""
    calendar = space.calendar
    expected = np.datetime64(calendar.start, "D") + np.arange(calendar.days)
    if len(days) != len(expected):
        problem = f"the dataset has {len(days)} of the {len(expected)} days of its period"
        yield Fault(problem, _DAYS)
    elif days.dtype.kind != "M" or not np.array_equal(days.astype("datetime64[D]"), expected):
        yield Fault("the days of the dataset are not those of its period in order", _DAYS)

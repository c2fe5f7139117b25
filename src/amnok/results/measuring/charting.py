"""The charts of a border: which lines they have, and their values in a run by weeks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok.results.measuring.evaluate import Arms
from amnok.scenario.measures.compiling import CompiledMeasure, Compiler, cells
from amnok.scenario.measures.definitions import Frame
from amnok.scenario.measures.dimensions import Name, Space
from amnok.scenario.measures.plan import AS_IS, TotalPlan
from amnok.scenario.measures.vocabulary import ChartLine, ChartOf

Array = NDArray[np.float64]


class ChartLines(NamedTuple):
    """Lines of a chart that one measure gives, on one border.

    Attributes:
        of: what is said of them.
        compiled: their measure; `here`: the same in one sector.
    """

    of: ChartLine
    compiled: CompiledMeasure
    here: CompiledMeasure


class Drawn(NamedTuple):
    """A chart on one border: its lines, without those that need what the border lacks."""

    name: str
    of: ChartOf
    lines: tuple[ChartLines, ...]


@lru_cache(maxsize=64)
def charts_on(border: str, sector: str | None = None) -> tuple[Space, tuple[Drawn, ...]]:
    """The charts that a border has.

    Args:
        border: what measures refer to, as JSON (`FRAME` of a dataset).
        sector: the charts of one sector; what is not kept by sector is that of the whole border.
    """
    frame = Frame.model_validate_json(border)
    found = []
    for name, chart in frame.known.charts.items():
        lines = tuple(_lines(frame, chart, sector))
        if lines:
            found.append(Drawn(name, chart, lines))
    return frame.space, tuple(found)


def _lines(frame: Frame, chart: ChartOf, sector: str | None) -> Iterator[ChartLines]:
    compiler = frame.compiler()
    for line in chart.lines:
        whole = compiler.compile(line.measure)
        if whole.missing:
            continue
        yield ChartLines(
            line, whole, whole if sector is None else _inside(frame, line, sector, whole)
        )


def _inside(frame: Frame, line: ChartLine, sector: str, whole: CompiledMeasure) -> CompiledMeasure:
    compiler = Compiler(frame.space, frame.known)
    found = compiler.compile(line.measure, where={"sector": sector})
    return whole if compiler.faults else found


def values_of(
    weeks: xr.Dataset, lines: ChartLines, space: Space
) -> Iterator[tuple[dict[str, Name], Array]]:
    """Each line's cell, and its values [replicate, week]."""
    n = weeks.sizes["replicate"]
    values = np.stack([_Weeks(space, weeks, at).value(lines.here.plan) for at in range(n)])
    by_cell = np.moveaxis(values, (0, 1), (-2, -1))
    for cell, place in cells(space, lines.compiled):
        yield cell, by_cell[place]


class _Weeks(Arms):
    """One replicate of a run by weeks, whose sums are made already."""

    def __init__(self, space: Space, weeks: xr.Dataset, replicate: int) -> None:
        super().__init__(space, {})
        self._weeks, self._replicate = weeks, replicate

    def summed(self, total: TotalPlan, name: str) -> Array:
        """Sums of weeks, [week, cells]."""
        assert total.arm == AS_IS
        return np.asarray(self._weeks.variables[name].values[self._replicate], dtype=np.float64)

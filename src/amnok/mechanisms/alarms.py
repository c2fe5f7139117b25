"""Alarms put together: what makes it likelier that somebody meets a consignment.

Each function here makes a step out of those of several alarms, one inside the other: kernels know
no lists of functions. Without an alarm the step is nothing, and costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from amnok.compiling import step
from amnok.draws import WORDS
from amnok.mechanisms.form import Alarm


def told(alarms: Sequence[Alarm]) -> Callable[..., float]:
    """A step: what the alarms raised multiply the chance of a meeting by.

    It is given `rates`, `way` and `day`, the alarms' draws one behind the other as
    `draws[word * width + lane]`, `width` and `lane`. An alarm's first word decides.
    """
    if not alarms:

        @step
        def silence(rates: Any, way: Any, day: Any, draws: Any, width: int, lane: int) -> float:
            return 1.0

        return silence
    others = told(alarms[:-1])
    raised, factor, place = alarms[-1].raised, alarms[-1].factor, WORDS * (len(alarms) - 1)

    @step
    def multiplied(rates: Any, way: Any, day: Any, draws: Any, width: int, lane: int) -> float:
        before = others(rates, way, day, draws, width, lane)
        is_raised = draws[place * width + lane] < raised(rates, way, day)
        return before * factor(rates) if is_raised else before

    return multiplied


def booked(alarms: Sequence[Alarm]) -> Callable[..., None]:
    """A step that counts those raised: given `tally`, `trip`, then what the step of `told` is."""
    if not alarms:

        @step
        def nothing(
            tally: Any, trip: Any, rates: Any, way: Any, day: Any, draws: Any, width: int
        ) -> None:
            pass

        return nothing
    others = booked(alarms[:-1])
    raised, book, place = alarms[-1].raised, alarms[-1].book, WORDS * (len(alarms) - 1)

    @step
    def counted(
        tally: Any, trip: Any, rates: Any, way: Any, day: Any, draws: Any, width: int
    ) -> None:
        others(tally, trip, rates, way, day, draws, width)
        if draws[place * width + trip.lane] < raised(rates, way, day):
            book(tally, trip)

    return counted


def expected(alarms: Sequence[Alarm], chance: Callable[..., float]) -> Callable[..., float]:
    """A step: the mean of a chance over the alarms that may be raised or not.

    Both are given `rates`, `way`, `day` and an effort, which an alarm multiplies.
    """
    if not alarms:
        return chance
    others = expected(alarms[:-1], chance)
    raised, factor = alarms[-1].raised, alarms[-1].factor

    @step
    def mean(rates: Any, way: Any, day: Any, effort: float) -> float:
        share = raised(rates, way, day)
        unwarned = others(rates, way, day, effort)
        return (1.0 - share) * unwarned + share * others(rates, way, day, effort * factor(rates))

    return mean

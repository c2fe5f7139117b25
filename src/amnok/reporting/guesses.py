"""Whether a statement about an effect would hold under other guesses: draws from the prior.

The only place where a likelihood is put into words. It never stands in a sentence with a grade.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from amnok.reporting.comparison import HEADLINES, called_by
from amnok.reporting.numbers import signed, signed_share
from amnok.results.intervals import is_clear, is_told
from amnok.results.outcomes import kinds
from amnok.scenario import Scenario
from amnok.studies.claims.judging import likely
from amnok.studies.counterfactual.events import chosen
from amnok.studies.counterfactual.robustness import Robustness, robustness_of
from amnok.studies.worlds import Span
from amnok.table import Column, Sheet, Table

if TYPE_CHECKING:
    from amnok.studies.counterfactual import Effect

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
HEAD = "Under other guesses"
_NOT = f"{HEAD}: not measured for"
_SURE = 0.8  # of the draws: what fewer of them hold, no title says without an aside


class Guesses:
    """What draws from the prior hold of an effect, or of a policy.

    Args:
        known: the draws, if there are any.
        event: that they are asked about.
        days: that count.
        is_whole: whether the whole border counts; draws are kept of nothing smaller.
        what: is called so where nothing is known of it.
        is_undone: whether it is the world without the event that is told of, as under a policy.
    """

    def __init__(
        self,
        known: Robustness | None,
        event: str,
        days: Span,
        is_whole: bool = True,
        what: str = "this event",
        is_undone: bool = False,
    ) -> None:
        self._known, self.event, self.days = known, event, days
        self._is_whole, self._what, self._is_undone = is_whole, what, is_undone

    @classmethod
    def of_effect(
        cls,
        effect: Effect,
        days: Span,
        sector: str | None = None,
        known: Robustness | None = None,
        is_preview: bool = False,
    ) -> Guesses:
        """Those of an effect.

        Args:
            effect: of an event.
            days: that count.
            sector: that counts.
            known: the draws; by default what comes with Amnok for the border as it is set.
            is_preview: nothing is told of them, and nothing looked up.
        """
        known = None if is_preview else known or robustness_of(effect.scenario)
        return cls(known, effect.event.name, days, sector is None)

    def unmeasured(self, days: Span | None = None) -> str:
        """Why nothing can be told of an event, or nothing if something can."""
        if self._known is None:
            return f"{_NOT} this border as it is set here."
        if self.event not in self._known.values:
            return f"{_NOT} {self._what}."
        if not self._is_whole:
            return f"{_NOT} a single sector."
        if (days or self.days) not in self._known.values[self.event]:
            return f"{_NOT} these days."
        return ""

    @property
    def what_they_are(self) -> str:
        """What pages mean by other guesses; nothing where nothing can be told."""
        if self._known is None or self.unmeasured():
            return ""
        return (
            f"Other guesses: {self._known.draws} more sets of all numbers that stand in no source, "
            "each number taken at random from the range that we hold possible."
        )

    def draws(self, outcome: str, days: Span | None = None, **where: str) -> Array | None:
        """An outcome without and with the event, [draw, world]; None if it is not measured."""
        if self._known is None or not self._is_whole:
            return None
        found = self._known.of(self.event, days or self.days, outcome, **where)
        return found[:, ::-1] if self._is_undone and found is not None else found

    def sign(
        self,
        outcome: str,
        is_more: bool,
        days: Span | None = None,
        **where: str,
    ) -> Flags | None:
        """In which draws the event adds to an outcome, or takes from it."""
        found = self.draws(outcome, days, **where)
        if found is None:
            return None
        change = _change(found)
        return change > 0 if is_more else change < 0

    def mostly(self, outcome: str, size: str, **where: str) -> Flags | None:
        """In which draws more than half of what the event adds falls on a size of trader."""
        whole, part = (
            self.draws(outcome, None, **where),
            self.draws(outcome, None, size=size, **where),
        )
        if whole is None or part is None:
            return None
        flags: Flags = _change(part) > 0.5 * _change(whole)
        return flags

    def of_row(self, row: Mapping[str, Any]) -> str:
        """How far a row of `Effect.differences` holds: nothing if it is unclear or not measured."""
        if self._known is None or not is_clear(row["low"], row["high"]):
            return ""
        dims = {label: dim for dim, labels in self._known.labels.items() for label in labels}
        parts = [part for part in row["where"].split(", ") if part]
        if not set(parts) <= set(dims):
            return ""
        where = {dims[part]: part for part in parts}
        return held(self.sign(row["outcome"], row["difference"] > 0, None, **where))

    def middle(
        self,
        outcome: str,
        shown: float,
        is_share: bool = False,
        days: Span | None = None,
        **where: str,
    ) -> str:
        """Between which changes the middle half of the draws lies; nothing without draws.

        A change that is `shown` and lies outside is said to: most draws then say more, or less.
        """
        change = self._changes(outcome, is_share, days, **where)
        if change is None:
            return ""
        ends, further = _middle_of(change, shown, is_share)
        beyond = f" (in {further[1]} a {further[0]} effect than here)" if further else ""
        return f", in half of them between {ends[0]} and {ends[1]}{beyond}"

    def further(
        self,
        outcome: str,
        shown: float,
        is_share: bool = False,
        days: Span | None = None,
        **where: str,
    ) -> str:
        """What a title adds to a change that lies outside the middle half of the draws."""
        change = self._changes(outcome, is_share, days, **where)
        found = None if change is None else _middle_of(change, shown, is_share)[1]
        return _aside(f"{found[0]} effect", found[1]) if found else ""

    def way(
        self,
        row: Mapping[str, Any],
        outcome: str,
        shown: tuple[float, bool],
        days: Span | None = None,
        **where: str,
    ) -> str:
        """How far the way in which an outcome changes holds, as a part of a sentence.

        Args:
            row: the change, with the ends of its interval.
            outcome: that changes.
            shown: the change as it is told, and whether that is as a share.
            days: that it counts.
            where: that it is of, by dimension.
        """
        if not is_told(row):
            return either(self.draws(outcome, days, **where))
        is_more = row["difference"] > 0
        sign = held(self.sign(outcome, is_more, days, **where))
        middle = self.middle(outcome, shown[0], shown[1], days, **where)
        return f"{sign} that it is {'higher' if is_more else 'lower'}{middle}" if sign else ""

    def hardly(self, outcome: str, part: float, **where: str) -> Flags | None:
        """In which draws the event changes an outcome by less than some part of it."""
        change = self._changes(outcome, True, None, **where)
        return None if change is None else np.abs(change) < part

    def _changes(
        self,
        outcome: str,
        is_share: bool,
        days: Span | None = None,
        **where: str,
    ) -> Array | None:
        """What the event adds in each draw, [draw], or what part that is of the world without."""
        found = self.draws(outcome, days, **where)
        if found is None or not len(found):
            return None
        if not is_share:
            return _change(found)
        return _change(found) / found[:, 0] if (found[:, 0] > 0).all() else None

    def told(self, parts: Sequence[str], days: Span | None = None) -> str:
        """How far statements hold, as one text: all of `lines`."""
        return " ".join(self.lines(parts, days))

    def lines(self, parts: Sequence[str], days: Span | None = None) -> list[str]:
        """How far statements hold, as one sentence with a line for each of which anything is known.

        Without any it says why, unless that goes for all of the event.

        Args:
            parts: each a likelihood and what it is of.
            days: that they count.
        """
        known, said = self._known, [one for one in parts if one]
        if said and known is not None:
            said[0] = f"{HEAD} ({known.draws} sets tried): {said[0]}"
            return [*(f"{one};" for one in said[:-1]), f"{said[-1]}."]
        if self.unmeasured():
            return []
        return [self.unmeasured(days) or f"{_NOT} this outcome."]


def _change(worlds: Array) -> Array:
    """What the event adds, [draw], from [draw, world] without it and with it."""
    return np.asarray(worlds[:, 1] - worlds[:, 0])


def _middle_of(
    change: Array, shown: float, is_share: bool
) -> tuple[tuple[str, str], tuple[str, str] | None]:
    """The ends of the middle half of some changes; if one that is shown lies outside, how most do.

    >>> _middle_of(np.array([-9.0, -8.0, -2.0, -0.5]), -1.0, False)
    (('−8.3', '−1.6'), ('larger', '3 of 4'))
    >>> _middle_of(np.array([1.0, 2.0, 9.0]), 5.0, False)
    (('+1.5', '+5.5'), None)
    """
    low, high = np.quantile(change, (0.25, 0.75)).tolist()
    written = signed_share if is_share else signed
    ends = written(low), written(high)
    if low <= shown <= high or written(shown) in ends:
        return ends, None
    larger = int(((change - shown) * np.sign(shown) > 0).sum())
    smaller = int(((change - shown) * np.sign(shown) < 0).sum())
    hits, word = max((larger, "larger"), (smaller, "smaller"))
    return ends, (word, f"{hits} of {len(change)}")


def doubted(*statements: Flags | None) -> str:
    """What a title adds that fewer draws hold than make it very likely.

    Args:
        statements: in which draws each part of it holds; None where nobody knows.

    >>> doubted(np.arange(60) < 48), doubted(None)
    ('', '')
    >>> doubted(np.arange(60) < 58, np.arange(60) < 33)
    ' (not so in 27 of 60 other guesses)'
    """
    holds = _all_of(statements)
    if holds.mean() >= _SURE:
        return ""
    return _aside("not so", f"{(~holds).sum()} of {len(holds)}")


def denied(*statements: Flags | None) -> bool:
    """Whether most draws do not hold all parts of a title, which then says something else.

    >>> denied(np.arange(60) < 58, np.arange(60) < 29), denied(np.arange(60) < 31), denied(None)
    (True, False, False)
    """
    return bool(_all_of(statements).mean() < 0.5)


def _all_of(statements: Sequence[Flags | None]) -> Flags:
    known = [one for one in statements if one is not None and len(one)]
    return np.logical_and.reduce(known) if known else np.ones(1, dtype=bool)


def leaning(found: Array | None) -> str:
    """What a title of no clear effect adds, where draws make one very likely.

    >>> leaning(np.array([[1.0, 2.0], [3.0, 4.0], [4.0, 5.0]]))
    ' (higher in 3 of 3 other guesses)'
    """
    if found is None or not len(found):
        return ""
    change, n = _change(found), len(found)
    hits, way = max((int((change > 0).sum()), "higher"), (int((change < 0).sum()), "lower"))
    return _aside(way, f"{hits} of {n}") if hits >= _SURE * n else ""


def _aside(what: str, of: str) -> str:
    return f" ({what} in {of} other guesses)"


def held(flags: Flags | None) -> str:
    """In how many draws something holds, in the words of ICD 203.

    >>> held(np.ones(60, dtype=bool)), held(np.arange(60) < 36), held(None)
    ('almost certain (60 of 60)', 'only likely (36 of 60)', '')
    """
    if flags is None or not len(flags):
        return ""
    hits, n = int(flags.sum()), len(flags)
    words = likely(hits / n)
    words = {"likely": "only likely", "roughly even chance": f"a {words}"}.get(words, words)
    return f"{words} ({hits:,} of {n:,})"


def either(found: Array | None) -> str:
    """How many draws have more and how many less, where neither is told.

    >>> either(np.array([[1.0, 2.0], [3.0, 1.0], [4.0, 4.0]]))
    'higher in 1 of 3, lower in 1'
    """
    if found is None or not len(found):
        return ""
    change = _change(found)
    return f"higher in {(change > 0).sum()} of {len(found)}, lower in {(change < 0).sum()}"


def guesses_sheet(found: Robustness, scenario: Scenario) -> Sheet:
    """For each event how many draws say more, and how many less; for programs a row a number."""
    called, known = called_by(scenario), kinds(scenario)
    rows = [
        {
            "event": event,
            "from": days[0].isoformat(),
            "to": days[1].isoformat(),
            "outcome": outcome,
            "text": known[outcome].text,
            "unit": known[outcome].unit,
            **_counted(found, event, days, outcome, where),
            "where": ", ".join(where.values()),
            "label": called(outcome, ", ".join(where.values())),
        }
        for event, windows in found.values.items()
        for days in windows
        for outcome, where in _headlines(found, windows[days])
    ]
    columns = (
        Column("text", role="group", brackets="unit"),
        Column("unit"),
        Column("label", ""),
        Column("more", "more in"),
        Column("less", "less in"),
        Column("draws", "of guesses"),
        Column("likelihood"),
        Column("low", "middle half from", form=signed),
        Column("high", "to", form=signed),
    )
    tables = [
        Table.of(
            f"Because of: {chosen(scenario, event).label} ({event}), {days[0]} to {days[1]}",
            columns,
            [one for one in rows if (one["event"], one["from"], one["to"]) == (event, *_iso(days))],
            only_for="people",
        )
        for event, windows in found.values.items()
        for days in windows
    ]
    names = tuple(rows[0]) if rows else ("event",)
    tables.append(Table.of("", names, rows, only_for="programs", name="guesses"))
    note = (
        f"A guess is a set of the {found.parameters} numbers that stand in no source, but for "
        "dates and what the events set: each is taken at random from its prior. Chance is in it "
        "too: one pair of worlds."
    )
    facts = {"scenario": found.scenario, "seed": found.seed, "draws": found.draws}
    return Sheet(
        f"{scenario.title}: {found.draws} other guesses", tuple(tables), (note,), facts=facts
    )


def _iso(days: Span) -> tuple[str, str]:
    return days[0].isoformat(), days[1].isoformat()


def _headlines(
    found: Robustness, tables: Mapping[str, tuple[tuple[str, ...], Array]]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Outcomes that tables show first, by as much as draws are kept by."""
    for outcome, dims in HEADLINES:
        if outcome in tables and set(dims) <= set(tables[outcome][0]):
            for labels in itertools.product(*(found.labels[dim] for dim in dims)):
                yield outcome, dict(zip(dims, labels, strict=True))


def _counted(
    found: Robustness,
    event: str,
    days: Span,
    outcome: str,
    where: dict[str, str],
) -> dict[str, Any]:
    """In how many draws an outcome is more, and less, and what half of them lies between."""
    worlds = found.of(event, days, outcome, **where)
    assert worlds is not None
    change = _change(worlds)
    n, more, less = len(change), int((change > 0).sum()), int((change < 0).sum())
    low, high = np.quantile(change, (0.25, 0.75)).tolist() if n else (math.nan, math.nan)
    way = "more" if more >= less else "less"
    words = f"{way}: {likely(max(more, less) / n)}" if n else ""
    return {"more": more, "less": less, "draws": n, "likelihood": words, "low": low, "high": high}

"""Findings: what an event did, in sentences that take their numbers from paired worlds only.

Reports and the explorer share them. "Because of" stands before differences between the world with
the event and the same world without it, and before nothing else.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amnok.reporting.answers import Answers
from amnok.reporting.citing import STANDS_FOR
from amnok.reporting.facts import Row
from amnok.reporting.guesses import doubted, held
from amnok.reporting.numbers import (
    apart,
    listed,
    more_or_fewer,
    points,
    share,
    signed,
    signed_share,
    times,
)
from amnok.results.intervals import is_told
from amnok.studies.counterfactual.paired import Split


@dataclass(frozen=True)
class Finding:
    """One finding.

    Attributes:
        name: `who`, `trade` or `seen`.
        title: the finding itself.
        sentences: what it says, with numbers and their uncertainty.
        about: the outcome it stands on (a key of `STANDS_ON`).
        outcome, by, where: what its chart shows, as `Effect.values` takes them.
        is_clear: chance alone would hardly make it.
        holds: how far it holds under other guesses, or that this is not measured.
        days: first and last that its numbers count.
    """

    name: str
    title: str
    sentences: tuple[str, ...]
    about: str
    outcome: str
    by: tuple[str, ...]
    where: tuple[str, ...]
    is_clear: bool
    holds: str
    days: tuple[dt.date, dt.date]


class Findings(Answers):
    """What an event did over some days, in sentences."""

    def all(self) -> list[Finding]:
        """At most three: who, the trade, what is seen."""
        found = (self._who(), self._trade(), self._seen())
        return [one for one in found if one is not None]

    # --- The three findings ---

    def _who(self) -> Finding | None:
        if "arrests" not in self._known:
            return None
        people = self._burdened()
        if people is None:
            side = self._outer()
            doubt = self.doubt("arrests", side=side)
            title = f"{self.no_effect.capitalize()} of {self.called} on arrests{doubt}"
            return Finding(
                "who",
                title,
                (*self._no_arrests(), *self._questioned()),
                "arrests",
                "arrests",
                ("side",),
                (side,),
                False,
                self.holds("arrests", side=side),
                self.days,
            )
        side, row, _ = people
        change, where = row["difference"], self.named[side]
        title = f"Because of {self.called}, {more_or_fewer(change)} arrests are made in {where}"
        title += self._by_whom(side)
        title += doubted(*self._people_hold(side)) or self.guesses.further(
            "arrests", change, side=side
        )
        told = [
            f"Arrests there are {times(row['with'], row['without'])} "
            "what they would have been: "
            f"{_instead(row)}{self._between(row)}."
        ]
        told += self._questioned()
        told += self._spared(side)
        told += self._other_side(side)
        return Finding(
            "who",
            title,
            tuple(told),
            "arrests",
            "arrests",
            ("side",),
            (side,),
            self.is_clear(row),
            self.guesses.told(self._held_people()),
            self.days,
        )

    def _no_arrests(self) -> Iterator[str]:
        for side in self.effect.daily["side"].to_numpy():
            row = self.cell("arrests", side=str(side))
            yield f"{self.named[str(side)]}: {_beside(row)}{self._between(row)}."

    def _questioned(self) -> Iterator[str]:
        if "questionings" in self._known:
            row = self.cell("questionings")
            if not is_told(row):
                yield f"Called in for questioning: {self.no_effect}, {_beside(row)}."
            elif row["with"] >= 2 * row["without"] > 0:
                much = times(row["with"], row["without"])
                yield f"Called in for questioning: {much} as many as without it, {_instead(row)}."
            else:
                yield f"Called in for questioning: {_instead(row)}{self._between(row)}."

    def _spared(self, side: str) -> Iterator[str]:
        quiet = [
            self.plural[size]
            for size in self.effect.scenario.traders.sizes
            if not is_told(self.cell("arrests", side=side, size=size))
        ]
        if quiet:
            yield f"Among {listed(quiet)} there is {self.no_effect} on arrests."

    def _other_side(self, side: str) -> Iterator[str]:
        for other in map(str, self.effect.daily["side"].to_numpy()):
            row = self.cell("arrests", side=other)
            change = row["difference"]
            if other == side or row["with"] == row["without"] == 0:
                continue
            if is_told(row):
                more = f"{more_or_fewer(change)} arrests are made"
                yield f"In {self.named[other]}, {more}{self._between(row)}."
            else:
                yield f"In {self.named[other]} there is {self.no_effect} on arrests."

    def _trade(self) -> Finding:
        row, split = self.cell("value_crossed"), self.split("value_crossed")
        change = row["relative"]
        if is_told(row):
            verb = "cost" if change < 0 else "added to"
            called = self.called[:1].upper() + self.called[1:]
            title = f"{called} {verb} the trade {share(abs(change))} of its worth"
        else:
            title = f"{self.no_effect.capitalize()} of {self.called} on the trade"
        title += self.doubt("value_crossed")
        told = []
        if split is not None:
            title += f". {self.season()}" if self.is_seasonal(split) else ""
            told.append(self._told_split(split))
        money_of, between = self.effect.scenario.currency, self._between_shares(row)
        if is_told(row):
            with_it, without = apart(row["with"], row["without"])
            told.append(f"{money_of} {with_it} crossed instead of {money_of} {without}{between}.")
        else:
            told.append(f"{money_of} {_beside(row)}{between}.")
        told.append(self._by_size())
        return Finding(
            "trade",
            title,
            tuple(told),
            "crossings",
            "value_crossed",
            ("size",),
            (),
            self.is_clear(row),
            self.holds("value_crossed"),
            self.days,
        )

    def _told_split(self, split: Split) -> str:
        seen, season, event = (part[0] for part in (split.change, split.rest, split.event))
        told = (
            f"Before and after would show {points(seen)}% a day. Without {self.called} the same "
            f"people trade {points(season)}%: the season and the rest. What {self.called} did is "
            f"{points(event)} points"
        )
        if math.isfinite(split.event[1]):
            told += f" ({points(split.event[1])} to {points(split.event[2])})"
        return f"{told}."

    def _by_size(self) -> str:
        parts, quiet = [], []
        for size in self.effect.scenario.traders.sizes:
            row = self.cell("value_crossed", size=size)
            if is_told(row):
                verb = "lose" if row["relative"] < 0 else "gain"
                parts.append(f"{self.plural[size]} {verb} {share(abs(row['relative']))}")
            else:
                quiet.append(self.plural[size])
        told = f"Of their trade, {listed(parts)}." if parts else ""
        if quiet:
            told += f" For {listed(quiet)} there is {self.no_effect}."
        return told.strip()

    def _seen(self) -> Finding | None:
        """What is printed if sources report; else what changed most of what is left."""
        period = self.effect.scenario.period
        days = self.effect.window((self.days[0], period.end))
        if "reports" in self._known:
            row = self.cell("reports", days=days)
            if is_told(row) or not self._others(days):
                return self._printed(row, days)
        others = self._others(days)
        if not others:
            return None
        outcome, row = max(others, key=lambda one: abs(one[1]["relative"]))
        text = _OTHERS[outcome]
        stands = times(row["with"], row["without"])
        title = (
            f"{text}: {stands} what there would have been without {self.called}"
            f"{self.doubt(outcome, days)}"
        )
        told = (f"To the end of the period, {_instead(row, row['unit'])}{self._between(row)}.",)
        holds = self.holds(outcome, days)
        about = STANDS_FOR.get(outcome, outcome)
        clear = self.is_clear(row)
        return Finding("seen", title, told, about, outcome, (), (), clear, holds, days)

    def _others(self, days: tuple[dt.date, dt.date]) -> list[tuple[str, Row]]:
        rows = ((name, self.cell(name, days=days)) for name in _OTHERS if name in self._known)
        return [(name, row) for name, row in rows if is_told(row) and row["without"]]

    def _printed(self, row: Row, days: tuple[dt.date, dt.date]) -> Finding:
        told = [
            "To the end of the period, sources’ reports in newspapers: "
            f"{_instead(row)}{self._between(row)}."
        ]
        if not is_told(row):
            title = f"{self.no_effect.capitalize()} of {self.called} on what newspapers print"
            title += self.doubt("reports", days)
        else:
            moved = "fewer" if row["difference"] < 0 else "more"
            much = f"{share(abs(row['relative']))} " if row["without"] else ""
            title = f"Newspapers print {much}{moved} reports because of {self.called}"
            title += self.doubt("reports", days)
            people = self._burdened()
            if people and people[1]["difference"] > 0 and row["difference"] < 0:
                title = (
                    "In print the border is quieter than it would be, while more arrests are made"
                )
                more = self.guesses.sign("arrests", True, days, side=people[0])
                title += doubted(self.guesses.sign("reports", False, days), more)
                arrests = self.cell("arrests", days=days, side=people[0])
                told.append(
                    f"On the same days arrests in {self.named[people[0]]} are "
                    f"{times(arrests['with'], arrests['without'])} what they would have been. "
                    "Whoever counts reports reads calm."
                )
        holds = self.holds("reports", days)
        clear = self.is_clear(row)
        return Finding("seen", title, tuple(told), "records", "reports", (), (), clear, holds, days)

    def holds(self, outcome: str, days: tuple[dt.date, dt.date] | None = None, **where: str) -> str:
        """How far the way in which an outcome changes holds under other guesses."""
        return self.guesses.told([self._held(outcome, days, **where)], days)

    def holds_of_answer(self, asked: Sequence[str] = ()) -> list[str]:
        """The same of each number of the answer, in lines: people, trade, what is asked."""
        people = self._held_people()
        told: list[tuple[str, dict[str, str]]] = [("value_crossed", {})]
        if not people and "arrests" in self._known:
            told.insert(0, ("arrests", {"side": self._outer()}))
        if other := self.other(asked):
            told.append((other, {}))
        parts = [(self._known[one].text, self._held(one, None, **where)) for one, where in told]
        named = [f"{text[:1].lower()}{text[1:]}: {words}" for text, words in parts if words]
        unmeasured = self.guesses.unmeasured()
        return [unmeasured] if unmeasured else self.guesses.lines([*people, *named])

    def _held_people(self) -> list[str]:
        """How far it holds that arrests are made, and that most are of one size."""
        people = self._burdened()
        if people is None:
            return []
        side, row, _ = people
        change, borne = row["difference"], self._borne(side)
        sign = held(self.guesses.sign("arrests", change > 0, side=side))
        if not sign:
            return []
        middle = self.guesses.middle("arrests", change, side=side)
        more = "more" if change > 0 else "fewer"
        said = [f"{sign} that {more} arrests are made there{middle}"]
        if borne:
            mostly = held(self.guesses.mostly("arrests", borne[0], side=side))
            said += (
                [f"{mostly} that most of these are of {self.plural[borne[0]]}"] if mostly else []
            )
        return said

    def _held(self, outcome: str, days: tuple[dt.date, dt.date] | None = None, **where: str) -> str:
        """How far the way in which an outcome changes holds, as a part of a sentence."""
        row = self.cell(outcome, days, **where)
        return self.guesses.way(row, outcome, self.shown(row), days, **where)

    def _between(self, row: Row) -> str:
        if not math.isfinite(row["low"]):
            return ""
        return f" (95% interval of the difference {signed(row['low'])} to {signed(row['high'])})"

    def _between_shares(self, row: Row) -> str:
        if not math.isfinite(row["relative_low"]):
            return ""
        ends = (row["relative_low"], row["relative_high"])
        return f" (95% interval {signed_share(ends[0])} to {signed_share(ends[1])})"


_OTHERS = {
    "checking_hours": "Time spent on looking through goods",
    "bribes": "Bribes",
    "questionings": "Questionings",
    "leaks_through": "Leaks that get across",
}


def _instead(row: Row, unit: str = "") -> str:
    """How many there are with the event, and how many without it."""
    with_it, without = apart(row["with"], row["without"])
    return f"{with_it}{f' {unit}' if unit else ''} instead of {without}"


def _beside(row: Row) -> str:
    """The same where there is no clear effect."""
    with_it, without = apart(row["with"], row["without"])
    return f"{with_it} with, {without} without"

"""The head of a page: what an event did in a title, and in the two or three sentences of an answer.

As in all findings, "because of" stands before differences of paired worlds only.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from amnok.cells import counted
from amnok.reporting.facts import Facts, Row, shown
from amnok.reporting.guesses import Flags, denied, doubted, leaning
from amnok.reporting.numbers import (
    amount,
    apart,
    listed,
    more_or_fewer,
    moved,
    number,
    points,
    share,
    signed,
    times,
)
from amnok.results.intervals import is_told, is_unclear
from amnok.studies.counterfactual.events import CLOSURE, HALT, in_force
from amnok.studies.counterfactual.paired import Split

HARDLY = 0.01  # a trade that changes by less is hardly changed
_LED = ("arrests", "value_crossed")  # what every answer tells of
_ONE_PAIR = "This is one pair of worlds: how far chance goes is unknown."
_OF_PEOPLE = ("arrests", "official_arrests")


class SetBeside(NamedTuple):
    """The numbers of an answer beside those under another setting, as a table.

    Attributes:
        heads: of what, as set here, and what the other setting is called.
        rows: an outcome, its effect here, and there.
    """

    heads: tuple[str, str, str]
    rows: list[tuple[str, str, str]]


@dataclass(frozen=True)
class _Part:
    """A part of a title: what it says, in which draws that holds, and how other draws differ."""

    text: str
    holds: tuple[Flags | None, ...] = ()
    aside: str = ""


class Answers(Facts):
    """What an event did over some days, in short."""

    def title(self) -> str:
        """The finding of findings, for the head of a page, and in how many draws it is not so."""
        called = self.called[:1].upper() + self.called[1:]
        if not self.effect.is_any:
            return f"{called} had no effect"
        people, trade = self._on_people(), self._on_trade()
        told = " and ".join(filter(None, (people.text, trade.text)))
        doubt = doubted(*people.holds, *trade.holds) or people.aside or trade.aside
        return f"{called} {told}{doubt}"

    def _on_people(self) -> _Part:
        if "arrests" not in self._known:
            return _Part("")
        people = self._burdened()
        if people is None:
            lean = leaning(self.guesses.draws("arrests", side=self._outer()))
            return _Part(f"had {self.no_effect} on arrests", aside=lean)
        side, row, size = people
        is_more = row["difference"] > 0
        sign = self.guesses.sign("arrests", is_more, side=side)
        if size and is_more:
            mostly = self.guesses.mostly("arrests", size, side=side)
            if not denied(sign, mostly):
                return _Part(f"fell on {self.plural[size]}", (sign, mostly))
        more = "more" if is_more else "fewer"
        return _Part(f"meant {more} arrests in {self.named[side]}", (sign,))

    def _on_trade(self) -> _Part:
        """What happened to the trade: that it hardly changed only if chance and draws say so."""
        row, other = self.cell("value_crossed"), self.guesses
        if shift := self._shift():
            ways = zip(shift, (False, True), strict=True)  # one loses, the other gains
            holds = tuple(other.sign("value_crossed", way, size=size) for size, way in ways)
            if not denied(*holds):
                loser, winner = (self.plural[size] for size in shift)
                return _Part(f"moved trade from {loser} to {winner}", holds)
        most, change = max(abs(row["relative_low"]), abs(row["relative_high"])), row["relative"]
        hardly = other.hardly("value_crossed", HARDLY)
        if most < HARDLY and not doubted(hardly):
            return _Part("hardly changed the trade", (hardly,))
        if not is_told(row):
            lean = leaning(other.draws("value_crossed"))
            return _Part(f"had {self.no_effect} on the trade", aside=lean)
        return _Part(
            f"{'cost' if change < 0 else 'added to'} the trade {share(abs(change))}",
            (other.sign("value_crossed", change > 0),),
            other.further("value_crossed", change, True),
        )

    def answer(self, asked: Sequence[str] = ()) -> list[tuple[str, bool]]:
        """Two or three sentences in pieces; those that are True are to be seen first.

        Args:
            asked: outcomes that the question is about; the first that arrests and trade do not tell
                of has a sentence, before these if it is the first of all.
        """
        here: list[tuple[str, bool]] = [(f"{self.place}: ", False)] if self.place else []
        told = self._people_and_trade()
        if other := self.other(asked):
            is_first = other == asked[0]
            more = self._asked(other, is_first)
            told = [*more, (" ", False), *told] if is_first else [*told, (" ", False), *more]
        return [*here, *told, *([] if self.effect.replicates > 1 else [(f" {_ONE_PAIR}", False)])]

    def beside(self, other: Answers, called: str, asked: Sequence[str] = ()) -> SetBeside:
        """The numbers of the answer beside those of the same question under another setting.

        Args:
            other: the answer under that setting, to the same days.
            called: that setting.
            asked: as for `answer`.
        """
        people = self._burdened() or other._burdened()
        rows = []
        for outcome, where in self._headlines(people[0] if people else self._outer(), asked):
            here, there = (one._in_short(outcome, where) for one in (self, other))
            is_chance = here != there and self.differs(other, outcome, **where) is False
            rows.append(
                (
                    self.titled(outcome, **where),
                    here,
                    f"{there}; no clear change" if is_chance else there,
                )
            )
        head = f"Because of {self.called}{' (preview)' if self.is_preview else ''}"
        return SetBeside((head, "As set here", called), rows)

    def _headlines(self, side: str, asked: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
        """Outcomes that the answer tells of, in its order, and on which side."""
        usual = [
            (one, {"side": side} if one == "arrests" else {}) for one in _LED if one in self._known
        ]
        other = self.other(asked)
        if other is None:
            return usual
        return [(other, {}), *usual] if other == asked[0] else [*usual, (other, {})]

    def _in_short(self, outcome: str, where: dict[str, str]) -> str:
        """An effect in two or three words."""
        row = self.cell(outcome, None, **where)
        change = row["difference"]
        if not change:
            return "no effect"
        if self.is_unclear(row):
            return "no clear effect"
        if outcome in _OF_PEOPLE:
            return more_or_fewer(change)
        return moved(row["without"], row["with"])

    def in_short(self, asked: Sequence[str] = ()) -> str:
        """The answer as one text that stands alone: the days that it counts come first."""
        first, last = self.days
        return f"{first} to {last}: " + "".join(text for text, _ in self.answer(asked))

    def other(self, asked: Sequence[str]) -> str | None:
        """The first outcome of these that arrests and trade do not tell of."""
        return next((one for one in asked if one in self.effect.daily and one not in _LED), None)

    def _asked(self, outcome: str, is_first: bool) -> list[tuple[str, bool]]:
        """A sentence on an outcome; of what is written down, beside what happens."""
        row, name = self.cell(outcome), self.titled(outcome)
        if not is_told(row) or row["without"] <= 0:
            return [(f"{name}: {self._stands(row)}.", False)]
        true = self.cell("arrests") if outcome == "official_arrests" else None
        if true and true["difference"] > row["difference"] > 0 and is_told(true):
            return [
                (f"Because of {self.called}, official counts show ", False),
                (f"{number(row['difference'])} more arrests", True),
                (" where ", False),
                (f"{number(true['difference'])} more", True),
                (" happen on both sides", False),
                (doubted(*map(self._holds, _OF_PEOPLE)), True),
                (".", False),
            ]
        much = times(row["with"], row["without"])
        cause = f", because of {self.called}" if is_first else ""
        return [
            (f"{name}{cause}: ", False),
            (much, True),
            (" what there would have been", False),
            (doubted(self._holds(outcome)), True),
            (".", False),
        ]

    def _people_and_trade(self) -> list[tuple[str, bool]]:
        if not self.effect.is_any:
            return [(f"Nothing differs from the world without {self.called}.", False)]
        pieces: list[tuple[str, bool]] = []
        people = self._burdened()
        if people is None:
            if "arrests" in self._known:
                pieces.append((f"There is {self.no_effect} of {self.called} on arrests. ", False))
        else:
            side, row, _ = people
            change = row["difference"]
            pieces += [
                (f"Because of {self.called}, ", False),
                (f"{more_or_fewer(change)} arrests", True),
                (f"{self._interval(row)} were made in {self.named[side]}", False),
            ]
            doubt = doubted(*self._people_hold(side))
            pieces += [(f"{self._by_whom(side)}{doubt}", True), (". ", False)]
        trade = self.cell("value_crossed")
        if is_told(trade):
            went = "fell" if trade["relative"] < 0 else "rose"
            pieces += [
                (
                    f"{'The worth' if people else f'Because of {self.called}, the worth'} of what "
                    "crossed ",
                    False,
                ),
                (f"{went} by {share(abs(trade['relative']))}", True),
                (doubted(self._holds("value_crossed")), True),
                (".", False),
            ]
        else:
            pieces.append((f"The worth of what crossed shows {self.no_effect}.", False))
        season = self.season()
        if season:
            pieces.append((f" {season}.", False))
        return pieces

    def _holds(
        self, outcome: str, days: tuple[dt.date, dt.date] | None = None, **where: str
    ) -> Flags | None:
        """In which draws an outcome changes in the same way."""
        is_more = self.cell(outcome, days, **where)["difference"] > 0
        return self.guesses.sign(outcome, is_more, days, **where)

    def _people_hold(self, side: str) -> list[Flags | None]:
        """In which draws arrests change in the same way, and most of them fall on the same size."""
        holds, borne = [self._holds("arrests", side=side)], self._borne(side)
        return [*holds, self.guesses.mostly("arrests", borne[0], side=side)] if borne else holds

    def season(self) -> str:
        """Whose the change of trade against the days before is: the season's, or the event's."""
        split = self.split("value_crossed")
        if split is None:
            return ""
        seen, season = split.change[0], split.rest[0]
        if max(abs(seen), abs(season)) < HARDLY:
            return ""
        went = f"{'fell' if seen < 0 else 'rose'} by {share(abs(seen))}"
        went = went if abs(seen) >= HARDLY else "hardly moved"
        told = f"Compared with the days before, it {went}"
        if self.is_seasonal(split):
            return f"{told}, mostly with {self._rest()}"
        event = f"{points(split.event[0])} with {self.called}"
        return f"{told}: {points(season)} points with {self._rest()}, {event}"

    def _rest(self) -> str:
        """What else changes from the days before to those that are counted, closings by name."""
        first, last = self.days
        others = [
            one.called
            for one in in_force(self.effect.scenario)
            if one.kind in (CLOSURE, HALT) and one.name != self.effect.event.name
            if one.start and first < one.start <= last
        ]
        among = f" ({listed(others)} among it)" if others else ""
        return f"the season and the rest{among}"

    def is_seasonal(self, split: Split) -> bool:
        """Whether a change against the days before is hardly the event's."""
        event, season = split.event[0], split.rest[0]
        is_much = 2 * abs(event) >= abs(season) or event * season < 0
        if is_much and not is_unclear(*split.event[1:]):
            return False
        return abs(split.change[0]) >= HARDLY

    def stated(self, outcome: str, **where: str) -> str:
        """What happened to an outcome, as a title: how it stands to the world without the event."""
        name, doubt = self.titled(outcome, **where), self.doubt(outcome, None, **where)
        return f"{name}: {self._stands(self.cell(outcome, None, **where))}{doubt}"

    def _stands(self, row: Row) -> str:
        if not is_told(row):
            return self.no_effect
        if row["without"] <= 0:
            return f"{number(row['with'])} instead of none"
        return f"{times(row['with'], row['without'])} what there would have been"

    def doubt(self, outcome: str, days: tuple[dt.date, dt.date] | None = None, **where: str) -> str:
        """What a title of an outcome adds, where other guesses say something else than it."""
        row = self.cell(outcome, days, **where)
        if not is_told(row):
            return leaning(self.guesses.draws(outcome, days, **where))
        sign = self._holds(outcome, days, **where)
        change, is_share = self.shown(row)
        return doubted(sign) or self.guesses.further(outcome, change, is_share, days, **where)

    def shown(self, row: Row) -> tuple[float, bool]:
        """A change as it is told, and whether that is in per cent: as the effect itself is."""
        return shown(row, self.effect.scenario.currency)

    def titled(self, outcome: str, **where: str) -> str:
        """What an outcome is called, on which bank it is counted, and of a price, of what."""
        kind = self._known[outcome]
        side = f" in {self.named[where['side']]}" if "side" in where else ""
        goods = f", {self.named[self.staple].lower()}" if kind.is_price else ""
        return f"{kind.text}{goods}{side}"

    def named_here(self, outcome: str) -> str:
        """An outcome, and of one that is told by sides, where its effect is largest."""
        return self.titled(outcome, **self.where(outcome))

    def where_most(self, outcome: str) -> str:
        """At which place the effect on an outcome is largest, as a title."""
        sectors = self.effect.scenario.sectors
        name, row = max(self.sectors(outcome).items(), key=lambda one: abs(one[1]["difference"]))
        if self.is_unclear(row):
            return f"{self.named_here(outcome)}: no clear effect where it changes most"
        most = amount(signed(row["difference"]), row["unit"])
        return f"{self.named_here(outcome)}: largest effect at {sectors[name].label}, {most}"

    def _interval(self, row: Row) -> str:
        """How far chance reaches, and over how many pairs: those of another page may be others."""
        if not math.isfinite(row["low"]):
            return ""
        ends = " to ".join(apart(*sorted((abs(row["low"]), abs(row["high"])))))
        return f" ({ends} over {counted(self.effect.replicates, 'pair')} of worlds)"

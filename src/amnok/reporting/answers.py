"""The head of a page: what an event did in a title, and in the two or three sentences of an answer.

As in all findings, "because of" stands before differences of paired worlds only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from amnok.cells import counted
from amnok.reporting.facts import Facts, Row
from amnok.reporting.numbers import amount, apart, moved, number, of_every_100, share, signed, times

STANDING = 0.01  # a trade that changes by less is left standing
_LED = ("arrests", "value_crossed")  # what every answer tells of
_OF_PEOPLE = ("arrests", "official_arrests")


class SetBeside(NamedTuple):
    """The numbers of an answer beside those under another setting, as a table.

    Attributes:
        heads: of what, as set here, and what the other setting is called.
        rows: an outcome, its effect here, and there.
    """

    heads: tuple[str, str, str]
    rows: list[tuple[str, str, str]]


class Answers(Facts):
    """What an event did over some days, in short."""

    def title(self) -> str:
        """The finding of findings, for the head of a page."""
        called = self.called[:1].upper() + self.called[1:]
        people, trade = self._burdened(), self.cell("value_crossed")
        change = trade["relative"]
        if shift := self._shift():
            rest = f"moved trade from {self.plural[shift[0]]} to {self.plural[shift[1]]}"
        elif not self.is_clear(trade) or abs(change) < STANDING:
            rest = "left the trade standing"
        else:
            rest = f"{'cost' if change < 0 else 'added to'} the trade {share(abs(change))}"
        if people is None:
            start = (
                f"{called} had no clear effect on arrests" if "arrests" in self._known else called
            )
            joint = " and " if "arrests" in self._known else " "
            return f"{start}{joint}{rest}"
        side, row, size = people
        if row["difference"] < 0:
            return f"{called} meant fewer arrests in {self.named[side]} and {rest}"
        if size:
            return f"{called} fell on {self.plural[size]} and {rest}"
        return f"{called} meant more arrests in {self.named[side]} and {rest}"

    def answer(self, asked: Sequence[str] = ()) -> list[tuple[str, bool]]:
        """Two or three sentences in pieces; those that are True are to be seen first.

        Args:
            asked: outcomes that the question is about; the first that arrests and trade do not tell
                of has a sentence, before these if it is the first of all.
        """
        here: list[tuple[str, bool]] = [(f"{self.place}: ", False)] if self.place else []
        other = self.other(asked)
        if other is None:
            return [*here, *self._people_and_trade()]
        is_first = other == asked[0]
        more, usual = self._asked(other, is_first), self._people_and_trade()
        if is_first:
            return [*here, *more, (" ", False), *usual]
        return [*here, *usual, (" ", False), *more]

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
        if self.is_unclear(row):
            return "no clear effect"
        if not change:
            return "no effect"
        if outcome in _OF_PEOPLE:
            return f"{number(abs(change))} {'more' if change > 0 else 'fewer'}"
        return moved(row["without"], row["with"])

    def in_short(self, asked: Sequence[str] = ()) -> str:
        """The answer as one text."""
        return "".join(text for text, _ in self.answer(asked))

    def other(self, asked: Sequence[str]) -> str | None:
        """The first outcome of these that arrests and trade do not tell of."""
        return next((one for one in asked if one in self.effect.daily and one not in _LED), None)

    def _asked(self, outcome: str, is_first: bool) -> list[tuple[str, bool]]:
        """A sentence on an outcome; of what is written down, beside what happens."""
        row, name = self.cell(outcome), self._known[outcome].text
        if not self.is_clear(row) or row["without"] <= 0:
            return [(f"{self.stated(outcome)}.", False)]
        true = self.cell("arrests") if outcome == "official_arrests" else None
        if true and true["difference"] > row["difference"] > 0 and self.is_clear(true):
            return [
                (f"Because of {self.called}, official counts show ", False),
                (f"{number(row['difference'])} more arrests", True),
                (" where ", False),
                (f"{number(true['difference'])} more", True),
                (" happen on both sides.", False),
            ]
        much = times(row["with"], row["without"])
        cause = f", because of {self.called}" if is_first else ""
        return [
            (f"{name}{cause}: ", False),
            (much, True),
            (" what there would have been.", False),
        ]

    def _people_and_trade(self) -> list[tuple[str, bool]]:
        pieces: list[tuple[str, bool]] = []
        people = self._burdened()
        if people is None:
            if "arrests" in self._known:
                pieces.append((f"There is no clear effect of {self.called} on arrests. ", False))
        else:
            side, row, _ = people
            change = row["difference"]
            pieces += [
                (f"Because of {self.called}, ", False),
                (f"{number(abs(change))} {'more' if change > 0 else 'fewer'} people", True),
                (f" ({self._interval(row)}) were arrested in {self.named[side]}", False),
            ]
            borne = self._borne(side)
            if borne and change > 0:
                size, part = borne
                pieces += [
                    (", ", False),
                    (f"{of_every_100(part)} of them {self.plural[size]}", True),
                ]
            pieces.append((". ", False))
        trade = self.cell("value_crossed")
        if self.is_clear(trade):
            went = "fell" if trade["relative"] < 0 else "rose"
            pieces += [
                (
                    f"{'The worth' if people else f'Because of {self.called}, the worth'} of what "
                    "crossed ",
                    False,
                ),
                (f"{went} by {share(abs(trade['relative']))}", True),
                (".", False),
            ]
        else:
            pieces.append(("The worth of what crossed shows no clear effect.", False))
        season = self.season()
        if season:
            pieces.append((f" {season}.", False))
        return pieces

    def season(self) -> str:
        """Whose the change of trade against the days before is, if it is hardly the event's."""
        split = self.split("value_crossed")
        if split is None:
            return ""
        seen, season, event = (part[0] for part in (split.change, split.rest, split.event))
        if abs(seen) < STANDING or abs(season) <= 2 * abs(event):
            return ""
        went = "fell" if seen < 0 else "rose"
        much = f"Compared with the days before, it {went} by {share(abs(seen))}"
        return f"{much}, mostly with the season and the rest"

    def stated(self, outcome: str, **where: str) -> str:
        """What happened to an outcome, as a title: how it stands to the world without the event."""
        row, name = self.cell(outcome, None, **where), self.titled(outcome, **where)
        if not self.is_clear(row):
            return f"{name}: no clear effect"
        if row["without"] <= 0:
            return f"{name}: {number(row['with'])} instead of none"
        return f"{name}: {times(row['with'], row['without'])} what there would have been"

    def titled(self, outcome: str, **where: str) -> str:
        """What an outcome is called, and on which bank it is counted."""
        side = f" in {self.named[where['side']]}" if "side" in where else ""
        return f"{self._known[outcome].text}{side}"

    def named_here(self, outcome: str) -> str:
        """An outcome, and of one that is told by sides, where its effect is largest."""
        return self.titled(outcome, **self._where(outcome))

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
        ends = sorted((abs(row["low"]), abs(row["high"])))
        return (
            f"{' to '.join(apart(*ends))} over {counted(self.effect.replicates, 'pair')} of worlds"
        )

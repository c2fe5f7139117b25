"""Tables on a screen of any width: no digit is cut, and no column is left out.

A table that is too wide folds its texts; if that is not enough, one of numbers is set in blocks
below each other, each with the first column, and one with texts row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from amnok.cells import one_line
from amnok.table import Sheet, Table, TableView

_GAP = "  "
_WORD = 32  # a longer word may be folded
_LEAST = 10  # columns of a text that is folded
_TALL = 4.0  # lines a row, above which a table of texts is set row by row
_RULE = "-"
_FOLDING = Console()  # its width does not matter: only to fold


@dataclass(frozen=True)
class Screen:
    """Where tables go.

    Attributes:
        width: in columns.
        encoding: which characters it has; of others people see the code, as in `\\uacbd`.
        bold: whether it knows how to stress a line.
    """

    width: int = 100
    encoding: str = "utf-8"
    bold: bool = False

    def shows(self, text: str) -> str:
        """Text in characters that this screen has; minus signs as programs read them."""
        return (
            one_line(text.replace("−", "-"))
            .encode(self.encoding, "backslashreplace")
            .decode(self.encoding)
        )


PIPE = Screen()


def on_screen(sheet: Sheet, screen: Screen) -> str:
    """Title, tables and notes, line by line."""
    return "".join(f"{line.rstrip()}\n" for line in _Page(screen).lines(sheet))


class _Page:
    """Lines for one screen."""

    def __init__(self, screen: Screen) -> None:
        self.screen, self.width = screen, screen.width

    def lines(self, sheet: Sheet) -> Iterator[str]:
        """All of a sheet."""
        started = bool(sheet.title or sheet.lead)
        if sheet.title:
            yield from self._bold(sheet.title)
        for sentence in sheet.lead:
            yield from self._folded(sentence)
        for table in sheet.tables:
            if table.only_for != "programs":
                if started:
                    yield ""
                started = True
                yield from self._table(table)
        if sheet.notes and started:
            yield ""
        for sentence in sheet.notes:
            yield from self._folded(sentence)

    def _folded(self, text: str, width: int = 0) -> list[str]:
        return fold(self.screen.shows(text), width or self.width)

    def _bold(self, text: str) -> Iterator[str]:
        yield from map(self._stressed, self._folded(text))

    def _stressed(self, line: str) -> str:
        return f"\x1b[1m{line.rstrip()}\x1b[0m" if self.screen.bold and line.strip() else line

    def _table(self, table: Table) -> Iterator[str]:
        if table.title:
            yield from self._bold(table.title)
        view = self._as_shown(table.view())
        if view.rows:
            yield from self._rows(view)
        elif view.heads:
            yield "(none)"
        for sentence in table.notes:
            yield from self._folded(sentence)

    def _as_shown(self, view: TableView) -> TableView:
        shows = self.screen.shows
        rows = tuple(
            (shows(heading), (shows(texts[0]), *map(shows, texts[1:])))
            for heading, texts in view.rows
        )
        if any(heading for heading, _ in rows):
            rows = tuple(
                (heading, (f"{_GAP}{texts[0]}" if heading else texts[0], *texts[1:]))
                for heading, texts in rows
            )
        return TableView(tuple(map(shows, view.heads)), view.numbers, rows)

    def _rows(self, view: TableView) -> Iterator[str]:
        needs = [_needs(view, n) for n in range(len(view.heads))]
        of_numbers = all(view.numbers[1:])
        if of_numbers and len(needs) > 1:
            # Blocks are better than a first column that is folded word by word.
            widest = max(least for least, _ in needs[1:])
            least, most = needs[0]
            easy = min(most, self.width // 3, self.width - widest - len(_GAP))
            needs[0] = (max(least, easy), most)
        widths = self._widths(needs)
        if widths and _height(view, widths) <= _TALL:
            yield from self._aligned(view, range(len(needs)), widths)
            return
        blocks = self._blocks(needs) if of_numbers else []
        for n, (columns, widths) in enumerate(blocks):
            if n:
                yield ""
            yield from self._aligned(view, columns, widths)
        if not blocks:
            yield from self._records(view)

    def _widths(self, needs: Sequence[tuple[int, int]]) -> list[int]:
        """A width for each column, from what it needs at least to what it would like to have."""
        room = self.width - len(_GAP) * (len(needs) - 1)
        if sum(least for least, _ in needs) > room:
            return []
        widths = [most for _, most in needs]
        while sum(widths) > room:
            spare = [n for n, (least, _) in enumerate(needs) if widths[n] > least]
            widths[max(spare, key=lambda n: widths[n])] -= 1
        return widths

    def _blocks(self, needs: Sequence[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
        """Columns in as many blocks as they take, each with the first column: and their widths."""
        blocks: list[tuple[list[int], list[int]]] = []
        rest = list(range(1, len(needs)))
        while rest:
            taken = [0]
            while rest and self._widths([needs[n] for n in (*taken, rest[0])]):
                taken.append(rest.pop(0))
            if len(taken) == 1:
                return []
            blocks.append((taken, self._widths([needs[n] for n in taken])))
        return blocks

    def _aligned(
        self, view: TableView, columns: Sequence[int], widths: Sequence[int]
    ) -> Iterator[str]:
        chosen = list(zip(columns, widths, strict=True))
        heads = [view.heads[n] for n in columns]
        if any(heads):
            for line in self._line(view, chosen, view.heads, low=True):
                yield self._stressed(line)
            yield _RULE * (sum(widths) + len(_GAP) * (len(widths) - 1))
        last = ""
        for heading, texts in view.rows:
            if heading and heading != last:
                yield from map(self._stressed, fold(heading, self.width))
            last = heading
            yield from self._line(view, chosen, texts)

    def _line(
        self,
        view: TableView,
        chosen: Sequence[tuple[int, int]],
        texts: Sequence[str],
        low: bool = False,
    ) -> Iterator[str]:
        """One row, in as many lines as its tallest cell takes; `low` sets cells at its foot."""
        cells = [fold(texts[n], width) for n, width in chosen]
        height = max(map(len, cells))
        for at in range(height):
            parts = []
            for (n, width), lines in zip(chosen, cells, strict=True):
                line_number = at - (height - len(lines)) if low else at
                line = lines[line_number] if 0 <= line_number < len(lines) else ""
                space = " " * (width - cell_len(line))
                parts.append(space + line if view.numbers[n] else line + space)
            yield _GAP.join(parts)

    def _records(self, view: TableView) -> Iterator[str]:
        """Each row as a heading with a line for every other column."""
        longest = max(map(cell_len, view.heads[1:]), default=0)
        label = min(longest, max(self.width // 4, _LEAST))
        last = ""
        for n, (heading, (first, *rest)) in enumerate(view.rows):
            if n and rest:
                yield ""
            if heading and heading != last:
                yield from map(self._stressed, fold(heading, self.width))
            last = heading
            name = f"{view.heads[0]} {first.strip()}".strip()
            yield from map(self._stressed, fold(name, self.width))
            for head, text in zip(view.heads[1:], rest, strict=True):
                names = fold(head, label) if head else [""]
                lines = fold(text, self.width - label - 2 * len(_GAP))
                for at in range(max(len(names), len(lines))):
                    name = names[at] if at < len(names) else ""
                    space = " " * (label - cell_len(name))
                    line = lines[at] if at < len(lines) else ""
                    yield f"{_GAP}{name}{space}{_GAP}{line}"


def fold(text: str, width: int) -> list[str]:
    """Lines of at most some columns, folded between words, or within one that is too long."""
    if cell_len(text) <= width:
        return [text]
    inset = text[: len(text) - len(text.lstrip())]
    room = max(width - cell_len(inset), 1)
    lines = Text(text.strip()).wrap(_FOLDING, room, overflow="fold")
    return [f"{inset}{line.plain.rstrip()}" for line in lines]


def _needs(view: TableView, n: int) -> tuple[int, int]:
    """The least columns that a column takes without a number cut, and the most it can use."""
    texts = [row[n] for _, row in view.rows]
    head = cell_len(view.heads[n])
    longest = max(map(cell_len, texts), default=0)
    most = max(longest, head)
    if view.numbers[n]:
        return max(longest, min(_longest_word([view.heads[n]]), _WORD)), most
    words = min(_longest_word([*texts, view.heads[n]]), _WORD)
    return min(most, max(words, _LEAST)), most


def _longest_word(texts: Sequence[str]) -> int:
    """The longest word, with what it is set in by."""
    return max(
        (
            cell_len(word) + len(text) - len(text.lstrip())
            for text in texts
            for word in text.split()
        ),
        default=0,
    )


def _height(view: TableView, widths: Sequence[int]) -> float:
    """Lines that a row takes in the mean."""
    heights = [
        max(len(fold(text, width)) for text, width in zip(texts, widths, strict=True))
        for _, texts in view.rows
    ]
    return sum(heights) / len(heights)

"""What people hear in the evening: of other sectors, late, and of traders of other sizes."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor

from tests.twin.border import Border
from tests.twin.people import Belief, Evening, Sector, Told

from amnok.mechanisms.word_of_mouth import closeness


def listen(border: Border) -> None:
    """Remember the evening, hear what others went by when word set out, then talk among sizes."""
    border.evenings.append(
        Evening(
            searches=[_told(sector.searches) for sector in border.sectors],
            arrests=[_told(sector.arrests) for sector in border.sectors],
            losses=[_by_kind(sector, "losses") for sector in border.sectors],
            releases=[_by_kind(sector, "releases") for sector in border.sectors],
            fines=[_by_kind(sector, "fines") for sector in border.sectors],
        )
    )
    for sector in border.sectors:
        _hear_of_others(border, sector)
    for sector in border.sectors:
        _talk_among_sizes(border, sector)


def _total(numbers: Iterable[float]) -> float:
    """Added up one by one: `sum` does better since Python 3.12, and the engine does not."""
    result = 0.0
    for number in numbers:
        result += number
    return result


def _told(beliefs: list[Belief]) -> Told:
    return [(belief.bad, belief.trials) for belief in beliefs]


def _by_kind(sector: Sector, name: str) -> dict[int, Told]:
    """The mean route of each kind."""
    result = {}
    for number in sorted({route.kind.kind for route in sector.routes}):
        alike = [route for route in sector.routes if route.kind.kind == number]
        each = [_told(getattr(route, name)) for route in alike]
        result[number] = [
            (
                _total(bad / len(alike) for bad, _ in row),
                _total(tried / len(alike) for _, tried in row),
            )
            for row in zip(*each, strict=True)
        ]
    return result


def _hear_of_others(border: Border, sector: Sector) -> None:
    talk, number = border.rates.word_of_mouth, sector.number
    others = []
    for other in border.sectors:
        on_the_way = floor(talk.delay * abs(other.number - number) + 0.5)
        if other is not sector and on_the_way <= border.t:
            others.append((other.number, border.evenings[border.t - on_the_way]))
    for size in border.sizes:
        k = size.number
        weights = _weights(border, sector, "searches", k)
        heard = [(weights[j], evening.searches[j][k]) for j, evening in others]
        _take_up(sector.searches[k], heard)
        for route in sector.routes:
            kind = route.kind.kind
            for name in ("losses", "releases", "fines"):
                told = [(j, getattr(evening, name)[j]) for j, evening in others]
                heard = [(weights[j], page[kind][k]) for j, page in told if kind in page]
                _take_up(getattr(route, name)[k], heard)
        weights = _weights(border, sector, "arrests", k)
        heard = [(weights[j], evening.arrests[j][k]) for j, evening in others]
        _take_up(sector.arrests[k], heard)


def _weights(border: Border, sector: Sector, name: str, k: int) -> list[float]:
    """How much people of a size make of each sector, by how many live there and how close."""
    met = [
        closeness(float(abs(one.number - sector.number)), border.rates.word_of_mouth.reach)
        * getattr(one, name)[k].traders
        for one in border.sectors
    ]
    everyone = _total(met)
    if everyone <= 0.0:
        return [0.0 for _ in met]
    return [one / everyone * border.rates.word_of_mouth.between_sectors for one in met]


def _take_up(belief: Belief, heard: list[tuple[float, tuple[float, float]]]) -> None:
    """Each of those heard draws the evidence to what they went by."""
    bad, trials = belief.bad, belief.trials
    for weight, (their_bad, their_trials) in heard:
        if weight > 0.0:
            belief.bad += weight * (their_bad - bad)
            belief.trials += weight * (their_trials - trials)


def _talk_among_sizes(border: Border, sector: Sector) -> None:
    share = border.rates.word_of_mouth.between_sizes
    if share <= 0.0:
        return
    rows = [sector.searches, sector.arrests]
    heads = [[belief.traders for belief in row] for row in rows]
    for route in sector.routes:
        rows += [route.losses, route.releases, route.fines]
        heads += [heads[0]] * 3
    for row, traders in zip(rows, heads, strict=True):
        _even_out(row, traders, share)


def _even_out(row: list[Belief], traders: list[float], share: float) -> None:
    everyone = max(_total(traders), 1.0)
    parts = [part / everyone for part in traders]
    bad = _total(part * one.bad for part, one in zip(parts, row, strict=True))
    trials = _total(part * one.trials for part, one in zip(parts, row, strict=True))
    for one in row:
        one.bad += share * (bad - one.bad)
        one.trials += share * (trials - one.trials)

"""The first page of a report: what an event did, who bears it, what it rests on, what it can't say.

Titles are findings; every number after "because of" is a difference of paired worlds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import xarray as xr

from amnok.cells import counted, text_of
from amnok.mechanisms import ACTS_BY
from amnok.reporting.basis import Standing, standing, standings
from amnok.reporting.citing import counts_behind, intervals_over, said_against
from amnok.reporting.counterfactual import FEW
from amnok.reporting.drawings import Shares, drawing_of
from amnok.reporting.evidence_page import Verdicts, told_of
from amnok.reporting.facts import are_opposed
from amnok.reporting.findings import Finding, Findings
from amnok.reporting.guesses import doubted
from amnok.reporting.numbers import number, of_every_100, share
from amnok.reporting.places import places
from amnok.reporting.svg import evidence_bar, figure
from amnok.results.intervals import is_told
from amnok.scenario import Scenario
from amnok.scenario.catalog import parameter_table
from amnok.scenario.stories import Story
from amnok.studies.counterfactual.events import ORDER, story_about

_PAIRS = ("pair of worlds", "pairs of worlds")
_MOST_CLAIMS = 4
_MOST_AGAINST = 2
_NAMES = {
    "crossings": "What crosses",
    "checking": "Checking of goods",
    "bribes": "Bribes",
    "searches": "Searches",
    "questionings": "Questionings",
    "arrests": "Arrests",
    "prices": "Prices",
    "records": "What is written down and printed",
}


def first_page(
    findings: Findings, seen: xr.Dataset | None = None, verdicts: Verdicts | None = None
) -> str:
    """The page as HTML, below its heading.

    Args:
        findings: of the event that the report is about.
        seen: the run, for what official counts hold of it.
        verdicts: what the model says of claims, by id.
    """
    found = findings.all()
    effect = findings.effect
    story = story_about(effect.scenario, effect.event)
    parts = [
        "".join(_finding(findings, one, n) for n, one in enumerate(found, 1)),
        "".join(places(findings)),
        f"<div class=behind><p><b>What it rests on.</b> {text_of(behind(findings, story))} "
        f"<a href=#rests>What they say</a></p>{otherwise(findings, story)}</div>",
        "".join(bearing(findings)),
        "".join(_hidden(seen)) if seen is not None else "",
        "".join(rests_on(findings, found, verdicts)),
        "".join(limits(effect.scenario, effect.replicates, story.limits)),
    ]
    return "".join(parts)


def lead(findings: Findings) -> str:
    """What the page is about, and how its numbers come about."""
    first, last = findings.days
    effect, scenario = findings.effect, findings.effect.scenario
    n, guesses = effect.replicates, findings.guesses
    return (
        f"<p class=lead>{text_of(findings.in_short())}</p>"
        f"<p><b class=badge>A simulation, not data</b> {text_of(scenario.title)}; numbers count "
        f"{first} to {last} unless said otherwise. {counted(n, 'pair')} of worlds with "
        f"the same people and the same random numbers, seed {effect.seed}: what differs is what "
        f"{text_of(findings.called)} did. {intervals_over(n, *_PAIRS)} "
        f"{text_of(guesses.unmeasured() or guesses.what_they_are)}</p>"
    )


def behind(findings: Findings, story: Story) -> str:
    """What stands behind the first outcome that a question is about."""
    return counts_behind(_basis(findings, story))


def otherwise(findings: Findings, story: Story) -> str:
    """What reports say that the border does not go by, beside what it goes by, as HTML."""
    found = said_against(findings.effect.scenario, _basis(findings, story))
    if not found:
        return ""
    items = "".join(
        f"<li>The model goes by: {text_of(one.model)}. A report says: {text_of(one.report)}.</li>"
        for one in found[:_MOST_AGAINST]
    )
    left = len(found) - _MOST_AGAINST
    more = f"; {counted(left, 'more report')} under Evidence" if left > 0 else ""
    return f"<p><b>Reports that say otherwise than the model</b>{more}:</p><ul>{items}</ul>"


def _basis(findings: Findings, story: Story) -> Standing:
    known = findings.effect.daily
    asked = next((one for one in story.outcomes if one in known), findings.all()[0].outcome)
    return findings.source(asked).standing_of(asked)


def _finding(findings: Findings, one: Finding, number_: int) -> str:
    told = "".join(f"<p>{text_of(text)}</p>" for text in one.sentences if text)
    quiet = "" if one.is_clear else " quiet"
    holds = f"<p class=guesses>{text_of(one.holds)}</p>" if one.holds else ""
    drawing = drawing_of(findings, one)
    source = findings.source(one.outcome, one.days)
    return (
        f'<section class="finding{quiet}"><div><p class=eyebrow>Finding {number_}</p>'
        f"<h2>{text_of(one.title)}</h2>{holds}{told}</div>"
        f"{figure(drawing, source.html(drawing.title, one.outcome))}</section>"
    )


def bearing(findings: Findings) -> Iterator[str]:
    """Shares of what is borne beside shares of what is moved."""
    effect = findings.effect
    sizes = list(effect.scenario.traders.sizes)
    burdens: list[tuple[str, str, dict[str, str]]] = [("Extra questionings", "questionings", {})]
    if "arrests" in effect.daily:
        for side in map(str, effect.daily["side"].to_numpy()):
            burdens.append((f"Extra arrests in {findings.named[side]}", "arrests", {"side": side}))
    rows, told = [("Worth of what crosses", _parts(findings, "value_crossed", "with"))], []
    for label, outcome, where in burdens:
        if outcome in effect.daily and (parts := _parts(findings, outcome, "difference", **where)):
            rows.append((label, parts))
            told.append((outcome, where))
    shown = tuple((label, tuple(parts)) for label, parts in rows if parts)
    if len(shown) < 2 or len(sizes) < 2:
        return
    drawing = Shares(_borne(findings, shown, *told[-1]), "% of each", shown)
    yield "<h2>Who bears it, and who moves the goods</h2>"
    yield figure(drawing, findings.source("arrests").html(drawing.title, "arrests"))
    yield from (f"<p>{text_of(text)}</p>" for text in persons_in_words(findings))


def _borne(
    findings: Findings,
    rows: Sequence[tuple[str, Sequence[tuple[str, str, float]]]],
    outcome: str,
    where: Mapping[str, str],
) -> str:
    """Who bears most of the last burden, the outcome, and how much that size moves."""
    (_, worth), *_, (burden, borne) = rows
    most = max(range(len(borne)), key=lambda place: borne[place][2])
    (_, size, part), (*_, moves) = borne[most], worth[most]
    name = list(findings.effect.scenario.traders.sizes)[most]
    mostly = findings.guesses.mostly(outcome, name, **where) if part > 0.5 else None
    return (
        f"{size} bear {of_every_100(part)} {burden[:1].lower()}{burden[1:]} and move "
        f"{share(moves)} of the worth{doubted(mostly)}"
    )


def _parts(
    findings: Findings, outcome: str, column: str, **where: str
) -> list[tuple[str, str, float]]:
    """Kind, label and share of each size; nothing where a change is unclear, or not one way."""
    whole = findings.cell(outcome, None, **where)
    if column == "difference" and not (is_told(whole) and whole["difference"] > 0):
        return []
    sizes = findings.effect.scenario.traders.sizes
    rows = {size: findings.cell(outcome, None, size=size, **where) for size in sizes}
    if column == "difference" and are_opposed(rows):
        return []
    values = {size: row[column] for size, row in rows.items()}
    total = sum(max(value, 0.0) for value in values.values())
    return [
        (f"size{place}", findings.plural[size].capitalize(), max(value, 0.0) / total)
        for place, (size, value) in enumerate(values.items())
        if total > 0
    ]


def persons_in_words(findings: Findings) -> Iterator[str]:
    """Who is arrested in which world, of the size and side that it concerns most."""
    effect = findings.effect
    of = [findings.sector] if findings.sector is not None else list(effect.scenario.sectors)
    persons = effect.persons.sel(sector=of).sum("sector", skipna=False).mean("replicate")
    if "arrests" not in effect.daily or bool(persons.isnull().any()):
        return
    moved = persons.sel(fate="only_with") + persons.sel(fate="only_without")
    at = moved.argmax(["side", "size"])
    cell = persons.isel(at)
    fate = {str(name): float(cell.sel(fate=name)) for name in persons["fate"].to_numpy()}
    if not fate["only_with"] + fate["only_without"]:
        return
    side, size = str(cell["side"].item()), str(cell["size"].item())
    yield (
        f"Person by person, over the whole period: {number(fate['only_with'])} "
        f"{findings.plural[size]} of {findings.named[side]} are arrested who would not have been; "
        f"{number(fate['only_without'])} are spared who would have been; {number(fate['both'])} "
        f"are arrested in both worlds, {number(fate['neither'])} in neither."
    )


def _hidden(seen: xr.Dataset) -> Iterator[str]:
    """How much of what happened is written down, and how much is printed."""
    if "official_arrests" not in seen or "arrests" not in seen:
        return
    n = seen.sizes["replicate"]
    kinds = [name for name in ("arrests", "questionings") if name in seen]

    def total(prefix: str) -> float:
        names = [f"{prefix}{name}" for name in kinds]
        return float(sum(seen[name].sum() for name in names if name in seen)) / n

    happened, written = total(""), total("official_")
    if happened <= 0:
        return
    what = " and ".join(kinds)
    told = f"Official records show {of_every_100(written / happened)} {what}"
    text = (
        f"Over the whole period {number(happened)} {what} happen in the world as it is, "
        f"{number(written)} are written down"
    )
    if "report_kind" in seen:
        printed = seen.sizes["report"] / n
        told += f", newspapers report {number(printed)} times"
        text += f", and {number(printed)} reports of sources are printed"
    by_kind = "; ".join(
        f"{name} {share(float(seen[f'official_{name}'].sum()) / max(float(seen[name].sum()), 1))}"
        for name in kinds
        if f"official_{name}" in seen
    )
    yield f"<h2>{text_of(told)}</h2><p>{text_of(text)}. Written down of {text_of(by_kind)}.</p>"


def rests_on(
    findings: Findings, found: list[Finding], verdicts: Verdicts | None = None
) -> Iterator[str]:
    """A bar of three classes for each finding, and the claims that the event stands on."""
    scenario = findings.effect.scenario
    known = {one.outcome: one for one in standings(scenario)}
    about = list(dict.fromkeys(one.about for one in found if one.about in known))
    yield "<h2 id=rests>What it rests on</h2>"
    yield (
        "<p>Numbers behind each finding: those that stand in a source, those for which a source "
        "gives only a direction, and those we assumed.</p>"
        '<p class="classes"><span class=figure></span>figure in a source '
        "<span class=direction></span>direction only <span class=assumed></span>assumed</p>"
    )
    yield "".join(_class_bar(known[outcome]) for outcome in about) + _class_bar(_whole(scenario))
    claims = claims_of(findings)[:_MOST_CLAIMS]
    if claims:
        yield f"<h3>Claims behind {text_of(findings.called)}</h3><ul class=claims>"
        yield "".join(_claim(scenario, name, verdicts or {}) for name in claims) + "</ul>"
    else:
        yield f"<p>No claim stands behind {text_of(findings.called)} itself: it is assumed.</p>"


def claims_of(findings: Findings) -> list[str]:
    """Claims behind the numbers of the event, then of those that its targets act by."""
    scenario, event = findings.effect.scenario, findings.effect.event
    own = {path.rpartition(".")[0] for path in event.off}
    order = scenario.orders.get(event.name)
    targets = scenario.moved_by(order) if order and event.kind == ORDER else ()
    roles = {scenario.agencies[name].role for name in targets if name in scenario.agencies}
    acting = {section for role in roles for section in ACTS_BY[role]} | {*targets}
    first, then = [], []
    for row in parameter_table(scenario):
        section, _, _ = row.path.rpartition(".")
        claims = [name for name in row.sources if name in scenario.claims]
        first += claims if section in own or row.path in event.off else []
        then += claims if row.path.split(".")[0] in acting else []
    best = sorted(dict.fromkeys(then), key=scenario.ledger.grade)
    return list(dict.fromkeys([*first, *best]))


def _whole(scenario: Scenario) -> Standing:
    return standing("whole", parameter_table(scenario))


def _class_bar(one: Standing) -> str:
    counts = (one.figures, one.directions, one.assumed)
    told = (
        f"{counted(one.figures, 'figure')}, {counted(one.directions, 'direction')}, "
        f"{one.assumed} assumed"
    )
    name = _NAMES.get(one.outcome, "The whole model")
    return (
        f'<div class="basis"><b>{text_of(name)}</b>{evidence_bar(*counts)}'
        f"<small>{told} of {one.parameters}</small></div>"
    )


def _claim(scenario: Scenario, name: str, verdicts: Verdicts) -> str:
    """A claim with outlet, date and grade, what the model says of it, and who stands against it."""
    ledger = scenario.ledger
    against = [one for one, other in ledger.standing.items() if name in other.contradicts]
    more = "".join(
        f"<p>Against it: {_quoted(scenario, one)}</p>{told_of(one, verdicts)}" for one in against
    )
    return f"<li>{_quoted(scenario, name)}{told_of(name, verdicts)}{more}</li>"


def _quoted(scenario: Scenario, name: str) -> str:
    ledger = scenario.ledger
    return (
        f"<b>{text_of(name)}</b> “{text_of(ledger.claims[name].text)}” "
        f"<small>{text_of(ledger.cited(name))}; grade {text_of(ledger.grade(name))}</small>"
    )


def limits(scenario: Scenario, n: int, asked: Sequence[str] = ()) -> Iterator[str]:
    """What no answer tells: of the question, of the numbers behind it, of chance.

    Args:
        scenario: that was simulated.
        n: how many pairs of worlds.
        asked: what no answer to the question tells.
    """
    traders = scenario.traders.inner.number + scenario.traders.outer.number
    voices = scenario.ledger.voices()
    rough = f" With only {n} pairs the intervals are rough." if 1 < n < FEW else ""
    told = [
        "A model of reports, not of the truth: no number here was counted at a border.",
    ]
    if scenario.traders.inner.is_assumption or scenario.traders.outer.is_assumption:
        told.append(
            f"Read shares and ratios, not counts: that {number(traders)} people trade is assumed."
        )
    if len(voices) == 1:
        told.append(f"All {len(scenario.claims)} claims are of one voice: one outlet or source.")
    whole = _whole(scenario)
    told += [
        f"{whole.assumed} of {whole.parameters} numbers are assumed; others would give effects of "
        "another size (amnok verify --robust varies them).",
        intervals_over(n, *_PAIRS) + rough,
    ]
    lists = "".join(f"<ul>{_items(one)}</ul>" for one in (asked, told) if one)
    yield f'<section class="limits"><h2>What this can’t tell</h2>{lists}</section>'


def _items(texts: Iterable[str]) -> str:
    return "".join(f"<li>{text_of(one)}</li>" for one in texts)

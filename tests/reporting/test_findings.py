"""Sentences about effects: numbers of paired worlds only, with the sign of the event."""

import csv
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from tests.paths import TINY

import amnok
from amnok.reporting.basis import STANDS_ON
from amnok.reporting.drawings import Bars, Lines, by_size, drawing_of
from amnok.reporting.facts import by_whom
from amnok.reporting.findings import Findings
from amnok.reporting.first_page import first_page
from amnok.reporting.formats import render
from amnok.reporting.numbers import more_or_fewer, number, points, share
from amnok.reporting.places import places
from amnok.reporting.svg import figure, svg, table_of
from amnok.scenario.overrides import with_values
from amnok.studies.counterfactual.paired import WITH, WITHOUT


@pytest.fixture(scope="module", params=["april_sweep", "paper_hunt", "more_cameras"])
def findings(request):
    return Findings(amnok.effect(TINY, request.param, replicates=5))


def texts(findings):
    answer = "".join(text for text, _ in findings.answer())
    told = [text for one in findings.all() for text in (one.title, *one.sentences)]
    return [findings.title(), answer, *told]


def swapped(effect):
    """The same worlds, each in the other's place."""
    daily = effect.daily.sel(world=[WITH, WITHOUT]).assign_coords(world=[WITHOUT, WITH])
    return Findings(type(effect)(**{**vars(effect), "daily": daily}))


def test_at_most_three_findings_that_stand_on_something_known(findings):
    found = findings.all()
    assert 1 <= len(found) <= 3
    for one in found:
        assert one.about in STANDS_ON
        assert one.is_clear or "No clear effect" in one.title
        assert len(one.title) < 160
    assert not any("nan" in text or "_" in text or "  " in text for text in texts(findings))


def test_whoever_is_more_with_it_is_less_with_worlds_swapped(findings):
    """A sentence of one world's numbers would not turn round."""
    row, other = (one.cell("arrests") for one in (findings, swapped(findings.effect)))
    assert row["difference"] == pytest.approx(-other["difference"])
    for text in texts(findings):
        if "more arrests" in text:
            turned = " ".join(texts(swapped(findings.effect)))
            assert "fewer arrests" in turned
            return


def test_numbers_of_the_answer_are_those_of_the_cells(findings):
    answer = "".join(text for text, _ in findings.answer())
    trade = findings.cell("value_crossed")
    if trade["low"] > 0 or trade["high"] < 0:
        assert f"{'fell' if trade['relative'] < 0 else 'rose'} by " in answer
        assert share(abs(trade["relative"])) in answer
    else:
        assert "no clear effect" in answer
    told = re.search(r"([\d,.]+) (more|fewer) people", answer)
    if told:
        cells = [findings.cell("arrests", side=side) for side in ("up", "low")]
        assert told[1] in [number(abs(one["difference"])) for one in cells]


def test_numbers_that_are_compared_are_told_apart(findings):
    """A small change of a large number, which two digits would hide."""
    effect = findings.effect
    daily = effect.daily.copy(deep=True)
    worth = daily["value_crossed"]
    worth.loc[{"world": WITH}] = 0.996 * worth.sel(world=WITHOUT)
    slight = Findings(type(effect)(**{**vars(effect), "daily": daily}))
    (trade,) = [one for one in slight.all() if one.name == "trade"]
    told = re.search(r"(\S+ \S+|\S+) crossed instead of CRN ([^(]+) \(", " ".join(trade.sentences))
    assert told
    assert told[1].removeprefix("CRN ") != told[2]
    for bar in by_size(slight, "value_crossed").bars:
        with_it, without = bar.note.removeprefix("CRN ").removesuffix(" without").split(" with, ")
        assert with_it != without


@pytest.mark.parametrize("outcome", ["value_crossed", "arrests"])
def test_what_is_taken_along_of_bars_has_all_numbers_and_their_units(findings, outcome):
    where = {"side": "low"} if outcome == "arrests" else {}
    head, *rows = csv.reader(
        io.StringIO(render(table_of(by_size(findings, outcome, **where)), "csv"))
    )
    of_change = ["low", "high", "with", "without", "unit", "unit_of_change"]
    assert head == ["who", "change", *of_change]
    *_, everyone = (dict(zip(head, row, strict=True)) for row in rows)
    cell = findings.cell(outcome, None, **where)
    assert everyone["unit"] == cell["unit"]
    for world in ("with", "without"):
        assert float(everyone[world]) == pytest.approx(cell[world], rel=1e-5)
    is_share = everyone["unit_of_change"] == "% of the world without it"
    change = 100 * cell["relative"] if is_share else cell["difference"]
    assert is_share == (outcome == "value_crossed")
    assert float(everyone["change"]) == pytest.approx(change, rel=1e-5)


def test_without_the_event_nothing_is_because_of_it():
    scenario = with_values(amnok.load(TINY), {"orders.april_sweep.intensity": 0.0})
    nothing = Findings(amnok.effect(scenario, "april_sweep", replicates=2))
    assert not any(one.is_clear for one in nothing.all())
    assert nothing.title().endswith(" had no effect")
    days = f"{nothing.days[0]} to {nothing.days[1]}"
    assert nothing.in_short() == f"{days}: Nothing differs from the world without {nothing.called}."
    beside = nothing.beside(nothing, "As it is")
    assert {one for row in beside.rows for one in row[1:]} == {"no effect"}
    assert not any(text.startswith("Because of") for text in texts(nothing))


def test_numbers_of_the_answer_stand_beside_those_under_another_setting():
    """Each is the number of its own answer; a change that chance may have made is called so."""
    effects = [
        amnok.effect(
            TINY, "april_sweep", replicates=5, sets={"orders.april_sweep.intensity": level}
        )
        for level in (2.0, 0.8)
    ]
    hard, as_is = map(Findings, effects)
    heads, rows = hard.beside(as_is, "As it is", ["questionings"])
    assert heads == (f"Because of {hard.called}", "As set here", "As it is")
    told = {row[0].removesuffix(f" in {hard.named[hard.side]}"): row[1:] for row in rows}
    assert list(told) == ["Brought in for questioning", "Arrests", "Worth of what crossed"]
    for one, said in zip((hard, as_is), told["Arrests"], strict=True):
        change = one.cell("arrests", side=hard.side)["difference"]
        assert said == f"{number(change)} more"
        assert number(change) in "".join(text for text, _ in one.answer())
    assert hard.differs(as_is, "arrests", side=hard.side)
    mirrored = as_is.beside(hard, "", ["questionings"])
    assert [row[1:] for row in mirrored.rows] == [row[:0:-1] for row in rows]
    assert all(here == there for _, here, there in hard.beside(hard, "").rows)

    daily = effects[1].daily.copy(deep=True)
    noise = np.reshape([0.3, -0.1, -0.1, -0.1, 0.1], (5, 1, 1, 1, 1))
    daily["arrests"].values[1] *= 1 + noise
    noisy = Findings(replace(effects[1], daily=daily))
    _, here, there = noisy.beside(as_is, "As it is").rows[0]
    assert here != told["Arrests"][1]
    assert there == f"{told['Arrests'][1]}; no clear change"


def test_a_drawing_holds_both_worlds_and_its_names(findings):
    for one in findings.all():
        drawing = drawing_of(findings, one)
        drawn = svg(drawing)
        assert "nan" not in drawn
        assert "nan" not in figure(drawing)
        if isinstance(drawing, Lines):
            assert drawn.count('class="world ') == 2
            assert "without it" in drawn
            mean = drawing.worlds[WITH][0]
            table = findings.effect.daily[one.outcome].sel(world=WITH)
            table = table.sel(dict(zip(one.by, one.where, strict=True)))
            whole = float(table.sum()) / findings.effect.replicates
            assert 0.8 * whole <= mean.sum() <= whole + 1e-6 or np.isclose(mean.sum(), whole)
        else:
            assert isinstance(drawing, Bars)
            assert len(drawing.bars) == 1 + len(findings.effect.scenario.traders.sizes)


def test_the_page_says_who_what_it_rests_on_and_what_it_cannot_tell(findings):
    page = first_page(findings)
    for words in ("Finding 1", "What it rests on", "What this can’t tell", "assumed"):
        assert words in page
    assert all(len(part.split("<li>")) <= 8 for part in re.findall(r"<ul.*?</ul>", page, re.DOTALL))


@pytest.mark.parametrize("part", [0.0, 0.3, 0.7])
def test_a_change_against_the_days_before_is_always_told(findings, part):
    """However much of it is the event's, the answer says what is the season's."""
    effect = findings.effect
    daily = effect.daily.copy(deep=True)
    worth, start = daily["value_crossed"], np.datetime64(findings.days[0])
    before = worth.sel(day=worth["day"] < start).sum() / (worth["day"] < start).sum()
    after = worth.sel(day=worth["day"] >= start).sum() / (worth["day"] >= start).sum()
    later = {"day": worth["day"] >= start}
    worth.loc[later] = worth.loc[later] * float(0.8 * before / after)  # a season of a fifth
    worth.loc[{**later, "world": WITH}] = (1 - part) * worth.loc[{**later, "world": WITHOUT}]
    other = Findings(type(effect)(**{**vars(effect), "daily": daily}))
    split = other.split("value_crossed")
    told = re.search(r"Compared with the days before, it fell by (.*?) with the", other.in_short())
    assert told
    assert split is not None
    season = ", mostly" if part == 0.0 else f": {points(split.rest[0])} points"
    assert told[1] == f"{share(abs(split.change[0]))}{season}"
    event = f"{points(split.event[0])} with {other.called}."
    assert (event in other.in_short()) == (part > 0.0)


def test_what_has_no_clear_effect_is_told_too(findings):
    """No sentence is left out: each bank, each size and the trade have their words."""
    who, trade = findings.all()[0], next(one for one in findings.all() if one.name == "trade")
    told = " ".join((who.title, *who.sentences))
    for side in ("up", "low"):
        assert findings.named[side] in told
    if "questionings" in findings.effect.daily:
        assert "Called in for questioning" in told
    assert findings.effect.scenario.currency in " ".join(trade.sentences)
    assert all(findings.plural[size] in trade.sentences[-1] for size in findings.plural)


def test_an_answer_also_tells_of_what_is_asked_about(findings):
    """Before arrests and trade where the question is about it first, else after them."""
    usual = "".join(text for text, _ in findings.answer())
    stated = findings.stated("questionings")
    for asked in (("questionings", "arrests"), ("arrests", "value_crossed", "questionings")):
        told = "".join(text for text, _ in findings.answer(asked))
        assert usual in told
        assert stated.partition(":")[2].strip() in told
        assert told.startswith(usual) == (asked[0] == "arrests")
    assert findings.answer(("arrests", "nothing_known")) == findings.answer()


@pytest.mark.parametrize(("recorded", "is_told"), [(0.9, True), (0.0, False)])
def test_what_is_written_down_stands_beside_what_happens(recorded, is_told):
    sets = [f"official.arrests_recorded={recorded}", "orders.april_sweep.intensity=4"]
    findings = Findings(amnok.effect(TINY, "april_sweep", replicates=16, sets=sets))
    told = "".join(text for text, _ in findings.answer(("official_arrests",)))
    written, true = (findings.cell(one)["difference"] for one in ("official_arrests", "arrests"))
    assert (f"{number(written)} more arrests where {number(true)} more happen" in told) == is_told
    assert (findings.stated("official_arrests") in told) != is_told


def test_of_one_pair_numbers_are_told_and_that_chance_is_unknown(findings):
    """Without an interval nobody knows what is clear, or that nothing is."""
    one = findings.effect
    persons = one.persons.isel(replicate=[0])
    first = type(one)(**{**vars(one), "daily": one.daily.isel(replicate=[0]), "persons": persons})
    single = Findings(first)
    told = [*texts(single), single.stated("value_crossed"), *single.holds_of_answer()]
    told += [
        "".join(places(single)),
        "".join(part for row in single.beside(single, "")[1] for part in row),
    ]
    assert not any("clear" in text or "nan" in text for text in told)
    assert single.in_short().count("one pair of worlds: how far chance goes is unknown") == 1
    trade = single.cell("value_crossed")
    assert f"by {share(abs(trade['relative']))}" in single.in_short()
    for side in ("up", "low"):
        change = single.cell("arrests", side=side)["difference"]
        who = " ".join((single.all()[0].title, *single.all()[0].sentences))
        assert not change or f"{more_or_fewer(change)} arrests are made" in who
    assert not any(finding.is_clear for finding in single.all())


def test_sizes_that_move_in_opposite_ways_have_no_share_of_their_sum(findings):
    """Each is told by name, with its own number."""
    daily = findings.effect.daily.copy(deep=True)
    arrests = daily["arrests"]
    sizes = [str(size) for size in arrests["size"].to_numpy()]
    arrests.loc[{"world": WITH}] = arrests.sel(world=WITHOUT)
    day = arrests["day"].to_numpy() == np.datetime64(findings.days[0])
    at = {"world": WITH, "side": "low", "sector": arrests["sector"].to_numpy()[0]}
    for size, change in ((sizes[0], 200), (sizes[1], -80)):
        arrests.loc[{**at, "day": day, "size": size}] += change
    other = Findings(type(findings.effect)(**{**vars(findings.effect), "daily": daily}))
    told = f": 200 more of {other.plural[sizes[0]]} and 80 fewer of {other.plural[sizes[1]]}"
    assert other.in_short().count(told) == 1
    assert other.all()[0].title.endswith(f"120 more arrests are made in Lowlands{told}")
    assert not any("of them of" in text for text in texts(other))
    assert "fell on" not in other.title()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([(90, 80, 99), (9, 8, 10)], ", 91 of every 100 of them of as"),
        ([(-90, -99, -80), (-9, -10, -8)], ", 91 of every 100 of them of as"),
        ([(-1860, -1900, -1800), (1482, 1400, 1500)], ": 1,860 fewer of as and 1,482 more of bs"),
        ([(90, 80, 99), (-50, -120, 20)], ": 90 more of as"),  # more than all of 40
        ([(50, 40, 60), (50, 40, 60)], ""),
        ([(5, 4, 6)], ""),
    ],
)
def test_a_share_is_one_of_a_sum_that_goes_one_way(changes, told):
    names = dict(zip("ab", ("as", "bs"), strict=True))
    keys = ("difference", "low", "high")
    rows = {
        size: dict(zip(keys, one, strict=True)) for size, one in zip(names, changes, strict=False)
    }
    assert by_whom(rows, names) == told

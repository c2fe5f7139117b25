"""One finding, one picture: its title says what was found, its numbers are the report's."""

import datetime as dt
from dataclasses import replace
from itertools import combinations

import pytest
from tests.paths import TINY

import amnok
from amnok.errors import AmnokError
from amnok.reporting.drawings import Lines, chart_of, drawing_of
from amnok.reporting.findings import Findings
from amnok.reporting.first_page import first_page, lead
from amnok.reporting.single import SIZES, _drawn, names, picture_of

WINDOW = ("2030-04-10", "2030-05-20")


@pytest.fixture(scope="module")
def effect():
    return amnok.effect(TINY, replicates=3, sets={"traders.inner": 150, "traders.outer": 60})


def test_the_title_states_the_finding(effect):
    findings = Findings(effect, WINDOW)
    for one in findings.all():
        assert picture_of(findings, one.name, "page").title == one.title
    told = picture_of(findings, "arrests", "page")
    assert told.title == findings.stated("arrests", side=findings.side)
    assert WINDOW[0] in told.figure.get_supxlabel()


def test_what_is_counted_to_the_end_is_cited_and_shaded_so(effect):
    findings = Findings(effect, WINDOW)
    seen = next(one for one in findings.all() if one.name == "seen")
    days = (findings.days[0], effect.scenario.period.end)
    drawing = drawing_of(findings, seen)
    assert isinstance(drawing, Lines)
    assert seen.days == drawing.counted == days
    assert findings.days[1] < days[1]
    last = f"{days[0]} to {days[1]}"
    told = picture_of(findings, "seen", "page").figure.get_supxlabel()
    assert f"Days {last}" in " ".join(told.split())
    page = first_page(findings)
    assert f"; counted to {days[1]}" in page
    assert f"Days {last}; 3 pairs" in page
    assert f"Days {WINDOW[0]} to {WINDOW[1]}; 3 pairs" in page


def test_one_pair_has_no_interval():
    found = Findings(amnok.effect(TINY, replicates=1))
    assert "; 1 pair of worlds with and without" in found.source("arrests").told
    assert "interval" not in found.source("arrests").told
    page = lead(found) + first_page(found)
    assert "95%" not in page
    assert "With one pair of worlds there is no interval." in page


@pytest.mark.parametrize("size", SIZES)
def test_sizes(effect, size):
    figure = picture_of(Findings(effect), "value_crossed", size).figure
    assert tuple(figure.get_size_inches()) == SIZES[size][:2]
    (axis,) = figure.axes
    assert {text.get_text() for text in axis.texts} >= {"with it", "without it"}
    assert len(axis.lines) >= 2
    figure.canvas.draw()
    ticks = [text.get_text() for text in axis.get_yticklabels()]
    assert any(text.endswith(("k", "M")) for text in ticks)
    assert axis.yaxis.get_offset_text().get_text() == ""


@pytest.mark.parametrize("size", SIZES)
def test_no_name_of_an_order_hides_another(effect, size):
    findings = Findings(effect)
    drawn = chart_of(findings, "arrests")
    starts = [drawn.weeks[0] + dt.timedelta(days=3 * n) for n in range(1, 7)]
    events = tuple((f"Order of day {n}", day) for n, day in enumerate(starts))
    figure = _drawn(replace(drawn, events=events), "Title", "Source", size)
    figure.canvas.draw()
    texts = [one for one in figure.axes[0].texts if one.get_text().startswith("Order")]
    boxes = [one.get_window_extent() for one in texts]
    assert len(boxes) == len(events)
    assert not [1 for one, other in combinations(boxes, 2) if one.overlaps(other)]


@pytest.mark.slow
def test_every_name_has_a_picture(effect):
    findings = Findings(effect)
    assert {"who", "trade", "arrests", "value_crossed"} <= set(names(findings))
    for name in names(findings):
        assert picture_of(findings, name, "page").content("svg").startswith(b"<?xml")


def test_what_is_no_chart_is_told_with_those_that_are(effect):
    with pytest.raises(AmnokError, match=r"no chart 'arests'.*arrests.*one of: .*value_crossed"):
        picture_of(Findings(effect), "arests", "page")
    with pytest.raises(AmnokError) as error:
        picture_of(Findings(effect), "moon", "page")
    assert str(error.value).count("one of") == str(error.value).count("value_crossed") == 1
    with pytest.raises(AmnokError, match="size is 'poster'"):
        picture_of(Findings(effect), "arrests", "poster")


@pytest.mark.slow
def test_a_saved_run_has_its_charts(tmp_path):
    few = {"traders.inner": 40, "traders.outer": 20}
    amnok.run(TINY, sets=few, out=tmp_path / "run")
    file = tmp_path / "who.svg"
    found = amnok.plot(tmp_path / "run", file, chart="value_crossed", days=WINDOW, size="slide")
    assert file.read_bytes().startswith(b"<?xml")
    assert found.title
    with pytest.raises(AmnokError, match="no order, "):
        amnok.plot(tmp_path / "run", chart="arrests", about="nothing")

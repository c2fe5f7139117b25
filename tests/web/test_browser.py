"""The explorer in a real browser: what one sees, moves, keeps and shares."""

import base64
import csv
import datetime as dt
import io
import itertools
import json
import re
import xml.etree.ElementTree as ET

import httpx
import numpy as np
import pytest
import yaml
from tests.paths import HIGH_PASS, LEAST, TINY
from tests.web.conftest import OVERLAPS, QUOTA, SWEEP, lever, move, pictures, redrawn, served
from tests.web.test_pages import with_many_orders

import amnok
from amnok.reporting.numbers import signed
from amnok.studies.counterfactual.events import in_force

SVG = "{http://www.w3.org/2000/svg}"
# Of texts of a drawing, how many pixels their letters are high on the screen.
HEIGHTS = """(texts) => texts.map((one) =>
  parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)"""
BARS = "() => document.querySelector('.panel').innerHTML"  # the effect by size of trader
LINES = "() => [...document.querySelectorAll('.drawing path')].map((one) => one.getAttribute('d'))"
SHOW_ALL = """() => document.querySelectorAll("figure").forEach(
  (one) => { one.style.contentVisibility = "visible"; })"""  # what is out of view is not laid out
CIRCLES = """[...document.querySelectorAll(".sector .symbol")]
  .map((one) => [one.cx.baseVal.value, one.cy.baseVal.value])"""
# Whether each circle lies on the side of the line on which the country's name stands.
BESIDE_LINE = f"""async (side) => {{
  const sides = Object.values((await (await fetch("/api/border")).json()).sides);
  const line = document.querySelector(".water.border"), length = line.getTotalLength();
  const points = d3.range(0, length, length / 1000).map((at) => line.getPointAtLength(at));
  const isBelow = (x, y) => y > points.reduce((best, point) =>
    (Math.abs(point.x - x) < Math.abs(best.x - x) ? point : best)).y;
  const names = [...document.querySelectorAll(".country")];
  const name = names.find((one) => one.textContent === sides[side]);
  const wanted = isBelow(+name.getAttribute("x"), +name.getAttribute("y"));
  return {CIRCLES}.map(([x, y]) => isBelow(x, y) === wanted);
}}"""
# Whether each circle lies in a land of one side, and of the other.
ON_LANDS = f"""(sides) => sides.map((side) => {CIRCLES}.map(([x, y]) =>
  [...document.querySelectorAll(`.soil.${{side}}`)]
    .some((one) => one.isPointInFill(new DOMPoint(x, y)))))"""
CHARTS = ["crossings", "checking", "bribes", "arrests", "prices", "seen"]


def asked(server, **question):
    """The same picture straight from the server."""
    body = {"client": "test", "settings": {}, "quality": "full", **question}
    answer = httpx.post(
        f"{server.address}api/picture", json=body, headers=server.headers, timeout=120
    )
    return json.loads(answer.text.splitlines()[-1])["picture"]


def numbers(packed):
    return np.frombuffer(base64.b64decode(packed["f32"]), "<f4")


def drawings(page):
    """The lines of all charts, as they are drawn at one moment."""
    return page.evaluate(LINES)


def saved(page, name, kind):
    with page.expect_download() as download:
        page.locator(f"figure[data-chart='{name}']").get_by_role("button", name=kind).click()
    assert download.value.suggested_filename == f"{name}.{kind.lower()}"
    return download.value.path().read_text(encoding="utf-8")


def test_the_page_shows_the_border(visit, server, border):
    page = visit(server.address)
    assert page.title() == f"{border.scenario.title} – Amnok"
    assert page.locator("#title").inner_text() == border.scenario.title
    assert page.locator("h1").inner_text().startswith("What did ")
    subtitle = page.locator("#subtitle").inner_text()
    assert subtitle.startswith("Seed 3; mean of 2 runs")
    figures = page.locator("figure[data-chart]").all()
    assert [one.get_attribute("data-chart") for one in figures] == CHARTS
    assert page.locator(".sector").count() == len(border.scenario.sectors)
    assert page.locator("#status").inner_text() == ""
    assert page.locator(".orders tbody tr").count() == 3


@pytest.mark.slow
@pytest.mark.parametrize("width", [375, 1400])
def test_evidence_is_one_press_away(visit, server, width):
    page = visit(server.address, viewport={"width": width, "height": 800})
    page.locator("#all-evidence").focus()
    page.keyboard.press("Enter")
    page.locator("#sources h3, #sources h2").nth(1).wait_for()
    page.wait_for_timeout(300)
    box = page.locator("#sources summary").first.bounding_box()
    assert -2 <= box["y"] < 400
    assert page.evaluate("() => document.activeElement.closest('#sources') !== null")


def test_dragging_shows_previews_and_letting_go_the_full_picture(visit, server):
    page = visit(server.address)
    before = page.evaluate(BARS)
    box = lever(page, SWEEP).bounding_box()
    y = box["y"] + box["height"] / 2
    with redrawn(page):
        page.mouse.move(box["x"] + box["width"] * 0.5, y)
        page.mouse.down()
        for step in range(8):
            page.mouse.move(box["x"] + box["width"] * (0.5 - 0.06 * step), y)
            page.wait_for_timeout(60)
        page.wait_for_function(f"(before) => ({BARS})() !== before", arg=before)
        page.mouse.up()
    qualities = page.evaluate("() => amnok.latencies.map((one) => one.quality)")
    assert qualities.count("preview") >= 1
    value = float(lever(page, SWEEP).input_value())
    assert value < 0.5
    page.wait_for_url(re.compile(re.escape(f"?set={SWEEP}={value:g}")))
    assert page.locator(f"[data-path='{SWEEP}'] output").first.inner_text() == f"{value:g} index"
    assert page.locator("#policy").input_value() == "own"
    shown = [
        numbers(line["mean"])
        for line in asked(server, settings={SWEEP: value})["charts"][0]["lines"]
    ]
    rows = list(csv.DictReader(io.StringIO(saved(page, "crossings", "CSV"))))
    np.testing.assert_allclose([float(row["river"]) for row in rows], shown[0], rtol=1e-5)


def test_charts_out_of_view_follow_a_preview_once_they_are_seen(visit, server):
    page = visit(server.address)
    bars, lines = page.evaluate(BARS), drawings(page)
    move(page, 0.37)
    page.wait_for_function(f"(before) => ({BARS})() !== before", arg=bars)
    assert drawings(page) == lines
    page.locator("#charts").scroll_into_view_if_needed()
    page.wait_for_function(f"(before) => ({LINES})().join() !== before.join()", arg=lines)


@pytest.mark.parametrize(("width", "level"), [(1400, 2), (375, 1.9)])
def test_what_a_lever_changes_stands_beside_the_answer(visit, server, width, level):
    """Told when it is let go, seen while it is dragged; on a phone it stays above the levers."""
    page = visit(server.address, viewport={"width": width, "height": 800})
    changed = page.locator("#answer .changed")
    assert changed.locator("table").count() == 0
    lever(page, SWEEP).scroll_into_view_if_needed()
    move(page, level)
    page.wait_for_selector(".changed[aria-busy='true'] table")
    with redrawn(page):
        move(page, level, final=True)
    assert changed.get_attribute("aria-live") == "polite"
    assert changed.get_attribute("aria-busy") == "false"
    cells = changed.locator("th, td").all_inner_texts()
    assert cells[0].startswith("Because of")
    assert cells[1:3] == ["As set here", "As it is"]
    assert len(cells) >= 9
    assert all(cells)
    beside_levers = page.locator("#levers .changed")
    assert beside_levers.is_visible() == (width == 375)
    if width == 375:
        box = beside_levers.bounding_box()
        assert box["y"] >= -1
        assert box["y"] + box["height"] <= lever(page, SWEEP).bounding_box()["y"]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    with redrawn(page):
        page.get_by_role("button", name="Reset").click()
    assert page.locator(".changed table").count() == 0


def test_the_map_writes_a_number_as_the_list_of_places_does(visit, server):
    """Both have the text from the server: of 76.5 the browser would make another one."""

    def answer(route):
        response = route.fetch()
        lines = [json.loads(line) for line in response.text().splitlines()]
        for one in lines[-1]["effect"].get("maps", []):  # a preview has none
            for row in one["rows"]:
                row.update(difference=76.5, low=70.0, high=80.0, told=signed(76.5))
        route.fulfill(response=response, body="".join(json.dumps(one) + "\n" for one in lines))

    page = visit(server.address, before=lambda page: page.route(re.compile("/api/view$"), answer))
    shown = page.locator(".sector .amount").all_text_contents()
    assert shown == ["+77"] * len(shown) != []
    assert all(": +77 " in one for one in page.locator(".sector > title").all_text_contents())


def test_a_lever_says_what_it_does_and_is_found_by_it(visit, server):
    page = visit(server.address)
    said = lever(page, SWEEP).get_attribute("aria-describedby")
    gist = page.locator(f"[id='{said}']")
    assert gist.inner_text() == "Strength of the order in full force."
    page.locator("details.all summary").click()
    page.wait_for_selector(".rest .lever")
    page.locator("#search").fill("of looking away")
    found = page.locator(".rest .lever:visible")
    assert [one.get_attribute("data-path") for one in found.all()] == ["guards.effort"]


@pytest.mark.slow
def test_reset_goes_back_to_the_border_as_it_is(visit, server):
    page = visit(f"{server.address}?set={SWEEP}=0.1")
    assert lever(page, SWEEP).input_value() == "0.1"
    with redrawn(page):
        page.get_by_role("button", name="Reset").click()
    assert lever(page, SWEEP).input_value() == "0.8"
    page.wait_for_url(server.address)
    assert drawings(page) == drawings(visit(server.address))


@pytest.mark.slow
def test_what_another_question_puts_back_is_said_and_can_be_set_again(visit, server):
    other = "orders.paper_hunt.intensity"
    page = visit(f"{server.address}?set={SWEEP}=0.25&sector=ferry&count=all")
    notice = page.locator(".notice")
    assert notice.is_hidden()
    with redrawn(page):
        page.locator("#story-1").check(force=True)
    assert f"No longer set: {SWEEP} = 0.25; days counted to the end; only Ferry" in (
        notice.inner_text()
    )
    assert page.locator("#place").inner_text() == "the whole border"
    with redrawn(page):
        move(page, 0.5, final=True, path=other)
    with redrawn(page):
        notice.get_by_role("button", name="Set again").click()
    assert notice.is_hidden()
    assert [lever(page, one).input_value() for one in (SWEEP, other)] == ["0.25", "0.5"]
    assert page.locator("#place").inner_text().startswith("Ferry")
    assert page.locator("#count-1").is_checked()
    assert page.locator("#story-1").is_checked()


def test_back_goes_to_the_question_before_and_what_was_set_there(visit, server):
    page = visit(server.address)
    asked = page.locator("h1").inner_text()
    with redrawn(page):
        move(page, 0.25, final=True)
        page.locator("#story-1").check(force=True)  # before the lever is in the address bar
    page.wait_for_url("**/?story=*")
    with redrawn(page):
        page.go_back()
    assert page.url == f"{server.address}?set={SWEEP}=0.25"
    assert page.locator("h1").inner_text() == asked
    assert page.locator("#story-0").is_checked()
    assert lever(page, SWEEP).input_value() == "0.25"
    assert page.locator(".notice").is_hidden()
    with redrawn(page):
        page.go_forward()
    assert page.locator("#story-1").is_checked()
    before = pictures(page)
    page.locator(".parts a").first.click()  # a place on the page is no question
    page.wait_for_url("**#effect")
    assert pictures(page) == before


def test_play_moves_through_the_days_and_stops_at_the_end(visit, server):
    page = visit(f"{server.address}?day=2030-06-15")
    date = page.locator(".days-row output")
    assert date.inner_text() == "15 June 2030"
    page.get_by_role("button", name="Play").click()
    assert page.locator("#play").get_attribute("aria-pressed") == "true"
    page.wait_for_selector("#play[aria-pressed='false']")
    assert date.inner_text() == "28 June 2030"
    page.get_by_role("button", name="Play").click()  # from the start again
    page.wait_for_selector(".days-row output:has-text('March')")
    page.get_by_role("button", name="Pause").click()
    assert page.locator("#play").inner_text() == "Play"


@pytest.mark.slow
def test_what_is_pinned_stays_beside_what_is_moved(visit, server):
    page = visit(server.address)
    page.get_by_role("button", name="Pin this setting").click()
    page.wait_for_selector("#beside table")
    assert "Nothing differs on any day" in page.locator("#beside").inner_text()
    with redrawn(page):
        move(page, 0, final=True)
    page.wait_for_selector("#beside:has-text('Nothing differs before 2030-04')")
    text = page.locator("#beside").inner_text()
    assert f"Now: {SWEEP} = 0" in text
    assert page.locator("#beside tr.certain").count() >= 1
    assert page.locator("#beside table").count() == 2
    assert page.locator(".line.pinned").count() > 8
    assert "river, pinned" in saved(page, "crossings", "CSV").splitlines()[0]
    page.get_by_role("button", name="Unpin").click()
    assert page.locator("#beside").is_hidden()
    assert page.locator(".drawing .line.pinned").count() == 0


@pytest.mark.slow
def test_an_address_brings_back_the_same_view(visit, server):
    page = visit(server.address, permissions=["clipboard-read", "clipboard-write"])
    with redrawn(page):
        page.locator(".sector").nth(2).click()
    page.get_by_role("button", name="Pin this setting").click()
    page.wait_for_selector("#beside table")
    page.locator("#day").fill("40")
    with redrawn(page):
        move(page, 0.25, final=True)
        page.get_by_role("button", name="Copy address").click()  # before it is in the address bar
    page.wait_for_selector("#beside:not([aria-busy]):has-text('0.25')")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    page.wait_for_url(copied)
    other = visit(copied)
    other.wait_for_selector("#beside table")
    other.wait_for_selector(".line.pinned >> nth=0", state="attached")
    for what in ("#place", ".days-row output", "#beside"):
        assert other.locator(what).inner_text() == page.locator(what).inner_text()
    assert lever(other, SWEEP).input_value() == "0.25"
    assert drawings(other) == drawings(page)


@pytest.mark.parametrize(
    ("query", "left_out"),
    [
        (
            f"?set={SWEEP}=0.25&story=x&count=some&sector=moon&day=2019-99-99",
            "story=x, count=some, sector=moon, day=2019-99-99. It may",
        ),
        (
            "?from=2030-04-01&to=&policy=off&=&pinned=1",
            "from=2030-04-01, to=, policy=off, =. It may",
        ),
    ],
)
def test_what_an_address_gets_wrong_is_said_and_the_rest_is_shown(visit, server, query, left_out):
    page = visit(server.address + query)
    said = page.locator(".notice").inner_text()
    assert said.startswith(f"Not understood in the address, and left out: {left_out}")
    assert lever(page, SWEEP).input_value() == ("0.25" if SWEEP in query else "0.8")
    assert page.locator("#beside").is_hidden() == ("pinned" not in query)
    page.wait_for_url(re.compile(f"set={SWEEP}=0.25$" if SWEEP in query else r"\?pinned=1$"))
    with redrawn(page):
        page.locator("#story-1").check(force=True)
    assert "Not understood" not in page.locator(".notice").inner_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("?set=nothing=1&set=&set==&set=quota.arrests&set=quota.arrests=&set=quota.arrests=x", 6),
        ("?set=quota.arrests=Infinity&set=__proto__=1&set=constructor=1&__proto__=1", 4),
        ("?set=quota.arrests=5000&set=quota.arrests=-1&pin=quota.arrests=1001", 3),
        (f"?set=orders.april_sweep.start=1&sector=ferry%20&set={'a' * 3000}=1", 3),
        ("?day=1999-01-01", 1),
        ("?day=<b>&sector=%00%0A%E2%80%AE&pin=a=1&pinned=&<img src=x onerror=alert(1)>=2", 5),
    ],
)
def test_nothing_that_an_address_gets_wrong_is_done_or_passed_over(visit, server, query, number):
    page = visit(server.address + query)
    said = page.locator(".notice").inner_text()
    more = re.search(r"and (\d) more", said)
    told = said.partition("left out: ")[2].partition(". It may")[0].split(", ")
    assert len(told) + (int(more[1]) if more else 0) == number
    assert len(said) < 500
    assert not re.search("[\x00-\x1f\u202e]", said)
    assert page.locator(".notice *").count() == 0
    assert page.locator("#place").inner_text() == "the whole border"
    assert page.locator(".days-row output").inner_text() == "1 March 2030"
    assert page.locator("#beside").is_hidden()
    assert page.locator(".lever.moved").count() == 0


def test_of_two_that_set_the_same_the_second_is_left_out(visit, server):
    page = visit(f"{server.address}?set={SWEEP}=0.1&set={SWEEP}=0.2&sector=ferry&sector=pass")
    said = page.locator(".notice").inner_text()
    assert f"left out: set={SWEEP}=0.2, sector=pass. " in said
    assert lever(page, SWEEP).input_value() == "0.1"


def test_a_setting_that_is_refused_is_explained_and_can_be_left(visit, server):
    page = visit(f"{server.address}?set=traders.inner=100000000", ready=False)
    page.wait_for_selector("#status:has-text('more traders than the explorer simulates')")
    assert page.locator("#play").is_disabled()
    page.get_by_role("button", name="Reset").click()
    page.wait_for_selector("body[data-ready]")
    assert page.locator("#status").inner_text() == ""


@pytest.mark.slow
def test_tables_and_csv_hold_what_the_picture_holds(visit, server):
    page = visit(f"{server.address}?sector=ferry")
    picture = asked(server, sector="ferry")
    for chart in picture["charts"]:
        rows = list(csv.reader(io.StringIO(saved(page, chart["name"], "CSV"))))
        head, body = rows[0], rows[1:]
        assert len(body) == picture["weeks"]
        assert body[0][:2] == ["2030-03-01", chart["unit"]]
        for line in chart["lines"]:
            for part in ("mean", "low", "high"):
                name = line["label"] if part == "mean" else f"{line['label']}, {part}"
                cells = [row[head.index(name)] for row in body]
                found = [float(cell) if cell else np.nan for cell in cells]
                np.testing.assert_allclose(found, numbers(line[part]), rtol=1e-5)
        figure = page.locator(f"figure[data-chart='{chart['name']}']")
        figure.locator(".numbers summary").click()
        figure.locator("table").wait_for()
        assert figure.locator("tbody tr").count() == picture["weeks"]
    page.locator(".map ~ details summary").click()
    page.locator("#layer").select_option("value_crossed")
    assert page.locator(".map ~ details tbody tr").count() == len(picture["sectors"])
    page.locator("#layer").select_option("flows")
    page.locator(".map ~ details table").wait_for()
    assert page.locator(".map ~ details tbody tr").count() == len(picture["routes"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_drawings_stand_on_their_own(visit, server, scheme):
    page = visit(server.address, color_scheme=scheme)
    for name in CHARTS:
        text = saved(page, name, "SVG")
        root = ET.fromstring(text)
        assert root.tag == f"{SVG}svg"
        assert len(list(root.iter(f"{SVG}path"))) >= 2
        assert "href" not in text
        assert "url(" not in text
        assert re.findall(r"https?://[^\"']+", text) == ["http://www.w3.org/2000/svg"]
        line = next(one for one in root.iter(f"{SVG}path") if "line" in one.get("class", ""))
        assert line.get("stroke", "").startswith("rgb")
        assert line.get("fill") == "none"


def test_a_chart_turns_to_the_other_scale_and_back_by_key(visit, server):
    page = visit(server.address)
    figure = page.locator("figure[data-chart='crossings']")
    marks = "(figure) => [...figure.querySelectorAll('.axes text')].map((one) => one.textContent)"
    before = figure.evaluate(marks)
    button = figure.get_by_role("button", name="Linear scale: ")
    button.focus()
    page.keyboard.press("Enter")
    assert "(logarithmic)" not in figure.locator(".unit").inner_text()
    assert figure.evaluate(marks) != before
    page.keyboard.press("Enter")  # the same button, still in focus, turns it back
    figure.get_by_role("button", name="Linear scale: ").wait_for()
    assert "(logarithmic)" in figure.locator(".unit").inner_text()
    assert figure.evaluate(marks) == before
    assert page.locator("figure[data-chart='checking'] .turn").is_hidden()  # a share


@pytest.mark.slow
def test_dark_and_light_differ(visit, server):
    grounds = [
        visit(server.address, color_scheme=scheme).evaluate(
            "() => getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    ]
    brightness = [sum(map(int, re.findall(r"\d+", one)[:3])) for one in grounds]
    assert brightness[0] > 700
    assert brightness[1] < 150


@pytest.mark.parametrize("width", [360, 700])  # a telephone, and a window of 1400 at 200%
def test_nothing_has_to_be_scrolled_sideways(visit, server, width):
    page = visit(server.address, viewport={"width": width, "height": 500})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("viewport", [(1400, 900), (375, 800)])
def test_question_and_answer_are_seen_at_once(visit, server, viewport):
    width, height = viewport
    page = visit(server.address, viewport={"width": width, "height": height})
    box = page.locator("p.lead").bounding_box()
    assert box["y"] + box["height"] < height


@pytest.mark.parametrize("width", [1400, 375])
def test_no_label_hides_another(visit, server, width):
    page = visit(server.address, viewport={"width": width, "height": 800})
    page.evaluate(SHOW_ALL)
    page.wait_for_timeout(200)
    assert page.locator("svg text").count() > 50
    assert page.evaluate(OVERLAPS) == []


def of_side(side):
    """Answers whose arrests are told of one side, 0 inner or 1 outer, to `page.route`."""

    def answer(route):
        response = route.fetch()
        lines = [json.loads(line) for line in response.text().splitlines()]
        for one in lines[-1].get("effect", {}).get("maps", []):
            if one["outcome"] == "arrests":
                assert one["side"] in (0, 1)
                one["side"] = side
        route.fulfill(response=response, body="".join(json.dumps(one) + "\n" for one in lines))

    return lambda page: page.route(re.compile("/api/view$"), answer)


def with_own_map(folder):
    text = HIGH_PASS.read_text(encoding="utf-8")
    (folder / "own.geojson").write_text(
        HIGH_PASS.with_suffix(".geojson").read_text("utf-8"), "utf-8"
    )
    (folder / "own.yaml").write_text(f"map: own.geojson\n{text}", "utf-8")
    return folder / "own.yaml"


@pytest.mark.slow
@pytest.mark.parametrize("border", ["strip", "towns", "own map"])
def test_circles_of_one_side_stand_on_it(visit, border, tmp_path):
    """On the side of the line where the country's name stands, wherever the line comes from."""
    made = {"strip": lambda: TINY, "own map": lambda: with_own_map(tmp_path)}
    with served(made.get(border, lambda: "us-southwest-border")()) as address:
        for side, width in itertools.product((0, 1), (1400, 375)):
            page = visit(address, viewport={"width": width, "height": 800}, before=of_side(side))
            page.locator("#layer").select_option("arrests")
            found = page.evaluate(BESIDE_LINE, side)
            assert len(found) == page.locator(".sector").count() > 1
            assert all(found), (side, width)


@pytest.mark.slow
def test_circles_of_one_side_stand_on_it_along_a_river(visit):
    """Beside rivers that bend, by the lands: none on those of the other side."""
    with served("sino-korean-border") as address:
        for side, width in itertools.product((0, 1), (1400, 375)):
            page = visit(address, viewport={"width": width, "height": 800}, before=of_side(side))
            page.locator("#layer").select_option("arrests")
            own, other = page.evaluate(
                ON_LANDS, ["inner", "outer"] if side == 0 else ["outer", "inner"]
            )
            assert len(own) == 10
            assert sum(own) >= 9, (side, width)  # a mouth is beside the sea
            assert not any(other), (side, width)


@pytest.mark.parametrize("viewport", [(1400, 900), (375, 800)])
def test_every_order_in_force_has_a_question_and_the_answer_is_seen_at_once(
    visit, tmp_path, viewport
):
    width, height = viewport
    path = with_many_orders(tmp_path)
    with served(path) as address:
        page = visit(address, viewport={"width": width, "height": height})
        asked_about = page.locator("fieldset.story input").all()
        names = {one.get_attribute("value") for one in asked_about}
        assert names == {one.name for one in in_force(amnok.load(path))}
        assert len(names) == 11
        box = page.locator("p.lead").bounding_box()
        assert box["y"] + box["height"] < height
        with redrawn(page):
            asked_about[-1].check(force=True)
        last = "What did the order “Order number 16 of this spring” do, and to whom?"
        assert page.locator("h1").inner_text() == last


def test_a_border_on_which_nothing_happens_says_so(visit):
    with served(LEAST) as address:
        page = visit(address)
        assert page.locator("h1").inner_text() == "A minimal border"
        assert "no order, halt or mechanism" in page.locator("p.lead").inner_text()
        assert page.locator("#effect").is_hidden()
        assert page.locator(".sector").count() == 2
        ticks = page.locator(".axes text").all_text_contents()
        assert not [one for one in ticks if re.search(r"\dm$", one)]


def test_a_narrow_page_has_no_sideways_scrolling(visit, server):
    page = visit(f"{server.address}?pinned=1", viewport={"width": 360, "height": 700})
    page.wait_for_selector("#beside table")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    for figure in page.locator("figure").all():
        box = figure.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


def test_charts_follow_the_width_of_the_window(visit, server):
    page = visit(server.address)
    page.set_viewport_size({"width": 500, "height": 700})
    drawing = page.locator(".drawing").first
    drawing.scroll_into_view_if_needed()  # what is out of view is not laid out
    page.wait_for_timeout(200)
    assert float(drawing.locator("svg").get_attribute("width")) == pytest.approx(
        drawing.bounding_box()["width"], abs=2
    )


@pytest.mark.slow
def test_the_border_that_is_shipped(visit):
    """Policies, towns on a map of land and rivers, previews of a part of the traders."""
    with served("sino-korean-border") as address:
        page = visit(address)
        assert page.locator(".soil").count() > 10
        assert page.locator(".town").count() > 6
        with redrawn(page):
            page.locator("#policy").select_option("no_order")
        assert "order" in page.locator("#policy-note").inner_text()
        assert lever(page, "orders.cn_october.intensity").input_value() == "0"
        move(page, 5, path=QUOTA)
        page.wait_for_selector("body.preview")
        assert "one trader in 23" in page.locator("#subtitle").inner_text()
        with redrawn(page):
            move(page, 5, final=True, path=QUOTA)
        assert page.locator("body.preview").count() == 0
        assert pictures(page) == 3
        system = page.locator("details.system[open] h3")
        assert system.inner_text() == "The autumn order (China)"
        assert (
            lever(page, "orders.cn_october.intensity")
            .locator("..")
            .evaluate("(one) => one.classList.contains('asked')")
        )
        with redrawn(page):
            page.locator("#story-1").check(force=True)
        assert system.inner_text() == "Campaign against leaks (North Korea)"
        phone = visit(address, viewport={"width": 375, "height": 800})
        assert "largest effect at " in phone.locator("#where figcaption").inner_text()
        assert phone.locator(".amount").count() == phone.locator(".sector").count()
        letters = phone.locator(".map .town, .map .water-name").evaluate_all(HEIGHTS)
        assert letters
        assert min(letters) >= 10.9
        named = phone.locator(".map .town").all_text_contents()
        assert sum(bool(re.match("[A-Z]", one)) for one in named) >= 7  # most have room
        phone.evaluate(SHOW_ALL)
        phone.wait_for_timeout(200)
        assert phone.evaluate(OVERLAPS) == []


@pytest.mark.slow
def test_a_short_period_is_drawn_within_its_frame(visit, tmp_path):
    data = yaml.safe_load((TINY / "scenario.yaml").read_text(encoding="utf-8"))
    start, end = dt.date(2030, 3, 1), dt.date(2030, 3, 2)
    data["period"] = {"start": start, "end": end, "spin_up": 10}
    data["phases"] = {}
    for name in ("orders", "calendar", "switches", "policies"):
        data.pop(name, None)
    data["river"].pop("events")
    (tmp_path / "short.yaml").write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    with served(tmp_path / "short.yaml", replicates=2) as address:
        page = visit(address)
        for drawing in page.locator(".drawing svg").all():
            frame = drawing.bounding_box()
            for dot in drawing.locator("circle").all():
                box = dot.bounding_box()
                assert frame["x"] <= box["x"] <= frame["x"] + frame["width"]
        assert page.locator(".drawing circle").count() > 6

"""The explorer without a mouse, by its roles and names, and as axe-core judges it."""

import re

import pytest
from tests.web.conftest import SWEEP, lever, redrawn, violations

pytestmark = pytest.mark.slow

WIDE, NARROW = {"width": 1600, "height": 1000}, {"width": 360, "height": 740}


def focused(page):
    """Id, class or text of what the keyboard is at."""
    return page.evaluate(
        "() => { const at = document.activeElement;"
        " return at.id || at.dataset.path || at.getAttribute('class') || at.textContent; }"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_is_in_anyones_way(visit, server, viewport, scheme):
    page = visit(f"{server.address}?pinned=1&pin={SWEEP}=0", viewport=viewport, color_scheme=scheme)
    page.wait_for_selector("#beside:not([aria-busy]) table")
    assert violations(page) == []


def test_nor_with_everything_open(visit, server):
    page = visit(f"{server.address}?sector=ferry", viewport=WIDE)
    for summary in page.locator("summary").all():
        summary.click()
    page.locator(".rest .lever").first.wait_for()
    page.locator("figure table").nth(6).wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nor_with_the_evidence_open(visit, server, scheme):
    page = visit(server.address, color_scheme=scheme)
    page.locator(".grade").first.click()
    page.wait_for_selector("dialog[open]")
    assert violations(page) == []


def test_everything_is_reached_by_tab_in_the_order_of_the_page(visit, server):
    page = visit(server.address)
    wanted = [
        "pin",
        "reset",
        "share",
        "story-0",
        "sector",
        "play",
        "day",
        "policy",
        "only-assumed",
        f"lever-{SWEEP}",
    ]
    stops: list[str] = []
    while wanted[-1] not in stops and len(stops) < 200:
        page.keyboard.press("Tab")
        stops.append(focused(page))
    places = [stops.index(one) for one in wanted]
    assert places == sorted(places)
    assert stops.count("sector") == 3


def test_questions_worlds_and_days_change_by_arrow_keys(visit, server):
    page = visit(server.address)
    asked = page.locator("h1").inner_text()
    page.locator("#story-0").focus()
    with redrawn(page):
        page.keyboard.press("ArrowRight")
    assert page.locator("h1").inner_text() != asked
    page.wait_for_url("**/?story=*")
    page.locator("#count-0").focus()
    with redrawn(page):
        page.keyboard.press("ArrowRight")
    assert focused(page) == "count-1"
    page.wait_for_url("**&count=all")
    page.locator("#day").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".days-row output").inner_text() == "2 March 2030"


def test_an_address_is_copied_by_key(visit, server):
    page = visit(server.address, permissions=["clipboard-read", "clipboard-write"])
    page.locator("#share").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#status:has-text('Address copied')")
    assert page.evaluate("() => navigator.clipboard.readText()") == server.address


def test_whatever_is_touched_is_large_enough(visit, server):
    page = visit(server.address, viewport=NARROW)
    touched = "button, select, summary, .radios label, .lever input, #day"
    main = "#page-tools button, .radios label, #policy, #layer, #play"
    for what, least in ((touched, 24), (main, 32)):
        small = page.evaluate(
            """([what, least]) => [...document.querySelectorAll(what)]
              .filter((one) => one.checkVisibility())
              .map((one) => [one, one.getBoundingClientRect()])
              .filter(([, box]) => box.height < least || box.width < least)
              .map(([one, box]) => `${box.width} x ${box.height}: ${one.outerHTML}`)""",
            [what, least],
        )
        assert small == []


def test_levers_move_by_arrow_keys(visit, server):
    page = visit(server.address)
    lever(page, SWEEP).focus()
    with redrawn(page):
        page.keyboard.press("ArrowLeft")
    assert lever(page, SWEEP).input_value() == "0.79"
    assert lever(page, SWEEP).get_attribute("aria-valuetext") == "0.79 index"
    assert focused(page) == f"lever-{SWEEP}"


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_sector_is_chosen_and_left_by_key(visit, server, key):
    page = visit(server.address)
    sector = page.get_by_role("button", name="Ferry: Upper Quay and Lower Quay")
    sector.focus()
    with redrawn(page):
        page.keyboard.press(key)
    assert page.locator("#place").inner_text() == "Ferry: Upper Quay and Lower Quay"
    assert sector.get_attribute("aria-pressed") == "true"
    assert focused(page) == "sector"
    with redrawn(page):
        page.keyboard.press(key)
    assert page.locator("#place").inner_text() == "the whole border"
    assert sector.get_attribute("aria-pressed") == "false"


def test_charts_are_read_out_by_arrow_keys_home_and_end(visit, server):
    page = visit(server.address)
    figure = page.get_by_role("figure", name="Crossings by channel")
    figure.get_by_role("img").focus()
    readout = figure.locator("[aria-live]")
    texts = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
        texts.append(readout.inner_text())
    assert texts[0].startswith("week of 1 March 2030: river ")
    assert texts[1].startswith("week of 8 March 2030: ")
    assert texts[2] == texts[3] == texts[0]
    page.set_viewport_size({"width": 700, "height": 800})  # drawn anew, with the same week read out
    page.wait_for_timeout(300)
    assert "week of 1 March 2030" in figure.locator(".unit").inner_text()
    page.keyboard.press("ArrowRight")
    assert readout.inner_text() == texts[1]
    page.keyboard.press("End")
    last = readout.inner_text()
    page.keyboard.press("ArrowRight")
    assert readout.inner_text() == last != texts[1]
    assert last.startswith("week of 21 June 2030: ")
    page.keyboard.press("Home")
    assert readout.inner_text() == texts[0]
    assert "Arrow keys, Home and End" in figure.get_by_role("img").get_attribute("aria-label")


def test_evidence_is_a_dialog_that_gives_the_focus_back(visit, server):
    page = visit(server.address)
    page.locator(".grade").first.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="orders: april sweep: intensity")
    assert "graded C2" in dialog.inner_text()
    assert "At 0 there is no order" in dialog.inner_text()
    assert re.search(r"Could be\n[\d.]+ index to [\d.]+ index in 95 of 100", dialog.inner_text())
    assert focused(page) == "Close"
    page.keyboard.press("Escape")
    assert dialog.is_hidden()
    assert "grade" in focused(page)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Close").click()
    assert dialog.is_hidden()


def test_all_parameters_are_found_by_name_and_by_what_they_rest_on(visit, server, border):
    page = visit(server.address)
    page.locator("details.all summary").click()
    page.locator(".rest .lever").first.wait_for()
    assert page.locator(".rest .lever").count() == len(dict(border.scenario.parameters()))
    search = page.get_by_role("searchbox", name="Find")
    search.fill("choice noise")
    assert page.locator(".rest .lever:visible").count() == 1
    search.fill("")
    page.get_by_label("only what rests on assumptions").check()
    shown = page.locator(".lever:visible")
    assert 0 < shown.count() == page.locator(".lever:visible .grade.assumption").count()
    with redrawn(page):
        slider = page.locator("[id='all-traders.choice_noise']")
        slider.focus()
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**/?set=traders.choice_noise=*")


def test_every_control_and_figure_has_a_name(visit, server):
    page = visit(server.address)
    for role in ("slider", "button", "combobox", "checkbox", "figure", "img", "region"):
        for one in page.get_by_role(role).all():
            snapshot = one.aria_snapshot().splitlines()[0]
            assert '"' in snapshot, snapshot

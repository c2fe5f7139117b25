"""Answers that come late, in the wrong order, not at all, or with hostile text in them."""

import json
import re
import time
from contextlib import suppress
from itertools import pairwise

import pytest
from playwright.sync_api import Error
from tests.paths import TINY
from tests.web.conftest import SWEEP, lever, move, pictures, redrawn, served, serving

pytestmark = pytest.mark.slow

# What the page asks when a lever moves, with a story and without one.
ASKED = re.compile(r"/api/(picture|view)$")
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "\"'><svg onload=alert(3)>",
    "=HYPERLINK('http://evil.example')",
    "${alert(4)} {{7*7}} %3Cb%3E &lt;b&gt;",
]
BUSY = {"status": 503, "json": {"faults": ["too many are waiting"]}}
# Requests go on although the page no longer waits: the worst that can happen to their order.
UNSTOPPABLE = """
const asked = window.fetch;
window.fetch = (address, options = {}) => asked(address, { ...options, signal: undefined });
"""


def text_of(page):
    return page.evaluate("() => document.body.innerText")


def said_of_age(page):
    """What stands above an answer that is not of the present setting."""
    of = "(one) => getComputedStyle(one, '::before').content"
    return page.locator("#answer.old").evaluate(of)


def dimness(page, selector):
    return page.locator(selector).evaluate("(one) => getComputedStyle(one).opacity")


def river(page):
    line = page.locator("figure[data-chart='crossings'] .line.c0").first
    return line.get_attribute("d")


class Held:
    """Keeps questions back until they are let go, in any order."""

    def __init__(self, page):
        self.questions = []
        self._page, self._open = page, False
        page.route(ASKED, self._take)

    def _take(self, route):
        if self._open:
            route.continue_()
        else:
            self.questions.append(route)

    def settings(self):
        return [json.loads(one.request.post_data)["settings"] for one in self.questions]

    def wait_for(self, number):
        for _ in range(1_500):
            if len(self.questions) >= number:
                return
            self._page.wait_for_timeout(20)
        pytest.fail(f"{len(self.questions)} of {number} questions were asked in 30 seconds")

    def let_go(self, number):
        with suppress(Error):  # where the page has let go of it itself
            self.questions[number].continue_()

    def open(self):
        """Keep nothing back any longer."""
        self._open = True
        for number in range(len(self.questions)):
            self.let_go(number)


@pytest.mark.parametrize("unstoppable", [False, True])
def test_an_old_answer_never_overwrites_a_newer_one(visit, server, unstoppable):
    def before(page):
        if unstoppable:
            page.add_init_script(UNSTOPPABLE)

    page = visit(server.address, before=before)
    expected = river(visit(f"{server.address}?set={SWEEP}=2"))
    held = Held(page)
    move(page, 0.1, final=True)  # a preview, then a full picture: both held
    held.wait_for(2)  # what the page drops at once may never be sent
    move(page, 2, final=True)
    held.wait_for(4)
    assert [one.get(SWEEP) for one in held.settings()] == [0.1, 0.1, 2, 2]
    with redrawn(page):
        held.let_go(3)
    assert river(page) == expected
    for number in (2, 1, 0):
        held.let_go(number)
    page.wait_for_timeout(500)
    assert river(page) == expected
    assert lever(page, SWEEP).input_value() == "2"


def test_while_dragging_one_question_is_under_way_and_the_newest_follows(visit, server):
    page = visit(server.address)
    held = Held(page)
    for value in (0.1, 0.2, 0.3, 0.4):
        move(page, value)
    held.wait_for(1)
    page.wait_for_timeout(200)
    assert held.settings() == [{SWEEP: 0.1}]
    held.let_go(0)
    held.wait_for(2)
    assert held.settings()[1] == {SWEEP: 0.4}
    with redrawn(page):
        move(page, 0.5, final=True)  # does not wait behind the preview
        held.wait_for(3)
        held.let_go(len(held.questions) - 1)
    assert {one[SWEEP] for one in held.settings()[2:]} == {0.5}
    assert pictures(page) == 2


def test_fifty_moves_at_once_end_in_the_picture_of_the_last(visit, server):
    page = visit(server.address)
    expected = river(visit(f"{server.address}?set={SWEEP}=0.5"))
    with redrawn(page):
        for n in range(50):
            move(page, 0.01 * (n + 1), final=True)
    assert river(page) == expected
    assert page.locator("#status").inner_text() == ""
    assert page.locator(".old").count() == 0
    assert pictures(page) == 2


def test_a_slow_server_is_waited_for_with_progress(visit, server):
    page = visit(server.address)
    held = Held(page)
    move(page, 0.7, final=True)
    held.wait_for(1)
    page.wait_for_selector("#progress:not([hidden])")
    assert page.locator("#status").inner_text() in ("Previewing", "Simulating")
    with redrawn(page):
        held.open()
    page.wait_for_selector("#progress", state="hidden")


def test_pinning_before_the_new_picture_is_there_pins_the_new_setting(visit, server):
    page = visit(server.address)
    expected = river(visit(f"{server.address}?set={SWEEP}=0"))
    held = Held(page)
    move(page, 0, final=True)
    page.get_by_role("button", name="Pin this setting").click()
    held.open()
    page.wait_for_selector("#beside:not([aria-busy]) table")
    assert "Nothing differs on any day" in page.locator("#beside").inner_text()
    pinned = page.locator("figure[data-chart='crossings'] path.line.pinned").first
    assert pinned.get_attribute("d") == river(page) == expected


def test_a_server_that_is_gone_is_told_and_the_page_stays(visit):
    with serving(TINY, "--replicates", "1") as server:
        page = visit(server.address, expected=["Failed to load resource"])
        server.interrupt()
        move(page, 0.4, final=True)
        page.wait_for_selector("#status:has-text('Cannot simulate this')")
    assert page.locator("figure[data-chart]").count() == 6
    page.locator("#day").fill("10")
    assert page.locator(".days-row output").inner_text() == "11 March 2030"


def test_a_busy_server_is_asked_again_for_the_newest_setting(visit, server):
    page = visit(server.address, expected=["503"])
    expected = river(visit(f"{server.address}?set={SWEEP}=0.2"))
    held = Held(page)
    move(page, 0.4)
    held.wait_for(1)
    with redrawn(page):
        held.questions[0].fulfill(**BUSY)
        page.wait_for_selector("#status:text-is('Too many are waiting: asking again')")
        move(page, 0.3)  # while the page pauses: it is asked in place of the first
        held.wait_for(2)
        move(page, 0.2, final=True)
        held.wait_for(3)
        held.questions[2].fulfill(**BUSY)
        held.wait_for(4)
        held.let_go(3)
    assert [one[SWEEP] for one in held.settings()] == [0.4, 0.3, 0.2, 0.2]
    assert river(page) == expected
    assert page.locator(".old").count() == 0
    assert page.locator("#status").inner_text() == ""


def test_a_server_that_stays_busy_is_told_and_that_nothing_is_simulated(visit, server):
    page = visit(server.address, expected=["503"])
    asked = []

    def refuse(route):
        asked.append(time.monotonic())
        route.fulfill(**BUSY)

    page.route(ASKED, refuse)
    move(page, 0.4, final=True)
    page.wait_for_selector("#status:text-is('Cannot simulate this: too many are waiting')")
    pauses = [later - sooner for sooner, later in pairwise(asked[-6:])]
    assert all(sooner < later for sooner, later in pairwise(pauses)), pauses
    number = len(asked)
    assert number <= 7  # six for what is let go, and the preview before it
    assert said_of_age(page) == '"Of an older setting; the new one is not being simulated."'
    page.unroute(ASKED)
    with redrawn(page):
        move(page, 0.5, final=True)
        assert said_of_age(page) == '"Of an older setting; the new one is being simulated."'
    assert page.locator(".old").count() == len(asked) - number == 0


def test_numbers_of_an_older_setting_are_as_dim_as_the_sentence(visit, server):
    page = visit(server.address)
    with redrawn(page):
        move(page, 0.4, final=True)
    shown = ".changed:has-text('As set here') table >> nth=0"
    assert [dimness(page, one) for one in (".lead", shown)] == ["1", "1"]
    held = Held(page)
    move(page, 0.33)
    held.wait_for(1)
    assert [dimness(page, one) for one in (".lead", shown)] == ["0.45", "0.45"]
    with redrawn(page):
        held.open()
        move(page, 0.33, final=True)
    assert [dimness(page, one) for one in (".lead", shown)] == ["1", "1"]


def test_an_answer_that_is_no_json_is_told(visit, server):
    page = visit(server.address)
    page.route(ASKED, lambda route: route.fulfill(status=200, body="<html>\n"))
    move(page, 0.4, final=True)
    page.wait_for_selector("#status:has-text('Cannot simulate this')")


def test_a_scenarios_text_is_text(visit, tmp_path):
    """Titles, labels, notes and towns hold markup; the page shows it and obeys none of it."""
    text = (TINY / "scenario.yaml").read_text(encoding="utf-8")
    for number, (old, hostile) in enumerate(
        zip(
            [
                "The Vell between the Uplands and the Lowlands, spring 2030",
                "Sweep of the Lowlands",
                "Carrier",
                "Uplands",
                "Spring vote",
            ],
            HOSTILE,
            strict=True,
        )
    ):
        before = text
        text = text.replace(f": {old}\n", f": {json.dumps(hostile)}\n", 1)
        text = text.replace(f"label: {old}}}", f"label: {json.dumps(hostile)}}}", 1)
        text = text.replace(f"label: {old},", f"label: {json.dumps(hostile)},", 1)
        assert text != before, number
    (tmp_path / "hostile.yaml").write_text(text, encoding="utf-8")
    with served(tmp_path / "hostile.yaml") as address:
        page = visit(address)
        page.get_by_role("button", name="Pin this setting").click()
        page.wait_for_selector("#beside table")
        page.locator(".grade").first.click()
        page.wait_for_selector("dialog[open]")
        assert page.title() == f"{HOSTILE[0]} – Amnok"
        shown = text_of(page)
        assert all(one in shown for one in HOSTILE)
        for name in ("img", "script:not([src])", "[onerror]", "[onload]"):
            assert page.locator(name).count() == 0

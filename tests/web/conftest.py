"""The small border to explore, and its server without a network."""

import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from tests.paths import TINY

from amnok.results.threads import Days
from amnok.web.app import application
from amnok.web.border import Explorer
from amnok.web.jobs import Jobs
from amnok.web.serve import border_of

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Texts of drawings that lie on each other, or beyond the drawing, as they are on a page.
OVERLAPS = """() => [...document.querySelectorAll("svg")].flatMap((root) => {
  const frame = root.getBoundingClientRect();
  const texts = [...root.querySelectorAll("text")].filter((one) => one.checkVisibility())
    .map((one) => [one.textContent, one.getBoundingClientRect()]).filter(([, box]) => box.width);
  const outside = texts.filter(([, box]) =>
    box.left < frame.left - 2 || box.right > frame.right + 2).map(([text]) => `outside: ${text}`);
  const over = texts.flatMap(([text, a], n) => texts.slice(n + 1).filter(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3).map(([other]) => [text, other]));
  return [...outside, ...over];
})"""
TOKENS: dict[str, str] = {}  # of servers, by their addresses
SWEEP, QUOTA = "orders.april_sweep.intensity", "quota.arrests"


@pytest.fixture(scope="session")
def border():
    return border_of(str(TINY), seed=3, replicates=2)


@pytest.fixture
def explorer(border):
    return Explorer(border)


@pytest.fixture
def days():
    """Counts days for nobody."""
    return lambda total: Days(total)


@dataclass
class Server:
    """`amnok explore` as a process of its own; its address as one would share it, and the token."""

    process: subprocess.Popen[str]
    address: str
    token: str

    @property
    def headers(self):
        return {"authorization": f"Bearer {self.token}"}

    @property
    def port(self):
        return int(self.address.rstrip("/").rpartition(":")[2])

    def interrupt(self):
        """Ctrl-C: exit status, and what it told on standard error."""
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors


@contextmanager
def serving(*arguments):
    """Starts `amnok explore ...` and ends it, however the test ends."""
    command = [sys.executable, "-m", "amnok", "explore", "--no-browser", *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert "http://127.0.0.1:" in line, line
            printed = next(word for word in line.split() if word.startswith("http:"))
            address, _, token = printed.partition("?token=")
            TOKENS[address] = token
            yield Server(process, address, token)
        finally:
            process.kill()


@pytest.fixture(scope="session")
def server():
    """The small border, served for all tests that leave it running."""
    with serving(TINY, "--seed", "3", "--replicates", "2") as server:
        yield server


@pytest.fixture(scope="module")
def browser():
    """A real browser; tests that need one are skipped where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"no browser: install one of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser):
    """`visit(address, ...)`: a page on which a full picture was drawn.

    At the end no page may have said anything on its console, failed, or asked elsewhere.
    """
    contexts, told, asked = [], [], []

    def visit(address, ready=True, expected=(), before=None, **options):
        options = {"viewport": {"width": 1400, "height": 900}, **options}
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)  # the first picture may have to wait for the compiler

        def listen(message):
            if not any(text in message.text for text in expected):
                told.append(message.text)

        page.on("console", listen)
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        if before is not None:
            before(page)
        here, _, query = address.partition("?")
        page.goto(f"{here}?token={TOKENS[here]}" + (f"&{query}" if query else ""))
        if ready:
            page.wait_for_selector("body[data-ready]")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert told == []
    hosts = {urlsplit(address).hostname for address in asked if address.startswith("http")}
    assert hosts <= {"127.0.0.1"}
    assert all(address.startswith(("http://127.0.0.1:", "blob:", "data:")) for address in asked)


def violations(page):
    """What axe-core finds, of any impact, in a few words each."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def pictures(page):
    """Full pictures that were drawn so far."""
    return int(page.locator("body").get_attribute("data-ready") or 0)


@contextmanager
def redrawn(page):
    """What is done inside ends in another full picture."""
    before = pictures(page)
    yield
    page.wait_for_selector(f"body[data-ready='{before + 1}']")


def lever(page, path):
    return page.locator(f"[id='lever-{path}']")


def move(page, value, final=False, path=SWEEP):
    """Drags a lever to a value; `final`: and lets go of it."""
    events = ["input", "change"] if final else ["input"]
    lever(page, path).evaluate(
        """(slider, [value, events]) => {
            slider.value = value;
            for (const name of events) slider.dispatchEvent(new Event(name, { bubbles: true }));
        }""",
        [str(value), events],
    )


@contextmanager
def served(what, replicates=1):
    """The address of an explorer that runs on a thread, which starts sooner than a process."""
    jobs = Jobs()
    app = application(Explorer(border_of(str(what), replicates=replicates)), jobs, "t")
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        TOKENS[f"http://127.0.0.1:{port}/"] = "t"
        yield f"http://127.0.0.1:{port}/"
    finally:
        jobs.stop()
        server.should_exit = True
        thread.join()

"""How soon the explorer's page follows a lever that is dragged, in a real browser.

A process of its own serves the default border; a browser without a window drags a lever in small
moves. The page notes the time from each move to the frame that shows its picture. Moves that come
while a picture is under way are overtaken by the newest, as for anyone who drags.

    python benchmarks/explorer.py [--moves 60] [--pause 100] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LEVER = "quota.arrests"
GOAL = 300.0  # milliseconds, 95% of previews on 2 cores
WORK = ("Script", "RecalcStyle", "Layout", "Task")
FULL = 5  # full pictures to time
PATIENCE = 120_000.0  # milliseconds for anything to come, on a machine that has other things to do


@contextmanager
def address_of(scenario: str) -> Iterator[str]:
    """The address of an explorer in a process of its own."""
    command = [sys.executable, "-m", "amnok", "explore", scenario, "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield next(word for word in server.stdout.readline().split() if "://" in word)
        finally:
            server.terminate()


def drag(page: Page, moves: int, pause: float) -> None:
    """Drag a lever over more than half of its way, and let go."""
    slider = page.locator(f"[id='lever-{LEVER}']")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.25 * box["width"], middle)
    page.mouse.down()
    for move in range(moves):
        page.mouse.move(box["x"] + box["width"] * (0.25 + 0.6 * move / moves), middle)
        time.sleep(pause / 1000)
    page.mouse.up()
    settled(page)


def settled(page: Page) -> None:
    """Wait for the full picture that was asked for last."""
    page.wait_for_selector("#progress", state="hidden")
    page.wait_for_timeout(200)


def step(page: Page, value: float) -> None:
    """Move the lever at once and let go: a full picture of a setting not seen before."""
    slider = page.locator(f"[id='lever-{LEVER}']")
    before = page.locator("body").get_attribute("data-ready")
    slider.fill(str(value))
    page.wait_for_selector(f"body:not([data-ready='{before}'])")
    settled(page)


def latencies(page: Page) -> dict[str, list[float]]:
    """Milliseconds by quality, since the page was opened or this was last asked."""
    noted = page.evaluate("() => amnok.latencies.splice(0)")
    return {
        quality: [one["milliseconds"] for one in noted if one["quality"] == quality]
        for quality in ("preview", "full")
    }


def work(tracer: CDPSession) -> dict[str, float]:
    """Milliseconds that the page has spent so far, by kind of work."""
    found = {one["name"]: one["value"] for one in tracer.send("Performance.getMetrics")["metrics"]}
    return {name: 1000 * found[f"{name}Duration"] for name in WORK}


def measure(scenario: str, moves: int, pause: float) -> dict[str, Any]:
    """Drag once to warm up and once to measure, then ask for some full pictures."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit(f"no browser: install one of {', '.join(BROWSERS)}")
    with address_of(scenario) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(PATIENCE)
        start = time.perf_counter()
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        first = time.perf_counter() - start
        drag(page, moves // 4, pause)
        latencies(page)
        tracer = page.context.new_cdp_session(page)
        tracer.send("Performance.enable")
        before = work(tracer)
        drag(page, moves, pause)
        result: dict[str, Any] = {"moves": moves, "pause": pause, "first": first}
        drawn = latencies(page)
        result["preview"], pictures = drawn["preview"], sum(map(len, drawn.values()))
        result["work"] = {
            kind: (after - before[kind]) / pictures for kind, after in work(tracer).items()
        }
        for number in range(FULL):
            step(page, 1.3 + 0.7 * number)
        result["full"] = latencies(page)["full"]
        browser.close()
    return result


def main() -> None:
    """Print the median and the 95th percentile, and save all times as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="sino-korean-border")
    parser.add_argument("--moves", type=int, default=60)
    parser.add_argument("--pause", type=float, default=100.0, help="milliseconds between moves")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = measure(options.scenario, options.moves, options.pause)
    previews = result["preview"]
    print(f"page with its first full picture: {result['first']:.1f} s")
    print(f"previews: {len(previews)} drawn for {options.moves} moves")
    if previews:
        middle, most = statistics.median(previews), np.quantile(previews, 0.95)
        print(f"  median {middle:.0f} ms, 95% within {most:.0f} ms (goal {GOAL:.0f})")
    else:
        print("  the lever was let go before the first was there: take more --moves")
    print(f"full picture: median {statistics.median(result['full']):.0f} ms")
    spent = ", ".join(f"{kind} {milliseconds:.0f}" for kind, milliseconds in result["work"].items())
    print(f"the page's own work a picture, ms: {spent}")
    if options.json:
        options.json.write_text(json.dumps(result))


if __name__ == "__main__":
    main()

"""The server's answers, to good questions and to bad ones."""

import asyncio
import base64
import html
import json
import threading

import httpx
import numpy as np
import pytest
from tests.web.conftest import SWEEP

from amnok.reporting.evidence_page import evidence_page
from amnok.scenario import load
from amnok.studies.claims.judging import Stands, judged
from amnok.web import jobs
from amnok.web.app import application
from amnok.web.border import Explorer
from amnok.web.gate import POLICY

BASE = "http://127.0.0.1:8765"
TOKEN = "a-token"
KEY = {"authorization": f"Bearer {TOKEN}"}
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def app(border):
    return application(Explorer(border), jobs.Jobs(), TOKEN)


@pytest.fixture
def ask(app):
    """`ask(method, path, **more)`: one request, without a network."""

    def ask(method, path, **more):
        async def asked():
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=KEY) as client:
                return await client.request(method, path, **more)

        answer = asyncio.run(asked())
        assert answer.headers["content-security-policy"] == POLICY
        return answer

    return ask


def question(**more):
    return {"client": "abc", "settings": {}, **more}


def last(answer):
    return json.loads(answer.text.splitlines()[-1])


def test_the_page_and_every_part_that_it_names(ask):
    page = ask("GET", "/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    named = [
        word.split('"')[0]
        for quote in ('src="', 'href="')
        for word in page.text.split(quote)[1:]
        if not word.startswith("data:")
    ]
    assert len(named) > 8
    for name in named:
        part = ask("GET", name)
        assert part.status_code == 200
        assert part.headers["content-type"].startswith(("text/css", "text/javascript"))
    assert "onclick" not in page.text
    assert "style=" not in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/page/none.js",
        "/page/..%2fapp.py",
        "/page/../app.py",
        "/page/%2e%2e/%2e%2e/app.py",
        "/page//etc/passwd",
        "/etc/passwd",
        "/docs",
        "/openapi.json",
        "/api",
        "/page/",
        "/page/%00",
    ],
)
def test_nothing_else_is_handed_out(ask, path):
    assert ask("GET", path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/page/base.js", "/api/border"])
def test_head_is_get_without_a_body(ask, path):
    answer = ask("HEAD", path)
    assert answer.status_code == 200
    assert answer.content == b""


@pytest.mark.parametrize("path", ["/api/picture", "/api/comparison"])
def test_questions_are_posted(ask, path):
    assert ask("GET", path).status_code == 405


def test_the_border_is_plain_data(ask, border):
    about = ask("GET", "/api/border").json()
    assert about["title"] == border.scenario.title
    assert about["levers"] == list(border.levers.paths)


def test_the_evidence_names_every_claim_and_report_with_its_words(ask, border):
    found = ask("GET", "/api/evidence").json()["html"]
    for name, claim in border.scenario.claims.items():
        assert f"<b>{name}</b>" in found
        assert html.escape(claim.text, quote=False)[:40] in found
    assert "style=" not in found
    shipped = evidence_page(load("sino-korean-border"))
    assert "Who says otherwise" in shipped
    assert "the model lacks" in shipped
    assert shipped.count('class="sides"') >= 1


def test_the_model_is_asked_of_every_claim_once(ask, border):
    asked = {"client": "test"}
    found = last(ask("POST", "/api/verdicts", json=asked))["html"]
    count = len(border.scenario.ledger.standing)
    assert found.count('class="verdict') >= count
    assert f"Of {count} claims, " in found
    verdicts = judged(border.scenario, border.replicates, border.seed)["base"]
    for verdict, words in (
        (Stands.CONSISTENT, "The model agrees"),
        (Stands.CONTRADICTED, "The model says otherwise"),
    ):
        number = sum(one.verdict is verdict for one in verdicts)
        items = found.split("Reports and their claims")[1]
        assert items.count(f"<b>{words}</b>") == number
    assert last(ask("POST", "/api/verdicts", json=asked))["html"] == found
    assert ask("POST", "/api/verdicts", json={}).status_code == 422


def test_a_picture(ask):
    answer = ask("POST", "/api/picture", json=question(settings={SWEEP: 0.5}, sector="ferry"))
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    picture = last(answer)["picture"]
    assert picture["sector"] == "ferry"
    assert picture["replicates"] == 2
    assert len(picture["charts"]) == 6


def test_a_comparison(ask):
    answer = ask("POST", "/api/comparison", json=question(settings={SWEEP: 0}, pinned={}))
    assert last(answer)["comparison"]["first_difference"] >= "2030-04-10"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "null",
        "[]",
        '"text"',
        "1",
        "\x00",
        "{}",
        '{"client": ""}',
        '{"client": "a/b"}',
        '{"client": "' + "a" * 65 + '"}',
        '{"client": 1}',
        '{"client": "a", "settings": []}',
        '{"client": "a", "settings": {"quota.arrests": "3"}}',
        '{"client": "a", "settings": {"quota.arrests": null}}',
        '{"client": "a", "settings": {"quota.arrests": true}}',
        '{"client": "a", "settings": {"quota.arrests": NaN}}',
        '{"client": "a", "settings": {"quota.arrests": Infinity}}',
        '{"client": "a", "settings": {"quota.arrests": 1e999}}',
        '{"client": "a", "settings": {"quota.arrests": [1]}}',
        '{"client": "a", "settings": {"' + "a" * 201 + '": 1}}',
        '{"client": "a", "quality": "best"}',
        '{"client": "a", "sector": 1}',
        '{"client": "a", "sector": "' + "a" * 201 + '"}',
        '{"client": "a", "more": 1}',
        '{"client": "a", "__proto__": {}}',
        "[" * 20_000,
        json.dumps({"client": "a", "settings": {f"a{n}": 1.0 for n in range(301)}}),
    ],
)
@pytest.mark.parametrize("path", ["/api/picture", "/api/comparison"])
def test_malformed_questions_are_told_so(ask, body, path):
    answer = ask("POST", path, content=body, headers=JSON)
    assert answer.status_code == (400 if body.startswith("[[") else 422)
    faults = answer.json()["faults"]
    assert faults
    assert all(len(one) < 2_000 for one in faults)


def test_bytes_that_are_no_text(ask):
    answer = ask("POST", "/api/picture", content=b'{"client": "\xff\xfe"}', headers=JSON)
    assert 400 <= answer.status_code < 500


def test_forms_are_no_questions(ask):
    """What a page elsewhere could send without asking first."""
    body = json.dumps(question())
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = ask("POST", "/api/picture", content=body, headers={"content-type": kind})
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"settings": {"no.such.path": 1}}, "no.such.path: is not a parameter"),
        ({"settings": {"<script>": 1}}, "<script>: is not a parameter"),
        ({"settings": {SWEEP: 11, "quota.arrests": -1}}, "outside 0 to 10"),
        ({"settings": {"traders.inner": 1e8}}, "more traders"),
        ({"sector": "moon"}, "no sector 'moon'"),
    ],
)
def test_settings_that_are_not_allowed(ask, more, fault):
    faults = last(ask("POST", "/api/picture", json=question(**more)))["faults"]
    assert fault in " ".join(faults)
    if len(more.get("settings", {})) == 2:
        assert len(faults) == 2  # all at once


def test_too_much_is_not_read(ask):
    body = json.dumps(question(settings={"a" * 100: 1.0})) + " " * 70_000
    assert ask("POST", "/api/picture", content=body, headers=JSON).status_code == 413


def test_too_many_are_asked_to_come_back(ask, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_WAITING", 0)
    answer = ask("POST", "/api/picture", json=question())
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["faults"]


def test_a_page_that_asks_quickly_is_never_busy_and_drops_nobody_else(border, monkeypatch):
    """Fifty questions while the worker is held, with room for three."""
    monkeypatch.setattr(jobs, "MOST_WAITING", 3)
    queue, held = jobs.Jobs(), threading.Event()
    transport = httpx.ASGITransport(application(Explorer(border), queue, TOKEN))

    async def asked():
        async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=KEY) as client:
            await queue.ask("held", lambda _: {"done": held.wait(60)})
            bodies = [question(client="other"), *(question(settings={SWEEP: n}) for n in range(50))]
            sent = [
                asyncio.create_task(client.post("/api/picture", json=body, timeout=60))
                for body in bodies
            ]
            dropped = await asyncio.wait_for(asyncio.gather(*sent[1:-1]), 30)
            held.set()
            return dropped, await sent[0], await sent[-1]

    dropped, other, newest = asyncio.run(asked())
    assert {one.status_code for one in (*dropped, other, newest)} == {200}
    assert [last(one) for one in dropped] == [jobs.SUPERSEDED] * 49
    assert "picture" in last(other)
    assert "outside 0 to 10" in last(newest)["faults"][0]


def test_answers_hold_no_nan(ask):
    """Browsers read no NaN: where there is nothing to divide by, there is null, or packed bits."""
    for path in ("/api/picture", "/api/comparison"):
        settings = {"traders.sizes.dealer.shipping_rate": 0}
        answer = ask("POST", path, json=question(settings=settings))

        def refuse(text):
            raise AssertionError(text)

        json.loads(answer.text.splitlines()[-1], parse_constant=refuse)


def test_rebinding_and_strange_pages_get_nothing(ask):
    for headers in ({"host": "evil.example"}, {"origin": "http://evil.example"}):
        answer = ask("POST", "/api/picture", json=question(), headers=headers)
        assert answer.status_code in (403, 421)
        assert "picture" not in answer.text


def test_whoever_leaves_before_the_first_line_stops_the_question(border, monkeypatch):
    """The server hears of it while the answer has not begun."""
    stopped = []
    monkeypatch.setattr(jobs.AnswerStream, "stop", lambda self: stopped.append(self))
    app = application(Explorer(border), jobs.Jobs(), TOKEN)
    body = json.dumps(question()).encode()

    async def asked():
        told = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive():
            return told.pop(0) if told else {"type": "http.disconnect"}

        async def send(message):
            raise OSError("the client is gone")

        scope = {
            "type": "http",
            "asgi": {"spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/api/picture",
            "raw_path": b"/api/picture",
            "query_string": b"",
            "root_path": "",
            "headers": [
                (b"host", b"127.0.0.1"),
                (b"content-type", b"application/json"),
                (b"authorization", KEY["authorization"].encode()),
            ],
        }
        with pytest.raises(Exception, match=r"gone|unhandled"):
            await app(scope, receive, send)

    asyncio.run(asked())
    assert len(stopped) == 1


def test_packed_numbers_survive_the_way(ask, border):
    about = last(ask("POST", "/api/picture", json=question()))["picture"]
    flow = np.frombuffer(base64.b64decode(about["flow"]["f32"]), "<f4")
    assert len(flow) == about["days"] * len(about["routes"])
    assert np.isfinite(flow).all()

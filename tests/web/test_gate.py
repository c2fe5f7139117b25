"""Who may ask, how much, and what every answer says about what may be loaded."""

import asyncio
import hashlib

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse

from amnok.web.gate import MOST_BYTES, POLICY, Gate

HOST = "127.0.0.1:8765"
TOKEN = "the-token"
KEY = {"authorization": f"Bearer {TOKEN}"}
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


async def echo(scope, receive, send):
    """An app that says how many bytes it was sent."""
    size, more = 0, scope["method"] == "POST"
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await PlainTextResponse(str(size))(scope, receive, send)


def ask(method="GET", headers=None, parts=(), path="/", query=b"", key=KEY):
    """Sends raw ASGI messages, as a server would pass on what a strange client sends."""

    async def asked():
        sent = []
        told = [
            {"type": "http.request", "body": part, "more_body": n < len(parts) - 1}
            for n, part in enumerate(parts or (b"",))
        ]

        async def receive():
            return told.pop(0) if told else {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        pairs = {"host": HOST, **key, **(headers or {})}.items()
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query,
            "headers": [
                (name.encode(), one.encode("latin-1"))
                for name, value in pairs
                for one in ([value] if isinstance(value, str) else value)
            ],
        }
        await Gate(echo, TOKEN)(scope, receive, send)
        return sent

    sent = asyncio.run(asked())
    start = sent[0]
    answered = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], answered, b"".join(one.get("body", b"") for one in sent[1:])


@pytest.mark.parametrize(
    "host", [HOST, "127.0.0.1", "localhost", "localhost:", "LocalHost:1", "[::1]", "[::1]:8765"]
)
def test_its_own_names_are_answered(host):
    assert ask(headers={"host": host})[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8765",
        "127.0.0.1:8765@evil.example",
        "127.0.0.1:80:80",
        "127.0.0.2",
        "0.0.0.0",
        "2130706433",
        "::1",
        "[::1",
        "",
        " ",
        "127.0.0.1:x",
        "127.0.0.1,evil.example",
        ["127.0.0.1", "evil.example"],
        [],
    ],
)
def test_other_names_are_not_even_where_they_lead_here(host):
    """After a rebinding of names, requests for another name arrive at this address."""
    status, headers, body = ask(headers={"host": host})
    assert status == 421
    assert b"own name" in body
    assert headers.items() >= HEADERS.items()


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://127.0.0.1",
        "http://127.0.0.1:9999",
        "http://localhost:8765",
        "http://127.0.0.1:8765.evil.example",
        "null",
        "",
        [f"http://{HOST}", "http://evil.example"],
    ],
)
def test_pages_of_other_origins_may_not_ask(origin):
    for method in ("GET", "POST", "OPTIONS"):
        assert ask(method, {"origin": origin})[0] == 403


def test_the_page_itself_may_ask():
    own = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
    assert ask("POST", own, [b"12345"])[::2] == (200, b"5")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_of_other_sites_may_link_here_but_not_ask(site):
    assert ask("POST", {"sec-fetch-site": site})[0] == 403
    assert ask("GET", {"sec-fetch-site": site})[0] == 200  # following a shared address


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "X"])
def test_other_methods_are_refused(method):
    status, headers, _ = ask(method)
    assert status == 405
    assert headers.items() >= HEADERS.items()
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "length",
    [str(MOST_BYTES + 1), "9" * 5_000, "-1", "1e3", "²", "٣".encode().decode("latin-1"), ""],
)
def test_a_length_that_is_too_much_or_no_number_is_refused(length):
    assert ask("POST", {"content-length": length}, [b"{}"])[0] == 413


def test_a_body_that_is_longer_than_it_says_is_refused():
    assert ask("POST", {"content-length": "2"}, [b"x" * MOST_BYTES, b"x"])[0] == 413


def test_a_body_in_parts_counts_as_a_whole():
    for size in (MOST_BYTES, MOST_BYTES + 1):
        parts = [b"x" * 1000] * (size // 1000) + [b"x" * (size % 1000)]
        status, headers, body = ask("POST", {"transfer-encoding": "chunked"}, parts)
        assert status == (200 if size == MOST_BYTES else 413)
        assert (body == str(size).encode()) == (size == MOST_BYTES)
        assert headers.items() >= HEADERS.items()


COOKIE = f"amnok-{hashlib.sha256(TOKEN.encode()).hexdigest()[:8]}"


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({}, b"token=the-token"),
        ({}, b"set=a=1&token=the-token&day=2030-01-01"),
        ({"authorization": "Bearer the-token"}, b""),
        ({"cookie": f"{COOKIE}=the-token"}, b""),
        ({"cookie": f"other=1; {COOKIE}=the-token; more=2"}, b""),
    ],
)
def test_who_has_the_token_is_answered(headers, query):
    assert ask(headers=headers, query=query, key={})[0] == 200


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({}, b""),
        ({}, b"token="),
        ({}, b"token=the-token2"),
        ({}, b"token=the-toke"),
        ({}, b"Token=the-token"),
        ({}, b"token=the-token&token=x"),
        ({}, b"token=%ff%00"),
        ({}, b"&token=x" * 2000),
        ({"authorization": "Bearer "}, b""),
        ({"authorization": "Basic the-token"}, b""),
        ({"cookie": f"{COOKIE}="}, b""),
        ({"cookie": "amnok=the-token"}, b""),
        ({"cookie": f"{COOKIE}=\xe9"}, b""),
    ],
)
def test_who_lacks_the_token_gets_nothing(headers, query):
    for method, path in (("GET", "/"), ("GET", "/page/base.js"), ("POST", "/api/picture")):
        status, answered, body = ask(method, headers, [b"{}"], path, query, key={})
        assert status == 403
        assert b"it holds a token" in body
        assert TOKEN.encode() not in body
        assert "set-cookie" not in answered
        assert answered.items() >= HEADERS.items()


def test_the_page_is_given_the_token_in_a_cookie_that_scripts_and_other_sites_lack():
    _, answered, _ = ask(query=b"token=the-token", key={})
    name, *rest = answered["set-cookie"].split("; ")
    assert name == f"{COOKIE}={TOKEN}"
    assert set(rest) == {"Path=/", "HttpOnly", "SameSite=Strict"}
    assert "set-cookie" not in ask()[1]


def test_no_websockets():
    async def asked():
        sent = []

        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            sent.append(message)

        scope = {"type": "websocket", "headers": [(b"host", HOST.encode())], "path": "/"}
        await Gate(echo, TOKEN)(scope, receive, send)
        return sent

    assert asyncio.run(asked()) == [{"type": "websocket.close", "code": 1008}]


def test_the_policy_lets_the_page_load_its_own_parts_only():
    """Nothing inline, nothing from elsewhere, nowhere to send to, in no frame."""
    rules = dict(one.split(" ", 1) for one in POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert "unsafe" not in POLICY
    assert rules["frame-ancestors"] == rules["form-action"] == rules["base-uri"] == "'none'"


def test_an_app_that_fails_still_answers_with_headers():
    async def asked():
        app = FastAPI()
        app.add_api_route("/", lambda: 1 / 0)
        transport = httpx.ASGITransport(Gate(app, TOKEN), raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url=f"http://{HOST}", headers=KEY
        ) as client:
            return await client.get("/")

    answer = asyncio.run(asked())
    assert answer.status_code == 500
    assert answer.headers.items() >= HEADERS.items()
    assert "Traceback" not in answer.text

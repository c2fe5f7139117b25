"""What stands before the explorer: who may ask, how much, and what a page of it may load.

A page elsewhere on the web can make a browser send requests to this machine. They carry the name of
that page's host (Host, after a rebinding of names) or its origin (Origin), and are refused by it.
Other users of this machine can reach the server, too, so requests must carry a secret: the token
in the address that `amnok explore` prints. The page then has it in a cookie.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 64 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
_KEEPING = "HttpOnly; SameSite=Strict"
_DIGITS = re.compile("[0-9]{1,12}")
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Gate:
    """Refuses strange hosts and origins, who lacks the token, and large bodies.

    It adds headers to every answer. The token comes as `?token=` of the page, which puts it into a
    cookie; programs may send `Authorization: Bearer`.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: Iterable[str] = LOOPBACK) -> None:
        self._app, self._hosts = app, {host.lower() for host in hosts}
        self._token = token.encode()
        # Browsers share cookies among the ports of a host: each server has a name of its own.
        self._cookie = f"amnok-{hashlib.sha256(self._token).hexdigest()[:8]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; what is no request over HTTP is let pass to the app (its start and end)."""
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
                if self._is_token(_asked_with(scope)):
                    kept = f"{self._cookie}={self._token.decode()}"
                    extra.append((b"set-cookie", f"{kept}; Path=/; {_KEEPING}".encode()))
                message["headers"] = [*message.get("headers", []), *extra]
            await send(message)

        problem = self._problem(scope)
        if problem is None:
            body = await _body(scope, receive)
            if body is None:
                problem = (413, f"a request may have {MOST_BYTES} bytes")
            else:
                return await self._app(scope, _replayed(body, receive), guarded)
        response = JSONResponse({"faults": [problem[1]]}, status_code=problem[0])
        return await response(scope, receive, guarded)

    def _problem(self, scope: Scope) -> tuple[int, str] | None:
        headers = _headers(scope)
        hosts = headers.get("host", [])
        if len(hosts) != 1 or _name(hosts[0]) not in self._hosts:
            return 421, "this server answers to its own name only"
        for origin in headers.get("origin", []):
            if origin.lower() not in (f"http://{hosts[0].lower()}", f"https://{hosts[0].lower()}"):
                return 403, "a page of another origin asks"
        site = headers.get("sec-fetch-site", ["none"])[0]
        if scope["method"] != "GET" and site not in ("same-origin", "none"):
            return 403, "a page of another site asks"
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, "GET, HEAD or POST"
        if not any(map(self._is_token, self._offered(scope, headers))):
            return 403, "open the address that amnok explore printed: it holds a token"
        for length in headers.get("content-length", []):
            if not _DIGITS.fullmatch(length) or int(length) > MOST_BYTES:
                return 413, f"a request may have {MOST_BYTES} bytes"
        return None

    def _offered(self, scope: Scope, headers: dict[str, list[str]]) -> Iterator[str]:
        """What a request brings along in place of the token."""
        yield _asked_with(scope)
        for line in headers.get("authorization", []):
            yield line.removeprefix("Bearer ")
        for line in headers.get("cookie", []):
            for pair in line.split(";"):
                name, _, value = pair.strip().partition("=")
                if name == self._cookie:
                    yield value

    def _is_token(self, offered: str) -> bool:
        return secrets.compare_digest(offered.encode(), self._token)


def _asked_with(scope: Scope) -> str:
    """The token in an address."""
    try:
        query = parse_qs(str(scope["query_string"], "latin-1"), max_num_fields=1000)
    except ValueError:
        return ""
    return query.get("token", [""])[-1]


def _headers(scope: Scope) -> dict[str, list[str]]:
    result: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        result.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return result


def _name(host: str) -> str:
    """The host without its port.

    >>> _name("LOCALHOST:8000"), _name("[::1]:8000"), _name("::1")
    ('localhost', '[::1]', '')
    """
    name, _, port = host.lower().rpartition(":") if not host.endswith("]") else (host, "", "")
    if not name:
        return port
    return name.lower() if (port.isdigit() or not port) and _is_name(name) else ""


def _is_name(name: str) -> bool:
    return ":" not in name or (name.startswith("[") and name.endswith("]"))


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body, or None if it is too large; however long it says it is."""
    if scope["method"] != "POST":
        return b""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        part = message.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Receives the body that was read, then whatever comes after it."""
    told: list[Any] = []

    async def replay() -> Message:
        if told:
            return await receive()
        told.append(True)
        return {"type": "http.request", "body": body, "more_body": False}

    return replay

"""The server as a process: how it starts and ends, and what rude clients do to it."""

import asyncio
import json
import random
import re
import socket
import stat
import webbrowser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from tests.paths import TINY
from tests.web.conftest import SWEEP, serving

from amnok.cli import main
from amnok.web.serve import open_page

CLIENTS = 50
SECONDS = 2.0
MOST_GROWTH = 50  # MB
PATIENCE = 20.0


def question(client, setting, quality="preview"):
    return json.dumps({"client": client, "settings": {SWEEP: setting}, "quality": quality})


def request(body, *headers, length=None):
    """A request as bytes, honest or not about its length."""
    lines = ["POST /api/picture HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "Connection: close", *headers, "", body]).encode()


def signed(server, data):
    """The request with the server's token."""
    host = b"Host: 127.0.0.1\r\n"
    return data.replace(host, host + f"Authorization: Bearer {server.token}\r\n".encode(), 1)


def answers(server):
    """A full picture, asked politely."""
    body = question("polite", 0.123, "full")
    headers = {"content-type": "application/json", **server.headers}
    answer = httpx.post(f"{server.address}api/picture", content=body, headers=headers, timeout=120)
    return "picture" in json.loads(answer.text.splitlines()[-1])


def memory(server):
    """MB that the server's process holds."""
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")


def raw(server, data, patience):
    """What comes back for raw bytes, until the server closes or nothing more comes."""
    told = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=patience) as connection:
        try:
            connection.sendall(signed(server, data))
            while part := connection.recv(65_536):
                told += part
        except (TimeoutError, ConnectionError):
            pass
    return told


@pytest.mark.slow
def test_ctrl_c_ends_it_while_it_simulates():
    with serving("sino-korean-border", "--replicates", "8") as server:
        place = ("127.0.0.1", server.port)
        with socket.create_connection(place) as reading, socket.create_connection(place) as waiting:
            for number, connection in enumerate((reading, waiting)):
                asked = request(json.dumps({"client": str(number), "settings": {}}))
                connection.sendall(signed(server, asked))
            assert reading.recv(100).startswith(b"HTTP/1.1 200")
            status, errors = server.interrupt()
    assert status in (0, 130)
    assert errors == ""


def test_a_port_that_is_taken_is_one_message(server, capsys):
    assert main(["explore", str(TINY), "--no-browser", "--port", str(server.port)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        f"error: port {server.port} cannot be used: address already in use "
        "(leave --port out to get a free one)\n"
    )


@pytest.mark.slow
def test_without_a_port_there_is_always_one_and_ctrl_c_ends_it_without_a_word(server):
    """The usual port is taken by now: another is found."""
    with serving(TINY) as second:
        assert second.port != server.port
        assert httpx.get(second.address, headers=second.headers).status_code == 200
        status, errors = second.interrupt()
    assert status in (0, 130)
    assert errors == ""


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_its_address_is_whole_on_a_terminal_of_any_width_and_encoding(
    monkeypatch, tmp_path, encoding
):
    text = (TINY / "scenario.yaml").read_text(encoding="utf-8")
    named = re.sub(r"(?m)^title: .*$", r'title: "경계 De\\u0301a\\u202el"', text)
    (tmp_path / "mine.yaml").write_text(named, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    with serving(tmp_path / "mine.yaml") as server:
        assert httpx.get(server.address, headers=server.headers).status_code == 200
        status, errors = server.interrupt()
    assert status in (0, 130)
    assert errors == ""


def test_who_lacks_the_token_gets_nothing(server):
    for path in ("", "page/base.js", "api/border"):
        answer = httpx.get(f"{server.address}{path}")
        assert answer.status_code == 403
        assert "it holds a token" in answer.text
    other = {"authorization": f"Bearer {server.token[:-1]}"}
    assert httpx.get(server.address, headers=other).status_code == 403
    assert len(server.token) >= 32


def test_a_browser_is_called_without_the_token(monkeypatch):
    """The command line of a browser can be read by all users of a machine."""
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    open_page("http://127.0.0.1:8765/?token=secret")
    (page,) = opened
    assert "secret" not in page
    file = Path(unquote(urlsplit(page).path))
    assert "url=http://127.0.0.1:8765/?token=secret" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.unlink()


def test_it_listens_on_loopback_only(server):
    """The sockets of the process, as the kernel lists them."""
    table = Path("/proc/net/tcp")
    if not table.is_file():
        pytest.skip("no table of sockets on this system")
    port = f"{server.port:04X}"
    listening = [
        line.split()[1]
        for line in table.read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port}")
    ]
    assert listening == [f"0100007F:{port}"]
    wide = Path("/proc/net/tcp6")
    assert not wide.is_file() or f":{port} 0000" not in wide.read_text()


@pytest.mark.parametrize(
    "what", ["no-such-border", "no/such/folder", str(Path(__file__)), "/", "", "."]
)
def test_what_cannot_be_explored_is_one_message(capsys, what):
    assert main(["explore", what, "--no-browser"]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert errors
    assert all(line.startswith("error: ") for line in errors)


@pytest.mark.parametrize(
    "data",
    [
        b"\x00" * 1000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500,  # TLS
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 500_000 + b"\r\n\r\n",
        b"GET /" + b"x" * 500_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        request("x" * 200_000),
        request("x", length="99999999999999999999"),
        request("x", length="-1"),
        request("x", "Content-Length: 5"),
        request("x", "Transfer-Encoding: chunked"),
        b"POST /api/picture HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
        b"Connection: close\r\n\r\n" + (b"2710\r\n" + b"x" * 10_000 + b"\r\n") * 20 + b"0\r\n\r\n",
    ],
)
def test_malformed_requests_are_refused(server, data):
    told = raw(server, data, patience=0.5)
    if told:
        status = int(told.split(b" ", 2)[1])
        assert 400 <= status < 500
    assert b"<svg" not in told
    assert b"picture" not in told
    assert httpx.get(server.address, headers=server.headers).status_code == 200


def test_websockets_are_refused(server):
    told = raw(
        server,
        b"GET /api/picture HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        patience=0.5,
    )
    assert b"101" not in told[:20]


def test_lies_about_length_and_leaving_early_hold_nothing_up(server):
    for data in (request("{", length=1000), request(question("a", 0.1))[:-5], b"POST / HT", b""):
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", server.port)) as connection:
                connection.sendall(signed(server, data))
    assert answers(server)


def test_a_flood_is_not_kept_in_memory(server):
    """Hundreds of megabytes are sent, to no avail."""
    assert answers(server)
    before = memory(server)
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    for head in (b"Content-Length: 400000000", b"Transfer-Encoding: chunked"):
        for path in (b"/api/picture", b"/nothing"):
            start = b"POST " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n" + head + b"\r\n\r\n"
            with socket.create_connection(("127.0.0.1", server.port), timeout=2) as connection:
                try:
                    connection.sendall(signed(server, start))
                    for _ in range(100):
                        connection.sendall(chunk)
                except (TimeoutError, ConnectionError):
                    pass
    assert memory(server) - before < MOST_GROWTH
    assert answers(server)


async def drag(server, name, seconds, told):
    """Moves a lever again and again; mostly leaves at once, now and then reads to the end."""
    chance = random.Random(name)
    end = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < end:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        try:
            writer.write(signed(server, request(question(name, round(chance.random(), 3)))))
            await writer.drain()
            mood = chance.random()
            if mood < 0.1:
                answer = await asyncio.wait_for(reader.read(), PATIENCE)
                told.append((int(answer.split(b" ", 2)[1]), answer))
            else:
                await asyncio.sleep(chance.uniform(0, 0.1))
        except ConnectionError:
            told.append((0, b""))
        finally:
            writer.transport.abort() if chance.random() < 0.5 else writer.close()


async def drag_all(server, seconds):
    told: list[tuple[int, bytes]] = []
    await asyncio.gather(
        *(drag(server, f"client-{number}", seconds, told) for number in range(CLIENTS))
    )
    return told


@pytest.mark.slow
def test_fifty_impatient_clients(server):
    """All who wait are answered, superseded or told to come back; memory does not grow."""
    asyncio.run(drag_all(server, 1.0))
    assert answers(server)
    before = memory(server)
    told = asyncio.run(drag_all(server, SECONDS))
    assert answers(server)  # the queue has emptied: this one was answered behind it
    assert memory(server) - before < MOST_GROWTH
    assert len(told) > 20
    assert {status for status, _ in told} <= {200, 503}
    for status, answer in told:
        if status == 200:
            assert b'"picture"' in answer or b'"superseded"' in answer

"""The explorer's server: one page, its parts, and three questions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Annotated, Literal

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from amnok.reporting.evidence_page import evidence_page
from amnok.reporting.formats import plain
from amnok.reporting.hypertext import visible_texts
from amnok.web.border import Explorer, View
from amnok.web.gate import LOOPBACK, Gate
from amnok.web.jobs import Answer, AnswerStream, Busy, Jobs, Work

_READ = ["GET", "HEAD"]
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_FOLDERS = (files("amnok.web") / "page", files("amnok.reporting") / "page")
_PARTS = (
    "index.html",
    "explorer.css",
    "style.css",
    "findings.css",
    "d3.min.js",
    "base.js",
    "chart.js",
    "map.js",
    "figures.js",
    "asking.js",
    "state.js",
    "levers.js",
    "beside.js",
    "answer.js",
    "explorer.js",
)

Value = Annotated[float, Field(allow_inf_nan=False)]
Settings = Annotated[dict[Annotated[str, Field(max_length=200)], Value], Field(max_length=300)]
Day = Annotated[dt.date, Field(strict=False)]
Client = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]


class Question(BaseModel):
    """Something that takes a simulation, asked by one page."""

    model_config = ConfigDict(extra="forbid", strict=True)

    client: Client


class _Question(Question):
    settings: Settings = {}


class PictureQuestion(_Question):
    """A border under some settings."""

    quality: Literal["preview", "full"] = "full"
    sector: Annotated[str, Field(max_length=200)] | None = None


class ViewQuestion(PictureQuestion):
    """What an event does under some settings, beside pinned ones."""

    pinned: Settings = {}
    story: Annotated[str, Field(min_length=1, max_length=200)]
    first: Day | None = None
    last: Day | None = None


class ComparisonQuestion(_Question):
    """Two settings beside each other."""

    pinned: Settings = {}


def application(
    explorer: Explorer, jobs: Jobs, token: str, hosts: tuple[str, ...] = LOOPBACK
) -> ASGIApp:
    """The server as an ASGI application, behind its gate; it closes the jobs when it ends."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        jobs.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    shown = explorer.border
    about = _json(explorer.about()).encode()
    known = _json({"html": evidence_page(shown.scenario, asked=shown.asked)}).encode()
    parts = {name: _part(name) for name in _PARTS}

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> Response:
        faults = [
            f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors()[:20]
        ]
        return _faults(422, *faults)

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> Response:
        return _faults(error.status_code, error.detail, headers=error.headers)

    @app.api_route("/", methods=_READ)
    async def page() -> Response:
        return parts["index.html"]

    @app.api_route("/page/{name}", methods=_READ)
    async def part(name: str) -> Response:
        return parts.get(name) or _faults(404, "no such file")

    @app.api_route("/api/border", methods=_READ)
    async def border() -> Response:
        return Response(about, media_type="application/json")

    @app.api_route("/api/evidence", methods=_READ)
    async def evidence() -> Response:
        return Response(known, media_type="application/json")

    @app.post("/api/picture")
    async def picture(asked: PictureQuestion) -> Response:
        return await _answered(
            jobs,
            asked.client,
            lambda days: {
                "picture": explorer.picture(asked.settings, asked.quality, asked.sector, days)
            },
        )

    @app.post("/api/view")
    async def view(asked: ViewQuestion) -> Response:
        days = (asked.first, asked.last)
        view = View(asked.story, asked.settings, asked.quality, days, asked.sector, asked.pinned)
        return await _answered(jobs, asked.client, lambda days: explorer.view(view, days))

    @app.post("/api/verdicts")
    async def verdicts(asked: Question) -> Response:
        return await _answered(
            jobs,
            f"{asked.client}-verdicts",
            lambda days: {"html": explorer.evidence(days)},
        )

    @app.post("/api/comparison")
    async def comparison(asked: ComparisonQuestion) -> Response:
        return await _answered(
            jobs,
            f"{asked.client}-beside",
            lambda days: {"comparison": explorer.comparison(asked.pinned, asked.settings, days)},
        )

    return Gate(app, token, hosts)


async def _answered(jobs: Jobs, client: str, work: Work) -> Response:
    """Progress, then the answer."""
    try:
        answers = await jobs.ask(client, work)
    except Busy:
        problem = "too many are waiting; try again in a moment"
        return _faults(503, problem, headers={"retry-after": "2"})
    return _Told(answers)


class _Told(StreamingResponse):
    """Answers as lines of JSON; stops them when the client goes away, even before the first."""

    def __init__(self, answers: AnswerStream) -> None:
        self._answers = answers
        super().__init__(self._lines(), media_type="application/x-ndjson")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._answers.stop()

    async def _lines(self) -> AsyncIterator[str]:
        async for answer in self._answers:
            yield _json(answer) + "\n"


def _faults(status: int, *faults: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"faults": faults}, status_code=status, headers=headers)


def _part(name: str) -> Response:
    for folder in (*_FOLDERS, _FOLDERS[1] / "vendor"):
        file = folder / name
        if file.is_file():
            kind = _TYPES[name[name.rindex(".") :]]
            return Response(file.read_bytes(), media_type=f"{kind}; charset=utf-8")
    raise FileNotFoundError(name)


def _json(answer: Answer) -> str:
    """JSON without NaN, which browsers do not read, and with texts as they are to be seen."""
    content = visible_texts(answer)
    try:
        return json.dumps(content, allow_nan=False, ensure_ascii=False, default=str)
    except ValueError:
        return json.dumps(plain(content), allow_nan=False, ensure_ascii=False, default=str)

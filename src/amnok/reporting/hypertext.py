"""HTML pages that need nothing else: one file, no network, no text of a scenario as markup."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from amnok.cells import one_line, text_of

_PAGE = files("amnok.reporting") / "page"
_STYLES = ("style.css", "findings.css", "report.css")
_SCRIPTS = ("vendor/d3.min.js", "base.js", "chart.js", "map.js", "figures.js", "report.js")


def document(title: str, body: Iterable[str], data: Mapping[str, Any] | None = None) -> str:
    """A whole page.

    Args:
        title: as text.
        body: HTML, with every text of a scenario escaped.
        data: what charts and maps are drawn from; without it the page has no script at all.

    Returns:
        The page; its policy forbids it to load anything, and to run any script but its own.
    """
    style = "\n".join(_text(name) for name in _STYLES)
    scripts = [_text(name) for name in _SCRIPTS] if data is not None else []
    policy = (
        f"default-src 'none'; img-src data: blob:; style-src {_digest(style)}; "
        f"script-src {' '.join(map(_digest, scripts)) or chr(39) + 'none' + chr(39)}; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{text_of(title)}</title><style>{style}</style></head>",
        '<body class="report"><main>',
        *body,
        "</main>",
    ]
    if data is not None:
        parts.append(f'<script id="data" type="application/json">{_harmless(data)}</script>')
    parts += [f"<script>{script}</script>" for script in scripts]
    parts.append("</body></html>\n")
    return "".join(parts)


def _harmless(data: Mapping[str, Any]) -> str:
    """JSON that cannot end the element it stands in."""
    seen = visible_texts(data)
    text = json.dumps(seen, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def visible_texts(data: Any) -> Any:
    """The same with every text as it is to be seen."""
    if isinstance(data, dict):
        return {key: visible_texts(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [visible_texts(value) for value in data]
    return one_line(data) if isinstance(data, str) else data


@functools.cache
def _text(name: str) -> str:
    return _PAGE.joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """A source as content policies name it."""
    value = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
    return f"'sha256-{value}'"

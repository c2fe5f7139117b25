"""HTML pages that need nothing else: one file, no network, no text of a scenario as markup."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

_PAGE = files("amnok.reporting") / "page"
_STYLES = ("style.css", "report.css")
_SCRIPTS = ("vendor/d3.min.js", "base.js", "chart.js", "map.js", "report.js")


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
        f"<title>{escape(title)}</title><style>{style}</style></head>",
        '<body class="report">',
        *body,
    ]
    if data is not None:
        parts.append(f'<script id="data" type="application/json">{_harmless(data)}</script>')
    parts += [f"<script>{script}</script>" for script in scripts]
    parts.append("</body></html>\n")
    return "".join(parts)


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "", label: str = ""
) -> str:
    """A table of HTML cells that scrolls where it is too wide; the first of a row names it."""
    heads = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    lines = []
    for first, *rest in rows:
        cells = "".join(f"<td>{cell}</td>" for cell in rest)
        lines.append(f'<tr><th scope="row">{first}</th>{cells}</tr>')
    named = f' role="region" tabindex="0" aria-label="{escape(label)}"' if label else ""
    return (
        f'<div class="wide {kind}"{named}><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def texts(cells: Iterable[object]) -> list[str]:
    """Cells as escaped text."""
    return [escape(str(cell)) for cell in cells]


def _harmless(data: Mapping[str, Any]) -> str:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(data, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


@functools.cache
def _text(name: str) -> str:
    return _PAGE.joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """A source as content policies name it."""
    value = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
    return f"'sha256-{value}'"

"""An effect place by place, as a short list: the sectors along the border with their towns."""

from __future__ import annotations

from collections.abc import Iterator

from amnok.cells import text_of
from amnok.reporting.facts import Row
from amnok.reporting.findings import Findings
from amnok.reporting.numbers import signed
from amnok.scenario.places import Sector

_MOST = 12  # places of a list; of more those with the largest effects


def places(findings: Findings, outcome: str = "") -> Iterator[str]:
    """Where an outcome changes by how much, along the border; nothing where there is one place.

    Args:
        findings: of an event.
        outcome: by its name; arrests are those of the side with most. By default arrests where the
            event has an effect on them, else what crosses.
    """
    outcome = outcome or findings.foremost
    rows = findings.sectors(outcome)
    if len(rows) < 2:
        return
    sides, sectors = findings.effect.scenario.sides, findings.effect.scenario.sectors
    size = {name: abs(row["difference"]) for name, row in rows.items()}
    largest = sorted(rows, key=lambda name: -size[name])[:_MOST]
    items = (
        _place(sectors[name], row, findings.is_unclear(row), size[largest[0]])
        for name, row in rows.items()
        if name in largest
    )
    countries = " and ".join(findings.named[side.key] for side in (sides.inner, sides.outer))
    title, rest = findings.where_most(outcome), len(rows) - len(largest)
    more = f" {rest} more places, each with less, are in the table of the map." if rest else ""
    yield (
        f'<section class=places aria-label="Place by place"><p><b>{text_of(title)}</b> '
        f"<small>Along the border; towns in {text_of(countries)}.{more}</small></p>"
        f"<ol>{''.join(items)}</ol></section>"
    )


def _place(sector: Sector, row: Row, is_unclear: bool, largest: float) -> str:
    """A sector: its name and towns, a bar as long as its effect, the effect."""
    towns = ", ".join(filter(None, (sector.inner_town, sector.outer_town)))
    kind = "none" if is_unclear else "less" if row["difference"] < 0 else "more"
    width = 100 * abs(row["difference"]) / largest if largest else 0
    told = "unclear" if is_unclear else signed(row["difference"])
    return (
        f"<li><span>{text_of(sector.label)} <small>{text_of(towns)}</small></span>"
        '<svg class="drawn" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="{kind}" width="{width:.1f}" height="10"/></svg>'
        f"<b class={kind}>{told}</b></li>"
    )

"""The description of a model by the ODD protocol, from the scenario and the model's declarations.

Grimm et al. 2020, JASSS 23(2) 7. `odd.md` holds the order of the parts and the paragraphs written
by hand. Between braces it names a part, `{patterns}`, or a thing of the model,
`{rule:guards.agreed_bribe}`; a name that the model does not have is an error. What stands between
`{where guards}` and `{end}` is only said of a border that has that section.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files

from amnok.odd import basis, model, rules, tables
from amnok.odd.text import contents, name, number, plain
from amnok.scenario import Scenario

_PLACE = re.compile(r"\{(\w+)(?::([^{}\s]+))?\}")
_WHERE = re.compile(r"\{where\s+([\w|]+)\}(.*?)\{end\}", re.DOTALL)
_DEEPEST = 3  # level of headings in the table of contents

_PARTS: dict[str, Callable[[Scenario], str]] = {
    "agencies": tables.agencies,
    "changes": tables.changes,
    "claims": basis.claims,
    "closures": tables.closures,
    "counted": model.counted,
    "daily": model.daily,
    "draws": model.draws,
    "evidence": basis.evidence,
    "goods": tables.goods,
    "halts": tables.halts,
    "markets": tables.markets,
    "measures": model.measures,
    "mechanisms": basis.mechanisms,
    "orders": tables.orders,
    "parameters": basis.parameters,
    "patterns": basis.patterns,
    "persons": lambda _: model.persons(),
    "phases": tables.phases,
    "places": tables.places,
    "references": basis.references,
    "report_columns": lambda _: model.report_columns(),
    "reports": basis.reports,
    "rises": tables.rises,
    "route_kinds": tables.route_kinds,
    "schedule_before": model.before,
    "schedule_day": model.day,
    "signals": tables.signals,
    "sizes": tables.sizes,
    "state": model.state,
    "submodels": rules.submodels,
    "title": lambda scenario: plain(scenario.title),
    "description": lambda scenario: plain(scenario.description),
    "scenario": lambda scenario: name(scenario.name),
    "currency": lambda scenario: scenario.currency,
    "start": lambda scenario: str(scenario.period.start),
    "end": lambda scenario: str(scenario.period.end),
    "days": lambda scenario: str(scenario.period.days),
    "spin_up": lambda scenario: str(scenario.period.spin_up),
    "inner": lambda scenario: plain(scenario.sides.inner.label),
    "outer": lambda scenario: plain(scenario.sides.outer.label),
    "n_sectors": lambda scenario: str(len(scenario.sectors)),
    "n_routes": lambda scenario: str(sum(len(one.routes) for one in scenario.sectors.values())),
    "persons_total": lambda scenario: _persons(scenario),
}

_NAMED: dict[str, Callable[[Scenario, str], str]] = {
    "decision": lambda _, one: model.decision(one),
    "doc": lambda _, one: model.docs_of(one),
    "measure": lambda _, one: model.measure(one),
    "parameter": basis.parameter,
    "rule": rules.rule_link,
    "step": lambda _, one: model.step(one),
    "variable": lambda _, one: model.variable(one),
}

_CLAIM = re.compile(r"\b[A-Z]\d\d(?:-\d+)?\b")
# Where rules cite claims, and what stands there instead on a border that has no such claims.
_CITED = (
    (re.compile(r" \(claims? [A-Z]\d\d[^)]*\)"), ""),
    (re.compile(r"(?<=Source: )claims? [A-Z]\d\d[^.;]*; "), ""),
    (re.compile(r"(?<=Source: )claims? [A-Z]\d\d[^.;]*(?=\.)"), "assumption"),
    (re.compile(r"Claims [A-Z]\d\d[^.]*\. ?"), ""),
    (re.compile(r"Claims: [A-Z]\d\d[^\n]*\.\n+"), ""),
)


def odd(scenario: Scenario, overrides: Sequence[str] = ()) -> str:
    """The description of a model as Markdown.

    Args:
        scenario: whose numbers, places and evidence.
        overrides: those that were applied to it, as after `--set`; they are told at the top.
    """
    template = files("amnok.odd").joinpath("odd.md").read_text(encoding="utf-8")
    return filled(template, scenario, overrides)


def filled(template: str, scenario: Scenario, overrides: Sequence[str] = ()) -> str:
    """A template with every place between braces filled.

    Raises:
        ValueError: the template names what the model or the scenario does not have.
    """

    def part(found: re.Match[str]) -> str:
        kind, what = found.groups()
        if kind == "overrides":
            return _overrides(overrides)
        if what is None and kind in _PARTS:
            return _PARTS[kind](scenario)
        try:
            return _NAMED[kind](scenario, what)
        except KeyError:
            raise ValueError(f"the template names {found[0]}, and there is no such thing") from None

    # Apart from the rest: a text of the scenario may hold the same word.
    template = _WHERE.sub(lambda found: _where(scenario, found), template)
    head, place, body = template.partition("{contents}")
    head, body = (_own_claims(_PLACE.sub(part, one), scenario) for one in (head, body))
    return head + (contents(body, _DEEPEST) if place else "") + body


def _where(scenario: Scenario, found: re.Match[str]) -> str:
    """What is said only of a border that has a section, or one of several."""
    return found[2] if scenario.has(found[1]) else ""


def _own_claims(text: str, scenario: Scenario) -> str:
    """A text without claims that are not in the scenario's ledger: rules tell which report they
    were first written for, and to another border that is no evidence."""

    def kept(otherwise: str, found: re.Match[str]) -> str:
        return found[0] if scenario.claims.keys() & _CLAIM.findall(found[0]) else otherwise

    for pattern, otherwise in _CITED:
        text = pattern.sub(partial(kept, otherwise), text)
    return text


def _overrides(overrides: Sequence[str]) -> str:
    if not overrides:
        return "The scenario is described as it is, with nothing overridden."
    return f"Overrides applied to the scenario: {', '.join(map(name, overrides))}."


def _persons(scenario: Scenario) -> str:
    traders, sides = scenario.traders, scenario.sides
    inner, outer = (number(round(one.number)) for one in (traders.inner, traders.outer))
    return (
        f"There are {inner} traders on the inner bank ({plain(sides.inner.label)}) and {outer} on "
        f"the outer bank ({plain(sides.outer.label)})."
    )

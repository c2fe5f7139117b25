"""A comparison of policies in plain words: each policy in short, and every clear difference."""

from __future__ import annotations

import math
from collections.abc import Iterator

from amnok.reporting.comparison import first_day, headlines, rows_of
from amnok.reporting.facts import Row, by_whom, named_in_sentences, plurals, shown
from amnok.reporting.guesses import Guesses
from amnok.reporting.narrative import Sentence
from amnok.reporting.numbers import (
    amount,
    apart,
    more_or_fewer,
    moved,
    share,
    signed,
)
from amnok.results.intervals import is_told
from amnok.scenario.dump import acting_digest
from amnok.scenario.measures.plan import BASE
from amnok.scenario.overrides import with_values
from amnok.studies.comparison import Comparison
from amnok.studies.counterfactual.events import chosen
from amnok.studies.counterfactual.robustness import Robustness, robustness_of
from amnok.studies.worlds import Span

_FEW = 0.005  # a change by less than half a percent is none worth telling
_IN_SHORT = (("arrests", ("side",)), ("value_crossed", ()))

# Outcomes of a comparison, and what they are about.
ABOUT = {
    "value_crossed": "crossings",
    "sanctioned_value": "crossings",
    "arrests": "arrests",
    "detention": "arrests",
    "questionings": "questionings",
    "bribes": "bribes",
    "checking_hours": "checking",
    "leaks_through": "searches",
    "burden": "arrests",
    "official_arrests": "records",
    "reports": "records",
}


def policy_in_short(comparison: Comparison, policy: str) -> str:
    """What a policy does to people, and to whom, and to the trade, beside the border as it is."""
    return " ".join([*_people(comparison, policy), _trade(comparison, policy)])


def guesses_about(comparison: Comparison, draws: Robustness | None = None) -> dict[str, Guesses]:
    """What other guesses hold of each policy: something is known of one that takes an event out.

    Args:
        comparison: of the border with them.
        draws: of the prior; by default what comes with Amnok for the border.
    """
    scenario, period = comparison.scenario, comparison.scenario.period
    known = None if comparison.drawn else draws or robustness_of(scenario)
    windows = known.values if known else {}
    without = {one: with_values(scenario, chosen(scenario, one).off) for one in windows}
    events = {acting_digest(one): event for event, one in without.items()}
    days = comparison.days or (period.start, period.end)
    found = {}
    for policy in comparison.labels:
        event = events.get(comparison.acting.get(policy, ""), "")
        own = (one for one in windows.get(event, ()) if _counts(comparison, policy, one, days))
        found[policy] = Guesses(known, event, next(own, days), what="this policy", is_undone=True)
    return found


def _counts(comparison: Comparison, policy: str, window: Span, days: Span) -> bool:
    """Whether a window holds all that differs on some days: nothing does before it."""
    first = first_day(comparison.first_difference.sel(policy=policy))
    is_quiet = days[0] < window[0] and (first is None or first >= window[0].isoformat())
    return (is_quiet or days[0] == window[0]) and days[1] == window[1]


def policy_holds(comparison: Comparison, policy: str, guesses: Guesses) -> str:
    """How far what `policy_in_short` says holds under other guesses."""
    parts, money = [], comparison.scenario.currency
    for outcome, dims in _IN_SHORT:
        if outcome not in comparison.values:
            continue
        for row in rows_of(comparison, policy, outcome, dims):
            where = dict.fromkeys(dims, row["where"])
            told = (row["difference"], False)
            if guesses.days == comparison.days:
                told = shown(row, money)
            unit = f" ({money})" if row["unit"] == money and not told[1] else ""
            if way := guesses.way(row, outcome, told, **where):
                what = _what(comparison, row)
                parts.append(f"{what[:1].lower()}{what[1:]}{unit}: {way}")
    return guesses.unmeasured() or guesses.told(parts)


def _people(comparison: Comparison, policy: str) -> Iterator[str]:
    if "arrests" not in comparison.values:
        return
    named = named_in_sentences(comparison.scenario)
    rows = rows_of(comparison, policy, "arrests", ("side",))
    told = [row for row in rows if is_told(row)]
    for n, row in enumerate(sorted(told, key=lambda one: -abs(one["difference"]))):
        yield (
            f"{'' if n else 'With it, '}{more_or_fewer(row['difference'])} arrests"
            f"{_ends(row)} are made in {named[row['where']]}{_borne(comparison, policy, row)}."
        )
    if not told:
        yield f"There is {_none(comparison)} in arrests."


def _borne(comparison: Comparison, policy: str, row: Row) -> str:
    """The sizes of trader that a difference in arrests falls on."""
    sizes = {
        one["where"].rpartition(", ")[2]: one
        for one in rows_of(comparison, policy, "arrests", ("side", "size"))
        if one["where"].startswith(f"{row['where']}, ")
    }
    return by_whom(sizes, plurals(comparison.scenario))


def _trade(comparison: Comparison, policy: str) -> str:
    (row,) = rows_of(comparison, policy, "value_crossed", ())
    if not is_told(row):
        return f"The worth of what crosses shows {_none(comparison)}."
    return f"The worth of what crosses is {share(abs(row['relative']))} " + (
        "higher." if row["relative"] > 0 else "lower."
    )


def _none(comparison: Comparison) -> str:
    """What is said of a difference that is not told: it is unclear, or one replicate has none."""
    return "no clear difference" if comparison.values.sizes["replicate"] > 1 else "no difference"


def _ends(row: Row) -> str:
    if math.isnan(row["low"]):
        return ""
    return f" ({' to '.join(apart(*sorted((abs(row['low']), abs(row['high'])))))})"


def comparison_in_words(comparison: Comparison, policy: str) -> list[Sentence]:
    """What a policy does, where the interval of paired differences excludes none."""
    told, unclear = [], []
    for row in headlines(comparison, policy):
        what, about = _what(comparison, row), ABOUT.get(row["outcome"], "")
        if math.isnan(row["difference"]):
            continue
        if not is_told(row):
            unclear.append(what)
        elif math.isfinite(row["low"]) and abs(row["relative"]) < _FEW:
            unclear.append(f"{what} (less than 0.5%)")
        else:
            told.append(Sentence(f"{what}: {_difference(row)}.", about))
    if unclear:
        told.append(Sentence(f"{_none(comparison).capitalize()}: {'; '.join(unclear)}.", ""))
    return told


def _what(comparison: Comparison, row: Row) -> str:
    """An outcome and whose it is: `Arrests in North Korea, pedlars`."""
    scenario = comparison.scenario
    named, several = named_in_sentences(scenario), plurals(scenario)
    sides = {scenario.sides.inner.key, scenario.sides.outer.key}
    text = str(comparison.values[row["outcome"]].attrs["long_name"])
    for part in filter(None, row["where"].split(", ")):
        called = several.get(part) or named.get(part) or part.replace("_", " ")
        text += f" in {called}" if part in sides else f", {called}"
    return text


def _difference(row: Row) -> str:
    """How much more or less there is: `up 34%, 1,124 persons instead of 840`."""
    with_it, without = apart(row["with_policy"], row[BASE])
    much = moved(row[BASE], row["with_policy"])
    text = f"{much}, {amount(with_it, row['unit'])} instead of {without}"
    if math.isnan(row["low"]):
        return f"{text} (one replicate)"
    return f"{text} (95% interval of the difference {signed(row['low'])} to {signed(row['high'])})"

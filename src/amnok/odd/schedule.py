"""The order of a run: what happens, which functions carry it, which formulas and draws it uses.

The one place that says so: the model's description prints it, and the table in ARCHITECTURE.md is
tested against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from amnok.draws import Decision
from amnok.scenario import Scenario


@dataclass(frozen=True)
class Phase:
    """A part of a run.

    Attributes:
        name: in a word or two.
        text: what happens.
        steps: the functions that carry it, in their order: `engine.planning.plan`.
        rules: files of `amnok.rules` with its formulas; chances and averages that all share apart.
        draws: the decisions that it draws.
    """

    name: str
    text: str
    steps: tuple[str, ...]
    rules: tuple[str, ...] = ()
    draws: tuple[Decision, ...] = ()


def _steps(module: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{module}.{name}" for name in names)


BEFORE = (
    Phase(
        "key",
        "a replicate gets the key of its draws from the run's seed",
        ("draws.replicate_key",),
        draws=(Decision.REPLICATE,),
    ),
    Phase(
        "people",
        "traders are laid out by sector and size, paired, and given their traits",
        ("world.people.people",),
        draws=(Decision.PERSON, Decision.PERSON_GOODS),
    ),
    Phase(
        "places and goods",
        "routes, sectors, markets, goods and sizes are taken from the scenario",
        _steps("world.places", "routes", "sectors", "goods", "sizes", "border_shares", "feeds"),
        rules=("inspection",),
    ),
)

DAY = (
    Phase(
        "world of the day",
        "river stage, ice, season, halts; computed once per run",
        _steps("world.days", "water", "seasons", "days"),
        rules=("calendar",),
        draws=(Decision.RIVER,),
    ),
    Phase(
        "orders",
        "intensity of each agency, level of cameras; computed once per run",
        _steps("world.days", "_intensity", "_camera_level"),
        rules=("orders",),
    ),
    Phase(
        "allocation",
        "effort of security police and patrols by route, the evening before; plans once per run",
        ("engine.learning.spread_effort", *_steps("world.plans", "effort_plans", "place_cameras")),
        rules=("routes", "search", "inspection"),
    ),
    Phase(
        "plan",
        "watch, goods, partner; route, items to check, or stay home",
        (
            *_steps("engine.blocks", "release_due", "outer_morning", "screen"),
            "engine.blocks.prepare_consignment",
            *_steps("engine.planning", "plan", "form_beliefs", "plan_checks", "weigh", "bargain"),
        ),
        rules=(
            *("calendar", "search", "protection", "learning", "river", "customs", "guards"),
            *("inspection", "routes"),
        ),
        draws=(
            *(Decision.RELEASE, Decision.OPPORTUNITY, Decision.HALT, Decision.CUSTOMS),
            Decision.ROUTE,
        ),
    ),
    Phase(
        "crossing",
        "what awaits each; pack, call, then the meetings in the order of the way",
        (
            "engine.crossing.draw_meetings",
            "engine.foresight.foresee",
            *_steps("engine.crossing", "send", "ship", "pack"),
            "engine.meetings.call_partner",
            *_steps("engine.crossing", "cross", "pass_quietly"),
            *_steps("engine.meetings", "meet_guard", "meet_security", "meet_patrol"),
            "engine.meetings.meet_customs",
            *_steps("engine.crossing", "settle_crossing", "settle_loss"),
        ),
        rules=("phones", "guards", "cameras", "search", "patrols", "customs"),
        draws=(
            *(Decision.PACKING, Decision.PHONE, Decision.CAMERA, Decision.PATROL),
            *(Decision.SEARCH, Decision.CUSTOMS, Decision.RELEASE),
        ),
    ),
    Phase(
        "quotas",
        "the police bring in the known, the cheapest first",
        ("engine.quotas.fill_quotas",),
        rules=("quotas",),
        draws=(Decision.QUOTA,),
    ),
    Phase(
        "markets",
        "smoothed quantities move prices on both banks",
        ("engine.markets.move_prices",),
        rules=("markets",),
    ),
    Phase(
        "learning",
        "shared beliefs about searches, losses, finds, arrests; guards replaced",
        ("engine.learning.learn",),
        rules=("learning",),
    ),
    Phase(
        "reports",
        "sources see, dare and call; the editors come after the run",
        ("engine.reports.report", "results.visible.published"),
        rules=("reporting", "phones"),
        draws=(Decision.SOURCE, Decision.EDITOR),
    ),
    Phase(
        "books",
        "the day's counts, prices and beliefs; after the run, official counts and surveyed prices",
        ("engine.day.keep", *_steps("results.visible", "official_counts", "_surveyed")),
        draws=(Decision.OFFICIAL, Decision.SURVEY),
    ),
)

# Draws, and functions that carry a part of the day, of a border that has a section; see
# `Scenario.has`.
_NEEDS: dict[Decision | str, str] = {
    Decision.RIVER: "river",
    Decision.CUSTOMS: "customs",
    Decision.PHONE: "phones",
    Decision.CAMERA: "cameras|security_police|guards",
    Decision.PATROL: "patrols",
    Decision.SEARCH: "security_police",
    Decision.QUOTA: "quota",
    Decision.SOURCE: "reporting",
    Decision.EDITOR: "reporting",
    Decision.OFFICIAL: "official",
    Decision.SURVEY: "official",
    "world.days.water": "river",
    "world.days._camera_level": "cameras",
    "world.plans.place_cameras": "cameras",
    "engine.meetings.call_partner": "phones",
    "engine.meetings.meet_guard": "guards",
    "engine.meetings.meet_security": "security_police",
    "engine.meetings.meet_patrol": "patrols",
    "engine.meetings.meet_customs": "customs",
    "engine.quotas.fill_quotas": "quota",
    "engine.reports.report": "reporting",
    "results.visible.published": "reporting",
    "results.visible.official_counts": "official",
    "results.visible._surveyed": "official",
}


def is_in(scenario: Scenario, what: Decision | str) -> bool:
    """Whether a draw is made, or a function has something to do, on a border."""
    return what not in _NEEDS or scenario.has(_NEEDS[what])


SHARED_RULES = ("distributions", "smoothing")
UNUSED_DRAWS = (Decision.WATCH,)  # its number is not given again


def drawn_in(decision: Decision) -> Iterator[str]:
    """Names of the phases that draw a decision."""
    return (phase.name for phase in (*BEFORE, *DAY) if decision in phase.draws)

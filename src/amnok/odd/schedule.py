"""The order of a run: what happens, which functions carry it, which formulas and draws it uses.

The one place that says so: the model's description prints it, and the table in ARCHITECTURE.md is
tested against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from amnok.decisions import (
    HALT_DRAW,
    OPPORTUNITY_DRAW,
    PACKING_DRAW,
    PERSON_AIR_DRAW,
    PERSON_DRAW,
    PERSON_GOODS_DRAW,
    RELEASE_DRAW,
    REPLICATE_DRAW,
    ROUTE_DRAW,
    WATCH_DRAW,
    Decision,
)
from amnok.mechanisms import MECHANISMS, NAMES, WARN_PATROLS
from amnok.mechanisms.cameras import CAMERA_DRAW
from amnok.mechanisms.customs import CUSTOMS_DRAW
from amnok.mechanisms.entry_exit import ENTRY_DRAW
from amnok.mechanisms.fines import FINE_DRAW
from amnok.mechanisms.official import OFFICIAL_DRAW, SURVEY_DRAW
from amnok.mechanisms.oversight import PURGE_DRAW
from amnok.mechanisms.patrols import PATROL_DRAW
from amnok.mechanisms.phones import PHONE_DRAW
from amnok.mechanisms.quota import QUOTA_DRAW
from amnok.mechanisms.reporting import EDITOR_DRAW, SOURCE_DRAW
from amnok.mechanisms.river import RIVER_DRAW
from amnok.mechanisms.security_police import SEARCH_DRAW
from amnok.mechanisms.targeting import CASE_DRAW
from amnok.mechanisms.tolls import TOLL_DRAW
from amnok.scenario import Scenario
from amnok.variables import ARREST, OUTER_ARREST
from amnok.world.places import has_air


@dataclass(frozen=True)
class RunPhase:
    """A part of a run.

    Attributes:
        name: in a word or two.
        text: what happens.
        steps: the functions that carry it, in their order: `engine.planning.plan`.
        rules: modules with its formulas, in `amnok.mechanisms` or `amnok.rules`; chances and
            averages that all share apart.
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
    RunPhase(
        "key",
        "a replicate gets the key of its draws from the run's seed",
        ("draws.replicate_key",),
        draws=(REPLICATE_DRAW,),
    ),
    RunPhase(
        "people",
        "traders are laid out by sector and size, paired, and given their traits",
        ("world.people.people",),
        rules=("word_of_mouth",),
        draws=(PERSON_DRAW, PERSON_GOODS_DRAW, PERSON_AIR_DRAW),
    ),
    RunPhase(
        "places and goods",
        "routes, sectors, markets, goods and sizes are taken from the scenario",
        _steps("world.places", "routes", "sectors", "goods", "sizes", "border_shares", "feeds"),
        rules=("self_inspection",),
    ),
)

DAY = (
    RunPhase(
        "world of the day",
        "what season, weather and halts bring; computed once per run",
        _steps("world.days", "water", "seasons", "days"),
        rules=("calendar",),
        draws=(RIVER_DRAW,),
    ),
    RunPhase(
        "orders",
        "intensity of each agency, level of cameras, once per run; numbers that change",
        (*_steps("world.days", "_intensity", "_camera_level"), "world.changes.take"),
        rules=("orders",),
    ),
    RunPhase(
        "allocation",
        "effort of security police and patrols by route, the evening before; plans once per run",
        ("engine.learning.spread_effort", *_steps("world.plans", "effort_plans", "place_cameras")),
        rules=("routes", "security_police", "self_inspection"),
    ),
    RunPhase(
        "plan",
        "watch, goods, partner; route, items to check, or stay home",
        (
            *_steps("engine.blocks", "release_due", "outer_morning"),
            *("mechanisms.oversight.purge", "mechanisms.targeting.bring_cases"),
            *("mechanisms.protection.choose", "mechanisms.entry_exit.reconsider"),
            *_steps("engine.blocks", "screen", "prepare_consignment"),
            *_steps("engine.planning", "plan", "form_beliefs", "load_lorries", "plan_checks"),
            *_steps("engine.planning", "reckon_papers", "weigh", "bargain"),
        ),
        rules=(
            *(
                "calendar",
                "security_police",
                "partners",
                "protection",
                "entry_exit",
                "learning",
                "river",
                "boats",
                "carriers",
                "customs",
                "state_firms",
                "guards",
            ),
            *("guards", "self_inspection", "routes"),
        ),
        draws=(
            *(PURGE_DRAW, CASE_DRAW),
            *(RELEASE_DRAW, OPPORTUNITY_DRAW, HALT_DRAW, CUSTOMS_DRAW),
            *(ROUTE_DRAW, ENTRY_DRAW),
        ),
    ),
    RunPhase(
        "crossing",
        "what awaits each; pack, call, then the meetings in the order of the way",
        (
            "engine.crossing.draw_meetings",
            "engine.foresight.foresee",
            *_steps("engine.crossing", "send", "ship", "pack"),
            "engine.meetings.call_partner",
            "mechanisms.phones.call",
            "mechanisms.tolls.pass_takers",
            *_steps("engine.crossing", "cross", "pass_quietly"),
            *_steps("mechanisms.guards", "meet", "pay"),
            "engine.meetings.meet_security",
            *_steps("mechanisms.security_police", "search", "open_file"),
            *("engine.meetings.meet_patrol", "mechanisms.patrols.stop"),
            *("engine.meetings.meet_customs", "mechanisms.customs.look_at"),
            *("engine.meetings.show_papers", "mechanisms.state_firms.show_papers"),
            *("engine.meetings.fine", "mechanisms.fines.levy"),
            *_steps("mechanisms.deeds", "detain", "arrest_outer"),
            *_steps("engine.crossing", "settle_crossing", "settle_loss"),
        ),
        rules=(
            *("phones", "inner_phones", "guards", "cameras", "camera_deals"),
            *("security_police", "patrols", "tolls"),
            *("customs", "state_firms", "fines", "oversight", "targeting"),
            *(one.name for one in MECHANISMS if one.warns_patrols is not None),
        ),
        draws=(
            *(PACKING_DRAW, PHONE_DRAW, CAMERA_DRAW, PATROL_DRAW),
            *(SEARCH_DRAW, CUSTOMS_DRAW, FINE_DRAW, RELEASE_DRAW, TOLL_DRAW),
            *(alarm.draw for alarm in WARN_PATROLS),
        ),
    ),
    RunPhase(
        "quotas",
        "the police bring in the known, the cheapest first",
        ("mechanisms.quota.fill_quotas",),
        rules=("quota", "targeting"),
        draws=(QUOTA_DRAW,),
    ),
    RunPhase(
        "markets",
        "smoothed quantities move prices on both banks",
        ("engine.markets.move_prices", "mechanisms.supply.follow"),
        rules=("markets", "supply"),
    ),
    RunPhase(
        "learning",
        "shared beliefs from what was seen and heard; guards replaced; what the day earned",
        (
            *("engine.learning.learn", "mechanisms.word_of_mouth.hear"),
            *("mechanisms.oversight.oversee", "mechanisms.entry_exit.take_stock"),
        ),
        rules=("learning", "word_of_mouth", "guards", "oversight"),
        draws=(PURGE_DRAW,),
    ),
    RunPhase(
        "reports",
        "sources see, dare and call; the editors come after the run",
        ("mechanisms.reporting.report", "results.visible.published"),
        rules=("reporting", "phones", "inner_phones"),
        draws=(SOURCE_DRAW, EDITOR_DRAW),
    ),
    RunPhase(
        "books",
        "the day's counts, prices and beliefs; after the run, official counts and surveyed prices",
        ("engine.day.keep", *_steps("results.visible", "official_counts", "_surveyed")),
        draws=(OFFICIAL_DRAW, SURVEY_DRAW),
    ),
)

# Functions that carry a part of the day of a border that has a mechanism.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "mechanisms.deeds.detain": (ARREST,),
    "mechanisms.deeds.arrest_outer": (OUTER_ARREST,),
    "world.days.water": ("river",),
    "world.days._camera_level": ("cameras",),
    "world.plans.place_cameras": ("cameras",),
    "engine.meetings.call_partner": ("phones",),
    "engine.meetings.meet_security": ("security_police",),
    "engine.meetings.meet_patrol": ("patrols",),
    "engine.meetings.meet_customs": ("customs",),
    "engine.meetings.fine": ("fines",),
    "engine.meetings.show_papers": ("state_firms", "customs"),
    "engine.planning.load_lorries": ("state_firms", "customs"),
    "engine.planning.reckon_papers": ("state_firms", "customs"),
    "results.visible.published": ("reporting",),
    "results.visible.official_counts": ("official",),
    "results.visible._surveyed": ("official",),
}


def is_in(scenario: Scenario, what: Decision | str) -> bool:
    """Whether a draw is made, or a function has something to do, on a border."""
    if what is PERSON_AIR_DRAW:
        return has_air(scenario)
    if isinstance(what, Decision):
        users = [one.name for one in MECHANISMS if what in one.draws]
        return not users or scenario.has("|".join(users))
    name = what.split(".")[1]
    return scenario.has(*_NEEDS.get(what, (name,) if name in NAMES else ()))


SHARED_RULES = ("distributions", "smoothing")
UNUSED_DRAWS = (WATCH_DRAW,)  # its number is not given again


def drawn_in(decision: Decision) -> Iterator[str]:
    """Names of the phases that draw a decision."""
    return (phase.name for phase in (*BEFORE, *DAY) if decision in phase.draws)

"""The mechanisms of a border: one section for each of the systems that act on those who trade."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from amnok.quantity import (
    ArrestsPerMonth,
    Consignments,
    Date,
    DayOfYear,
    Days,
    Elasticity,
    Index,
    Items,
    Minutes,
    Money,
    MoneyPerMinute,
    Part,
    Probability,
    Ratio,
    Share,
    Sources,
    StandardDeviations,
    Weight,
)
from amnok.scenario.signals import Signal

Name = str
Role = Literal["guard", "security_police", "patrol", "police", "customs"]
Plan = Literal["stackelberg", "quantal"]


class SelfInspection(Part):
    """What it costs a sender to look through a consignment, and how well that works."""

    spot_check: Items
    effectiveness: Probability
    minute_cost: MoneyPerMinute


class SecurityPolice(Part):
    """The inner side's police against leaks: search, watch, investigate, punish."""

    search_base: Probability
    search_boost: Probability
    flag_factor: Ratio
    scrutiny_factor: Ratio
    scrutiny_days: Days
    find_rate: Probability
    watch_base: Probability
    watch_boost: Probability
    file_opened: Probability
    detain_contraband: Probability
    contraband_days: Days
    leak_loss_usual: Money
    leak_loss_campaign: Money
    leak_days: Days


class Guards(Part):
    """Border guards: how many of them deal, what they ask and risk, how the money is split."""

    collusion: Probability
    effort: Ratio
    penalty: Money
    bargaining_share: Share
    liability_usual: Probability
    liability_campaign: Probability
    strict_factor: Ratio
    strict_days: Days
    share_superiors: Share
    share_security: Share

    @model_validator(mode="after")
    def _shares_fit(self) -> Guards:
        passed_on = self.share_superiors.number + self.share_security.number
        if passed_on > 1:
            raise ValueError(
                f"share_superiors and share_security add up to {passed_on:g}, more than 1"
            )
        return self


class Cameras(Part):
    """Cameras watch routes; `usual_level` is the share installed before any order for more.

    By a plan, those of a sector are placed anew among its routes.
    """

    usual_level: Share
    period: Minutes
    visible_share: Share
    exposed: Minutes
    allocation: Literal["fixed"] | Plan = "fixed"


class RainEvent(Part):
    """A dated rise of the river on top of season and chance."""

    label: str
    start: Date
    days: Days
    height: Index
    sectors: tuple[Name, ...] | Literal["all"] = "all"


class River(Part):
    """Water level (0 low, 1 the bank) from season and rain, and ice."""

    base_stage: Index
    monsoon_peak: DayOfYear
    monsoon_height: Index
    rain_height: Index
    rain_memory: Days
    stage_cost: Ratio
    ice_factor: Ratio
    events: dict[Name, RainEvent] = Field(default_factory=dict)


class Patrols(Part):
    """Outer-side patrols: whom they meet at the river and what follows."""

    intercept_base: Probability
    intercept_boost: Probability
    arrest_share: Probability


class Phones(Part):
    """Outer-side phone monitoring, which makes people known and brings them in for questioning."""

    monitoring_base: Probability
    monitoring_boost: Probability
    calls_noticed: Probability
    question_base: Probability
    question_boost: Probability
    known_days: Days
    lie_low_days: Days


class Quota(Part):
    """The outer police's arrest quota, filled from the known, the cheapest to bring in first."""

    arrests: ArrestsPerMonth
    boost: Ratio
    late_push: Share
    search_noise: StandardDeviations
    highest_cost: Ratio
    detention_days: Days
    prison_share: Probability
    prison_days: Days


class Protection(Part):
    """Bribes to the outer police for being left alone; the monthly fee goes by a trader's size."""

    effect: Probability
    premium: Ratio


class Customs(Part):
    """The customs bridges: duty, what officers are paid, and what they stop."""

    open_share: Share
    duty: Share
    bribe_share: Share
    stop_base: Probability
    stop_boost: Probability
    laxity: Probability


class Learning(Part):
    """How people come to believe what they believe about risk."""

    memory: Days
    salience: Ratio
    prior_weight: Consignments
    prior_search: Probability
    prior_loss: Probability
    prior_find: Probability
    prior_arrest: Probability
    personal_spread: StandardDeviations
    investigated_wariness: Ratio
    bad_event_wariness: Ratio
    wariness_memory: Days


class Prices(Part):
    """How prices answer to what crosses."""

    smoothing: Days
    elasticity_selling: Elasticity
    elasticity_buying: Elasticity


class Reporting(Part):
    """Sources inside, and the editors who publish them."""

    sources: Sources
    visibility: Probability
    courage: Probability
    fear: Weight
    delay: Days
    slowdown: Ratio
    call_traced: Probability
    silent_days: Days
    corroboration_days: Days
    single_source_published: Probability
    editing_days: Days


class Official(Part):
    """What official statistics and price surveys show of what happened."""

    arrests_recorded: Share
    questionings_recorded: Share
    seizures_recorded: Share
    survey_interval: Days
    survey_noise: StandardDeviations


class Agency(Part):
    """An agency: its role in the model, how politics moves it, how it spreads its effort.

    Effort is spread evenly (`fixed`), drawn to recent finds, or put where a plan has it: made
    against traders who take the best way (`stackelberg`), or with reasons of their own (`quantal`).
    """

    label: str
    role: Role
    inertia: Days
    sanctions_weight: Weight
    tariff_weight: Weight
    election_weight: Weight
    allocation: Literal["fixed", "follow_finds"] | Plan = "fixed"
    follow: Share | None = None

    @model_validator(mode="after")
    def _follows_with_a_share(self) -> Agency:
        if self.allocation != "fixed" and self.role not in ("security_police", "patrol"):
            raise ValueError("only security_police and patrol spread effort over routes")
        if self.allocation == "follow_finds" and self.follow is None:
            raise ValueError("allocation: follow_finds needs `follow`, how far effort moves")
        return self


class Order(Part):
    """A dated order that raises the intensity of agencies, or the level of `cameras`."""

    label: str
    targets: tuple[Name, ...] = Field(min_length=1)
    start: Date
    end: Date | None = None
    ramp: Days
    intensity: Index

    @model_validator(mode="after")
    def _dates_in_order(self) -> Order:
        if self.end is not None and self.end.date <= self.start.date:
            raise ValueError(
                f"dates out of order: it ends on {self.end.date}, starts on {self.start.date}"
            )
        return self


class Halt(Part):
    """Days around a political date on which most people stay home."""

    label: str = ""
    start: Date
    days: Days
    strength: Probability


class Calendar(Part):
    """Political dates."""

    halts: dict[Name, Halt] = Field(default_factory=dict)


class Signals(Part):
    """The political signals that drive orders."""

    sanctions_talks: Signal
    tariff_talks: Signal
    elections: Signal

"""What the explorer asks of the model: a border under some settings, or under two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

import xarray as xr

from amnok.engine import simulate
from amnok.errors import AmnokError, Fault
from amnok.reporting.answers import SetBeside
from amnok.reporting.citing import Source
from amnok.reporting.comparison import comparison_sheet, headline_rows
from amnok.reporting.evidence_page import evidence_page
from amnok.reporting.findings import Findings
from amnok.reporting.formats import as_data
from amnok.reporting.picture import picture
from amnok.results.ledgers import side_by_side
from amnok.results.threads import Days, cores, days_of, in_order
from amnok.results.weekly import scaled, weeks_of
from amnok.scenario import Scenario
from amnok.scenario.dump import written_digest
from amnok.scenario.levers import Levers
from amnok.scenario.overrides import with_values
from amnok.scenario.stories import Story
from amnok.studies.claims.judging import judged_while
from amnok.studies.comparison.arms import compare_arms
from amnok.studies.counterfactual import Effect
from amnok.studies.counterfactual.events import (
    MECHANISM,
    chosen,
    days_of_story,
    events,
    story_of,
)
from amnok.studies.counterfactual.robustness import Robustness
from amnok.studies.worlds import Window
from amnok.web.about import about_border
from amnok.web.answer import PANEL, stories_of, told
from amnok.web.stored import Stored
from amnok.web.worlds import Newest, Worlds, paired

if TYPE_CHECKING:
    from amnok.studies.inference.questions import Questions

Quality = Literal["preview", "full"]
Settings = Mapping[str, float]

PREVIEW_TRADERS = 2_000  # simulated while dragging, in each replicate; then scaled up
PAIR_TRADERS = 1_200  # the same, in each of the two worlds that an effect takes
_KEPT = 16  # settings whose pictures are kept
_KEPT_PAIRS = 8  # the same of pairs of worlds, some ten megabytes each
_SOON = 1.0  # seconds; what takes no longer is not kept for later
_MOST_WORK = 4.0  # traders of a setting, over those of the border as it is
_TRADERS = ("traders.inner", "traders.outer")


@dataclass(frozen=True)
class Border:
    """A scenario to explore.

    Attributes:
        scenario: as it is, with all evidence that is told of it; settings start from here.
        levers: what can be moved.
        seed: of all simulations.
        replicates: of a full picture.
        saved: a saved run of the scenario as it is, by weeks, to show before anything is moved.
        effects: those that were saved with it, by event.
        draws: of its prior, if there are any.
        asked: what could be learned next, where a bank has told it.
        simulated: the scenario before further evidence was laid over it; without it, `scenario`.
        sha256: of the scenario of the saved run.
    """

    scenario: Scenario
    levers: Levers
    seed: int = 1
    replicates: int = 4
    saved: xr.Dataset | None = None
    effects: Mapping[str, Effect] = field(default_factory=dict)
    draws: Robustness | None = None
    asked: Questions | None = None
    simulated: Scenario | None = None
    sha256: str = ""


@dataclass(frozen=True)
class View:
    """What to look at.

    Attributes:
        story: its name, or that of any event.
        settings: value by path of a parameter, of both worlds.
        quality: "preview" simulates a part of the traders and scales up their counts.
        days: first and last that count; by default those of the story, else of the border's first
            question about the event, else its first three months.
        sector: that counts; the whole border without it.
        pinned: other settings, whose numbers stand beside the answer; by default those of the
            border as it is.
    """

    story: str
    settings: Settings
    quality: Quality = "full"
    days: Window = (None, None)
    sector: str | None = None
    pinned: Settings = field(default_factory=dict)


class Explorer:
    """Simulates settings of one border and remembers the last few; on any thread."""

    def __init__(self, border: Border, stored: Stored | None = None) -> None:
        self.border = border
        self._stored = stored  # answers of earlier times
        self.stories = stories_of(border.scenario)
        # What takes a mechanism out depends on how it is set, what takes out the rest does not.
        known = events(border.scenario).items()
        self._events = {name: one for name, one in known if one.kind != MECHANISM}
        self._kept: Newest[xr.Dataset] = Newest(_KEPT)
        self._evidence: Newest[str] = Newest(1)
        self._pairs: Newest[Worlds] = Newest(_KEPT_PAIRS)
        self._others: Newest[Findings] = Newest(1)  # of what answers stand beside

    def picture(
        self, settings: Settings, quality: Quality, sector: str | None, days: Callable[[int], Days]
    ) -> dict[str, Any]:
        """What the page draws under some settings.

        Args:
            settings: value by path of a parameter.
            quality: "preview" simulates a part of the traders and scales up their counts.
            sector: charts show this one; the whole border without it.
            days: makes the counter of simulated days from how many there will be.

        Raises:
            ScenarioError: a setting is not allowed.
            AmnokError: it would be too much to simulate, or there is no such sector.
            Stopped: the counter said so.
        """
        self._check(sector)
        weeks, share = self._weeks(settings, quality, days)
        drawn = {**picture(weeks, self.border.scenario, sector), "share": share}
        return drawn if share < 1 else drawn | self._sources(self._digest(settings), weeks, sector)

    def comparison(
        self, pinned: Settings, settings: Settings, days: Callable[[int], Days]
    ) -> dict[str, Any]:
        """Paired differences between two settings, and who is arrested under which.

        Raises: as for `picture`.
        """
        base, other = self._under(pinned), self._under(settings)
        n = self.border.replicates
        found = compare_arms(
            base,
            {"now": other},
            {"now": "the present setting"},
            self.border.seed,
            n,
            days(2 * n * days_of(base)),
        )
        whole = as_data(comparison_sheet(found))
        return {
            "replicates": n,
            "first_difference": whole["first_difference"]["now"],
            "rows": headline_rows(found, "now"),
            "persons": whole["persons"],
        }

    def view(self, asked: View, days: Callable[[int], Days]) -> dict[str, Any]:
        """What an event does under some settings, and the world with it, as the page draws them.

        Worlds are kept: other days or another sector need no simulation.

        Args:
            asked: what to look at.
            days: as for `picture`.

        Raises:
            AmnokError: there is no such event, or no day to count; otherwise as for `picture`.
        """
        self._check(asked.sector)
        own = self.stories.get(asked.story)
        story = own or story_of(chosen(self.border.scenario, asked.story))
        worlds = self._worlds(asked, story, days)
        # Draws are of the border as it is; of any other what comes with Amnok would be found.
        draws = self.border.draws if worlds.share == 1 and not asked.settings else None
        effect, digest = worlds.effect, ""
        if worlds.share == 1:
            digest = self._digest(asked.settings)
            effect = replace(effect, sha256=digest)
        counted: Window = asked.days
        if own is not None and not any(counted):
            counted = days_of_story(effect.scenario, own, effect.event) or counted
        findings = Findings(effect, counted, asked.sector, draws, worlds.share < 1)
        beside = self._beside(asked, story, findings, days)
        drawn = picture(worlds.weeks, self.border.scenario, asked.sector)
        drawn["share"] = worlds.share
        if worlds.share == 1:
            drawn |= self._sources(digest, worlds.weeks, asked.sector)
        return {"effect": told(findings, story, beside), "picture": drawn}

    def evidence(self, days: Callable[[int], Days]) -> str:
        """The evidence as a page, with what the model says of each claim: asked once, then kept.

        Raises: as for `picture`.
        """
        border = self.border

        def told() -> str:
            verdicts = judged_while(border.scenario, border.replicates, border.seed, days)
            return evidence_page(border.scenario, verdicts, border.asked)

        return self._evidence.of((), told)

    def about(self) -> dict[str, Any]:
        """The border, its levers and evidence, for the page to start with."""
        return about_border(self.border, self.stories)

    def _sources(self, digest: str, weeks: xr.Dataset, sector: str | None) -> dict[str, str]:
        """How to cite what shows the whole border, and what shows the sector, if there is one."""
        scenario, n = self.border.scenario, int(weeks.sizes["replicate"])
        version = str(weeks.attrs["amnok_version"])
        whole = Source.of_run(scenario, self.border.seed, n, digest, version)
        if sector is None:
            return {"source": whole.told}
        here = replace(whole, place=scenario.sectors[sector].label)
        return {"source": whole.told, "source_here": here.told}

    def _digest(self, settings: Settings) -> str:
        """Of the scenario under some settings, as `amnok run` would have it."""
        border = self.border
        if border.sha256 and not settings:
            return border.sha256
        return written_digest(with_values(border.simulated or border.scenario, settings))

    def _check(self, sector: str | None) -> None:
        if sector is not None and sector not in self.border.scenario.sectors:
            raise AmnokError([Fault(f"no sector '{sector}'")])

    def _beside(
        self, asked: View, story: Story, found: Findings, days: Callable[[int], Days]
    ) -> SetBeside | None:
        """The answer beside that under the pinned settings, unless they are the same.

        A preview stands beside a preview: of the same few traders, so that only levers differ.
        """
        if dict(asked.settings) == dict(asked.pinned):
            return None
        is_rough = found.is_preview or found.effect.replicates < self.border.replicates
        pinned = replace(asked, settings=asked.pinned, quality="preview" if is_rough else "full")
        other = (self._made if is_rough else self._worlds)(pinned, story, days)
        there = self._others.of(
            (id(other.effect), found.days, asked.sector),
            lambda: Findings(other.effect, found.days, asked.sector, None, found.is_preview),
        )
        return found.beside(there, "Pinned" if asked.pinned else "As it is", story.outcomes)

    def _worlds(self, asked: View, story: Story, days: Callable[[int], Days]) -> Worlds:
        """The worlds with an event and without it, under settings; no preview of known ones."""
        return self._known(story.of, asked.settings) or self._made(asked, story, days)

    def _known(self, of: str, settings: Settings) -> Worlds | None:
        """The same in full, if that needs no simulation."""
        border, key = self.border, ("full", of, *sorted(settings.items()))
        if border.saved is not None and of in border.effects and not settings:
            return Worlds(border.effects[of], border.saved, 1.0)
        known = self._pairs.known(key)
        if known is None and self._stored is not None and not settings:
            known = self._stored.read(chosen(border.scenario, of))
        return known and self._pairs.of(key, lambda: known)

    def _made(self, asked: View, story: Story, days: Callable[[int], Days]) -> Worlds:
        """The same, simulated unless it was among the last; what took long is kept for later."""
        border, settings = self.border, asked.settings
        share, n = self._part(asked.quality, settings, PAIR_TRADERS)
        only = (*PANEL, *story.outcomes) if share < 1 else ()  # a preview shows no more

        def simulated() -> Worlds:
            scenario = self._under(settings, share)
            event = self._events.get(story.of) or chosen(scenario, story.of)
            return paired(scenario, event, border.seed, n, share, days, only)

        start = perf_counter()
        key = (asked.quality, story.of, *only, *sorted(settings.items()))
        made = self._pairs.of(key, simulated)
        is_slow = asked.quality == "full" and perf_counter() - start > _SOON
        if self._stored is not None and not settings and is_slow:
            self._stored.write(made.effect.event, made)
        return made

    def _part(self, quality: Quality, settings: Settings, most: int) -> tuple[float, int]:
        """Which share of the traders to simulate, and in how many replicates."""
        if quality == "full":
            return 1.0, self.border.replicates
        # The browser draws meanwhile, and needs a core of its own.
        at_once = max(cores() - 1, 1)
        share = min(1.0, most / max(self._people(settings), 1.0))
        return share, min(at_once, self.border.replicates)

    def _under(self, settings: Settings, share: float = 1.0) -> Scenario:
        """The scenario under some settings, with a share of its traders."""
        numbers = self._traders(settings)
        if sum(numbers.values()) > _MOST_WORK * max(self._people({}), PREVIEW_TRADERS):
            problem = "more traders than the explorer simulates"
            raise AmnokError([Fault(problem, "use amnok run", path="traders")])
        fewer = {path: round(number * share) for path, number in numbers.items() if share < 1}
        return with_values(self.border.scenario, {**settings, **fewer})

    def _traders(self, settings: Settings) -> dict[str, float]:
        """Traders of either side under some settings, by path."""
        traders = self.border.scenario.traders
        as_is = (traders.inner.number, traders.outer.number)
        return {
            path: settings.get(path, number) for path, number in zip(_TRADERS, as_is, strict=True)
        }

    def _people(self, settings: Settings) -> float:
        return sum(self._traders(settings).values())

    def _weeks(
        self, settings: Settings, quality: Quality, days: Callable[[int], Days]
    ) -> tuple[xr.Dataset, float]:
        if self.border.saved is not None and not settings:
            return self.border.saved, 1.0
        share, replicates = self._part(quality, settings, PREVIEW_TRADERS)

        def simulated() -> xr.Dataset:
            scenario = self._under(settings, share)
            weeks = self._simulated(scenario, replicates, days(replicates * days_of(scenario)))
            return scaled(weeks, 1 / share) if share < 1 else weeks

        return self._kept.of((quality, *sorted(settings.items())), simulated), share

    def _simulated(self, scenario: Scenario, replicates: int, days: Days) -> xr.Dataset:
        seed = self.border.seed

        def one(number: int) -> xr.Dataset:
            outcome = simulate(scenario, seed, number, on_days=days)
            return weeks_of(outcome, scenario, seed)

        return side_by_side(in_order(range(replicates), one, cores(), days))

"""How exploitable behaviour in a run is: what a best-responding trader, or agency, would gain.

A trader who knew the chances of the day, though not its outcomes, would take the best way open to
him, check what pays, or stay home; an agency who knew the traffic of a phase would stand where most
can be stopped. Both are measured against what the others did in the run, which stays as it was: no
gain means that the side plays a best response.

Chances are those of the model's rules under the run's own efforts, orders, cameras, river and
prices, not counted frequencies: few losses in a phase would make some way look safe by luck.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok.arguments import verb
from amnok.games.best_agency import most_stopped, pieces
from amnok.games.best_trader import COLUMNS, Behaviour, KernelBorder, weigh_days
from amnok.mechanisms.roles import PATROL, ROLES, SECURITY
from amnok.results.given import Run, given_run
from amnok.results.ledgers import PhaseDays, phases
from amnok.results.ratios import ratio
from amnok.scenario import Scenario
from amnok.scenario.loading import Given
from amnok.scenario.where import Post, posts
from amnok.world import changes, places
from amnok.world.build import planned
from amnok.world.days import seasons
from amnok.world.plans import goods_mix
from amnok.world.rates import rates

Floats = NDArray[np.float64]

_ACTING = (SECURITY, PATROL)
_BY = {SECURITY: "security_police", PATROL: "patrols"}  # the section by which each acts


Span: TypeAlias = tuple[slice, KernelBorder]
"""Some of the days, and what the scenario says on them."""


@verb
def exploit(run: Run, scenario: Given | None = None) -> xr.Dataset:
    """What best responses would gain against the behaviour in a run.

    Args:
        run: a run (`amnok.run`, `amnok.open_run`), the folder of a saved one, or a scenario, which
            is simulated once with seed 1.
        scenario: what was run, as for `load`; needed for a dataset, as a saved run has its own.

    Returns:
        By [replicate, phase, size], money for each consignment that set out:

        - `realised`: what it earned on average, once risk, checks, transport and officials count;
        - `informed`: the same for traders who know the chances and check what pays, and whose
          reasons of their own stay as large as the scenario says;
        - `best`: with the best way open to the sender, the best check, or at home;
        - `gain`: best less realised, at least 0; and `worth` of the goods;
        - `consignments` that set out.

        By [replicate, phase, agency], of the security police and patrols: `stops` expected at the
        run's own spread of effort, `best_stops` at the best one that stays the same through the
        phase (or the run's own, if that is better), and `stop_gain`, their difference.
    """
    dataset, scenario = given_run(run, scenario)
    border = _border(scenario)
    spans, stretches = list(_spans(scenario, border)), phases(dataset)
    there = [
        (place, one)
        for place, role in enumerate(_ACTING)
        for one in posts(scenario)
        if one.agency.role == ROLES[role] and scenario.has(_BY[role])
    ]
    traders, agencies = [], []
    for _, replicate in dataset.groupby("replicate", squeeze=False):
        behaviour = _behaviour(replicate.isel(replicate=0), border)
        traders.append(_of_traders(spans, behaviour, stretches, dataset))
        agencies.append(_of_agencies(spans, behaviour, stretches, dataset, there))
    acting = [one for _, one in there]
    return _labelled(np.array(traders), np.array(agencies), acting, stretches, dataset, scenario)


def _border(scenario: Scenario) -> KernelBorder:
    days, routes, _ = planned(scenario)
    sectors, spin_up = places.sectors(scenario), scenario.period.spin_up
    mix = np.stack([goods_mix(scenario, index) for index in range(len(sectors))])
    sent = mix[None] * seasons(scenario)[spin_up:, None, None, :]
    return KernelBorder(
        rates(scenario),
        places.sizes(scenario),
        places.goods(scenario),
        routes,
        sectors,
        days[spin_up:],
        _ratio(sent, sent.sum(axis=-1, keepdims=True)),
    )


def _behaviour(run: xr.Dataset, border: KernelBorder) -> Behaviour:
    def numbers(name: str, like: Floats | None = None) -> Floats:
        """A variable; of one that the border does not have, zeros in the shape of another."""
        if like is not None and name not in run:
            return np.zeros(like.shape)
        return run[name].to_numpy().astype(np.float64)

    outer = run["people"].isel(side=1)
    outer = outer.sel(status=outer["status"] != "gone").sum("status")
    attempts, people = numbers("attempts"), numbers("people").sum(axis=-1)
    paying = numbers("protected", people)[:, :, 1]
    by_route, by_sector = attempts[..., 0], people[..., 0, 0]
    return Behaviour(
        attempts=attempts,
        effort=np.stack(
            [numbers(f"effort_{one}", by_route) for one in ("security_police", "patrols")], axis=-1
        ),
        price=numbers("price"),
        stage=numbers("river_stage", by_sector),
        frozen=numbers("frozen", by_sector),
        guard_price=numbers("guard_price", by_route),
        protected=np.minimum(1.0, _ratio(paying, outer.to_numpy().astype(np.float64))),
        checked=_looked_through(run, float(border.rates.self_inspection.spot_check[0])),
    )


def _ratio(above: Floats, below: Floats) -> Floats:
    """A quotient; 0 where there is nothing to divide by."""
    result = np.zeros(np.broadcast_shapes(above.shape, below.shape))
    np.divide(above, below, out=result, where=below > 0.0)
    return result


def _looked_through(run: xr.Dataset, spot_check: float) -> Floats:
    """Share of senders who look through everything, [day, sector, goods]: the rest look at few."""
    if "goods_items_checked" not in run:
        return np.zeros(run["goods_attempts"].shape)
    sent, items, looked = (
        run[name].to_numpy().astype(np.float64)
        for name in ("goods_attempts", "goods_items_attempted", "goods_items_checked")
    )
    return np.clip(_ratio(looked - spot_check * sent, items - spot_check * sent), 0.0, 1.0)


def _spans(scenario: Scenario, border: KernelBorder) -> Iterator[Span]:
    """The days, split where changes and closures move numbers, with the numbers of each part."""
    turns = changes.turns(scenario)
    if not turns:
        yield slice(0, len(border.days)), border
        return
    starts = [max(turn.t - scenario.period.spin_up, 0) for turn in turns]
    for turn, start, end in zip(turns, starts, [*starts[1:], len(border.days)], strict=True):
        days, routes = slice(start, end), border.routes.copy()
        changes.put_routes(routes, turn)
        part = border._replace(days=border.days[days], mix=border.mix[days], routes=routes)
        if start < end:
            yield days, part._replace(rates=turn.rates, sizes=turn.sizes, goods=turn.goods)


def _of_traders(
    spans: Sequence[Span], behaviour: Behaviour, stretches: list[PhaseDays], dataset: xr.Dataset
) -> Floats:
    """Sums over the consignments of each phase, [phase, size, COLUMNS]."""
    by_day = np.concatenate(
        [weigh_days(part, Behaviour(*(one[days] for one in behaviour))) for days, part in spans]
    )
    return np.array([by_day[_days(phase, dataset)].sum(axis=0) for phase in stretches])


def _of_agencies(
    spans: Sequence[Span],
    behaviour: Behaviour,
    stretches: list[PhaseDays],
    dataset: xr.Dataset,
    there: list[tuple[int, Post]],
) -> Floats:
    """Stops expected and at best, [phase, agency, 2], of the agencies that are there: place of the
    role in efforts, and which agency."""
    result = np.zeros((len(stretches), len(there), 2))
    attempts, sectors = behaviour.attempts.sum(axis=-1), spans[0][1].sectors
    for place, (agency, one) in enumerate(there):
        served = sectors[np.array(one.serves)]
        found = [
            pieces(part.rates, part.routes, part.sectors, part.days, attempts[days], agency)
            for days, part in spans
        ]
        many, slope = (np.concatenate(each) for each in zip(*found, strict=True))
        for row, phase in enumerate(stretches):
            days = _days(phase, dataset)
            effort = behaviour.effort[days, :, agency]
            result[row, place] = most_stopped(served, many[days], slope[days], effort)
    return result


def _days(phase: PhaseDays, dataset: xr.Dataset) -> slice:
    days = pd.DatetimeIndex(dataset["day"].to_numpy())
    return slice(int(days.searchsorted(phase.start)), int(days.searchsorted(phase.end, "right")))


def _labelled(
    traders: Floats,
    agencies: Floats,
    acting: list[Post],
    stretches: list[PhaseDays],
    dataset: xr.Dataset,
    scenario: Scenario,
) -> xr.Dataset:
    sent = traders[..., COLUMNS.index("consignments")]
    per_consignment = ratio(traders, sent[..., None])
    by_size, by_agency = ("replicate", "phase", "size"), ("replicate", "phase", "agency")
    money = {"units": scenario.currency}
    values: dict[str, Any] = {
        name: (by_size, per_consignment[..., COLUMNS.index(name)], money)
        for name in COLUMNS
        if name != "consignments"
    }
    values["gain"] = (by_size, values["best"][1] - values["realised"][1], money)
    values["consignments"] = (by_size, sent, {"units": "consignments"})
    values["stops"] = (by_agency, agencies[..., 0], {"units": "consignments"})
    values["best_stops"] = (by_agency, agencies[..., 1], {"units": "consignments"})
    values["stop_gain"] = (
        by_agency,
        agencies[..., 1] - agencies[..., 0],
        {"units": "consignments"},
    )
    sizes = scenario.traders.sizes
    return xr.Dataset(
        values,
        coords={
            "replicate": dataset["replicate"].to_numpy(),
            "phase": [phase.name for phase in stretches],
            "phase_label": ("phase", [phase.label for phase in stretches]),
            "size": list(sizes),
            "size_label": ("size", [size.label for size in sizes.values()]),
            "agency": [one.name for one in acting],
            "agency_label": ("agency", [one.agency.label for one in acting]),
        },
        attrs={"scenario": scenario.name, "currency": scenario.currency},
    )

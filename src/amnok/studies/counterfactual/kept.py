"""Effects in the folder of the run that they belong to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

import xarray as xr

from amnok.results.folder import RUN, RunFolder
from amnok.results.packing import pack, unpacked
from amnok.results.store import Store
from amnok.scenario import Scenario
from amnok.studies.counterfactual.events import Event, chosen
from amnok.studies.counterfactual.paired import Effect

_FOLDER = "effects"


def keep(folder: RunFolder, found: Mapping[str, Effect]) -> None:
    """Write effects into a run that is being saved."""
    for name, one in found.items():
        folder.add_file(f"{_FOLDER}/{name}.zip", pack(whole_of(one)))


def kept(path: str | os.PathLike[str], scenario: Scenario) -> dict[str, Effect]:
    """The effects in a saved run, by event; none if it was made without.

    Raises:
        FolderError: a file of the run is missing or changed.
    """
    store, found = Store.open(path, RUN), {}
    files, made = store.names(_FOLDER), store.manifest
    for file, place in zip(files, store.checked(files), strict=True):
        event = chosen(scenario, file.removeprefix(f"{_FOLDER}/").removesuffix(".zip"))
        with unpacked(place) as opened:
            effect = effect_in(opened.load(), scenario, event)
        found[event.name] = replace(
            effect, sha256=made.about["scenario_sha256"], version=made.versions["amnok"]
        )
    return {one.event.name: one for one in sorted(found.values(), key=_by_date)}


def whole_of(effect: Effect) -> xr.Dataset:
    """An effect as one dataset."""
    whole = effect.daily.assign(persons=effect.persons, first_difference=effect.first_difference)
    return whole.assign_attrs(seed=effect.seed)


def effect_in(whole: xr.Dataset, scenario: Scenario, event: Event) -> Effect:
    """The effect that `whole_of` made a dataset of."""
    return Effect(
        event=event,
        scenario=scenario,
        seed=int(whole.attrs["seed"]),
        daily=whole.drop_vars(["persons", "first_difference", "fate"]),
        persons=whole["persons"],
        first_difference=whole["first_difference"],
        days=event.window(scenario),
    )


def _by_date(effect: Effect) -> str:
    return str(effect.event.start or "")

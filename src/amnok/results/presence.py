"""What a border without a mechanism has no results about: variables, and places along their axes.

Each needs sections of the scenario: all that are listed, and of names joined by `|` any one.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from amnok.scenario import Scenario
from amnok.scenario.consistency import ACTS_BY
from amnok.scenario.model import OPTIONAL

Needs = tuple[str, ...]

ARREST = "guards|security_police|patrols|quota"  # whoever arrests
SEIZE = "guards|security_police|patrols|customs"  # whoever seizes goods
QUESTION = "phones|patrols"  # whoever questions
_IMPRISON = "security_police|patrols|quota"
_STOP = "guards|security_police|patrols|phones|quota|customs"

VARIABLES: Mapping[str, Needs] = {
    "refused": ("guards",),
    "items_turned_back": ("guards",),
    "guard_bribes": ("guards",),
    "guard_price": ("guards",),
    "losses": (SEIZE,),
    "items_lost": (SEIZE,),
    "leaks_held": (SEIZE,),
    "items_checked": ("self_inspection",),
    "checking_hours": ("self_inspection",),
    "goods_items_checked": ("self_inspection",),
    "goods_checking_hours": ("self_inspection",),
    "export_items_checked": ("self_inspection",),
    "leaks_removed": ("self_inspection",),
    "leaks_found": ("security_police",),
    "leak_cases": ("security_police",),
    "searches": ("security_police",),
    "released": ("security_police",),
    "investigations": ("security_police",),
    "under_scrutiny": ("security_police",),
    "belief_search": ("security_police",),
    "effort_security_police": ("security_police",),
    "guards_removed": ("guards", "security_police"),
    "seen_by_camera": ("cameras",),
    "camera_level": ("cameras",),
    "intercepts": ("patrols",),
    "effort_patrols": ("patrols",),
    "stops": (_STOP,),
    "let_go": (QUESTION,),
    "detections": (_STOP,),
    "questionings": (QUESTION,),
    "arrests": (ARREST,),
    "imprisonments": (_IMPRISON,),
    "items_seized": (SEIZE,),
    "value_seized": (SEIZE,),
    "lying_low": (QUESTION,),
    "known": (QUESTION,),
    "protected": ("protection",),
    "partner_arrests": ("patrols|quota",),
    "bribes": ("guards|security_police|protection|customs",),
    "duties": ("customs",),
    "intensity": (_STOP,),
    "river_stage": ("river",),
    "frozen": ("river",),
    "sources_traced": ("reporting", "phones"),
    "official_arrests": ("official", ARREST),
    "official_questionings": ("official", QUESTION),
    "official_items_seized": ("official", SEIZE),
    "official_value_seized": ("official", SEIZE),
    "surveyed_price": ("official",),
    "survey_day": ("official",),
    "report_replicate": ("reporting",),
    "event_day": ("reporting",),
    "publication_day": ("reporting",),
    "report_sector": ("reporting",),
    "report_side": ("reporting",),
    "report_kind": ("reporting",),
    "report_sources": ("reporting",),
}
"""Of the variables that need something, what."""

PLACES: Mapping[str, Mapping[str, Needs]] = {
    "agency_role": {role: ("|".join(sections),) for role, sections in ACTS_BY.items()},
    "receiver": {
        "guards": ("guards",),
        "superiors": ("guards",),
        "security_police": ("security_police",),
        "police": ("protection",),
        "customs": ("customs",),
    },
    "status": {"detained": (ARREST,), "imprisoned": (_IMPRISON,), "gone": (ARREST,)},
    "investigated": {"ever": ("security_police",)},
    "paying": {"yes": ("protection",)},
}
"""Of the places along an axis, by the coordinate that names them, what some of them need."""


def there(scenario: Scenario, needs: Mapping[str, Needs], name: str) -> bool:
    """Whether a border has what something of this name needs."""
    return scenario.has(*needs.get(name, ()))


def places(scenario: Scenario, coordinate: str, names: list[str]) -> list[int]:
    """Which of the names along a coordinate a border has, by position."""
    needs = PLACES.get(coordinate, {})
    return [place for place, name in enumerate(names) if there(scenario, needs, name)]


def of_border(dataset: xr.Dataset, scenario: Scenario) -> xr.Dataset:
    """The dataset without what the border has no mechanism for."""
    if len(scenario.sections) == len(OPTIONAL):
        return dataset
    absent = [str(one) for one in dataset.variables if not there(scenario, VARIABLES, str(one))]
    dataset = dataset.drop_vars(absent)
    for coordinate in PLACES:
        dim = str(dataset[coordinate].dims[0])
        names = [str(name) for name in dataset[coordinate].to_numpy()]
        kept = places(scenario, coordinate, names)
        if not kept:
            dataset = dataset.drop_dims(dim)
        elif len(kept) < len(names):
            dataset = dataset.isel({dim: np.array(kept, dtype=np.int64)})
    return dataset

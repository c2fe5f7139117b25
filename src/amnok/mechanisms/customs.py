"""Customs at the bridges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amnok.mechanisms.form import Contrast, Mechanism, Section, Values, setting
from amnok.quantity import Probability, Share


class Customs(Section):
    """The customs bridges: duty, what officers are paid, and what they stop."""

    NEUTRAL: ClassVar[Mapping[str, float]] = {
        "open_share": 1.0
    }  # a bridge that is always open, and free

    open_share: Share
    """Share of days on which a customs bridge is open, drawn for each bridge and day. At 0 bridges
    are closed; at 1 open every day.
    """

    duty: Share
    """Duty paid on each load that passes, as a share of the goods' worth. Low: bridges are cheap;
    high: the river is cheaper.
    """

    bribe_share: Share
    """Bribe to customs officers for each load that passes, as a share of the goods' worth. Low:
    bridges are cheap; high: the river is cheaper.
    """

    stop_base: Probability
    """Chance that customs stop a load of sanctioned goods with no order in force, if they waved
    none through (see `laxity`). Goods that are not sanctioned are never stopped. Low: sanctions are
    not looked for; high: every sanctioned load would be found.
    """

    stop_boost: Probability
    """What an order of intensity 1 adds to the chance that customs stop a sanctioned load, if they
    waved none through. Low: an order changes nothing at the bridges; high: it would close them to
    sanctioned goods.
    """

    laxity: Probability
    """Share of sanctioned loads that customs wave through without looking. At 0 sanctions are
    enforced as `stop_base` and `stop_boost` say; at 1 nothing is ever stopped.
    """


def _guarded_like_the_river(scenario: Any) -> Values:
    """Customs wave nothing through, and patrols are at sea as they are at the river."""
    kinds = scenario.route_kinds
    rivers = (kind for kind in kinds.values() if kind.channel == "river")
    river = max((kind.patrol_exposure.number for kind in rivers), default=1.0)
    at_sea = [name for name, kind in kinds.items() if kind.channel == "sea"]
    at_bridges = setting({"customs.laxity": 0.0})(scenario)
    return {**at_bridges, **{f"route_kinds.{name}.patrol_exposure": river for name in at_sea}}


MECHANISM = Mechanism(
    "customs",
    Customs,
    "Customs bridges: duty, bribes, and what officers stop.",
    roles=("customs",),
    contrasts=(
        Contrast("open_channels", "Customs and sea are open", "P11", _guarded_like_the_river),
    ),
)

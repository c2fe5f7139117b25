"""Cameras on the routes, fixed and rotating."""

from __future__ import annotations

from typing import Literal

from amnok.mechanisms.form import Contrast, Mechanism, PlanMethod, Section, orders_off
from amnok.quantity import Minutes, Share


class Cameras(Section):
    """Cameras on the routes, fixed and rotating."""

    usual_level: Share
    """Share of the cameras described for the kinds of route that stand before any order for more.
    At 0 there are none until an order; at 1 all are there from the start.
    """

    period: Minutes
    """Minutes that a rotating camera takes for a full turn. Low: it comes back before anyone is
    across; high: there is time to cross while it looks away.
    """

    visible_share: Share
    """Share of each turn in which a rotating camera has the crossing spot in view. Low: it mostly
    looks elsewhere; at 1 it sees like a fixed camera.
    """

    exposed: Minutes
    """Minutes for which a crosser is in the open on the spot that a rotating camera may see. Low: a
    quick crossing that it easily misses; high: it is bound to come round in time.
    """

    allocation: Literal["fixed"] | PlanMethod = "fixed"
    """Where the cameras of a sector stand: as the kinds of route say (`fixed`), or moved among the
    sector's routes by a plan against traders who take the best route (`stackelberg`) or who also
    have reasons outside the model (`quantal`).
    """


MECHANISM = Mechanism(
    "cameras",
    Cameras,
    "Cameras that watch the routes, and where they stand.",
    contrasts=(
        Contrast("cameras", "More cameras", "P08", lambda one: orders_off(one, {"cameras"})),
    ),
)

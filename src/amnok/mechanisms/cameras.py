"""Cameras on a route, fixed and rotating (claim A14)."""

from __future__ import annotations

from typing import Literal

from amnok.compiling import rule
from amnok.decisions import Decision
from amnok.mechanisms.form import Contrast, Mechanism, PlanMethod, Section, orders_off
from amnok.quantity import Minutes, Share
from amnok.rules.distributions import probability
from amnok.variables import BORDER, FLOW, Count, Variable

CAMERA_DRAW = Decision(
    7, "CAMERA", "seen by a camera; searched; the guard on duty accepts a bribe; is a strict one"
)


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


@rule
def seen_by_rotating(period: float, visible_share: float, exposed: float) -> float:
    """Chance that a rotating camera sees a crosser: `min(1, d + s/P)`.

    The camera starts at a uniformly random point of its turn. It sees the crosser's spot for the
    share d of each turn, and the crosser is there for s: they meet unless all of s falls in the
    blind part.

    Args:
        period: time P of a full turn (minutes); 0 or less leaves no blind time.
        visible_share: share d of a turn in which the spot is seen (0 to 1).
        exposed: time s the crosser is exposed (minutes).

    Returns:
        A probability.

    Source: claim A14; the random phase is an assumption.

    >>> seen_by_rotating(4.0, 0.25, 1.0), seen_by_rotating(4.0, 0.25, 10.0)
    (0.5, 1.0)
    """
    if period <= 0.0:
        return 1.0
    return probability(visible_share + exposed / period)


@rule
def seen_by_cameras(
    fixed_coverage: float,
    rotating_coverage: float,
    period: float,
    visible_share: float,
    exposed: float,
) -> float:
    """Chance that any camera on the route sees a crosser: `1 - (1 - F) * (1 - G*r)`.

    F and G are the shares of the route under fixed and under rotating cameras, r is
    `seen_by_rotating`; the two kinds are independent.

    Args:
        fixed_coverage: share F of the route under fixed cameras (0 to 1).
        rotating_coverage: share G of the route under rotating cameras (0 to 1).
        period: time of a full turn (minutes).
        visible_share: share of a turn in which a spot is seen (0 to 1).
        exposed: time the crosser is exposed (minutes).

    Returns:
        A probability.

    Source: claim A14; independence is an assumption.

    >>> seen_by_cameras(0.5, 0.5, 4.0, 0.25, 1.0)
    0.625
    """
    rotating = rotating_coverage * seen_by_rotating(period, visible_share, exposed)
    return 1.0 - (1.0 - fixed_coverage) * (1.0 - rotating)


MECHANISM = Mechanism(
    "cameras",
    Cameras,
    "Cameras that watch the routes, and where they stand.",
    shapes=("searches",),
    label="Fixed and rotating cameras",
    claims="A14",
    contrasts=(Contrast("cameras", "More cameras", lambda one: orders_off(one, {"cameras"})),),
    results=(
        Count(
            FLOW,
            "seen_by_camera",
            "consignments",
            "Seen by a camera",
            "Among those that came to where cameras stand, on the inner bank.",
        ),
        Variable(
            BORDER,
            "camera_level",
            "share",
            "Share of the cameras that are installed",
            "The same on every route; how many a route can have is a parameter.",
        ),
    ),
    draws=(CAMERA_DRAW,),
)

"""What draws decide, each with its number for ever; those of mechanisms stand in their modules."""

from __future__ import annotations


class Decision(int):
    """What a draw decides. The number is part of the draw's key: it is never given again.

    Attributes:
        name: short, for lists.
        text: what the draw decides; the model's description prints it.
    """

    name: str
    text: str

    def __new__(cls, number: int, name: str, text: str) -> Decision:
        """A decision is its number."""
        decision = int.__new__(cls, number)
        decision.name, decision.text = name, text
        return decision


REPLICATE_DRAW = Decision(1, "REPLICATE", "a replicate's own key from the seed")
PERSON_DRAW = Decision(2, "PERSON", "a trader's lasting traits")
OPPORTUNITY_DRAW = Decision(
    3,
    "OPPORTUNITY",
    "a consignment comes up today; a file is opened; which goods; how many items",
)
ROUTE_DRAW = Decision(4, "ROUTE", "one draw per route (`draw_option`), for the Gumbel-max choice")
PACKING_DRAW = Decision(5, "PACKING", "leaks among the items")
WATCH_DRAW = Decision(12, "WATCH", "nothing any more: see OPPORTUNITY")
RELEASE_DRAW = Decision(13, "RELEASE", "how long a term is; what a person does on release")
PERSON_GOODS_DRAW = Decision(20, "PERSON_GOODS", "goods, access to protection, how hard to find")
PERSON_AIR_DRAW = Decision(48, "PERSON_AIR", "access to the air")
HALT_DRAW = Decision(21, "HALT", "stays home on a political date")

OF_ALL_BORDERS: tuple[Decision, ...] = (
    REPLICATE_DRAW,
    PERSON_DRAW,
    OPPORTUNITY_DRAW,
    ROUTE_DRAW,
    PACKING_DRAW,
    WATCH_DRAW,
    RELEASE_DRAW,
    PERSON_GOODS_DRAW,
    PERSON_AIR_DRAW,
    HALT_DRAW,
)
"""Decisions that belong to no mechanism: every border has them."""

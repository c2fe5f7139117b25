"""River: what the water level and the ice do to a crossing (claim A11)."""

from __future__ import annotations

from amnok.compiling import rule


@rule
def crossing_cost(
    base: float, stage: float, stage_cost: float, frozen: bool, ice_factor: float
) -> float:
    """Cost of crossing: `base * ice_factor` on ice, else `base * (1 + stage_cost * max(stage, 0))`.

    Args:
        base: cost at low water (money, or a share of the goods' worth).
        stage: water level (index, 0 = low water, 1 = the bank).
        stage_cost: relative rise of the cost from low water to the bank (dimensionless).
        frozen: whether the river bears.
        ice_factor: cost on ice relative to usual water (dimensionless).

    Returns:
        Cost, in the unit of `base`.

    Source: claim A11; the linear form is an assumption.

    >>> crossing_cost(100.0, 0.5, 0.5, False, 0.75), crossing_cost(100.0, 0.5, 0.5, True, 0.75)
    (125.0, 75.0)
    """
    if frozen:
        return base * ice_factor
    return base * (1.0 + stage_cost * max(stage, 0.0))


@rule
def passable(stage: float, flood_stage: float, frozen: bool) -> bool:
    """Whether the river can be crossed: on ice, or below the flood stage.

    Args:
        stage: water level (index, 0 = low water, 1 = the bank).
        flood_stage: level from which nobody crosses (index).
        frozen: whether the river bears.

    Returns:
        True if it can.

    Source: claim A11; the threshold is an assumption.

    >>> passable(1.0, 2.5, False), passable(3.0, 2.5, False), passable(3.0, 2.5, True)
    (True, False, True)
    """
    return frozen or stage < flood_stage

"""Security police (MSS): searches, leaks found, investigations (claims A02, A05, A06, A08, A13)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.rules.distributions import driven_chance


@rule
def search_chance(
    base: float, boost: float, intensity: float, effort: float, exposure: float, factor: float
) -> float:
    """Chance that the security police search a consignment.

    Formula: `min(1, (base + boost*intensity) * effort * exposure * factor)`.

    Args:
        base: chance without a campaign (probability).
        boost: what a campaign of intensity 1 adds (probability).
        intensity: intensity of the campaign (dimensionless).
        effort: effort on this route relative to an even spread (dimensionless, 1 = even).
        exposure: how exposed this kind of crossing is (dimensionless, 1 = usual).
        factor: what else multiplies it: a camera's alarm, scrutiny of this person (dimensionless).

    Returns:
        A probability.

    Source: claims A05, A06, A13, A14; the product form is an assumption.

    >>> round(search_chance(0.02, 0.10, 1.0, 1.5, 1.0, 2.0), 12)
    0.36
    """
    return driven_chance(base, boost, intensity, effort * exposure * factor)


@rule
def investigation_chance(base: float, boost: float, intensity: float) -> float:
    """Chance that a free trader is investigated on a day: `min(1, base + boost*intensity)`.

    The security police watch people who were never searched, too. Searches lead to investigations
    by other rules: always if a leak is found, else with the chance `security_police.file_opened`.

    Args:
        base: chance without a campaign (probability per trader and day).
        boost: what a campaign of intensity 1 adds (probability per trader and day).
        intensity: intensity of the campaign (dimensionless).

    Returns:
        A probability per trader and day.

    Source: claims A06, A13; the linear form is an assumption.

    >>> investigation_chance(0.25, 0.5, 1.0), investigation_chance(0.5, 0.75, 1.0)
    (0.75, 1.0)
    """
    return driven_chance(base, boost, intensity, 1.0)


@rule
def leak_loss(usual: float, campaign: float, intensity: float) -> float:
    """What a leak that is found costs its sender: `usual + campaign*intensity`.

    The money equivalent of the punishment, far above that for contraband during a crackdown.

    Args:
        usual: loss in ordinary times (CNY).
        campaign: what a campaign of intensity 1 adds (CNY).
        intensity: intensity of the campaign (dimensionless).

    Returns:
        Loss (CNY).

    Source: claims A02, A08; the linear form is an assumption.

    >>> leak_loss(5_000.0, 45_000.0, 0.5)
    27500.0
    """
    return usual + campaign * intensity

"""Routes: which one a trader takes, and where an agency looks (claims A11, A14, B09)."""

from __future__ import annotations

from amnok.compiling import rule


@rule
def route_utility(margin: float, cost: float, risk: float, loss: float, scale: float) -> float:
    """Systematic utility of sending a consignment by a route: `(margin - cost - risk*loss)/scale`.

    Staying home has utility 0. With a Gumbel draw added to each (`distributions.gumbel`), the
    best option is a multinomial logit choice.

    Args:
        margin: what the consignment earns across the river (CNY).
        cost: crossing, bribes, checking (CNY).
        risk: believed chance of losing by this route (probability).
        loss: what that would cost (CNY).
        scale: spread of what the model leaves out (CNY, above 0).

    Returns:
        Utility (dimensionless).

    Source: claims A14, B09; McFadden 1974, conditional logit.

    >>> route_utility(1_000.0, 300.0, 0.1, 2_000.0, 250.0)
    2.0
    """
    return (margin - cost - risk * loss) / scale


@rule
def effort_on_route(
    base_effort: float, follow: float, finds_here: float, finds_mean: float
) -> float:
    """Effort an agency puts on a route: `base * ((1 - follow) + follow * finds/mean)`.

    Effort moves towards routes with more recent finds and, over routes of equal base effort, keeps
    its total.

    Args:
        base_effort: effort by plan (dimensionless, 1 = an even spread).
        follow: how far it follows finds (0 = never, 1 = wholly).
        finds_here: recent finds on this route (discounted count).
        finds_mean: their mean over routes (discounted count); 0 or less leaves the plan.

    Returns:
        Effort (dimensionless), 0 or more.

    Source: claim A14 for effort on major routes; the form is an assumption.

    >>> effort_on_route(1.0, 0.5, 6.0, 2.0), effort_on_route(1.0, 0.5, 0.0, 0.0)
    (2.0, 1.0)
    """
    if finds_mean <= 0.0:
        return base_effort
    return base_effort * ((1.0 - follow) + follow * (finds_here / finds_mean))

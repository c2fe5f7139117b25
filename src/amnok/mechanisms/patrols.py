"""Patrols of the outer bank."""

from __future__ import annotations

from amnok.mechanisms.form import Mechanism, Section
from amnok.quantity import Probability


class Patrols(Section):
    """Outer-side patrols: whom they meet at the river and what follows."""

    intercept_base: Probability
    """Chance that a patrol of the outer bank meets a consignment on the river or at sea with no
    order in force, before effort and the exposure of the route multiply it. Low: patrols are hardly
    met; high: they are a risk at all times.
    """

    intercept_boost: Probability
    """What an order of intensity 1 adds to the chance that a patrol meets a consignment. Low: an
    order changes little on the river; high: it makes the outer bank dangerous.
    """

    arrest_share: Probability
    """Chance that a patrol that lets nobody go arrests the partner rather than only questioning
    them; the goods are seized either way. Low: mostly questions; high: mostly detention.
    """


MECHANISM = Mechanism(
    "patrols",
    Patrols,
    "Patrols of the outer bank: whom they meet and arrest.",
    roles=("patrol",),
)

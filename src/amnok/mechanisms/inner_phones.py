"""Phones that the security police of the inner bank listen to (claim R44-3)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.mechanisms.phones import PHONE_DRAW
from amnok.quantity import Probability
from amnok.rules.distributions import probability
from amnok.variables import EVENTS, Count


class InnerPhones(Section):
    """Inner-side phone monitoring, which opens files on those who arrange trips."""

    monitoring_base: Probability
    """Share of calls to the other bank that the security police hear when no campaign is on. It
    frightens sources of the inner bank. Low: one can talk freely; high: most calls are heard.
    """

    monitoring_boost: Probability
    """What a campaign of intensity 1 adds to that share. Low: a campaign does not reach the phones;
    high: nearly all calls are heard under it.
    """

    calls_noticed: Probability
    """Chance that the calls for one trip give the sender away, if all calls were heard. Low:
    listening finds few; high: every trip gives the sender away.
    """

    file_opened: Probability
    """Chance that a sender whose calls were noticed is investigated. At 0 listening has no sequel;
    at 1 whoever is noticed has a file.
    """


@rule
def felt_monitoring(outer: float, inner: float) -> float:
    """Share of calls that at least one of two sides hears: `outer + (1 - outer)*inner`.

    Args:
        outer: share that the outer bank hears (0 to 1).
        inner: share that the inner bank hears (0 to 1).

    Returns:
        A share from 0 to 1.

    Source: assumption: the two listen independently of each other.

    >>> felt_monitoring(0.5, 0.5), felt_monitoring(0.25, 0.0)
    (0.75, 0.25)
    """
    return probability(outer + (1.0 - outer) * inner)


MECHANISM = Mechanism(
    "inner_phones",
    InnerPhones,
    "Phones that the security police of the inner bank listen to.",
    shapes=("searches",),
    label="Phone monitoring on the inner bank",
    claims="R44-3",
    roles=("security_police",),
    contrasts=(
        Contrast(
            "inner_phones",
            "Phones are tapped on the inner bank",
            setting({"inner_phones.monitoring_base": 0.0, "inner_phones.monitoring_boost": 0.0}),
        ),
    ),
    results=(
        Count(
            EVENTS,
            "calls_tapped",
            "persons",
            "Senders whose calls were noticed on the inner bank",
            "By the security police, when a trip was arranged; on some a file was opened.",
        ),
    ),
    draws=(PHONE_DRAW,),
)

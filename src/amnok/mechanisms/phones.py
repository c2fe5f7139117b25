"""Phone monitoring, and the questioning that it leads to."""

from __future__ import annotations

from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.quantity import Days, Probability


class Phones(Section):
    """Outer-side phone monitoring, which makes people known and brings them in for questioning."""

    monitoring_base: Probability
    """Share of calls at the border that are monitored with no order in force. It makes partners
    known and frightens sources. Low: one can talk freely; high: most calls are heard.
    """

    monitoring_boost: Probability
    """What an order of intensity 1 adds to the share of monitored calls. Low: an order does not
    reach the phones; high: nearly all calls are heard under it.
    """

    calls_noticed: Probability
    """Chance that the calls for one trip make the partner known to the police, if all calls were
    monitored. Low: monitoring finds few; high: every trip gives the partner away.
    """

    question_base: Probability
    """Chance that a partner whose calls were noticed is questioned, with no order in force and
    before exemption and protection. Low: being known has no immediate sequel; high: it means
    questions the same day.
    """

    question_boost: Probability
    """What an order of intensity 1 adds to the chance that a noticed partner is questioned. Low:
    questions stay as rare as ever; high: under an order most who are noticed are questioned.
    """

    known_days: Days
    """Days for which the outer police know of a trader once noticed or questioned. Only the known
    can be arrested for the quota. Low: they are soon forgotten; high: the list grows long.
    """

    lie_low_days: Days
    """Days for which a questioned partner takes no goods, from the next day on. Low: questions
    hardly disturb trade; high: each one takes a partner away for long.
    """


MECHANISM = Mechanism(
    "phones",
    Phones,
    "Monitoring of phones on the outer bank, and questioning.",
    roles=("police",),
    contrasts=(
        Contrast(
            "phone_monitoring",
            "Phones are monitored",
            "P14",
            setting({"phones.monitoring_base": 0.0, "phones.monitoring_boost": 0.0}),
        ),
    ),
)

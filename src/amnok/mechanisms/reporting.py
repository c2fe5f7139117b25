"""Sources inside, and the editors who publish them."""

from __future__ import annotations

from amnok.mechanisms.form import Mechanism, Section
from amnok.quantity import Days, Probability, Ratio, Sources, Weight


class Reporting(Section):
    """Sources inside, and the editors who publish them."""

    sources: Sources
    """How many people in each sector and on each bank tell journalists what they see; rounded to
    whole persons. At 0 nothing is ever reported; high: most events have a witness.
    """

    visibility: Probability
    """Chance that a source sees one event of the day in the sector and on the source's bank. Low:
    most goes unseen; high: almost everything is seen.
    """

    courage: Probability
    """Chance that a source who saw something calls, when no phone is monitored. Low: few calls ever
    come; high: almost every sighting is told.
    """

    fear: Weight
    """How fast the readiness to call falls with the monitoring of phones: it is multiplied by
    exp(-fear * monitored share). At 0 monitoring frightens nobody; high: it silences the border.
    """

    delay: Days
    """Mean days from an event to the call about it, when no phone is monitored. Low: news is fresh;
    high: it is old when it arrives.
    """

    slowdown: Ratio
    """How much longer calls take when all phones are monitored, relative to the usual delay: 4
    makes it five times as long. At 0 monitoring slows nothing; high: news comes weeks late.
    """

    call_traced: Probability
    """Chance that a source's call is traced, if all calls were monitored. Low: calling is safe;
    high: most sources are soon silenced.
    """

    silent_days: Days
    """Days for which a traced source stays silent, from the next day on. Low: sources soon call
    again; high: one trace removes them for the period.
    """

    corroboration_days: Days
    """Days for which editors wait for a second source after the first call. Low: few events are
    confirmed in time; high: more are confirmed, and news waits.
    """

    single_source_published: Probability
    """Chance that editors publish an event that no second source confirmed. At 0 they print only
    what two have told; at 1 everything that one has told.
    """

    editing_days: Days
    """Mean days from the end of checking to publication. Low: reports follow at once; high: they
    come out weeks later.
    """


MECHANISM = Mechanism(
    "reporting",
    Reporting,
    "Sources and the editors who publish what they tell.",
)

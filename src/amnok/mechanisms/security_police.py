"""Security police: searches, files, punishment."""

from __future__ import annotations

from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.quantity import Days, Money, Probability, Ratio


class SecurityPolice(Section):
    """The inner side's police against leaks: search, watch, investigate, punish."""

    search_base: Probability
    """Chance that the security police search a consignment when no campaign is on, before effort,
    the exposure of the route, cameras and scrutiny multiply it. Low: searches are rare in ordinary
    times; high: they are common at all times.
    """

    search_boost: Probability
    """What a campaign of intensity 1 adds to the chance of a search. Low: a campaign changes
    little; high: searches jump as soon as it starts.
    """

    flag_factor: Ratio
    """Factor on the chance of a search for a consignment that a camera has seen. At 1 cameras make
    no difference; high: being seen nearly means being searched.
    """

    scrutiny_factor: Ratio
    """Factor on the chance of a search for a sender who was investigated in the last
    `scrutiny_days`. At 1 a file has no consequences; high: those with a file are searched far more
    often than others.
    """

    scrutiny_days: Days
    """Days for which the security police search a sender more often after an investigation. Low: a
    file is soon forgotten; high: it follows the sender for long.
    """

    find_rate: Probability
    """Chance that a search finds a given leak in the consignment. Senders know it: it multiplies
    their believed chance of a search. Low: leaks mostly get through; high: a search misses little.
    """

    watch_base: Probability
    """Chance per day that the security police open a file on a free trader of the inner bank, with
    no search before it and no campaign on. Low: only searches lead to files; high: many are watched
    without cause.
    """

    watch_boost: Probability
    """What a campaign of intensity 1 adds to the daily chance that a free trader of the inner bank
    is investigated. Low: a campaign works by searches alone; high: it opens files on many people
    who were never searched.
    """

    file_opened: Probability
    """Chance that a search that finds no leak still opens a file on the sender; one that finds a
    leak always does. Low: a clean search has no sequel; high: being searched nearly always means
    being investigated.
    """

    detain_contraband: Probability
    """Chance that a search that finds no leak ends in detention and the loss of the goods.
    Otherwise the sender pays `release_payment` and goes on. Low: contraband is a matter of money;
    high: it is punished.
    """

    contraband_days: Days
    """Mean days in detention of a sender caught with contraband alone, by the security police or by
    a guard who takes no bribes. Low: senders are soon back in trade; high: they are missing for
    long.
    """

    leak_loss_usual: Money
    """What the punishment for a leak that is found is worth to the sender in money, in ordinary
    times. It is feared, not paid: it decides how much is checked. Low: nobody minds leaks; high:
    people check everything even without a campaign.
    """

    leak_loss_campaign: Money
    """What a campaign of intensity 1 adds to the feared punishment for a leak, in money. Low: a
    campaign frightens nobody; high: senders start to check everything when it comes.
    """

    leak_days: Days
    """Mean days in prison of a sender in whose goods a leak was found. Low: they are soon back;
    high: they are away for most of the period.
    """


MECHANISM = Mechanism(
    "security_police",
    SecurityPolice,
    "How the inner bank's security police search, investigate and punish.",
    roles=("security_police",),
    contrasts=(
        Contrast(
            "leak_penalty",
            "Campaign raises the penalty for leaks",
            "P01",
            setting({"security_police.leak_loss_campaign": 0.0}),
        ),
    ),
)

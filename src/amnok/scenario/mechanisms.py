"""The mechanisms of a border: one section for each of the systems that act on those who trade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from amnok.quantity import (
    ArrestsPerMonth,
    ConsignmentsPerTrader,
    Date,
    DayOfYear,
    Days,
    Elasticity,
    Index,
    Items,
    Minutes,
    Money,
    MoneyPerMinute,
    Part,
    Probability,
    Ratio,
    Share,
    Sources,
    StandardDeviations,
    Weight,
)
from amnok.scenario.signals import Signal

Name = str
Role = Literal["guard", "security_police", "patrol", "police", "customs"]
PlanMethod = Literal["stackelberg", "quantal"]


class Section(Part):
    """A section that a border may leave out: it then has no such mechanism.

    Kernels of a border without it read the numbers in NEUTRAL, and 0 for all others.
    """

    NEUTRAL: ClassVar[Mapping[str, float]] = {}


class SelfInspection(Section):
    """What it costs a sender to look through a consignment, and how well that works."""

    NEUTRAL: ClassVar[Mapping[str, float]] = {"minute_cost": 1e12}  # nobody looks

    spot_check: Items
    """Items that a sender looks through in every consignment, out of habit, whatever the risk. With
    1.5, half of the senders check one item and half check two. Low: nobody checks unless fear of a
    search makes it pay; high: much is checked at all times.
    """

    effectiveness: Probability
    """Chance that checking an item finds and removes a leak hidden in it. Low: checking is of
    little use, so people check only by habit; high: a checked item is almost surely clean.
    """

    minute_cost: MoneyPerMinute
    """What a minute of checking is worth to the sender, in money. It is weighed in the decision and
    paid to nobody. Low: a small fear of searches is enough to check everything; high: only great
    fear is.
    """


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


class Guards(Section):
    """Border guards: how many of them deal, what they ask and risk, how the money is split."""

    NEUTRAL: ClassVar[Mapping[str, float]] = {"collusion": 1.0}  # nobody stands there

    collusion: Probability
    """Share of border guards who let consignments pass for money, drawn for each crossing. Any
    other guard seizes the goods and detains the sender. Low: the river is closed to smugglers by
    honest guards; at 1 every guard can be paid.
    """

    effort: Ratio
    """What a guard asks for the mere trouble of looking away, as a share of the goods' worth. It is
    part of the least price the guard accepts. Low: without risk guards are cheap; high: small gains
    are not worth a crossing.
    """

    penalty: Money
    """What being held responsible for a leak would cost a guard, in money. Times the chance of it,
    this is the risk in the guard's least price. Low: guards do not mind leaks; high: a little
    liability makes bribes very expensive.
    """

    bargaining_share: Share
    """The guard's part of the gain that is left between the guard's least price and the most the
    sender would pay. At 0 a bribe is the guard's least price; at 1 the guard takes the sender's
    whole gain.
    """

    liability_usual: Probability
    """Chance that a guard is held responsible for a leak found on the route, in ordinary times. It
    enters the price of a bribe and is the chance that the guard is then removed. At 0 guards answer
    for nothing; high: bribes carry the risk of leaks.
    """

    liability_campaign: Probability
    """What an order of intensity 1 to the guards adds to the chance that a guard is held
    responsible for a leak. Low: a campaign leaves bribes as they are; high: it raises them and
    removes many guards.
    """

    strict_factor: Ratio
    """Factor on the least price of a guard who has replaced one that was removed. Senders do not
    foresee it and may be turned back. At 1 the new guard is like the old one; high: the route is
    nearly closed for a time.
    """

    strict_days: Days
    """Days for which a guard who has replaced a removed one stays strict, from the next day on.
    Low: the route is soon as before; high: it stays expensive for long.
    """

    share_superiors: Share
    """Share of each bribe that the guard passes on to superiors. It moves money between the
    accounts of officials and changes nobody's decision. Low: the guard keeps more; high: most of it
    goes up.
    """

    share_security: Share
    """Share of each bribe to a guard that goes to the security police. It moves money between the
    accounts of officials and changes nobody's decision. Low: the guard keeps more; high: the
    security police live off the guards.
    """

    @model_validator(mode="after")
    def _shares_fit(self) -> Guards:
        passed_on = self.share_superiors.number + self.share_security.number
        if passed_on > 1:
            raise ValueError(
                f"share_superiors and share_security add up to {passed_on:g}, more than 1"
            )
        return self


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


class RainEvent(Part):
    """A dated rise of the river on top of season and chance."""

    label: str
    """What tables, charts and maps call this rise of the river."""

    start: Date
    """First day on which the river is raised."""

    days: Days
    """How many days the river stays raised; rounded to whole days. Low: a short wave; high: weeks
    of high water.
    """

    height: Index
    """How far the water level rises on these days (1 is from low water to the bank). Low: crossing
    costs a little more; high: the routes are flooded and closed.
    """

    sectors: tuple[Name, ...] | Literal["all"] = "all"
    """The sectors where the river rises, or `all`."""


class River(Section):
    """Water level (0 low, 1 the bank) from season and rain, and ice."""

    NEUTRAL: ClassVar[Mapping[str, float]] = {"ice_factor": 1.0}

    base_stage: Index
    """Water level outside the monsoon (0 is low water, 1 the bank), before rain moves it. Low:
    crossing is cheap for most of the year; high: it is expensive, or routes flood easily.
    """

    monsoon_peak: DayOfYear
    """Day of the year on which the seasonal rise is highest; it builds up and falls over about a
    month on either side. Low: early in the year; high: late.
    """

    monsoon_height: Index
    """How far the monsoon raises the water level at its peak. At 0 there is no season of high
    water; high: routes are flooded every summer.
    """

    rain_height: Index
    """How strongly rain moves the level from day to day: the standard deviation of a random rise
    and fall around season and base. At 0 the level is known in advance; high: floods come by
    chance.
    """

    rain_memory: Days
    """Days over which a rise by rain fades to about a third. Low: the level jumps from day to day;
    high: high water lasts for weeks.
    """

    stage_cost: Ratio
    """How much the cost of a crossing rises from low water to the bank, relative to its cost at low
    water. At 0 high water costs nothing until it floods the route; high: it deters before that.
    """

    ice_factor: Ratio
    """Cost of crossing on ice relative to crossing at low water. Below 1 ice makes crossing
    cheaper; above 1 more expensive.
    """

    events: dict[Name, RainEvent] = Field(default_factory=dict)
    """Dated rises of the river on top of season and chance, by name."""


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


class Quota(Section):
    """The outer police's arrest quota, filled from the known, the cheapest to bring in first."""

    arrests: ArrestsPerMonth
    """Arrests that the outer police of a sector are asked for each month, per 1,000 traders there.
    At 0 there is no quota; high: more are asked for than the police know of.
    """

    boost: Ratio
    """How much an order of intensity 1 to the police raises the quota, relative to its usual size:
    3 makes it four times as high. Low: the quota is the same all year; high: nearly all arrests
    come under an order.
    """

    late_push: Share
    """How far arrests are put off to the end of the month. At 0 they come evenly; at 1 they grow
    with the square of the time gone, most of them in the last days.
    """

    search_noise: StandardDeviations
    """How much the cost of arresting one person differs by chance from that of others like them,
    anew each day (standard deviation of its logarithm). Low: always the smallest are taken; high:
    luck matters more than size.
    """

    highest_cost: Ratio
    """Highest cost at which the police still arrest a person for the quota, relative to an
    unprotected pedlar (1). Low: the quota stays unfilled rather than touch the large; high: nobody
    is safe by cost.
    """

    detention_days: Days
    """Mean days in detention of a trader arrested on the outer bank, by police or patrols. Low:
    they are soon back; high: partners are missing for long.
    """

    prison_share: Probability
    """Chance that an arrest on the outer bank ends in prison rather than in detention. Low: prison
    is rare; high: it is the rule.
    """

    prison_days: Days
    """Mean days in prison after an arrest on the outer bank. Low: they come back within the period;
    high: they are gone for all of it.
    """


class Protection(Section):
    """Bribes to the outer police for being left alone; the monthly fee goes by a trader's size."""

    effect: Probability
    """Chance that protection makes a patrol or a questioning officer let the payer go; buyers count
    on it. At 0 it is useless and nobody buys it; at 1 those who pay are always let go.
    """

    premium: Ratio
    """How much protection raises the cost of arresting a person for the quota: it is multiplied by
    1 plus this. At 0 payers are taken like anyone; high: the quota falls on those who do not pay.
    """


class Customs(Section):
    """The customs bridges: duty, what officers are paid, and what they stop."""

    NEUTRAL: ClassVar[Mapping[str, float]] = {
        "open_share": 1.0
    }  # a bridge that is always open, and free

    open_share: Share
    """Share of days on which a customs bridge is open, drawn for each bridge and day. At 0 bridges
    are closed; at 1 open every day.
    """

    duty: Share
    """Duty paid on each load that passes, as a share of the goods' worth. Low: bridges are cheap;
    high: the river is cheaper.
    """

    bribe_share: Share
    """Bribe to customs officers for each load that passes, as a share of the goods' worth. Low:
    bridges are cheap; high: the river is cheaper.
    """

    stop_base: Probability
    """Chance that customs stop a load of sanctioned goods with no order in force, if they waved
    none through (see `laxity`). Goods that are not sanctioned are never stopped. Low: sanctions are
    not looked for; high: every sanctioned load would be found.
    """

    stop_boost: Probability
    """What an order of intensity 1 adds to the chance that customs stop a sanctioned load, if they
    waved none through. Low: an order changes nothing at the bridges; high: it would close them to
    sanctioned goods.
    """

    laxity: Probability
    """Share of sanctioned loads that customs wave through without looking. At 0 sanctions are
    enforced as `stop_base` and `stop_boost` say; at 1 nothing is ever stopped.
    """


class Learning(Part):
    """How people come to believe what they believe about risk."""

    memory: Days
    """Days over which what traders have heard fades to about a third; the finds that agencies
    follow fade as fast. Low: beliefs follow the last few days; high: they change slowly and old
    trouble keeps its weight.
    """

    salience: Ratio
    """Weight of a bad event in shared beliefs, relative to its number: 2 counts each twice. At 1
    beliefs follow the facts; high: people believe more risk than there is.
    """

    prior_weight: ConsignmentsPerTrader
    """How much experience the first belief is worth, in consignments of every trader (in days of
    every trader for arrests), so that beliefs do not depend on how many trade. Low: the first few
    events decide what people believe; high: beliefs hardly move from where they began.
    """

    prior_search: Probability
    """Chance of a search per consignment that senders believe in before any experience. Low: people
    start out careless; high: they start out checking.
    """

    prior_loss: Probability
    """Chance that a consignment on a route is lost, or costs a payment for release, that senders
    believe in before any experience. Low: all routes look safe at first; high: few ship until they
    have seen that it works.
    """

    prior_find: Probability
    """Chance that a consignment that a guard lets through leads to a leak being found, as guards
    believe before any experience. Low: bribes start cheap; high: guards ask for the risk from the
    start.
    """

    prior_arrest: Probability
    """Chance per day of being arrested that traders of the outer bank believe in before any
    experience. It decides who buys protection. Low: few buy it at first; high: most who can do.
    """

    personal_spread: StandardDeviations
    """How much people differ in caution: standard deviation of the logarithm of a lasting personal
    factor on believed risks. At 0 all of a sector and size believe the same; high: some fear far
    more than others.
    """

    investigated_wariness: Ratio
    """Factor on a sender's believed chance of a search on the day of being investigated; it fades
    with `wariness_memory`. At 1 an investigation teaches nothing; high: those investigated check
    everything for long.
    """

    bad_event_wariness: Ratio
    """Factor on a sender's believed chance of loss on the day after losing a consignment; it fades
    with `wariness_memory`. At 1 a loss changes nothing; high: those who lost goods stay home for
    long.
    """

    wariness_memory: Days
    """Days over which the wariness after an own bad experience fades to about a third. Low: it is
    soon forgotten; high: it lasts for the whole period.
    """


class Prices(Part):
    """How prices answer to what crosses."""

    smoothing: Days
    """Days over which traded quantities are averaged before they move prices. Low: prices jump with
    each day's trade; high: they answer late and gently.
    """

    elasticity_selling: Elasticity
    """Elasticity of demand where goods arrive. Low: a small shortage raises the price steeply;
    high: prices hardly move.
    """

    elasticity_buying: Elasticity
    """Elasticity of supply where goods come from. Low: less trade makes goods much cheaper there;
    high: prices hardly move.
    """


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


class Official(Section):
    """What official statistics and price surveys show of what happened."""

    arrests_recorded: Share
    """Share of arrests that get into the official statistics. Low: most stay off the books; at 1
    the statistics are complete.
    """

    questionings_recorded: Share
    """Share of questionings that get into the official statistics. Low: most stay off the books; at
    1 the statistics are complete.
    """

    seizures_recorded: Share
    """Share of seized items that get into the official statistics. Low: most stay with those who
    seized them; at 1 the statistics are complete.
    """

    survey_interval: Days
    """Days between two surveys of prices on the inner bank; rounded, at least 1. Low: prices are
    seen almost daily; high: short swings are missed.
    """

    survey_noise: StandardDeviations
    """Error of a surveyed price: standard deviation of its logarithm. At 0 surveys are exact; high:
    they hide what moves prices.
    """


class Agency(Part):
    """An agency: its role in the model, how politics moves it, how it spreads its effort."""

    label: str
    """What tables and charts call this agency."""

    role: Role
    """What the agency does in the model. A border has at most one agency for each of the five
    roles, and one wherever it has the mechanism that the role acts by: `guard` and
    `security_police` on the inner bank, `patrol`, `police` and `customs` on the outer one.
    """

    inertia: Days
    """Days over which the agency's intensity follows an order; after that many days about two
    thirds of the change are made. At 0 it follows at once; high: an order takes months to be felt.
    """

    sanctions_weight: Weight
    """How much the talks on sanctions scale the orders to this agency: an order is multiplied by 1
    plus this times the signal. At 0 they do not matter; above 0 the prospect of relief makes orders
    stricter, below 0 milder.
    """

    tariff_weight: Weight
    """How much the pressure of tariffs scales the orders to this agency: an order is multiplied by
    1 plus this times the signal. At 0 it does not matter; above 0 it makes orders stricter, below 0
    milder.
    """

    election_weight: Weight
    """How much the nearness of an election scales the orders to this agency: an order is multiplied
    by 1 plus this times the signal. At 0 it does not matter; above 0 it makes orders stricter,
    below 0 milder.
    """

    allocation: Literal["fixed", "follow_finds"] | PlanMethod = "fixed"
    """How the agency spreads its effort over the routes of a sector: evenly (`fixed`), drawn to
    recent finds (`follow_finds`), or by a plan against traders who take the best route
    (`stackelberg`) or who also have reasons outside the model (`quantal`). Only security police and
    patrols have a choice.
    """

    follow: Share | None = None
    """How far effort moves to where the agency has lately stopped most; only read with `allocation:
    follow_finds`. At 0 effort stays even; at 1 it goes wholly where the finds are.
    """

    @model_validator(mode="after")
    def _follows_with_a_share(self) -> Agency:
        if self.allocation != "fixed" and self.role not in ("security_police", "patrol"):
            raise ValueError("only security_police and patrol spread effort over routes")
        if self.allocation == "follow_finds" and self.follow is None:
            raise ValueError("allocation: follow_finds needs `follow`, how far effort moves")
        return self


class Order(Part):
    """A dated order that raises the intensity of agencies, or the level of `cameras`."""

    label: str
    """What tables and charts call this order."""

    targets: tuple[Name, ...] = Field(min_length=1)
    """The agencies that the order raises, by name, or `cameras` for their number."""

    start: Date
    """First day of the order; it starts to count on this day."""

    end: Date | None = None
    """First day on which the order no longer counts. Without it the order never ends."""

    ramp: Days
    """Days until the order is in full force, in even steps; 1 or less is at once. Low: it comes as
    a shock; high: it creeps in.
    """

    intensity: Index
    """Strength of the order in full force. What an agency's `boost` fields say is for 1. For
    cameras it is the share of the missing ones that is put up, at most all. At 0 there is no order;
    at 2 it is twice as strong.
    """

    @model_validator(mode="after")
    def _dates_in_order(self) -> Order:
        if self.end is not None and self.end.date <= self.start.date:
            raise ValueError(
                f"dates out of order: it ends on {self.end.date}, starts on {self.start.date}"
            )
        return self


class Halt(Part):
    """Days around a political date on which most people stay home."""

    label: str = ""
    """What tables, charts and maps call these days; the halt's name without it."""

    start: Date
    """First day on which people stay home."""

    days: Days
    """How many days the halt lasts; rounded to whole days. Low: goods go out the day after; high:
    they pile up at home.
    """

    strength: Probability
    """Chance that a consignment that is ready stays home on such a day; it goes out later. At 0 the
    day is like any other; at 1 nothing moves.
    """


class Calendar(Part):
    """Political dates."""

    halts: dict[Name, Halt] = Field(default_factory=dict)
    """Political dates on which people stay home, by name."""


class Signals(Section):
    """The political signals that drive orders."""

    sanctions_talks: Signal
    """How near relief from sanctions looks, over time; `sanctions_weight` of an agency says what it
    makes of it.
    """

    tariff_talks: Signal
    """How hard tariffs press on the outer side, over time; `tariff_weight` of an agency says what
    it makes of it.
    """

    elections: Signal
    """How near an election on the inner side is, over time; `election_weight` of an agency says
    what it makes of it.
    """

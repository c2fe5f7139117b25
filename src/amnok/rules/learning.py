"""Learning: perceived risk from experience and word of mouth, and wariness (claim A06)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.rules.distributions import probability
from amnok.vector_math import exp


@rule
def discounted(total: float, today: float, memory_days: float) -> float:
    """Discounted count after one more day: `total * exp(-1/memory) + today`.

    Args:
        total: discounted count so far (events).
        today: today's events.
        memory_days: memory (days); 0 or less remembers only today.

    Returns:
        Discounted count (events).

    Source: narcologic for fading memory; the form is an assumption.

    >>> round(discounted(10.0, 1.0, 30.0), 6), discounted(10.0, 1.0, 0.0)
    (10.672161, 1.0)
    """
    if memory_days <= 0.0:
        return today
    return total * exp(-1.0 / memory_days) + today


@rule
def per_trader(events: float, traders: float) -> float:
    """A day's events for each trader: `events / traders`.

    What people believe then depends on what befalls one like them, and not on how many they are or
    where a sector ends.

    Args:
        events: events among those traders (events).
        traders: how many they are (persons).

    Returns:
        Events for each trader; 0 where there are none.

    Source: assumption.

    >>> per_trader(3.0, 60.0), per_trader(3.0, 0.0)
    (0.05, 0.0)
    """
    return events / traders if traders > 0.0 else 0.0


@rule
def believed_rate(
    bad: float, trials: float, prior_rate: float, prior_weight: float, salience: float
) -> float:
    """Believed chance that a crossing ends badly: `min(1, (s*bad + r*w) / (trials + w))`.

    Bad events weigh more than good ones (s of 1 or more): what went wrong is what people retell.

    Args:
        bad: discounted bad events in one's sector, or on the route, among one's size (events for
            each trader).
        trials: discounted crossings, bad ones included (events for each trader).
        prior_rate: belief r before any experience (probability).
        prior_weight: crossings w that this belief is worth (events for each trader).
        salience: weight s of a bad event (dimensionless, 1 or more).

    Returns:
        A probability; `prior_rate` if there is nothing to weigh.

    Source: narcologic for the weight on bad events; the form is an assumption.

    >>> believed_rate(2.0, 30.0, 0.05, 10.0, 1.75)
    0.1
    """
    weight = trials + prior_weight
    if weight <= 0.0:
        return probability(prior_rate)
    return probability((salience * bad + prior_rate * prior_weight) / weight)


@rule
def wariness(level: float, days_since: float, memory_days: float) -> float:
    """How much riskier all looks to one who was investigated: `1 + (level - 1)*exp(-t/memory)`.

    Args:
        level: factor on the day of the investigation (dimensionless, 1 or more).
        days_since: days t since (days, 0 or more).
        memory_days: how long it lasts (days); 0 or less is not at all.

    Returns:
        A factor on perceived risk (dimensionless), 1 = as others.

    Source: claim A06; the exponential fading is an assumption.

    >>> wariness(5.0, 0.0, 180.0), round(wariness(5.0, 180.0, 180.0), 6)
    (5.0, 2.471518)
    """
    if memory_days <= 0.0:
        return 1.0
    return 1.0 + (level - 1.0) * exp(-days_since / memory_days)


@rule
def personal_belief(belief: float, wariness: float) -> float:
    """A person's own belief, from the shared one: `min(1, belief * wariness)`.

    Args:
        belief: what those of one's size in the sector, or on the route, believe (probability).
        wariness: personal factor (dimensionless): caution times `wariness`.

    Returns:
        A probability.

    Source: claim A06.

    >>> personal_belief(0.125, 2.0), personal_belief(0.5, 4.0)
    (0.25, 1.0)
    """
    return probability(belief * wariness)

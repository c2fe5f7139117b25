"""Effects: the world with an event beside the same world without it."""

from amnok.studies.counterfactual.events import Event, events
from amnok.studies.counterfactual.paired import Effect
from amnok.studies.counterfactual.running import effect, effects

__all__ = ["Effect", "Event", "effect", "effects", "events"]

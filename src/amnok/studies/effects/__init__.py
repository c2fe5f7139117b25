"""Effects: the world with an event beside the same world without it."""

from amnok.studies.effects.events import Event, events
from amnok.studies.effects.paired import Effect
from amnok.studies.effects.running import effect, effects

__all__ = ["Effect", "Event", "effect", "effects", "events"]

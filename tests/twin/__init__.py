"""The day written a second time: plain Python, one object a trader, to hold the engine against.

It reads the same world, calls the same rules and asks for the same keyed draws as the engine, and
shares no code with it. Both must tell the same story to the last event and cent, whatever is done
to make the engine fast (test_same_day.py). Read it to see what a day is; run it on small borders.
"""

from tests.twin.run import Outcome, simulate

__all__ = ["Outcome", "simulate"]

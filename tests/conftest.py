"""Settings that every test shares."""

from hypothesis import settings

# The first example of a property pays for compilation: a deadline would call that a failure.
settings.register_profile("amnok", deadline=None, print_blob=True)
settings.load_profile("amnok")

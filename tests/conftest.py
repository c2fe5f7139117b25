"""Settings that every test shares."""

import os

from hypothesis import settings

# The first example of a property pays for compilation: a deadline would call that a failure.
# CI repeats the same examples, so that a red build points at the change and not at the draw.
settings.register_profile("amnok", deadline=None, print_blob=True, derandomize="CI" in os.environ)
settings.load_profile("amnok")

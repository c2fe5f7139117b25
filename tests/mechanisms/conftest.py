"""The engine beside the twin, as in `tests.twin`."""

from tests.twin.conftest import run_both as run_both

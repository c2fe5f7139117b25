"""Answers of the border as it is, kept on this machine: a page opened again has them at once.

A file for each event, named after a digest of all that it is made of: the scenario, the seed, how
many replicates, and the source of this Amnok. Nothing stale is ever found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import platformdirs

from amnok.disk import write_file
from amnok.errors import AmnokError
from amnok.results.packing import pack, unpacked
from amnok.scenario import Scenario, resolved
from amnok.studies.counterfactual.events import Event
from amnok.studies.counterfactual.kept import effect_in, whole_of
from amnok.web.worlds import Worlds

_MOST = 16  # files that are kept, some seven megabytes each
_PACKAGE = Path(__file__).parents[1]
_WEEKS, _EFFECT = "weeks", "effect"


def usual_folder() -> Path | None:
    """Where answers are kept, or None for a user without a home."""
    folder = platformdirs.user_cache_path("amnok") / "answers"
    return folder if folder.is_absolute() else None


class Stored:
    """Pairs of worlds of one border.

    Args:
        folder: where they are kept; nothing else lies there.
        scenario, seed, replicates: of all of them.
    """

    def __init__(self, folder: Path, scenario: Scenario, seed: int, replicates: int) -> None:
        self._folder, self._scenario = folder, scenario
        self._made_of = f"{resolved(scenario)} {seed} {replicates} {_source()}"

    def read(self, event: Event) -> Worlds | None:
        """The worlds with an event and without it, if they are kept; of a damaged file nothing."""
        effect, weeks = self._files(event)
        try:
            with unpacked(effect) as opened:
                found = effect_in(opened.load(), self._scenario, event)
            with unpacked(weeks) as opened:
                return Worlds(found, opened.load(), 1.0)
        except Exception:
            # Whatever is wrong with it: it is simulated anew, and written over.
            return None

    def write(self, event: Event, worlds: Worlds) -> None:
        """Keep some, and the newest of all others; where that cannot be, nothing is kept."""
        effect, weeks = self._files(event)
        with suppress(OSError, AmnokError):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_file(weeks, pack(worlds.weeks))
            write_file(effect, pack(whole_of(worlds.effect)))
            for old in sorted(self._folder.iterdir(), key=_changed)[: -2 * _MOST]:
                old.unlink(missing_ok=True)

    def _files(self, event: Event) -> Iterator[Path]:
        text = f"{self._made_of} {event.name}"
        name = hashlib.sha256(text.encode()).hexdigest()[:32]
        return (self._folder / f"{name}-{part}.zip" for part in (_EFFECT, _WEEKS))


def _changed(file: Path) -> float:
    with suppress(OSError):
        return file.stat().st_mtime
    return 0.0


@cache
def _source() -> str:
    """All that Amnok is made of: its modules, and what comes with every border."""
    found = hashlib.sha256()
    for file in sorted(_PACKAGE.rglob("*")):
        if file.suffix in (".py", ".yaml"):
            found.update(file.read_bytes())
    return found.hexdigest()

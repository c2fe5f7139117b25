"""Where compiled code is kept, and for how long."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from amnok import compiling

FOLDER = "from amnok.compiling import COMPILED_FOLDER; print(COMPILED_FOLDER)"


def folder_with(**environment):
    kept = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    result = subprocess.run(
        [sys.executable, "-c", FOLDER],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(result.stdout.strip())


def test_the_folder_is_named_after_the_source_and_old_versions_go(tmp_path):
    cache = str(tmp_path)
    folder = folder_with(XDG_CACHE_HOME=cache, HOME=cache)
    old, recent = folder.parent / "old", folder.parent / "recent"
    for other in (old, recent):
        other.mkdir()
        (other / "code.nbi").write_bytes(b"x")
    os.utime(old, (0, 0))
    assert folder_with(XDG_CACHE_HOME=cache, HOME=cache) == folder
    assert not old.exists()
    assert recent.exists()


def test_without_a_home_that_can_be_written_a_passing_folder_serves(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    folder = folder_with(XDG_CACHE_HOME=str(blocked), HOME=str(blocked))
    assert folder.is_dir()
    assert folder.name.startswith("amnok-")
    folder.rmdir()


def test_a_full_disk_is_left_alone(monkeypatch):
    full = shutil.disk_usage("/")._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    folder = compiling._cache_folder()
    assert folder.name.startswith("amnok-")
    folder.rmdir()


def test_a_folder_of_the_users_choice_wins(tmp_path):
    assert folder_with(NUMBA_CACHE_DIR=str(tmp_path)) == tmp_path

"""File systems of their own, for tests of disks that are full or may only be read."""

import contextlib
import subprocess

import pytest


@contextlib.contextmanager
def mounted(folder, *options):
    """A file system in memory at a folder that is not there yet; only root can mount one."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", ",".join(("mode=777", *options)), "amnok", str(folder)]
    try:
        done = subprocess.run(words, capture_output=True, check=False).returncode
    except OSError:
        done = 1
    if done:
        pytest.skip("mounting needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)

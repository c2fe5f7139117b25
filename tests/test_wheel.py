"""A wheel starts without compiling, and the processor's own code takes over."""

import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numba
import pytest

from amnok.compiling.code_cache import level

ROOT = Path(__file__).parents[1]
PIP_WHEEL = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled"),
    pytest.mark.skipif(level() is None, reason="wheels carry no code for this processor"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder in which the wheel lies unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", *PIP_WHEEL, "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def amnok(site, home, *arguments, **environment):
    """What `amnok` says, with a home of its own and the wheel before all else."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA_", "AMNOK_"))}
    places = {"PYTHONPATH": str(site), "XDG_CACHE_HOME": str(home), "HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "amnok", *map(str, arguments)],
        env={**kept, **places, **environment},
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    ).stderr


def results(run):
    """The digest of a saved replicate."""
    files = json.loads((run / "manifest.json").read_text())["files"]
    return files["replicates/0000.zarr.zip"]["note"]["results"]


RUN = ("run", "--set", "period.end=2018-07-10", "--out")


def test_the_first_run_does_not_compile_and_the_second_is_native(site, tmp_path):
    code = tmp_path / "amnok" / "compiled"
    assert "compiling" not in amnok(site, tmp_path, *RUN, tmp_path / "off", AMNOK_NATIVE="off")
    assert not list(code.rglob("*.code"))
    assert "compiling" not in amnok(site, tmp_path, *RUN, tmp_path / "first")
    carried = {file.name for file in (site / "amnok" / "compiled").rglob("*.code")}
    deadline = time.monotonic() + 240
    while {file.name for file in code.rglob("*.code")} < carried and time.monotonic() < deadline:
        time.sleep(1)
    assert {file.name for file in code.rglob("*.code")} >= carried
    (own,) = (folder for folder in code.iterdir() if folder.is_dir())
    before = {file.name: file.stat().st_mtime_ns for file in own.iterdir()}
    assert "compiling" not in amnok(site, tmp_path, *RUN, tmp_path / "second")
    assert any(file.stat().st_mtime_ns > before[file.name] for file in own.iterdir())  # was read
    same = {results(tmp_path / name) for name in ("off", "first", "second")}
    assert len(same) == 1
    native = amnok(ROOT / "src", tmp_path, *RUN, tmp_path / "source")
    assert "compiling" not in native  # from source, this processor's own code is the same
    assert {results(tmp_path / "source")} == same


def test_code_of_other_versions_is_not_looked_at(site, tmp_path):
    for folder in (site / "amnok" / "compiled").iterdir():
        folder.rename(folder.with_name(folder.name[:-1] + "_"))
    try:
        assert "compiling once" in amnok(site, tmp_path, *RUN, tmp_path / "run")
    finally:
        for folder in (site / "amnok" / "compiled").iterdir():
            folder.rename(folder.with_name(folder.name[:-1]))

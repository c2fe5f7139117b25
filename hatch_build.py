"""A wheel carries code compiled for the level of processors of the machine it is built on.

So an installed Amnok starts at once (docs/decisions/0021-wheels-carry-code.md). The wheel is then
for one version of Python and one platform; with `AMNOK_PURE_WHEEL=1` it carries none, and is for
all of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LEVEL = "from amnok.compiling.code_cache import level; print(level() or '')"


class CompileAhead(BuildHookInterface):  # type: ignore[type-arg]
    """Compile into a folder aside, and put it into the wheel as `amnok/compiled`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the wheel is put together."""
        if version == "editable" or os.environ.get("AMNOK_PURE_WHEEL"):
            return
        source = {**os.environ, "PYTHONPATH": str(Path(self.root) / "src")}
        level = subprocess.run(
            [sys.executable, "-c", LEVEL], env=source, capture_output=True, text=True, check=True
        ).stdout.strip()
        if not level:
            self.app.display_warning("no common level of processors: the wheel carries no code")
            return
        self._aside = tempfile.TemporaryDirectory()
        subprocess.run(
            [sys.executable, "-m", "amnok.results.ahead"],
            env={
                **source,
                "NUMBA_CPU_NAME": level,
                "NUMBA_CPU_FEATURES": "",
                "NUMBA_CACHE_DIR": self._aside.name,
            },
            check=True,
        )
        for file in Path(self._aside.name).rglob("*.code"):
            inside = file.relative_to(self._aside.name).as_posix()
            build_data["force_include"][str(file)] = f"amnok/compiled/{inside}"
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called once the wheel is whole."""
        if hasattr(self, "_aside"):
            self._aside.cleanup()

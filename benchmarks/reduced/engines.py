"""The engines of the benchmark, each in a process of its own with its own threads and memory.

`Worker` starts this file as a script, which answers requests on its standard input, one line of
JSON each, on its standard output.
"""

from __future__ import annotations

import gc
import importlib
import importlib.metadata
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))  # what all benchmarks share
from machine import peak_memory

THREADS = int(os.environ.get("REDUCED_THREADS", "1"))
REPLICATES = int(os.environ.get("REDUCED_REPLICATES", "1"))  # at the same time, in Amnok
JAX_DEVICES = int(os.environ.get("REDUCED_JAX_DEVICES", "1"))


@dataclass(frozen=True)
class Engine:
    """One row of the table."""

    name: str
    module: str
    packages: tuple[str, ...]
    threads: int = 1
    replicates: int = 1
    most: int = 10**9  # agents
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """Environment variables: one number of threads for whatever reads one, then its own."""
        readers = ("OMP", "OPENBLAS", "MKL", "NUMBA")
        return {
            **os.environ,
            **{f"{reader}_NUM_THREADS": str(self.threads) for reader in readers},
            "POLARS_MAX_THREADS": str(self.threads),
            "NPROC": str(self.threads),  # read by JAX
            "MPLBACKEND": "agg",
            "REDUCED_THREADS": str(self.threads),
            "REDUCED_REPLICATES": str(self.replicates),
            **self.settings,
        }


def engines(threads: int) -> list[Engine]:
    """All engines; those that can use several threads get so many."""
    amnok = ("amnok", "numba", "numpy")
    starsim = {"STARSIM_CRN": "1", "STARSIM_INSTALL_FONTS": "0"}
    frames = ("mesa-frames", "polars", "numpy")
    split = {"REDUCED_JAX_DEVICES": str(threads)}
    small, jax = 10_000, ("jax", "jaxlib")
    return [
        Engine("definition", "model", (), most=1_000),
        Engine("AgentPy", "agentpy_day", ("agentpy",), most=small),
        Engine("Mesa", "mesa_day", ("mesa",), most=small),
        Engine("mesa-frames", "mesa_frames_day", frames, threads),
        Engine("Starsim", "starsim_day", ("starsim", "numba", "numpy"), settings=starsim),
        Engine("NumPy", "numpy_day", ("numpy",)),
        Engine("JAX", "jax_day", jax, threads),
        Engine("JAX split", "jax_day", jax, threads, settings=split),
        Engine("Amnok", "amnok_day", amnok),
        Engine("Amnok parallel", "amnok_day", amnok, threads),
        Engine("Amnok replicates", "amnok_day", amnok, threads, 4 * threads, small),
    ]


class EngineError(Exception):
    """An engine could not do what it was asked; the message is its last words."""


class MissingError(EngineError):
    """An engine is not installed."""


class Worker:
    """An engine in a process of its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.process = subprocess.Popen(
            [sys.executable, __file__, engine.module],
            env=engine.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.process.communicate()

    def ask(self, what: str, **request: Any) -> Any:
        """Ask for `time`, `result`, `memory` or `versions`, and wait."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"what": what, **request}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise EngineError(f"{self.engine.name} ended")
        reply = json.loads(line)
        if "missing" in reply:
            raise MissingError(f"{self.engine.name}: {reply['missing']}")
        if "failure" in reply:
            raise EngineError(f"{self.engine.name}: {reply['failure']}")
        return reply["answer"]


def version(package: str) -> str:
    """A package's version; a source tree on the path has none."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "source"


def answer(module: str, what: str, day: dict[str, float] | None = None, **run: Any) -> Any:
    """What a worker answers; `run` is variant, n_agents, n_days and seed."""
    if what == "memory":
        return peak_memory()
    if what == "versions":
        return {name: version(name) for name in run["packages"]}
    from model import Day

    prepare = importlib.import_module(module).prepare
    days = prepare(**run, day=Day(**(day or {})))
    gc.collect()
    start, busy = time.perf_counter(), time.process_time()
    result = days()
    times = {"seconds": time.perf_counter() - start, "busy": time.process_time() - busy}
    if what == "time":
        return times
    counts = {"trips": result.trips.tolist(), "detections": result.detections.tolist()}
    return {**asdict(result), **counts}


def serve(module: str) -> None:
    """Answer until the input ends. What a library prints goes to the standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            reply = {"answer": answer(module, **json.loads(line))}
        except ModuleNotFoundError as error:
            reply = {"missing": str(error)}
        except Exception as error:
            reply = {"failure": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=answers, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])

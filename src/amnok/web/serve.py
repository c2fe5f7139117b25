"""Starting the explorer's server on this machine."""

from __future__ import annotations

import atexit
import contextlib
import secrets
import socket
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

import uvicorn

from amnok.errors import AmnokError, Fault, reason
from amnok.reporting.evidence_page import asked_of
from amnok.results.manifest import MANIFEST
from amnok.results.threads import compile_engine
from amnok.results.weekly import weekly
from amnok.scenario import load
from amnok.scenario.levers import levers, levers_of_saved
from amnok.studies.counterfactual.kept import kept
from amnok.studies.counterfactual.robustness import draws_for
from amnok.web.app import application
from amnok.web.border import Border, Explorer
from amnok.web.jobs import Jobs
from amnok.web.stored import Stored, usual_folder

LOOPBACK = "127.0.0.1"
PORT = 8765
_MOST_CONNECTIONS = 200
_MOST_REPLICATES = 8  # simulated for each new setting of a saved run, however many it holds


def border_of(
    name_or_path: str,
    seed: int | None = None,
    replicates: int | None = None,
    guesses: Path | None = None,
    ledgers: Sequence[Path] = (),
    bank: Path | None = None,
) -> Border:
    """What to explore: a scenario by name or file, or a saved run by its folder.

    Args:
        name_or_path: of either.
        seed, replicates: of a scenario.
        guesses: a file of draws from its prior; by default those that come with Amnok.
        ledgers: files with further reports and claims.
        bank: a folder of runs from its priors, to rank what to ask next.

    Raises:
        AmnokError: there is no such scenario or run, or it is not valid; there is no such file of
            draws, or it is of another border.
    """
    path = Path(name_or_path)
    if (path / MANIFEST).is_file() or path.name == MANIFEST:
        if seed is not None or replicates is not None:
            fix = "leave --seed and --replicates out"
            raise AmnokError(
                Fault("a saved run has its own seed and replicates", fix, file=str(path))
            )
        border = _saved(path)
    else:
        seed, replicates = 1 if seed is None else seed, replicates or 4
        border = Border(load(name_or_path), levers(name_or_path), seed, replicates)
    told = load(border.scenario, (), ledgers)
    draws, asked = draws_for(told, guesses), asked_of(bank, told)
    return replace(border, scenario=told, draws=draws, asked=asked, simulated=border.scenario)


def _saved(path: Path) -> Border:
    from amnok.results import open_run
    from amnok.results.folder import saved_scenario

    scenario, record = saved_scenario(path)
    weeks = weekly(open_run(path)).load()
    replicates = min(weeks.sizes["replicate"], _MOST_REPLICATES)
    levers, found = levers_of_saved(scenario), kept(path, scenario)
    return Border(
        scenario, levers, record.seed, replicates, weeks, found, sha256=record.scenario_sha256
    )


def serve(border: Border, port: int | None, ready: Callable[[str], None]) -> None:
    """Serve the explorer on loopback until interrupted.

    Args:
        border: what to explore.
        port: the port; by default 8765, or any free one where that is taken.
        ready: told the page's address, with the token in it, once it can be opened.

    Raises:
        AmnokError: the port that was asked for is taken.
    """
    compile_engine(border.scenario)
    listening = _listening(port)
    token = secrets.token_urlsafe(24)
    address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/?token={token}"
    jobs = Jobs()
    config = uvicorn.Config(
        application(Explorer(border, _stored(border)), jobs, token),
        log_level="error",
        access_log=False,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=2,
    )
    server = _Server(config, lambda: ready(address), jobs.stop)
    with contextlib.suppress(KeyboardInterrupt), listening:
        server.run(sockets=[listening])


def _stored(border: Border) -> Stored | None:
    folder = usual_folder()
    if folder is None:
        return None
    return Stored(folder, border.scenario, border.seed, border.replicates)


def open_page(address: str) -> bool:
    """Open an address in a browser, and say whether one was found.

    Whoever lists the processes of this machine sees how a browser is called. So it is given a file
    that only this user can read, which leads on to the address with its token.
    """
    with NamedTemporaryFile("w", prefix="amnok-", suffix=".html", delete=False) as file:
        file.write(f'<!doctype html><meta http-equiv="refresh" content="0; url={address}">')
    page = Path(file.name)
    atexit.register(page.unlink, missing_ok=True)
    return webbrowser.open(page.as_uri())


class _Server(uvicorn.Server):
    """Tells when it has started, and when it is about to end: before it waits for answers."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._started, self._ending = started, ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)


def _listening(port: int | None) -> socket.socket:
    try:
        return _listening_at(PORT if port is None else port)
    except OSError as error:
        if port is not None:
            problem = f"port {port} cannot be used: {reason(error)}"
            raise AmnokError([Fault(problem, "leave --port out to get a free one")]) from None
        return _listening_at(0)


def _listening_at(port: int) -> socket.socket:
    """A socket that listens; two that start at once may both bind a port, and one can listen."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening

"""Game files: YAML with the name of a game under `game`, and its numbers beside it.

game: recursive-inspection
periods: 4
inspections: 2
penalty: 1/2
"""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from amnok.errors import AmnokError, Fault, ScenarioError
from amnok.games.gamefile import Answer, GameFile
from amnok.scenario import document, wording
from amnok.scenario.consistency import nearest
from amnok.scenario.document import Document, describe, located

GAMES = {
    "recursive-inspection": "amnok.games.forms.RecursiveFile",
    "timeliness": "amnok.games.forms.TimelinessFile",
    "one-shot-inspection": "amnok.games.forms.OneShotFile",
    "consignor": "amnok.games.forms.ConsignorFile",
    "consignments": "amnok.games.forms.ConsignmentsFile",
    "security": "amnok.games.security_forms.SecurityFile",
    "security-schedules": "amnok.games.security_forms.ScheduleFile",
    "quantal-security": "amnok.games.security_forms.QuantalFile",
    "bayesian-security": "amnok.games.security_forms.BayesianFile",
    "interdiction-evader": "amnok.games.network_forms.EvaderFile",
    "interdiction-shortest-path": "amnok.games.network_forms.ShortestPathFile",
}
"""Where the model of each kind of file is; read only when it is asked for."""


def solve_file(path: Path, exact: bool = False) -> Answer:
    """Solve the game that a file holds.

    Args:
        path: the file.
        exact: in Fractions, where the game can be solved so.

    Raises:
        AmnokError: with every fault of the file, or the game has no exact solution.
    """
    read = document.read(path)
    name = read.data.pop("game", None)
    faults = []
    if not isinstance(name, str) or name not in GAMES:
        raise ScenarioError(_no_game(read, name))
    form = _form(name)
    try:
        game = form.model_validate_json(json.dumps(read.data, default=str), strict=True)
    except ValidationError as error:
        faults = wording.faults(error, read.data, form)
    else:
        if exact and not game.exact_possible:
            fix = "leave --exact out"
            faults = [Fault(f"'{name}' has no solution in exact numbers", fix, path="game")]
    if faults:
        raise ScenarioError(_with_lines(faults, read))
    try:
        return game.answer(exact)
    except AmnokError as error:
        raise ScenarioError(_with_lines(error.faults, read)) from None


def _form(name: str) -> type[GameFile]:
    module, _, form = GAMES[name].rpartition(".")
    found: type[GameFile] = getattr(import_module(module), form)
    return found


def _no_game(read: Document, name: Any) -> Fault:
    if name is None:
        return located(Fault("no key 'game'", nearest("", GAMES)), read)
    advice = nearest(name if isinstance(name, str) else "", GAMES)
    return located(Fault(f"no game is called {describe(name)}", advice, path="game"), read)


def _with_lines(faults: Any, read: Document) -> list[Fault]:
    found = dict.fromkeys(located(fault, read) for fault in faults)
    file = read.origins[()].file
    placed = [fault if fault.file else replace(fault, file=file) for fault in found]
    return sorted(placed, key=lambda fault: (fault.line or 0, fault.path))

"""Every verb at top level, and all alike: a border in any form, one message for what is wrong."""

import inspect
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.paths import TINY
from tests.studies.inference.invented import invented, observed

import amnok
from amnok.arguments import CHECKS
from amnok.errors import AmnokError
from amnok.scenario import resolved
from amnok.studies.sweeps.design import sobol

GAMES = Path(__file__).parents[1] / "docs" / "games"
FEW = {"traders.inner": 40, "traders.outer": 20, "period.spin_up": 10}
ONE: dict[str, Any] = {"replicates": 1, "threads": 1}
SINCE = "2030-03-12"
DATA = pd.DataFrame(
    {
        "date_from": [f"2030-03-{day:02}" for day in range(1, 20)],
        "series": "arrests",
        "value": [day % 3 for day in range(1, 20)],
    }
)
OF_A_BORDER: dict[str, dict[str, Any]] = {
    "run": ONE,
    "compare": {"names": "quiet", "files": "quiet.yaml", **ONE},
    "effect": ONE,
    "effects": ONE,
    "verify": {**ONE, "replicates": 2},
    "sweep": {"points": {"guards.penalty": [1.0, 2.0]}, "out": "swept"},
    "evidence": {},
    "check": {},
    "load": {},
    "score": {"data": DATA, "since": SINCE, **ONE, "replicates": 2},
    "bank": {"out": "bank", "draws": 2, "traders": 20, "full": 0},
    "infer": {"data": None, "bank": None},
    "ask": {"bank": None},
}
OF_A_RUN: dict[str, dict[str, Any]] = {
    "measure": {"what": "arrests"},
    "exploit": {},
    "plot": {},
    "report": {},
}
OF_A_SWEEP: dict[str, dict[str, Any]] = {
    "sensitivity": {"outcome": "bribes"},
    "regret": {"outcome": "bribes"},
    "discover": {"policy": "quiet", "conditions": [("lower", "questionings")]},
}
SHORT = {"period.end": "2030-03-20"}
VERBS = [*OF_A_BORDER, *OF_A_RUN, *OF_A_SWEEP, "solve"]

FEW_OF_TINY = amnok.load(TINY, FEW)


@pytest.fixture(scope="module")
def hidden():
    return invented(runs=400)


@pytest.fixture
def given(hidden, tmp_path, monkeypatch, request):
    """`given(verb)`: arguments that make it quick; `small` names a border, and is its folder."""
    monkeypatch.chdir(tmp_path)
    small = hidden.scenario if request.node.name.endswith(("[infer]", "[ask]")) else FEW_OF_TINY
    Path("small").mkdir()
    Path("small/scenario.yaml").write_text(resolved(small))
    monkeypatch.setattr(import_module("amnok.scenario.loading"), "_BUILTIN", tmp_path)
    Path("quiet.yaml").write_text("policies: {quiet: {set: {orders.april_sweep.intensity: 0}}}")

    def given(verb):
        arguments = {**OF_A_BORDER, **OF_A_RUN, **OF_A_SWEEP, "solve": {}}[verb]
        if verb in ("infer", "ask"):
            arguments = {**arguments, "bank": hidden}
        return {**arguments, "data": observed(hidden, 4)} if verb == "infer" else arguments

    return given


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        ({"name": "another"}, "the run is of 'tiny-border', and the scenario is 'another'"),
        ({"guards": None}, "the run of 'tiny-border' has other names and mechanisms"),
        ({"quota": None}, "the run of 'tiny-border' has other mechanisms than"),
    ],
)
def test_a_run_is_of_its_own_scenario(other, problem):
    dataset = amnok.run(FEW_OF_TINY, threads=1)
    for verb in (amnok.report, amnok.exploit):
        with pytest.raises(AmnokError, match=problem):
            verb(dataset, scenario=FEW_OF_TINY.model_copy(update=other))


def test_every_verb_is_a_function_whatever_was_imported():
    assert {*VERBS} == {
        name for name in amnok.__all__ if inspect.isfunction(getattr(amnok, name))
    } - {"open_run", "reports", "runs"}
    beside = {module.name for module in pkgutil.iter_modules(amnok.__path__)}
    assert not beside & {*amnok.__all__}
    assert all(getattr(amnok, name).__doc__ for name in VERBS)


def test_no_module_hides_behind_a_verb_of_its_package():
    for found in pkgutil.walk_packages(amnok.__path__, "amnok."):
        if found.ispkg:
            package = import_module(found.name)
            verbs = {*amnok.__all__}.intersection(
                module.name for module in pkgutil.iter_modules(package.__path__)
            )
            assert not {name for name in verbs if inspect.isfunction(getattr(package, name, None))}


SLOW = ("bank", "infer", "ask", "sweep", "plot", "report", "exploit", "effects", "score", "measure")


def slow_apart(verbs, *more):
    """Those that take more than a second are tried in the slow lane."""
    slow = {*SLOW, *more}
    return [pytest.param(one, marks=[pytest.mark.slow] * (one in slow)) for one in verbs]


@pytest.mark.parametrize("verb", slow_apart(OF_A_BORDER))
def test_a_border_is_a_name_a_path_or_an_object(given, verb):
    told = []
    for place, border in enumerate(("small", "./small", Path("small"), amnok.load("small"))):
        arguments = given(verb)
        if "out" in arguments:
            arguments = {**arguments, "out": f"{arguments['out']}{place}"}
        told.append(getattr(amnok, verb)(border, **arguments))
    assert len({type(one) for one in told}) == 1


@pytest.mark.parametrize("verb", slow_apart(OF_A_RUN))
def test_a_run_is_a_dataset_a_folder_or_a_border(given, verb):
    arguments = given(verb)
    dataset = amnok.run("small", out="saved", threads=1)
    more = {"scenario": "small"} if verb in ("exploit", "report") else {}
    told = [getattr(amnok, verb)(dataset, **arguments, **more)]
    if more:
        with pytest.raises(AmnokError, match="of what scenario"):
            getattr(amnok, verb)(dataset, **arguments)
        for its_own in (dataset, "saved"):
            with pytest.raises(AmnokError, match="has other days than the scenario"):
                getattr(amnok, verb)(its_own, **arguments, scenario=amnok.load("small", SHORT))
    for run in ("saved", Path("saved"), "small", amnok.load("small")):
        told.append(getattr(amnok, verb)(run, **arguments))
    assert len({type(one) for one in told}) == 1
    if verb in ("measure", "exploit"):
        assert all(one.identical(told[0]) for one in told)


@pytest.mark.slow
def test_a_sweep_is_an_object_or_a_folder(given):
    given("regret")
    border = amnok.load("small")
    quiet = {"quiet": amnok.load("small", {"orders.april_sweep.intensity": 0})}
    swept = amnok.sweep(border, {"guards.penalty": [1.0, 1e6]}, "grid", policies=quiet)
    decides = amnok.sweep(border, sobol(border, {"a": ["guards.penalty"]}, 4, 1), "sobol", seed=2)
    one, two = (amnok.regret(form, "bribes") for form in (swept, "grid"))
    assert one.equals(two)
    assert set(one["policy"]) == {"base", "quiet"}
    one, two = (amnok.sensitivity(form, "bribes") for form in (decides, Path("sobol")))
    assert one.equals(two)
    with pytest.raises(AmnokError, match="no draw is of interest"):
        amnok.discover("grid", "quiet", [("lower", "bribes", ""), ("higher", "bribes")])


def test_a_game_is_a_file_or_a_dict(given):
    given("solve")
    one = amnok.solve(GAMES / "one-shot-inspection.yaml")
    written = {"game": "one-shot-inspection", **_numbers(GAMES / "one-shot-inspection.yaml")}
    assert amnok.solve(written).values == one.values
    with pytest.raises(AmnokError, match="no key 'game'"):
        amnok.solve({})


def _numbers(file):
    import yaml

    return yaml.safe_load(file.read_text())


WRONG = [object(), -1, "nonsense", 3.5, [object()], b"x", {"a": object()}, None, np.nan]
WRONG += [10**30, [], {}, "", np.array(1.0), {"a"}, np.True_, pd.NaT, "x" * 5000, "\ud800"]


@pytest.mark.parametrize("verb", slow_apart(VERBS, "compare", "effect", "run", "check"))
def test_what_no_argument_can_be_is_one_message(given, verb):
    """Anything for any argument: it is done, or said in one message of ours."""
    function = getattr(amnok, verb)
    arguments = given(verb)
    first, *others = inspect.signature(function).parameters
    usual = amnok.load("small") if verb in OF_A_BORDER else "nothing"
    told = []
    for name in (first, *others):
        for value in WRONG:
            try:
                function(**{first: usual, **arguments, name: value})
            except AmnokError as error:
                told.append(str(error))
    assert all(told)
    assert len(told) > len(others)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"progress": 3}, "progress is 3"),
        ({"names": [3]}, "names is 3"),
        ({"names": object()}, "names is <object"),
        ({"weeks": 1}, "weeks is 1"),
        ({"days": 3}, "days is 3"),
        ({"files": 3}, "3 is not a path|files is 3"),
    ],
)
def test_messages_name_the_argument(given, wrong, told):
    with pytest.raises(AmnokError, match=told):
        amnok.compare("small", **{**given("compare"), **wrong})


def test_an_argument_means_the_same_in_every_verb():
    """By its name it is checked; what has no check of its own is looked at by its verb."""
    looked_at = {
        *("scenario", "sets", "run", "sweep", "game", "points", "conditions", "mechanisms"),
        *("data", "bank", "what", "patterns", "given", "guesses"),
    }
    names = {name for verb in VERBS for name in inspect.signature(getattr(amnok, verb)).parameters}
    assert names - set(CHECKS) == looked_at


def test_what_was_made_shorter_stays_a_border(given):
    """A border cut to a month may lack what others must have, and is one by any way to say it."""
    given("run")
    amnok.run("small", sets=SHORT, out="short")
    less = {"orders.april_sweep.intensity": 0}
    for border in ("short", amnok.load("small", SHORT)):
        assert amnok.run(border).sizes["day"] == 20
        assert amnok.load(border, less).orders["april_sweep"].intensity.number == 0
        assert amnok.check(border, less).facts["ok"]


@pytest.mark.parametrize("given", [5, None, "saved", amnok])
def test_reports_are_of_a_dataset(given):
    with pytest.raises(AmnokError, match=r"what `amnok\.run` returns"):
        amnok.reports(given)

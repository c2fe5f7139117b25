"""Whatever happens to a folder of results, no reader shows a number that was not written."""

import random
import re
from pathlib import Path

import numpy as np
import pytest
from tests.paths import TINY
from tests.studies.inference.invented import invented, observed

import amnok
from amnok.errors import AmnokError
from amnok.results import RunFolder, dataset, open_run
from amnok.results.folder import saved_scenario
from amnok.results.packing import digest, pack
from amnok.scenario import load
from amnok.scenario.overrides import with_values
from amnok.studies.comparison import compare
from amnok.studies.comparison.folder import open_comparison, save_comparison
from amnok.studies.inference.banks import bank, open_bank
from amnok.studies.inference.hidden import infer, runs_of
from amnok.studies.patterns.robustness import study
from amnok.studies.sweeps import Point, sweep
from amnok.studies.sweeps.analysis import by_draw
from amnok.studies.sweeps.folder import SweepFolder
from amnok.studies.sweeps.runner import opened


def a_run(path, tiny, outcome):
    folder = RunFolder.create(path, tiny, 1, 2)
    for number in (0, 1):
        part = dataset(outcome(number), tiny, 1)
        folder.add_replicate(number, pack(part), digest(part))
    folder.close("complete")


def read_run(path):
    scenario, record = saved_scenario(path)
    return scenario.name, record.seed, digest(open_run(path))


def a_sweep(path, tiny, outcome):
    points = [Point(policy, {"a": float(n)}) for n in range(4) for policy in ("base", "order")]
    folder = SweepFolder(path, {"sobol": None, "batch": 2}, points)
    for batch in range(4):
        values = np.random.default_rng(batch).random((2, 1))
        folder.add(batch, [2 * batch, 2 * batch + 1], 1, [("arrests", "")], values, {99: "odd"})
    folder.store.close("complete")


def read_sweep(path):
    found = opened(path)
    table = by_draw(found, "arrests")
    return found.progress, found.aside, found.sobol, table.to_csv(), found.points.to_csv()


def a_comparison(path, tiny, outcome):
    found = compare(TINY, ["no_vote"], replicates=1, weeks=True, files=[path.parent / "mine.yaml"])
    save_comparison(found, path, 1, "amnok compare")


def read_comparison(path):
    saved = open_comparison(path)
    weeks = [digest(arm) for arm in saved.comparison.weeks.values()]
    return digest(saved.comparison.values), weeks, saved.seed, saved.command


FEW = {"traders.inner": 20.0, "traders.outer": 10.0}


def a_study(path, tiny, outcome):
    study(short(tiny), path, 3, 7, threads=1)


def read_study(path):
    """The same call reads what is finished."""
    found = study(short(load(TINY)), path, 3, 7, threads=1)
    return found.paths, found.places.tolist(), repr(found.measures)


def short(scenario):
    end = scenario.period.start.replace(day=10)
    period = scenario.period.model_copy(update={"end": end})
    return with_values(scenario, FEW).model_copy(update={"period": period})


def a_bank(path, tiny, outcome):
    """With runs of all people beside, in a folder of their own."""
    bank(short(tiny), path, draws=2, traders=10, full=1, threads=1)


def read_bank(path):
    found = open_bank(path)
    numbers = [found.weekly.tolist(), found.correction.tolist(), found.measured.to_csv()]
    return found.points.to_csv(), numbers, found.variants, found.digest, found.progress


def a_posterior(path, tiny, outcome):
    made = invented(runs=300)
    infer(tiny, observed(made, 0, months=1), bank=made, out=path)


def read_posterior(path):
    rows, weights, about = runs_of(path)
    return rows.tolist(), weights.tolist(), about


KINDS = {
    "run": (a_run, read_run),
    "sweep": (a_sweep, read_sweep),
    "comparison": (a_comparison, read_comparison),
    "study": (a_study, read_study),
    "bank": (a_bank, read_bank),
    "posterior": (a_posterior, read_posterior),
}


@pytest.fixture
def kept(request, tmp_path, tiny, made_up_outcome):
    """A folder and what reads it."""
    halts = "policies: {no_vote: {set: {calendar.halts.spring_vote.strength: 0}}}"
    (tmp_path / "mine.yaml").write_text(halts)
    make, read = KINDS[request.param]
    make(tmp_path / "kept", tiny, made_up_outcome)
    return tmp_path / "kept", read


def files_of(path):
    return sorted(file for file in path.rglob("*") if file.is_file())


def flip_bits(kept, times):
    """Bits at random, of files by their length: every one is noticed."""
    path, read = kept
    whole = read(path)
    files = files_of(path)
    sizes = np.cumsum([file.stat().st_size for file in files])
    chance = random.Random(4)
    for _ in range(times):
        at = chance.randrange(int(sizes[-1]))
        file = files[int(np.searchsorted(sizes, at, side="right"))]
        content = file.read_bytes()
        changed = bytearray(content)
        changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        file.write_bytes(changed)
        with pytest.raises(AmnokError):
            read(path)
        file.write_bytes(content)
    assert read(path) == whole


def test_every_kind_of_folder_is_tried():
    """Whatever the code keeps as a kind of its own is one of these."""
    texts = [file.read_text(encoding="utf-8") for file in Path(amnok.__file__).parent.rglob("*.py")]
    known = {name for text in texts for name in re.findall(r'= Kind\(\s*"(\w+)"', text)}
    assert known == set(KINDS)


@pytest.mark.parametrize("kept", ["run", "sweep", "posterior"], indirect=True)
def test_flipped_bits_are_noticed(kept):
    flip_bits(kept, 10)


@pytest.mark.slow
@pytest.mark.parametrize("kept", list(KINDS), indirect=True)
def test_four_hundred_flipped_bits_are_noticed(kept):
    flip_bits(kept, 400)


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "kept",
    ["sweep", *(pytest.param(kind, marks=SLOW) for kind in KINDS if kind != "sweep")],
    indirect=True,
)
def test_files_cut_short_lost_and_copied_are_noticed(kept):
    path, read = kept
    whole = read(path)
    for file in files_of(path):
        content = file.read_bytes()
        for tenth in range(10):
            file.write_bytes(content[: len(content) * tenth // 10])
            with pytest.raises(AmnokError):
                read(path)
        file.unlink()
        with pytest.raises(AmnokError):
            read(path)
        file.write_bytes(content)
        if file.suffix in (".parquet", ".zip") or not (file.parent / "manifest.json").exists():
            copy = file.with_name(f"{file.stem} (copy){file.suffix}")
            copy.write_bytes(content)
            with pytest.raises(AmnokError, match=r"\(copy\)"):
                read(path)
            copy.unlink()
    assert read(path) == whole


def test_a_finished_sweep_is_seen_to_be_damaged_before_it_is_resumed(tiny, tmp_path):
    few = [Point("base", {"quota.arrests": 3.0})]
    sweep(tiny, few, tmp_path / "s")
    batch = tmp_path / "s" / "batches" / "000000.parquet"
    batch.write_bytes(batch.read_bytes()[:-1])
    with pytest.raises(AmnokError, match="is truncated"):
        sweep(tiny, few, tmp_path / "s")

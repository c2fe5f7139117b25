"""Draws from the prior: they fit each other, nothing finished is lost, and shares are counted."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnok.errors import AmnokError
from amnok.quantity import Prior
from amnok.scenario import load
from amnok.scenario.overrides import with_values
from amnok.scenario.priors import fitted, quantile, values_at
from amnok.studies.patterns.patterns import patterns_of
from amnok.studies.patterns.robustness import (
    Study,
    influences,
    shares,
    study,
    wilson,
)


@pytest.fixture(scope="module")
def short(tiny_usual):
    """Few days and few people: what is simulated does not matter here."""
    few = with_values(tiny_usual, {"traders.inner": 40.0, "traders.outer": 20.0})
    end = few.period.start.replace(day=20)
    return few.model_copy(update={"period": few.period.model_copy(update={"end": end})})


@pytest.mark.parametrize(
    ("prior", "u", "value"),
    [
        (Prior(uniform=(2.0, 4.0)), 0.25, 2.5),
        (Prior(lognormal=(10.0, 2.0)), 0.8413447460685429, 20.0),
        (Prior(normal=(1.0, 3.0)), 0.15865525393145707, -2.0),
        (Prior(beta=(0.5, 2.0)), 0.3, 0.3),  # the uniform distribution
    ],
)
def test_quantiles_of_each_family(prior, u, value):
    assert quantile(prior, u) == pytest.approx(value)


def test_days_of_a_uniform_prior_are_equally_likely():
    prior = Prior.model_validate({"uniform": ["2019-07-01", "2019-07-04"]})
    found = [str(quantile(prior, u)) for u in (0.01, 0.24, 0.26, 0.51, 0.99)]
    assert found == [f"2019-07-0{day}" for day in (1, 1, 2, 3, 4)]


@pytest.mark.slow
@given(st.integers(0, 2**32 - 1))
def test_any_draw_of_all_parameters_is_a_scenario(seed):
    border = load("sino-korean-border")
    paths = [path for path, _ in border.parameters()]
    # Far into the tails, where values meet the edge of their unit.
    places = np.random.default_rng(seed).choice([1e-6, 0.02, 0.5, 0.98, 1 - 1e-6], len(paths))
    values = values_at(border, dict(zip(paths, places.tolist(), strict=True)))
    drawn = with_values(border, values)
    for key in ("share_inner", "share_outer"):
        total = sum(getattr(size, key).number for size in drawn.traders.sizes.values())
        assert total == pytest.approx(1)


def test_shares_that_are_scaled_down_add_up_to_no_more_than_one(tiny_usual):
    """Whatever the rounding: some of these pairs come to 1.0000000000000002 when divided."""
    paths = ("guards.share_superiors", "guards.share_security")
    for pair in np.random.default_rng(1).uniform(0.4, 1.0, (500, 2)):
        found = fitted(tiny_usual, dict(zip(paths, map(float, pair), strict=True)))
        total = sum(float(str(found[path])) for path in paths)
        assert total <= 1.0
        assert total == pytest.approx(min(pair.sum(), 1.0), rel=1e-9)


def test_only_assumptions_are_drawn(tiny_usual):
    known = dict(tiny_usual.parameters())
    paths = tiny_usual.assumptions
    assert paths
    assert all(known[path].is_assumption for path in paths)
    assert len(paths) == sum(one.is_assumption for one in known.values())


def kept_in(folder):
    return {file: file.stat().st_mtime_ns for file in (folder / "draws").iterdir()}


@pytest.mark.slow
def test_an_interrupted_study_goes_on_where_it_was(short, tmp_path, monkeypatch):
    whole = study(short, tmp_path / "whole", 12, 7, threads=2)
    from amnok.results.manifest import to_json
    from amnok.studies import prior_draws

    calls = []

    def interrupted(*arguments):
        calls.append(arguments)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return to_json(*arguments)

    monkeypatch.setattr(prior_draws, "to_json", interrupted)
    with pytest.raises(KeyboardInterrupt):
        study(short, tmp_path / "cut", 12, 7, threads=1)
    monkeypatch.undo()
    kept = kept_in(tmp_path / "cut")
    assert 4 <= len(kept) < 12
    again = study(short, tmp_path / "cut", 12, 7, threads=2)
    after = kept_in(tmp_path / "cut")
    assert kept.items() <= after.items()
    assert len(after) == 12
    for name in patterns_of(short).measures:
        np.testing.assert_array_equal(again.measures[name], whole.measures[name])


def test_a_finished_study_is_not_simulated_again(short, tmp_path, monkeypatch):
    first = study(short, tmp_path / "one", 10, 3)
    monkeypatch.setattr(
        "amnok.studies.patterns.robustness.measured", lambda *_: pytest.fail("simulated")
    )
    again = study(short, tmp_path / "one", 10, 3)
    for name in patterns_of(short).measures:
        np.testing.assert_array_equal(again.measures[name], first.measures[name])


@pytest.mark.slow
@pytest.mark.parametrize(("draws", "seed"), [(11, 3), (10, 4)])
def test_a_folder_holds_one_study(short, tmp_path, draws, seed):
    study(short, tmp_path / "one", 10, 3)
    with pytest.raises(AmnokError, match="holds a study with other"):
        study(short, tmp_path / "one", draws, seed)


def test_a_folder_with_something_else_is_left_alone(short, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(AmnokError, match="holds no study"):
        study(short, tmp_path, 10, 3)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_a_damaged_folder_is_one_message(short, tmp_path):
    study(short, tmp_path / "one", 10, 3)
    draw = tmp_path / "one" / "draws" / "0004.json"
    draw.write_bytes(draw.read_bytes()[:-1] + b" ")
    with pytest.raises(AmnokError, match=r"0004\.json: was changed"):
        study(short, tmp_path / "one", 10, 3)
    (tmp_path / "one" / "manifest.json").write_text("{")
    with pytest.raises(AmnokError, match=r"manifest\.json: is damaged"):
        study(short, tmp_path / "one", 10, 3)


PATTERNS = patterns_of(load("sino-korean-border"))
CHECKED, SHARE = PATTERNS.all[0].measures


def made_up(n=400, decides=2):
    """A study in which one parameter decides the first measure, and the rest is noise."""
    generator = np.random.default_rng(5)
    places = generator.random((n, 6))
    measures = {name: generator.normal(0, 1, n) for name in PATTERNS.measures}
    _, most = CHECKED.said.bounds
    measures[CHECKED.name] = 2 * most * places[:, decides] + 0.01 * measures[CHECKED.name]
    measures[SHARE.name][:] = 1.0
    return Study(tuple(f"p{i}" for i in range(6)), places, measures)


def test_shares_count_the_draws_that_show_something():
    found = made_up()
    found.measures[SHARE.name][:100] = math.nan
    share = shares(found, PATTERNS)[0]
    assert share.judged == 300
    assert share.low < 0.5 < share.high
    assert share.low < share.share < share.high


def test_the_joint_share_counts_draws_in_which_every_pattern_holds():
    found = made_up()
    generator = np.random.default_rng(6)
    for name, one in PATTERNS.measures.items():
        low, high = one.said.bounds
        meets = np.where(generator.random(400) < 0.97, 1.0, -1.0)
        found.measures[name] = low + meets if math.isfinite(low) else high - meets
    second = PATTERNS.all[3].measures[0]
    found.measures[CHECKED.name][:40] = math.nan
    *single, joint = shares(found, PATTERNS)
    holds = [
        all(one.said.meets(found.measures[name][draw]) for name, one in PATTERNS.measures.items())
        for draw in range(40, 400)
    ]
    assert joint.pattern is None
    assert (joint.judged, joint.share) == (360, sum(holds) / 360)
    assert 0 < joint.share < min(one.share for one in single)
    found.measures[second.name][:] = math.nan
    assert shares(found, PATTERNS)[-1].judged == 0


def test_what_no_source_gives_a_figure_for_is_drawn(short, tmp_path):
    figures = {path for path, one in short.parameters() if one.support == "figure"}
    found = study(short, tmp_path / "one", 10, 3)
    assert figures
    assert set(found.paths) == {path for path, _ in short.parameters()} - figures


def test_the_parameter_that_decides_is_found():
    found = influences(made_up(), CHECKED.name)
    assert found[0].path == "p2"
    assert found[0].first_order > 0.9
    assert all(one.first_order < 0.1 for one in found[1:])


def test_nothing_decides_a_constant():
    assert influences(made_up(), SHARE.name) == []


def test_an_interval_of_a_share_lies_within_0_and_1():
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == pytest.approx(1)
    assert all(math.isnan(end) for end in wilson(0, 0))


def test_each_file_on_disk_is_a_whole_draw(short, tmp_path):
    study(short, tmp_path / "one", 10, 3)
    files = sorted((tmp_path / "one" / "draws").iterdir())
    names = set(patterns_of(short).measures)
    assert [int(file.stem) for file in files] == list(range(10))
    assert all(set(json.loads(file.read_text())) == names for file in files)

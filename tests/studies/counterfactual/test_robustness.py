"""Effects under draws from the prior: what is drawn, what is kept, and of which border it is."""

import datetime as dt
import gzip
import random

import numpy as np
import pytest

import amnok
from amnok.errors import AmnokError
from amnok.scenario import load
from amnok.scenario.dump import acting_digest
from amnok.scenario.loading import builtin_names, shipped
from amnok.scenario.overrides import with_values
from amnok.scenario.places import Item
from amnok.studies.counterfactual import robustness as module
from amnok.studies.counterfactual.events import chosen, days_of_story
from amnok.studies.counterfactual.robustness import read, robustness, robustness_of
from amnok.studies.prior_draws import latin

SWEEP = "april_sweep"


@pytest.fixture(scope="module")
def short(tiny):
    """Few days and few people: what is simulated does not matter here."""
    few = with_values(tiny, {"traders.inner": 60.0, "traders.outer": 30.0})
    end = tiny.orders[SWEEP].start.date + dt.timedelta(days=10)
    return few.model_copy(update={"period": few.period.model_copy(update={"end": end})})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("guesses") / "draws"


@pytest.fixture(scope="module")
def found(short, folder):
    return robustness(short, folder, [SWEEP], draws=10, seed=5)


def drawn_paths(scenario):
    known, off = dict(scenario.parameters()), chosen(scenario, SWEEP).off
    is_date = {path for path, one in known.items() if isinstance(one.value, dt.date)}
    return [one for one in scenario.unfixed if one not in is_date and one not in off]


@pytest.mark.slow
def test_a_draw_is_the_effect_of_the_scenario_drawn(short, found):
    """The first draw has replicate 0, as the first pair of an effect has."""
    paths = drawn_paths(short)
    assert found.parameters == len(paths)
    one = latin(paths, 10, 5).drawn(short, 0)
    assert dict(one.parameters())[f"orders.{SWEEP}.intensity"].number > 0
    effect = amnok.effect(one, SWEEP, seed=5, replicates=1)
    days = effect.window()
    for outcome in ("value_crossed", "arrests", "checking_hours"):
        values = effect.values(outcome, (), days).to_numpy()[:, 0]
        np.testing.assert_allclose(found.of(SWEEP, days, outcome)[0], values, rtol=1e-4)
    side = str(effect.daily["side"].to_numpy()[0])
    by_side = effect.values("arrests", ("side",), days).sel(side=side).to_numpy()[:, 0]
    np.testing.assert_allclose(found.of(SWEEP, days, "arrests", side=side)[0], by_side)


def test_what_is_not_kept_is_none(short, found):
    days = chosen(short, SWEEP).window(short)
    assert found.of("halts", days, "arrests") is None
    assert found.of(SWEEP, (days[0], days[0]), "arrests") is None
    assert found.of(SWEEP, days, "nothing") is None
    assert found.of(SWEEP, days, "arrests", channel="river") is None
    assert len(found.of(SWEEP, days, "arrests")) == 10


def test_what_is_written_is_read(found, tmp_path):
    file = tmp_path / "kept.json.gz"
    found.write(file)
    again = read(file)
    assert (again.digest, again.draws, again.parameters) == (
        found.digest,
        found.draws,
        found.parameters,
    )
    for event, windows in found.values.items():
        for days, tables in windows.items():
            for name, (dims, table) in tables.items():
                there = again.values[event][days][name]
                assert there[0] == dims
                np.testing.assert_array_equal(there[1], table)
    first = file.read_bytes()
    again.write(file)
    assert file.read_bytes() == first


@pytest.mark.parametrize("content", [b"", b"nothing", b"\x1f\x8b\x08", b"{}"])
def test_another_file_is_refused(tmp_path, content):
    file = tmp_path / "kept.json.gz"
    file.write_bytes(content)
    with pytest.raises(AmnokError, match="holds no study of effects"):
        read(file)
    with pytest.raises(AmnokError, match="cannot be read"):
        read(tmp_path / "none")


def test_a_file_that_was_damaged_is_told_or_says_the_same(found, tmp_path):
    """Single bits anywhere: in the head of gzip some say nothing; and 10 cuts."""
    file, chance = tmp_path / "d.json.gz", random.Random(3)
    found.write(file)
    content, noticed = file.read_bytes(), 0
    whole = repr(read(file))
    for _ in range(100):
        changed = bytearray(content)
        changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        file.write_bytes(changed)
        try:
            assert repr(read(file)) == whole
        except AmnokError:
            noticed += 1
    assert noticed > 95
    for tenth in range(10):
        file.write_bytes(content[: len(content) * tenth // 10])
        with pytest.raises(AmnokError, match="holds no study of effects"):
            read(file)
    file.write_bytes(gzip.compress(b"[" * 100_000))
    with pytest.raises(AmnokError, match="holds no study of effects"):
        read(file)


def test_a_finished_study_is_not_simulated_again(short, found, folder, monkeypatch):
    monkeypatch.setattr(module, "simulate", lambda *_, **__: pytest.fail("simulated"))
    again = robustness(short, folder, [SWEEP], draws=10, seed=5)
    days = chosen(short, SWEEP).window(short)
    np.testing.assert_array_equal(
        again.of(SWEEP, days, "value_crossed"), found.of(SWEEP, days, "value_crossed")
    )
    with pytest.raises(AmnokError, match="holds a study of effects with other"):
        robustness(short, folder, [SWEEP], draws=11, seed=5)


def test_what_is_shipped_counts_only_for_the_border_as_it_is(found, short, tmp_path, monkeypatch):
    file = tmp_path / "kept.json.gz"
    found.write(file)
    monkeypatch.setattr(module, "shipped", lambda *_: file)
    there = robustness_of(short.model_copy())
    assert there is not None
    assert there.digest == found.digest
    assert robustness_of(with_values(short, {"quota.arrests": 7.0})) is None
    monkeypatch.setattr(module, "shipped", lambda *_: None)
    assert robustness_of(short.model_copy()) is None


def test_words_do_not_make_another_border_and_numbers_do(tiny):
    known = acting_digest(tiny)
    told = {"title": "Another", "description": "Told anew.", "stories": {}, "claims": {}}
    assert acting_digest(tiny.model_copy(update=told)) == known
    pairs = tiny.goods["lamps"].model_copy(update={"item": Item(holds=2, unit="pair")})
    goods = {"goods": {**tiny.goods, "lamps": pairs}}
    assert acting_digest(tiny.model_copy(update=goods)) == known
    for path in ("quota.arrests", f"orders.{SWEEP}.intensity", "traders.inner"):
        old = dict(tiny.parameters())[path].number
        assert acting_digest(with_values(tiny, {path: old * 1.01})) != known
    period = tiny.period.model_copy(update={"spin_up": tiny.period.spin_up + 1})
    assert acting_digest(tiny.model_copy(update={"period": period})) != known


@pytest.mark.slow
@pytest.mark.parametrize("name", builtin_names())
def test_what_is_shipped_is_of_the_border_and_of_the_code_as_they_are(name):
    """`make robustness` makes it anew."""
    if name != "sino-korean-border" and shipped(name, module.FILE) is None:
        pytest.skip("comes without draws")
    scenario = load(name)
    kept = robustness_of(scenario)
    assert kept is not None, "no draws of this border as it is: make robustness"
    event, windows = next(iter(kept.values.items()))
    known = dict(scenario.parameters())
    fixed = {path for one in kept.values for path in chosen(scenario, one).off}
    paths = [
        path
        for path in scenario.unfixed
        if path not in fixed and not isinstance(known[path].value, dt.date)
    ]
    first = latin(paths, kept.draws, kept.seed).drawn(scenario, 0)
    effect = amnok.effect(first, event, seed=kept.seed, replicates=1)
    for days in windows:
        values = effect.values("value_crossed", (), days).to_numpy()[:, 0]
        draws = kept.of(event, days, "value_crossed")
        assert draws is not None
        np.testing.assert_allclose(draws[0], values, rtol=1e-4)


@pytest.mark.parametrize("name", builtin_names())
def test_every_border_comes_with_draws_of_itself(name):
    known = robustness_of(load(name))
    assert known is not None, "its numbers have changed since: make robustness"
    assert known.draws >= 60


@pytest.mark.parametrize("name", builtin_names())
def test_every_question_of_a_border_is_asked_under_other_guesses(name):
    scenario, known = load(name), robustness_of(load(name))
    assert scenario.stories
    assert known is not None
    for story in scenario.stories.values():
        days = days_of_story(scenario, story, chosen(scenario, story.of))
        assert days is not None
        assert known.of(story.of, days, "value_crossed") is not None, story.question

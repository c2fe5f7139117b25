"""Policies compared in worlds of a posterior."""

from dataclasses import replace

import numpy as np
import pytest
from tests.paths import TINY
from tests.studies.inference.invented import invented, observed

import amnok
from amnok.errors import AmnokError
from amnok.results.store import Store
from amnok.studies.comparison.folder import open_comparison, save_comparison
from amnok.studies.inference.given import drawn
from amnok.studies.inference.hidden import POSTERIOR, runs_of

POLICY = """
policies:
  strict: {label: More arrests, set: {quota.arrests: 30, quota.prison_days: 77}}
"""


@pytest.fixture(scope="module")
def bank():
    return invented()


@pytest.fixture(scope="module")
def posterior(bank, tmp_path_factory):
    folder = tmp_path_factory.mktemp("given") / "posterior"
    amnok.infer(TINY, observed(bank, 3), bank=bank, out=folder)
    return folder


@pytest.mark.slow
def test_worlds_follow_the_posterior(bank, posterior):
    tiny = amnok.load(TINY)
    arm = amnok.load(TINY, {"quota.prison_days": 77})
    made = drawn(posterior, tiny, {"strict": arm}, 60, 1)
    people = [made(n, tiny).traders.inner.number for n in range(60)]
    rows, _, _ = runs_of(posterior)
    found = amnok.infer(TINY, observed(bank, 3), bank=bank)
    mean, sd = found.posterior.mean["traders.inner"], found.posterior.sd["traders.inner"]
    # Systematic draws lie closer than independent ones, whose error is sd over the root of 60.
    assert abs(np.mean(people) - mean) < 4.0 * sd / np.sqrt(60)
    assert len(rows) > 0
    # What the policy sets is as the policy sets it, all else as in the same draw.
    assert made(5, arm).traders.inner.number == made(5, tiny).traders.inner.number
    days = [dict(made(5, one).parameters())["quota.prison_days"].number for one in (tiny, arm)]
    assert days[1] == 77
    assert days[0] != 77
    again = drawn(posterior, tiny, {}, 60, 1)
    assert [again(n, tiny).traders.inner.number for n in range(60)] == people


def test_policies_are_compared_given_what_was_observed(posterior, tmp_path):
    file = tmp_path / "policies.yaml"
    file.write_text(POLICY, encoding="utf-8")
    found = amnok.compare(TINY, "strict", replicates=4, files=[file], given=posterior, weeks=True)
    plain = amnok.compare(TINY, "strict", replicates=4, files=[file])
    crossed = found.values["value_crossed"].sel(policy="base").sum(("size", "channel"))
    without = plain.values["value_crossed"].sel(policy="base").sum(("size", "channel"))
    # A third of the traders that the border has as it is.
    assert float(crossed.mean()) < 0.5 * float(without.mean())
    spread = found.spread().set_index("outcome")
    assert (spread["low"] <= spread["high"]).all()
    assert spread["falls"].between(0.0, 1.0).all()
    save_comparison(found, tmp_path / "comparison", 1, "amnok compare")
    assert open_comparison(tmp_path / "comparison").comparison.drawn


def test_a_posterior_of_another_border(posterior, tmp_path):
    with pytest.raises(AmnokError, match="is not of tiny-border as it is now"):
        drawn(posterior, amnok.load(TINY, {"guards.penalty": 1}), {}, 2, 1)
    with pytest.raises(AmnokError, match="does not exist"):
        drawn(tmp_path / "nothing", amnok.load(TINY), {}, 2, 1)


@pytest.mark.slow
def test_worlds_of_several_structures(tmp_path):
    """Each draw is simulated in the structure that it is of."""
    tiny, dear = amnok.load(TINY), amnok.load(TINY, {"guards.penalty": 1234})
    texts = {"base": amnok.scenario.resolved(tiny), "dear": amnok.scenario.resolved(dear)}
    made = replace(invented(runs=500, variants=("base", "dear")), texts=texts)
    amnok.infer(TINY, observed(made, 0, months=1), bank=made, out=tmp_path / "posterior")
    found = drawn(tmp_path / "posterior", tiny, {}, 60, 1)
    penalties = [dict(found(n, tiny).parameters())["guards.penalty"].number for n in range(60)]
    share = np.mean(np.array(penalties) == 1234)
    chances = np.bincount(found.draws["variant"].astype(int), minlength=2) / 60
    assert share == chances[1]


def test_a_posterior_that_holds_names_of_structures_alone(tmp_path, monkeypatch):
    """As those that were saved before: told in a line, with what to do."""
    made = invented(runs=500, variants=("base", "dear"))
    amnok.infer(TINY, observed(made, 0, months=1), bank=made, out=tmp_path / "posterior")
    opened = Store.open(tmp_path / "posterior", POSTERIOR)
    opened.manifest.about["variants"] = ["base", "dear"]
    monkeypatch.setattr(Store, "open", lambda *_: opened)
    with pytest.raises(AmnokError, match=r"does not hold the structures .* \(infer anew\)"):
        drawn(tmp_path / "posterior", amnok.load(TINY), {}, 2, 1)


def test_a_bank_that_changed_since(bank, posterior):
    """Draws are rows of a bank: of one with other runs they would be others."""
    with pytest.raises(AmnokError, match="was inferred from other runs than"):
        amnok.ask(TINY, bank=replace(bank, digest="other runs"), given=posterior)


def test_where_a_bank_lies_does_not_count(bank, posterior, tmp_path):
    """Its runs do: a posterior goes with the bank, moved or named from elsewhere."""
    moved = replace(bank, folder=tmp_path / "elsewhere")
    here = amnok.ask(TINY, bank=bank, given=posterior)
    assert amnok.ask(TINY, bank=moved, given=posterior).table.equals(here.table)

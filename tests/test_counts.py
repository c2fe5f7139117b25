"""What results hold is said once: every part of the way is made from `amnok.counts`."""

import os
import subprocess
import sys

import pytest

from amnok import counts
from amnok.engine.tally import Books, Tally
from amnok.variables import BOOKED, TALLIED

# A new count as CONTRIBUTING has it: an entry, a line in the engine, a line in the twin. Plain
# Python, as the engine's kernels cannot be changed from outside.
NEW_COUNT = """
from amnok import counts
from amnok.variables import SECTOR, Count

toys = Count(SECTOR, "toys", "items", "Toys seen", "One in each sector and day; nothing else.")
counts.COUNTS = (*counts.COUNTS, toys)

from amnok.engine import day, simulate
from tests import twin
from tests.paths import TINY

prices, prices_of_reference = day.move_prices, twin.run.move_prices


def engine(world, state, today, t):
    for sector in range(len(world.sectors)):
        today.sector[sector].toys += 1
    prices(world, state, today, t)


def reference(border):
    for sector in border.sectors:
        border.counts.sector[sector.number].toys += 1
    prices_of_reference(border)


day.move_prices, twin.run.move_prices = engine, reference

from amnok.odd.model import measures
from amnok.results import dataset
from amnok.results.ledgers import tidy
from amnok.scenario import load

sets = ["traders.inner=9", "traders.outer=5", "period.spin_up=10", "period.end=2030-03-07"]
border = load(TINY, sets)
run, slow = simulate(border, 1), twin.simulate(border, 1)
cells = (border.period.days, len(border.sectors))
assert run.books.sector["toys"].shape == cells
assert (run.books.sector["toys"] == 1).all()
assert (slow.books.sector["toys"] == 1).all()
found = dataset(run, border, 1)["toys"]
assert found.dims == ("replicate", "day", "sector") and (found == 1).all()
assert found.dtype == "int32" and found.units == "items"
assert found.long_name == "Toys seen" and found.comment.startswith("One in each")
rows = dict(tidy(dataset(run, border, 1)))["day-sector"]
assert (rows["toys"] == 1).all() and len(rows) == cells[0] * cells[1]
row = "| `toys` | Toys seen. One in each sector and day; nothing else. | items | By sector |"
assert row in measures(border)
"""


@pytest.mark.slow
def test_a_new_count_is_one_entry_and_a_line_where_it_is_counted():
    plain = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, "-c", NEW_COUNT], env=plain, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_no_name_says_two_things():
    names = [one.name for one in (*counts.COUNTS, *counts.AT_END)]
    shown = [one.name for one in counts.variables()]
    assert len(names) == len(set(names))
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize("one", [*counts.COUNTS, *counts.variables()], ids=lambda one: one.name)
def test_every_meaning_is_a_short_label_and_one_sentence(one):
    assert one.label[:1].isupper()
    assert not one.label.endswith(".")
    assert one.text.endswith(".")
    assert ". " not in one.text
    assert counts.named(one.name) == one


def test_tables_are_those_of_the_tally_and_the_books():
    assert Tally._fields == (*(table.name for table in TALLIED), "removed")
    assert Books._fields == (*(table.name for table in BOOKED), "tips", "tip_count")
    assert all(counts.kept_in(table) for table in BOOKED)


def test_what_stands_side_by_side_is_of_one_table_and_unit():
    for one in counts.COUNTS:
        if one.of is not None:
            assert (one.table, one.unit) == (one.of.table, one.of.unit)
            assert one.name in counts.beside(one.of)


def test_an_unknown_name_is_an_error():
    with pytest.raises(KeyError):
        counts.named("items_lost_and_found")


def test_counts_are_read_without_the_engine():
    """What reads names and units only must not wait for Numba."""
    code = "import sys, amnok.counts; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0

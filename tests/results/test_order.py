"""Variables of a saved run, and columns of its tables, come in one order: as declared."""

import subprocess
import sys

import numpy as np
import pytest
import xarray as xr

from amnok.results.ledgers import tidy
from amnok.results.packing import _ORDER, pack, unpacked

NAMES = ["crossings", "bribes", "zeal", "arrests", "b2", "a10", "_x", "Ä"]


def dataset(names=NAMES):
    return xr.Dataset(
        {name: (("replicate", "day"), np.full((1, 3), float(len(name)))) for name in names},
        coords={"replicate": [1], "day": [1, 2, 3], "season": ("day", [0, 1, 1])},
        attrs={"title": "T"},
    )


@pytest.mark.parametrize("names", [NAMES, NAMES[::-1], sorted(NAMES), ["only"], []])
def test_an_opened_file_has_the_order_in_which_it_was_made(tmp_path, names):
    whole = dataset(names)
    (tmp_path / "one.zip").write_bytes(pack(whole))
    with unpacked(tmp_path / "one.zip") as found:
        assert list(found.data_vars) == names
        assert list(found.coords) == list(whole.coords)
        assert found.attrs == {"title": "T"}
        assert found.identical(whole)


def test_a_file_without_an_order_is_read_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(xr.Dataset, "assign_attrs", lambda self, more: self)
    (tmp_path / "one.zip").write_bytes(pack(dataset()))
    with unpacked(tmp_path / "one.zip") as found:
        assert list(found.data_vars) == sorted(NAMES)
        assert _ORDER not in found.attrs


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_order_does_not_depend_on_hashes(tmp_path, seed):
    (tmp_path / "one.zip").write_bytes(pack(dataset()))
    code = (
        "import sys, pathlib; from amnok.results.packing import unpacked\n"
        "with unpacked(pathlib.Path(sys.argv[1])) as found: print(*found.variables)"
    )
    words = [sys.executable, "-X", "utf8", "-c", code, str(tmp_path / "one.zip")]
    told = subprocess.run(
        words,
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
    )
    assert told.stdout.split() == [*NAMES, "replicate", "day", "season"]


def test_tables_have_their_columns_in_that_order(tmp_path):
    (tmp_path / "one.zip").write_bytes(pack(dataset()))
    with unpacked(tmp_path / "one.zip") as found:
        ((name, table),) = tidy(found)
    assert name == "day"
    assert list(table.columns) == ["replicate", "day", *NAMES]

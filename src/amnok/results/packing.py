"""One replicate as one file: a zarr store in a zip archive, the same bytes for the same data."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numcodecs import Blosc
from xarray.conventions import encode_cf_variable, encode_dataset_coordinates

_ORDER = "order_of_variables"  # an attribute of files, and of nothing that is opened
_COMPRESSOR = Blosc()


def pack(dataset: xr.Dataset) -> bytes:
    """A dataset as the bytes of a zipped zarr store; every variable is one chunk."""
    # Zarr lists what a store holds in an order of its own.
    dataset = dataset.assign_attrs({_ORDER: json.dumps([str(name) for name in dataset.variables])})
    variables, attributes = encode_dataset_coordinates(dataset)
    files = {".zgroup": _json({"zarr_format": 2}), ".zattrs": _json(attributes)}
    for name, one in variables.items():
        is_time = one.dtype.kind in "mM"  # all else is written as it is
        written = encode_cf_variable(one, name=name) if is_time else one
        files |= {f"{name}/{file}": content for file, content in _files_of(written)}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        for file in sorted(files):
            # ZipInfo without a date is 1980: the bytes do not depend on when they are written.
            target.writestr(zipfile.ZipInfo(file), files[file])
    return archive.getvalue()


def _files_of(written: xr.Variable) -> Iterator[tuple[str, bytes]]:
    """An array as zarr would write it, which takes several times as long: it waits for slow stores.

    Version 2 of the format: version 3 has no settled way yet to write texts of fixed width.
    """
    values = np.asarray(written.values, order="C")
    is_float = values.dtype.kind == "f"
    blank = np.full_like(values, np.nan) if is_float else np.zeros_like(values)
    attributes = {name: one for name, one in written.attrs.items() if name != "_FillValue"}
    yield ".zattrs", _json({**attributes, "_ARRAY_DIMENSIONS": written.dims})
    form = {
        "shape": values.shape,
        "chunks": [max(1, n) for n in values.shape],
        "dtype": values.dtype.str,
        "fill_value": "NaN" if is_float else None,
        "order": "C",
        "filters": None,
        "dimension_separator": ".",
        "compressor": _COMPRESSOR.get_config(),
        "zarr_format": 2,
    }
    yield ".zarray", _json(form)
    if not np.array_equal(values, blank, equal_nan=is_float):
        yield ".".join("0" * values.ndim) or "0", _COMPRESSOR.encode(values)


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, indent=2).encode()


@contextlib.contextmanager
def unpacked(path: Path) -> Iterator[xr.Dataset]:
    """The dataset in a file that `pack` made, while the file is open; values are read when used."""
    from zarr.storage import ZipStore  # which a run that is only written does without

    with ZipStore(path, mode="r") as store:
        # Without a cache: replicates are copied side by side, and would be kept twice.
        source: Any = store  # xarray's own types leave out zarr's
        found = xr.open_dataset(source, engine="zarr", consolidated=False, chunks=None, cache=False)
        yield _in_order(found)


def _in_order(dataset: xr.Dataset) -> xr.Dataset:
    """The dataset with its variables as they were declared; by name if it does not say."""
    names = sorted(map(str, dataset.variables))
    attributes = dict(dataset.attrs)
    declared = json.loads(attributes.pop(_ORDER, "[]"))
    names.sort(key=lambda name: declared.index(name) if name in declared else len(declared))
    kept = {name: dataset.variables[name] for name in names}
    coordinates = {name: kept.pop(name) for name in names if name in dataset.coords}
    return xr.Dataset(kept, coords=coordinates, attrs=attributes)


def digest(dataset: xr.Dataset) -> str:
    """SHA-256 of what a dataset holds, whatever file format or compression keeps it."""
    result = hashlib.sha256()
    for name in sorted(map(str, dataset.variables)):
        one = dataset[name]
        values = np.ascontiguousarray(one.to_numpy())
        result.update(f"{name} {one.dims} {values.dtype.str} {values.shape};".encode())
        result.update(values.tobytes())
    return result.hexdigest()

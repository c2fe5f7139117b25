"""The docstring below each field of a class, read from the source when someone asks for it."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise


def docstrings(kind: type) -> Mapping[str, str]:
    """What stands below the fields of a class of some module, by field.

    >>> from amnok.quantity import Prior
    >>> docstrings(Prior)["normal"]
    'Mean and standard deviation of a normal distribution.'
    """
    return _by_class(kind.__module__).get(kind.__qualname__, {})


@cache
def _by_class(module: str) -> dict[str, dict[str, str]]:
    body = ast.parse(inspect.getsource(sys.modules[module])).body
    return {one.name: dict(_of(one)) for one in body if isinstance(one, ast.ClassDef)}


def _of(kind: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(kind.body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, text

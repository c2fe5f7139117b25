"""Reading a sweep by SQL, where it stands: DuckDB scans the batches, only answers become pandas.

Files and names are bound to the queries, never written into them, and a folder may be called `a[1]`
or `it's X`. Numbers are put in order before they are added up: a sum then depends on nothing
but its numbers, and two policies that come to the same are seen to, on any number of threads.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from amnok.studies.sweeps.folder import BATCHES, POINTS, literal, open_sweep

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

# One outcome: a number for each point and replicate, summed up over its labels unless one is named.
_RUNS = """
    SELECT point, replicate, coalesce(list_aggregate(list_sort(list(value)), 'fsum'), 0) AS value
    FROM read_parquet($batches)
    WHERE outcome = $outcome AND ($label = '' OR "where" = $label)
    GROUP BY point, replicate
"""
_MEANS = f"""
    SELECT point, list_aggregate(list_sort(list(value)), 'favg') AS value
    FROM ({_RUNS}) GROUP BY point
"""
# Points that differ in nothing but their policy, in the order in which they come.
_DRAWS = """
    SELECT row_number() OVER (ORDER BY first) - 1 AS draw, * FROM (
        SELECT min(point) AS first, list(point) AS members, * EXCLUDE (point, policy)
        FROM read_parquet($points) GROUP BY ALL
    )
"""


def rows(folder: Path) -> DuckDBPyRelation:
    """The finished batches of a sweep as a relation; nothing is read before it is asked."""
    import duckdb

    # Of DuckDB's own connection, which `duckdb.sql` asks too, and which lives as long as Python.
    return duckdb.read_parquet(_files(folder, BATCHES)["batches"])


def all_rows(folder: Path) -> pd.DataFrame:
    """The finished batches of a sweep: point, replicate, outcome, where, value."""
    query = 'FROM read_parquet($batches) ORDER BY point, replicate, outcome, "where"'
    return answer(query, **_files(folder, BATCHES))


def points(folder: Path) -> pd.DataFrame:
    """The points of a sweep: point, policy, and a column for each parameter."""
    return answer("FROM read_parquet($points) ORDER BY point", **_files(folder, POINTS))


def runs(folder: Path, outcome: str, where: str) -> pd.DataFrame:
    """An outcome beside its points: point, replicate, value, policy, parameters."""
    return answer(
        f"FROM ({_RUNS}) JOIN read_parquet($points) USING (point) ORDER BY point, replicate",
        **_files(folder, BATCHES, POINTS),
        outcome=outcome,
        label=where,
    )


def means(folder: Path, outcome: str, where: str) -> pd.DataFrame:
    """An outcome's mean over replicates: point, value."""
    asked = {"outcome": outcome, "label": where}
    return answer(f"FROM ({_MEANS}) ORDER BY point", **_files(folder, BATCHES), **asked)


def means_by_draw(folder: Path, outcome: str, where: str) -> pd.DataFrame:
    """An outcome's mean over replicates: draw, policy, value."""
    return answer(
        f"""
        WITH draws AS (SELECT draw, unnest(members) AS point FROM ({_DRAWS}))
        SELECT draw, policy, value
        FROM draws JOIN read_parquet($points) USING (point) JOIN ({_MEANS}) USING (point)
        ORDER BY draw, point
        """,
        **_files(folder, BATCHES, POINTS),
        outcome=outcome,
        label=where,
    )


def draws(folder: Path) -> pd.DataFrame:
    """What was drawn: a column for each parameter, by number of the draw."""
    query = f"SELECT * EXCLUDE (first, members) FROM ({_DRAWS}) ORDER BY draw"
    return answer(query, **_files(folder, POINTS)).set_index("draw")


def policies(folder: Path) -> list[str]:
    """The policies of a sweep, in the order in which they come."""
    query = "SELECT policy FROM read_parquet($points) GROUP BY policy ORDER BY min(point)"
    return list(answer(query, **_files(folder, POINTS))["policy"])


def outcomes(folder: Path) -> pd.DataFrame:
    """What is known of each run: outcome, where."""
    query = 'SELECT DISTINCT outcome, "where" FROM read_parquet($batches) ORDER BY ALL'
    return answer(query, **_files(folder, BATCHES))


def answer(query: str, **asked: object) -> pd.DataFrame:
    """What a query finds; a file is bound to it as a `literal`."""
    import duckdb

    with duckdb.connect() as connection:
        found: pd.DataFrame = connection.execute(query, asked).df()
    return found


def _files(folder: Path, *wanted: str) -> dict[str, list[str]]:
    """Finished batches, in order, or the points, as they were written; by `$batches`, `$points`."""
    store = open_sweep(folder)
    names = {BATCHES: store.names(BATCHES), POINTS: [POINTS]}
    return {Path(one).stem: [literal(file) for file in store.checked(names[one])] for one in wanted}

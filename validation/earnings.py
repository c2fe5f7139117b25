"""Who earns what, by bank and size, as docs/validation.md tells it.

`python validation/earnings.py`, from the root of the repository, simulates 20 replicates of the
default border and prints the table; `validation/report.py` puts it into the page.
"""

from __future__ import annotations

from amnok.cells import compact, percent
from amnok.reporting import render
from amnok.results.ensemble import DEFAULT_SCENARIO
from amnok.scenario import load
from amnok.studies.earnings import earnings
from amnok.table import Column, Table


def earnings_table() -> Table:
    """The table of the default border."""
    scenario = load(DEFAULT_SCENARIO)

    def money(value: object) -> str:
        return compact(float(str(value)))

    columns = [
        Column("side", "bank"),
        Column("size", "traders"),
        Column("people", form=money),
        Column("traded", "ever traded", form=percent),
        Column("mean", "earned a month, mean", scenario.currency, form=money),
        Column("median", "median", scenario.currency, form=money),
        Column("below", "end with less than they began", form=percent),
        Column("unlucky", "of all: so, and lost goods to officials", form=percent),
    ]
    return Table.of("Who earns what", columns, earnings(scenario).to_dict(orient="records"))


if __name__ == "__main__":
    print(render(earnings_table(), "markdown"))

"""The summary: what happened in each phase, with intervals over replicates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from amnok.cells import compact
from amnok.reporting.basis import sources, sources_note
from amnok.reporting.charts import labels_of
from amnok.results.intervals import interval
from amnok.results.ledgers import phases
from amnok.results.measuring.evaluate import Arms
from amnok.results.measuring.sources import Labelled
from amnok.results.whole import frame_in
from amnok.scenario import Scenario
from amnok.scenario.measures.compiling import cells
from amnok.scenario.measures.limits import limits
from amnok.scenario.measures.plan import AS_IS
from amnok.table import Column, Sheet, Table

SEASONS = (
    "Columns differ by season and all else, not by orders alone; what an order did: "
    "amnok effects {}"
)
# Tables of `scenario/builtin/usual/rows.yaml` that words are made from.
BORDER = "The border"
ARRESTS = "Arrests in 30 days"


def summary(dataset: xr.Dataset) -> pd.DataFrame:
    """Means over each phase with 95% intervals over replicates, one number a row.

    Columns: table, measure, unit, phase, mean, low, high. `low` and `high` are NaN with a single
    replicate; a mean is NaN where it has nothing to be a mean of.
    """
    frame = frame_in(dataset)
    known, compiler, labels = frame.known.rows, frame.compiler(), labels_of(dataset)
    start, rows = dataset["day"].to_numpy()[0], []
    sources = [Labelled(dataset, number) for number in range(dataset.sizes["replicate"])]
    for phase in phases(dataset):
        inside = phase.of(dataset)["day"].to_numpy()
        first = int((inside[0] - start) // np.timedelta64(1, "D"))
        arms = [Arms(frame.space, {AS_IS: source}) for source in sources]
        for name, row in known.items():
            found = compiler.compile(row.measure, (first, first + len(inside)), place=name)
            if found.missing:
                continue
            values = np.stack([one.value(found.plan) for one in arms])
            least, most = limits(found.plan)
            most = min(most, 100.0) if row.unit == "%" else most
            for cell, place in cells(frame.space, found):
                label = row.label.format(**{dim: labels(dim, name) for dim, name in cell.items()})
                goods = cell.get("goods", row.measure.where.get("goods", ""))
                unit, per = frame.space.told_in(row.unit, str(goods))
                numbers = interval(np.array([one[place] / per for one in values]), least, most)
                rows.append((row.table, label, unit, phase.label, *numbers))
    columns = ["table", "measure", "unit", "phase", "mean", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def summary_sheet(dataset: xr.Dataset, scenario: Scenario | None = None) -> Sheet:
    """The summary for people and programs; with the border, what stands behind its numbers."""
    n = dataset.sizes["replicate"]
    replicates = f"{n} replicates" if n > 1 else "1 replicate"
    means = ": means with 95% intervals over replicates" if n > 1 else ""
    attributes = dataset.attrs
    lead = [f"{attributes['scenario']}, seed {attributes['seed']}, {replicates}{means}"]
    if attributes.get("status", "complete") != "complete":
        wanted = attributes["replicates_requested"]
        lead.append(f"{attributes['status']}: {n} of {wanted} replicates")
    names = ("scenario", "seed", "status")
    facts = {name: attributes[name] for name in names if name in attributes}
    notes = [SEASONS.format(attributes["scenario"])] if len(phases(dataset)) > 1 else []
    table = phase_table(dataset)
    facts |= {"replicates": n}
    if scenario is not None:
        facts |= {"sources": sources(scenario)}
        notes += sources_note(scenario)
    return Sheet(attributes["title"], (table,), tuple(lead), tuple(notes), facts)


def phase_table(dataset: xr.Dataset) -> Table:
    """The numbers of the summary, for people a column a phase."""
    columns = (
        Column("table", role="group"),
        Column("measure", "", brackets="unit"),
        Column("unit"),
        Column("phase", role="across"),
        Column("mean", form=compact, ends=("low", "high")),
        Column("low"),
        Column("high"),
    )
    return Table.of("By phase", columns, summary(dataset).to_dict("records"), name="phases")

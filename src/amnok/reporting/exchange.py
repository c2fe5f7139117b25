"""Results in the forms of others: PROV-JSON of a run, hubverse samples of a comparison."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

from amnok.cells import full
from amnok.reporting.basis import reports_behind
from amnok.results.folder import SCENARIO, Record
from amnok.scenario import Scenario
from amnok.scenario.ledger import Report
from amnok.scenario.ledger.model import UNKNOWN
from amnok.studies.comparison import Comparison
from amnok.table import Column, Table

_HUB = (
    *("origin_date", "target_end_date", "scenario_id", "target", "location"),
    *("output_type", "output_type_id", "value"),
)
_SOFTWARE = {"$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME"}


def provenance(scenario: Scenario, record: Record) -> dict[str, Any]:
    """Where a saved run comes from, as PROV-JSON (W3C member submission, 2013).

    The run is an activity that used the scenario and generated a file for each replicate; the
    scenario derives from the reports whose claims stand behind its numbers. Of the scenario and the
    replicates, `amnok:sha256` is that of the file in the run's folder that `prov:location` names;
    `amnok:results` is a digest of what is in it, the same whenever the run is repeated.

    Args:
        scenario: that was run.
        record: of the run, from `saved_scenario`.
    """
    text = f"amnok:scenario/{record.scenario_sha256}"
    activity = f"amnok:run/{record.scenario_sha256[:16]}/{record.seed}"
    versions = {f"amnok:{name}": version for name, version in record.versions.items()}
    document: dict[str, Any] = {
        "prefix": {"amnok": "urn:amnok:", "dct": "http://purl.org/dc/terms/"},
        "agent": {"amnok:software": {"prov:type": _SOFTWARE, **versions}},
        "activity": {
            activity: {
                "prov:label": f"{record.replicates} replicates of {scenario.title}",
                "amnok:seed": str(record.seed),
                "amnok:overrides": list(record.sets),
            }
        },
        "entity": {text: _file(scenario.title, SCENARIO, record.scenario_sha256)},
        "used": {"_:used": {"prov:activity": activity, "prov:entity": text}},
        "wasAssociatedWith": {"_:by": {"prov:activity": activity, "prov:agent": "amnok:software"}},
        "wasGeneratedBy": {},
        "wasDerivedFrom": {},
    }
    for number, (name, digest) in record.files.items():
        made = f"amnok:file/{digest}"
        results = {"amnok:results": record.digests[number]}
        document["entity"][made] = _file(f"replicate {number}", name, digest) | results
        generated = {"prov:entity": made, "prov:activity": activity}
        document["wasGeneratedBy"][f"_:replicate{number}"] = generated
    for name in reports_behind(scenario):
        report = f"amnok:report/{name}"
        document["entity"][report] = dict(_known(scenario.reports[name]))
        derived = {"prov:generatedEntity": text, "prov:usedEntity": report}
        document["wasDerivedFrom"][f"_:from{name}"] = derived
    return document


def _file(label: str, name: str, digest: str) -> dict[str, str]:
    return {"prov:label": label, "prov:location": name, "amnok:sha256": digest}


def _known(report: Report) -> Iterator[tuple[str, str]]:
    """What is known of a report, in the words of Dublin Core; of its date, as much as is known."""
    digits = {"day": 10, "month": 7, "unknown": 0}.get(report.precision, 4)
    yield "prov:label", report.cited
    for key, value in (
        ("dct:title", report.title),
        ("dct:publisher", report.publisher),
        ("dct:issued", "" if report.date == UNKNOWN else str(report.date)[:digits]),
        ("prov:location", report.url),
    ):
        if value not in ("", UNKNOWN):
            yield key, value


def hubverse(found: Comparison, days: tuple[str | None, str | None] = (None, None)) -> Table:
    """Outcomes as hubverse model output: a row for each sample.

    https://docs.hubverse.io: `output_type` is `sample`, and samples of one `output_type_id` are
    paired, as they share people and draws over all scenarios, targets and locations: the compound
    task id set is `origin_date`. A sample without a value (a ratio over nothing) is left out, as
    hubs take numbers only.

    Args:
        found: the comparison.
        days: the first and last that it counted; None for those of the period.
    """
    period = found.scenario.period
    first, last = days[0] or period.start.isoformat(), days[1] or period.end.isoformat()
    rows = tuple(
        (first, last, policy, target, where, "sample", str(number), value)
        for target, where, policy, number, value in _samples(found)
        if not math.isnan(value)
    )
    return Table("Samples", (*map(Column, _HUB[:-1]), Column("value", form=full)), rows)


def _samples(found: Comparison) -> Iterator[tuple[str, str, str, int, float]]:
    """Target, location, scenario, number of the sample from 1 on, value."""
    for target, values in found.values.data_vars.items():
        inner = values.transpose("policy", "replicate", ...)
        dims = [str(dim) for dim in inner.dims[2:]]
        labels = [[str(one) for one in inner[dim].to_numpy()] for dim in dims]
        numbers = inner.to_numpy()
        for places in itertools.product(*(range(len(names)) for names in labels)):
            cell = [names[n] for names, n in zip(labels, places, strict=True)]
            where = ", ".join(f"{dim}={one}" for dim, one in zip(dims, cell, strict=True)) or "all"
            for p, policy in enumerate(inner["policy"].to_numpy()):
                for replicate, row in enumerate(numbers[p], start=1):
                    yield str(target), where, str(policy), replicate, float(row[places])

"""What happened and what was seen of it: both ledgers as labelled arrays, and saved runs."""

from typing import TYPE_CHECKING, Any

from amnok.results.ensemble import run, save_run
from amnok.results.folder import RunFolder, open_run

if TYPE_CHECKING:
    from amnok.results.ledgers import dataset
    from amnok.results.visible import reports

__all__ = ["RunFolder", "dataset", "open_run", "reports", "run", "save_run"]


def __getattr__(name: str) -> Any:
    # Both bring in xarray and pandas, which a run imports while it simulates.
    if name == "dataset":
        from amnok.results.ledgers import dataset

        return dataset
    if name == "reports":
        from amnok.results.visible import reports

        return reports
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

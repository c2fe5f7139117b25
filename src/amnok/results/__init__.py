"""What happened and what was seen of it: both ledgers as labelled arrays, and saved runs."""

from amnok.results.ensemble import run, save_run
from amnok.results.folder import RunFolder, open_run
from amnok.results.ledgers import dataset
from amnok.results.visible import reports

__all__ = ["RunFolder", "dataset", "open_run", "reports", "run", "save_run"]

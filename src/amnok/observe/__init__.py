"""What happened and what was seen of it: both ledgers as labelled arrays, and saved runs."""

from amnok.observe.ensemble import run, save_run
from amnok.observe.folder import RunFolder, open_run
from amnok.observe.ledgers import dataset
from amnok.observe.visible import reports

__all__ = ["RunFolder", "dataset", "open_run", "reports", "run", "save_run"]

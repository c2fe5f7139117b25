"""The evidence ledger: reports, claims, references and the patterns they ask for."""

from amnok.scenario.ledger.book import Ledger
from amnok.scenario.ledger.model import Claim, Reference, Report, ReportedPattern

__all__ = ["Claim", "Ledger", "Reference", "Report", "ReportedPattern"]

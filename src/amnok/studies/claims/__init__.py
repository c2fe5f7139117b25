"""The evidence of a border: its ledger of claims, and what the model says of them."""

from amnok.studies.claims.questions import Evidence, evidence

__all__ = ["Evidence", "evidence"]

"""Do the patterns of the reports come out of the rules, and for the stated reasons?"""

from amnok.studies.patterns.ablations import CONTRASTS
from amnok.studies.patterns.judge import Ablation, Estimate, Judgement, Verdict, verify
from amnok.studies.patterns.patterns import PATTERNS

__all__ = ["CONTRASTS", "PATTERNS", "Ablation", "Estimate", "Judgement", "Verdict", "verify"]

"""Do the patterns of the reports come out of the rules, and for the stated reasons?"""

from amnok.scenario.ablations import CONTRASTS, RIVALS
from amnok.studies.patterns.judge import Ablation, Estimate, Judgement, Verdict, verify

__all__ = ["CONTRASTS", "RIVALS", "Ablation", "Estimate", "Judgement", "Verdict", "verify"]

"""Do the patterns of the reports come out of the rules, and for the stated reasons?"""

from amnok.scenario.ablations import CONTRASTS
from amnok.studies.patterns.judge import Ablation, Estimate, Judgement, Verdict, verify

__all__ = ["CONTRASTS", "Ablation", "Estimate", "Judgement", "Verdict", "verify"]

"""Do the patterns of the reports come out of the rules, and for the stated reasons?"""

from amnok.verify.judge import Ablation, Estimate, Judgement, Verdict, verify
from amnok.verify.mechanisms import MECHANISMS
from amnok.verify.patterns import PATTERNS

__all__ = ["MECHANISMS", "PATTERNS", "Ablation", "Estimate", "Judgement", "Verdict", "verify"]

"""Inference: hidden quantities from what was seen, and what to find out next."""

from amnok.studies.inference.conditioning import Conditioner, condition, make_ready
from amnok.studies.inference.posterior import Posterior
from amnok.studies.inference.value import value_for_choice, value_of

__all__ = ["Conditioner", "Posterior", "condition", "make_ready", "value_for_choice", "value_of"]

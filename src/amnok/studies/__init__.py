"""Studies of many runs: comparisons of policies, sweeps of parameters, verification of patterns.

`condition`, `value_of` and `value_for_choice` need no border: any table of draws will do.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amnok.studies.inference import condition, value_for_choice, value_of

__all__ = ["condition", "value_for_choice", "value_of"]


def __getattr__(name: str) -> Any:
    # They need SciPy, which other studies do without.
    if name in __all__:
        from amnok.studies import inference

        return getattr(inference, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

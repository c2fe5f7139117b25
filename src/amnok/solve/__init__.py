"""What would clever people do? Games between those who inspect and those who are inspected.

Each game is a value object; `solve_...` returns plan, values and a certificate, which `check_...`
makes anew from the payoffs alone.
"""

from amnok.solve.certificate import Certificate
from amnok.solve.recursive import RecursiveGame, check_recursive, solve_recursive, stage_of
from amnok.solve.recursive_play import play_recursive
from amnok.solve.timeliness import TimelinessGame, check_timeliness, solve_timeliness

__all__ = [
    "Certificate",
    "RecursiveGame",
    "TimelinessGame",
    "check_recursive",
    "check_timeliness",
    "play_recursive",
    "solve_recursive",
    "solve_timeliness",
    "stage_of",
]

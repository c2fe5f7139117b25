"""What would clever people do? Games between those who inspect and those who are inspected.

Each game is a value object; `solve_...` returns plan, values and a certificate, which `check_...`
makes anew from the payoffs alone.
"""

from amnok.solve.certificate import Certificate
from amnok.solve.consignments import ConsignmentsGame, check_consignments, solve_consignments
from amnok.solve.consignor import (
    Consignment,
    ConsignorGame,
    Police,
    check_consignor,
    solve_consignor,
)
from amnok.solve.consignor_statics import slopes, switch_points
from amnok.solve.one_shot import OneShotGame, check_one_shot, solve_one_shot
from amnok.solve.recursive import RecursiveGame, check_recursive, solve_recursive, stage_of
from amnok.solve.recursive_play import play_recursive
from amnok.solve.timeliness import TimelinessGame, check_timeliness, solve_timeliness

__all__ = [
    "Certificate",
    "Consignment",
    "ConsignmentsGame",
    "ConsignorGame",
    "OneShotGame",
    "Police",
    "RecursiveGame",
    "TimelinessGame",
    "check_consignments",
    "check_consignor",
    "check_one_shot",
    "check_recursive",
    "check_timeliness",
    "play_recursive",
    "slopes",
    "solve_consignments",
    "solve_consignor",
    "solve_one_shot",
    "solve_recursive",
    "solve_timeliness",
    "stage_of",
    "switch_points",
]

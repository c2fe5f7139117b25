"""What would clever people do? Games between those who inspect and those who are inspected.

Each game is a value object; `solve_...` returns plan, values and a certificate, which `check_...`
makes anew from the payoffs alone.
"""

from amnok.allocation.certificate import Certificate
from amnok.games.bayesian import BayesianGame, check_bayesian, solve_bayesian
from amnok.games.consignments import ConsignmentsGame, check_consignments, solve_consignments
from amnok.games.consignor import (
    Consignment,
    ConsignorGame,
    Police,
    check_consignor,
    solve_consignor,
)
from amnok.games.consignor_statics import slopes, switch_points
from amnok.games.deviations import exploitability
from amnok.games.evader import EvaderGame, check_evader, solve_evader
from amnok.games.interdiction import InterdictionGame, check_interdiction, solve_interdiction
from amnok.games.network import Network
from amnok.games.one_shot import OneShotGame, check_one_shot, solve_one_shot
from amnok.games.quantal import QuantalGame, check_quantal, solve_quantal
from amnok.games.recursive import RecursiveGame, check_recursive, solve_recursive, stage_of
from amnok.games.recursive_play import play_recursive
from amnok.games.schedules import ScheduleGame, check_schedules, solve_schedules
from amnok.games.security import SecurityGame, check_security, solve_security
from amnok.games.targets import Targets
from amnok.games.timeliness import TimelinessGame, check_timeliness, solve_timeliness

__all__ = [
    "BayesianGame",
    "Certificate",
    "Consignment",
    "ConsignmentsGame",
    "ConsignorGame",
    "EvaderGame",
    "InterdictionGame",
    "Network",
    "OneShotGame",
    "Police",
    "QuantalGame",
    "RecursiveGame",
    "ScheduleGame",
    "SecurityGame",
    "Targets",
    "TimelinessGame",
    "check_bayesian",
    "check_consignments",
    "check_consignor",
    "check_evader",
    "check_interdiction",
    "check_one_shot",
    "check_quantal",
    "check_recursive",
    "check_schedules",
    "check_security",
    "check_timeliness",
    "exploitability",
    "play_recursive",
    "slopes",
    "solve_bayesian",
    "solve_consignments",
    "solve_consignor",
    "solve_evader",
    "solve_interdiction",
    "solve_one_shot",
    "solve_quantal",
    "solve_recursive",
    "solve_schedules",
    "solve_security",
    "solve_timeliness",
    "stage_of",
    "switch_points",
]

"""Trade follows the gain, also where every way is worth it."""

import pytest
from tests.absent import more
from tests.changed import change, parameter

from amnok.scenario.politics import Change
from amnok.studies.counterfactual import effect

RICH = ["goods.honey.markup=20", "traders.inner=300", "traders.outer=150", "period.end=2030-05-30"]
RICH += [f"traders.sizes.{size}.import_share=0" for size in ("carrier", "dealer")]
HALF = parameter(0.525, "ratio")  # of the price; of what is gained on 1, 9.5 of 19


@pytest.mark.parametrize(("response", "least", "most"), [(0, 0.0, 0.02), (1, 0.2, 0.6)])
def test_half_the_gap_moves_crossings_as_far_as_trade_follows(response, least, most):
    border = more("supply", sets=[*RICH, f"supply.response={response}"])
    cut = Change.model_validate(change("goods.honey.markup", "2030-04-10", factor=HALF))
    scenario = border.model_copy(update={"changes": {"cut": cut}})
    found = effect(scenario, "cut", replicates=2)
    crossed = found.values("crossings").mean("replicate")
    fall = 1 - float(crossed.sel(world="with")) / float(crossed.sel(world="without"))
    assert least <= fall <= most

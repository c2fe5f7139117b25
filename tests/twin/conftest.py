"""The engine and the reference side by side: one run of each, and everything held against it."""

import numpy as np
import pytest
from tests import twin
from tests.twin import people

from amnok import engine
from amnok.counts import COUNTS
from amnok.engine.state import NEVER
from amnok.variables import BOOKED, WHOLE

# Sums over people that are not of whole things: the engine may add up in another order.
SUMS = {one.name for one in COUNTS if one.unit not in WHOLE}


@pytest.fixture(scope="session")
def run_both():
    """Simulate with both; all books and the last state of everything must agree.

    Sums that are not of whole things may differ by 1e-9 of themselves, and the rest by no bit. The
    engine's outcome is given.
    """

    def run(scenario, seed, replicate=0, threads=1):
        fast = engine.simulate(scenario, seed, replicate, threads=threads)
        slow = twin.simulate(scenario, seed, replicate)
        assert_same_books(fast.books, slow.books)
        found, expected = state_of_engine(fast.state), state_of_reference(slow.border)
        assert found.keys() == expected.keys()
        for name in expected:
            assert_same(found[name], expected[name], name)
        return fast

    return run


def assert_same(found, expected, name):
    """Bit by bit, but for the sign of a zero."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape, f"{name}: {found.shape} is not {expected.shape}"
    wrong = np.argwhere(found != expected)
    assert len(wrong) == 0, f"{name}: {len(wrong)} of {found.size} differ, from {wrong[0].tolist()}"


def assert_same_books(fast, slow):
    """Every count of every table, what stands at the end of days, and every tip."""
    for table in BOOKED:
        ours, theirs = getattr(fast, table.name), getattr(slow, table.name)
        for name in ours.dtype.names:
            found, expected = ours[name], theirs[name]
            if name in SUMS:
                # Officials' shares may leave next to nothing of a bribe: rounding, and no sum.
                least = 1e-12 * np.abs(expected).max(initial=0.0)
                np.testing.assert_allclose(found, expected, rtol=1e-9, atol=least, err_msg=name)
            else:
                assert_same(found, expected, name)
    assert_same(fast.tips[: fast.tip_count[0]], slow.tips[: slow.tip_count[0]], "tips")


def held(status):
    """Who is in custody: only their terms mean anything."""
    return np.isin(status, [people.Status.DETAINED, people.Status.IMPRISONED])


def state_of_engine(state):
    """What changes, by name: the one place that knows how the engine keeps it."""
    person, place = state.traders, state.sectors
    risk = {name: state.sector_risk[name] for name in state.sector_risk.dtype.names}
    return {
        "cash": person["cash"],
        "status": state.status,
        "until": np.where(held(state.status), state.until, 0),
        "waiting": state.waiting,
        "investigated": state.investigated,
        "leak_wariness": [person["leak_wary"], person["leak_day"]],
        "loss_wariness": [person["loss_wary"], person["loss_day"]],
        "known_until": state.known_until,
        "low_until": state.low_until,
        "is_protected": state.protected,
        "refuses": state.refuses,
        "taken": state.taken,
        "times_arrested": state.arrests,
        "losses": [state.route_risk[name] for name in ("lost", "tried", "loss_belief")],
        "releases": [state.route_risk[name] for name in ("released", "tried", "release_belief")],
        "fines": [state.route_risk[name] for name in ("fined", "fine_belief")],
        "impounded_until": state.impounded_until,
        "inspected_until": place["inspected_until"],
        "searches": [risk["searched"], risk["shipped"], risk["search_belief"]],
        "arrests": [risk["taken_in"], risk["person_days"], risk["arrest_belief"]],
        "finds": [place["leaks"], place["passed"], place["find_belief"]],
        "quota": [place["quota_filled"], place["quota_asked"], place["quota_carried"]],
        "strict": state.guards["strict"],
        "effort": [state.guards["effort"], state.guards["finds"]],
        "readiness": state.supply["readiness"],
        "prices": [state.prices[name] for name in ("price", "quantity", "reference", "other")],
        "silent_until": state.silent_until,
    }


def state_of_reference(border):
    """The same of the reference; a day before any other is written as the engine writes it."""
    persons, places, routes = [*border.senders, *border.partners], border.sectors, border.routes
    agencies = [(route.searches, route.patrols) for route in routes]

    def days(values):
        return [NEVER if value == people.NEVER else value for value in values]

    def of_all(name, otherwise):
        return [getattr(person, name, otherwise) for person in persons]

    def wariness(name):
        found = of_all(name, people.Wariness())
        return [[one.level for one in found], days(one.since for one in found)]

    def beliefs(rows):
        return of_each([[(one.bad, one.trials, one.rate) for one in row] for row in rows])

    def of_each(rows):
        """The numbers of each thing, [..., number], as an array for each number."""
        return np.moveaxis(np.array(rows, dtype=np.float64), -1, 0)

    return {
        "cash": of_all("cash", 0.0),
        "status": of_all("status", people.Status.FREE),
        "until": np.where(held(of_all("status", 0)), days(of_all("until", people.NEVER)), 0),
        "waiting": of_all("waiting", people.Waiting.NOTHING),
        "investigated": days(of_all("investigated", people.NEVER)),
        "leak_wariness": wariness("leak_wariness"),
        "loss_wariness": wariness("loss_wariness"),
        "known_until": days(of_all("known_until", people.NEVER)),
        "low_until": days(of_all("low_until", people.NEVER)),
        "is_protected": of_all("is_protected", False),
        "refuses": of_all("refuses", False),
        "taken": of_all("taken", 0),
        "times_arrested": of_all("arrests", 0),
        "losses": beliefs([route.losses for route in routes]),
        "releases": beliefs([route.releases for route in routes]),
        "fines": beliefs([route.fines for route in routes])[[0, 2]],
        "inspected_until": days(p.inspected_until for p in places),
        "impounded_until": days(of_all("impounded_until", people.NEVER)),
        "searches": beliefs([place.searches for place in places]),
        "arrests": beliefs([place.arrests for place in places]),
        "finds": beliefs([[place.finds] for place in places])[:, :, 0],
        "quota": of_each([(p.quota.filled, p.quota.asked, p.quota.carried) for p in places]),
        "strict": [route.strict for route in routes],
        "effort": [
            [[one.effort for one in pair] for pair in agencies],
            [[one.finds for one in pair] for pair in agencies],
        ],
        "readiness": border.readiness,
        "prices": of_each(
            [
                [
                    [(one.price, one.quantity, one.reference, one.other) for one in row]
                    for row in side
                ]
                for side in border.quotes
            ]
        ),
        "silent_until": days(source.silent_until for source in border.sources),
    }

"""The scenario's numbers as kernels see them: records with the field names of the YAML file.

`world.rates[0].guards.penalty` in a kernel is `guards.penalty` of the scenario. The record types
are made from the scenario's own sections, so a parameter is declared once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from amnok.mechanisms import MECHANISMS
from amnok.mechanisms.form import Section
from amnok.mechanisms.security_police import SecurityPolice
from amnok.quantity import Parameter, Part
from amnok.scenario.behaviour import Learning, Prices
from amnok.scenario.model import Scenario
from amnok.scenario.places import Traders

Records = Any  # a numpy.recarray; its fields are beyond what a type checker sees


class Field(NamedTuple):
    """A field of records: name, type, what it is (the model's description prints it), shape."""

    name: str
    kind: Any
    text: str
    shape: tuple[int, ...] = ()


_LINE = 64  # bytes of memory that a processor fetches at once


def record_type(fields: Sequence[Field]) -> np.dtype[Any]:
    """The type of records with such fields."""
    return np.dtype([(one.name, one.kind, one.shape) for one in fields])


def person_type(fields: Sequence[Field]) -> np.dtype[Any]:
    """The same for what each person has, so long that nobody lies across two lines of memory.

    Of a million traders the processor has few at hand, and fetches them one by one.
    """
    packed: Any = record_type(fields)
    places = [packed.fields[name] for name in packed.names]
    padded: Any = {
        "names": packed.names,
        "formats": [place[0] for place in places],
        "offsets": [place[1] for place in places],
        "itemsize": 1 << (packed.itemsize - 1).bit_length(),
    }
    found: np.dtype[Any] = np.dtype(padded)
    return found


def parameter_names(section: type[Part]) -> list[str]:
    """Fields of a section that are numbers (dates are for the calendar, not for kernels)."""
    return [name for name, field in section.model_fields.items() if field.annotation is Parameter]


def numbers_type(section: type[Part]) -> np.dtype[Any]:
    """The record type of a section: one float64 for each of its parameters.

    Of a section that a border may leave out, also `present`: 1, or 0 without it.
    """
    names = [*parameter_names(section), *(["present"] if issubclass(section, Section) else [])]
    return np.dtype([(name, np.float64) for name in names])


SECTIONS: dict[str, type[Part]] = {
    **{one.name: one.section for one in MECHANISMS},
    "learning": Learning,
    "prices": Prices,
    "traders": Traders,
}

RATES = np.dtype(
    [(name, numbers_type(section)) for name, section in SECTIONS.items()]
    + [("usual_load", np.float64)]  # items in a consignment that goes out, on average
)


def records(shape: int | tuple[int, ...], dtype: Any) -> Records:
    """An array of zeroed records whose fields can be read and set as attributes.

    It begins with a line of memory (`person_type`).
    """
    kind = np.dtype(dtype)
    room = np.zeros(int(np.prod(shape)) * kind.itemsize + _LINE, dtype=np.uint8)
    first = -room.ctypes.data % _LINE
    return np.ndarray(shape, kind, room.data, first).view(np.recarray)


def fill(target: Records, parts: Sequence[Part], names: Sequence[str]) -> None:
    """Copy the parameters `names` of each part into the record of the same position."""
    for name in names:
        target[name] = [getattr(part, name).number for part in parts]


def rates(scenario: Scenario) -> Records:
    """The scalar parameters of a scenario, as one nested record in an array of length 1."""
    result = records(1, RATES)
    for name, kind in SECTIONS.items():
        part = getattr(scenario, name)
        if part is not None:
            fill(result[name], [part], parameter_names(kind))
        elif issubclass(kind, Section):
            for parameter, number in kind.NEUTRAL.items():
                result[name][parameter] = number
        if issubclass(kind, Section):
            result[name].present = part is not None
    result.usual_load = _usual_load(scenario)
    if scenario.section(SecurityPolice) is None:
        result.guards.share_security = 0.0  # nobody is there to get it
        result.learning.prior_search = 0.0  # nor to search anyone
    return result


def _usual_load(scenario: Scenario) -> float:
    """Items in a consignment that goes out, on average over senders and on a usual way.

    In one that comes in, where only imports leak.
    """
    sizes = scenario.traders.sizes.values()
    leaks = {one.direction for one in scenario.goods.values() if one.leak_rate.number > 0.0}
    sent = [
        one.share_inner.number
        * one.shipping_rate.number
        * (one.import_share.number if leaks == {"import"} else 1.0 - one.import_share.number)
        for one in sizes
    ]
    items = sum(many * one.items.number for many, one in zip(sent, sizes, strict=True))
    return max(1.0, items / sum(sent)) if sum(sent) > 0.0 else 1.0

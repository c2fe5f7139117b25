"""A quantity of the model: a value with its unit, its prior and the source it stands on.

Nothing in a scenario is a bare number that matters: `Parameter` refuses a value without unit, prior
and source, and a value outside what its unit or its prior allows.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import core_schema

from amnok.docstrings import docstrings

ASSUMPTION = "assumption"
SomeOrAll: TypeAlias = Annotated[tuple[str, ...], Field(min_length=1)] | Literal["all"]
"""Names of some, at least one, or all of them."""
Support: TypeAlias = Literal["figure", "direction", "assumption"]
_TAIL = 6.0  # standard deviations of a normal beyond which no value is believed


class Part(BaseModel):
    """Base of every part of a scenario: frozen, and no unknown keys.

    The docstring below a field says what it means; everything that explains fields reads it by
    `meanings`. Pydantic would read all of them at each start.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        found = handler(schema)
        properties, said = handler.resolve_ref_schema(found)["properties"], meanings(cls)
        for name, field in cls.model_fields.items():
            properties[field.alias or name]["description"] = said[name]
        return found


class Prior(Part):
    """What is believed about a value before any data: exactly one distribution."""

    uniform: tuple[float | dt.date, float | dt.date] | None = None
    """Lowest and highest value, with all between equally likely; two dates for a date."""

    lognormal: tuple[float, float] | None = None
    """Median, and the geometric standard deviation: about two thirds of the values lie within the
    median divided and multiplied by it.
    """

    normal: tuple[float, float] | None = None
    """Mean and standard deviation of a normal distribution."""

    beta: tuple[float, float] | None = None
    """Mean, and strength: the sum of the distribution's two shape parameters. The larger it is, the
    closer values lie to the mean.
    """

    @property
    def family(self) -> Literal["uniform", "lognormal", "normal", "beta"]:
        """The name of the distribution."""
        for name in ("uniform", "lognormal", "normal", "beta"):
            if getattr(self, name) is not None:
                return name
        raise AssertionError("a validated prior has one family")

    @model_validator(mode="after")
    def _one_proper_distribution(self) -> Prior:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"a prior names exactly one of uniform, lognormal, normal, beta; found {len(given)}"
            )
        if self.uniform is not None:
            low, high = self.uniform
            if isinstance(low, dt.date) != isinstance(high, dt.date) or not low < high:  # type: ignore[operator]
                raise ValueError("uniform needs [low, high] with low below high")
        if self.lognormal is not None and not (self.lognormal[0] > 0 and self.lognormal[1] > 1):
            raise ValueError("lognormal needs [median, spread] with median > 0 and spread > 1")
        if self.normal is not None and not self.normal[1] > 0:
            raise ValueError("normal needs [mean, sd] with sd > 0")
        if self.beta is not None and not (0 < self.beta[0] < 1 and self.beta[1] > 0):
            raise ValueError("beta needs [mean, strength] with mean in (0, 1) and strength > 0")
        return self

    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value with any prior probability (dates as ordinals)."""
        if self.uniform is not None:
            low, high = (_number(end) for end in self.uniform)
            return low, high
        if self.lognormal is not None:
            return 0.0, math.inf
        return (0.0, 1.0) if self.beta is not None else (-math.inf, math.inf)

    @property
    def middle(self) -> float:
        """Where it is centred (a date as ordinal): its mean, or of a lognormal its median."""
        first, second = (_number(one) for one in getattr(self, self.family))
        return (first + second) / 2.0 if self.uniform is not None else first

    def holds(self, value: object) -> bool:
        """Whether a value is possible, and less than six deviations out in a normal's tails.

        True for what is no number and no date, and for a number where the prior is of dates.
        """
        is_dated = any(isinstance(end, dt.date) for end in self.uniform or ())
        kind = dt.date if is_dated else int | float
        if not isinstance(value, kind) or isinstance(value, bool):
            return True
        number = _number(value)
        low, high = self.bounds()
        center, spread = self.normal or (0.0, math.inf)
        if self.lognormal is not None and number > 0:
            number = math.log(number)
            low, high = -math.inf, math.inf
            center, spread = (math.log(one) for one in self.lognormal)
        return low <= number <= high and abs(number - center) < _TAIL * spread


def _number(value: float | dt.date) -> float:
    return float(value.toordinal()) if isinstance(value, dt.date) else float(value)


class Parameter(Part):
    """A number (or date) with its unit, prior and source."""

    value: float | dt.date
    """The number or date that the model uses."""

    unit: str
    """Unit of the value, such as `days`; each field allows exactly one."""

    prior: Prior
    """What is believed about the value before any data."""

    source: Literal["assumption"] | tuple[str, ...]
    """Ids of the claims and references behind the value, or the word `assumption`."""

    basis: Literal["figure", "direction"] = "direction"
    """What the sources say of the value: `figure` if the number, or a range around it, stands in
    one of them for this very quantity; `direction` if they say only that there is such a thing, or
    which way it goes. An assumption has neither.
    """

    inferred: bool = False
    """True for a date that no source states."""

    note: str = ""
    """Remarks on the value: where it comes from, what it counts."""

    @property
    def is_given(self) -> bool:
        """True if the border says it; what it leaves out is neutral and stands nowhere."""
        return bool(self.source)

    @property
    def is_assumption(self) -> bool:
        """True if no claim and no reference stands behind the value."""
        return self.source == ASSUMPTION

    @property
    def support(self) -> Support:
        """What stands behind the value: a `figure`, a `direction` or an `assumption`."""
        return "assumption" if self.is_assumption else self.basis

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the claims and references behind the value; empty for an assumption."""
        return () if isinstance(self.source, str) else self.source

    @property
    def number(self) -> float:
        """The value as a float; a date is an error of the caller."""
        assert not isinstance(self.value, dt.date)
        return float(self.value)

    @property
    def date(self) -> dt.date:
        """The value as a date; a number is an error of the caller."""
        assert isinstance(self.value, dt.date)
        return self.value

    @model_validator(mode="after")
    def _source_is_given(self) -> Parameter:
        if not self.source:
            raise ValueError("source is empty: name claims or references, or write assumption")
        if self.is_assumption and self.basis == "figure":
            raise ValueError("basis is figure, but the source is an assumption: name the source")
        return self

    @model_validator(mode="after")
    def _value_agrees_with_prior(self) -> Parameter:
        is_date = isinstance(self.value, dt.date)
        ends = self.prior.uniform or (0.0, 0.0)
        if is_date != any(isinstance(end, dt.date) for end in ends):
            raise ValueError("the prior of a date is a uniform between two dates, and only that")
        if not math.isfinite(_number(self.value)):
            raise ValueError(f"value {self.value} is not a finite number")
        return self


_DEEDS = {
    "stop": "where anyone is stopped",
    "seize": "where goods are seized",
    "arrest": "where anyone is arrested",
}


@dataclass(frozen=True)
class Neutral:
    """What a number is on a border that does not say it.

    Attributes:
        number: such that it does nothing.
        acts_with: what gives it something to do: mechanisms, what these do (in the words of
            `amnok.variables`), or paths of other fields; one of them is enough. Nothing: it always
            has something to do.
        is_needed: whether a border that has one of these must say it.
    """

    number: float
    acts_with: tuple[str, ...] = ()
    is_needed: bool = False

    def __call__(self, schema: dict[str, Any]) -> None:
        """In a JSON Schema it is no default, but said in words; see `meanings`."""
        del schema["default"]

    @property
    def text(self) -> str:
        """A sentence for whoever may leave the number out."""
        left_out = f"Left out, it is {self.number:g}"
        if not self.acts_with:
            return f"{left_out}."
        acts = [_DEEDS.get(word, f"`{word}`") for word in self.acts_with]
        names = " or ".join([", ".join(acts[:-1]), acts[-1]] if len(acts) > 1 else acts)
        verb = "needed" if self.is_needed else "it acts only"
        return f"{left_out}; {verb} {'' if names.startswith('where') else 'with '}{names}."


def neutral(number: float, *acts_with: str, is_needed: bool = False) -> Any:
    """A field for a number that a border may leave out; see `Neutral`."""
    value = Parameter.model_construct(
        value=number, unit="", prior=Prior.model_construct(), source=()
    )
    return Field(default=value, json_schema_extra=Neutral(number, acts_with, is_needed))


def neutral_of(field: FieldInfo) -> Neutral | None:
    """What a field says of a number that is left out; None for other fields."""
    return field.json_schema_extra if isinstance(field.json_schema_extra, Neutral) else None


@cache
def meanings(kind: type[Part]) -> Mapping[str, str]:
    """What each field of a part means, on one line, by the field's name."""
    said: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        if issubclass(one, Part):
            said |= docstrings(one)
    return {name: _meaning(field, said.get(name, "")) for name, field in kind.model_fields.items()}


def _meaning(field: FieldInfo, said: str) -> str:
    known = neutral_of(field)
    told = f"{field.description or said} {'' if known is None else known.text}"
    return " ".join(told.split())


class Sparse(Part):
    """A part with numbers that a border may leave out; plain data has those that it says."""

    @model_serializer(mode="wrap")
    def _as_given(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        named = {name: getattr(self, name) for name in type(self).model_fields}
        out = {
            one for one, part in named.items() if isinstance(part, Parameter) and not part.source
        }
        return {name: value for name, value in handler(self).items() if name not in out}


@dataclass(frozen=True)
class Unit:
    """What a parameter of one kind must be: its unit (a pattern) and the range that makes sense.

    Attributes:
        name: the unit as written, or for money the shape it has, as in `CNY/minute`.
        low, high: the least and the most that a value or a bounded prior may be.
        currency: the unit starts with a three-letter currency instead of being `name` itself.
    """

    name: str
    low: float
    high: float
    currency: bool = False

    @property
    def pattern(self) -> str:
        """A regular expression that the unit matches."""
        return f"^[A-Z]{{3}}{re.escape(self.name[3:])}$" if self.currency else f"^{self.name}$"

    def check(self, parameter: Parameter) -> Parameter:
        """Refuse a parameter in another unit, or with a value or prior out of range."""
        if not re.match(self.pattern, parameter.unit):
            raise ValueError(f"unit is '{parameter.unit}', must be '{self.name}'")
        if isinstance(parameter.value, dt.date) != (self.name == "date"):
            raise ValueError(f"value {parameter.value!r} is not a {self.name}")
        if not self.low <= _number(parameter.value) <= self.high:
            raise ValueError(
                f"value {parameter.value} is outside {self.low:g} to {self.high:g} ({self.name})"
            )
        lowest, highest = parameter.prior.bounds()
        if parameter.prior.uniform is not None and (lowest < self.low or highest > self.high):
            raise ValueError(
                f"prior reaches from {lowest:g} to {highest:g}, "
                f"beyond {self.low:g} to {self.high:g} ({self.name})"
            )
        return parameter

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        value: dict[str, Any] = {"type": "string", "format": "date"}
        if self.name != "date":
            value = {"type": "number", "minimum": self.low, "maximum": self.high}
        unit = {"pattern": self.pattern} if self.currency else {"const": self.name}
        return {"allOf": [handler(schema), {"properties": {"unit": unit, "value": value}}]}


Probability: TypeAlias = Annotated[Parameter, Unit("probability", 0, 1)]
Share: TypeAlias = Annotated[Parameter, Unit("share", 0, 1)]
Index: TypeAlias = Annotated[Parameter, Unit("index", 0, 10)]
Level: TypeAlias = Annotated[Parameter, Unit("index", -10, 10)]
Ratio: TypeAlias = Annotated[Parameter, Unit("ratio", 0, 1e6)]
Weight: TypeAlias = Annotated[Parameter, Unit("weight", -10, 10)]
Money: TypeAlias = Annotated[Parameter, Unit("CNY", 0, 1e9, currency=True)]
MoneyPerMinute: TypeAlias = Annotated[Parameter, Unit("CNY/minute", 0, 1e6, currency=True)]
MoneyPerKilogram: TypeAlias = Annotated[Parameter, Unit("CNY/kilogram", 0, 1e6, currency=True)]
Kilograms: TypeAlias = Annotated[Parameter, Unit("kilograms", 0, 1e6)]
Minutes: TypeAlias = Annotated[Parameter, Unit("minutes", 0, 1e6)]
Days: TypeAlias = Annotated[Parameter, Unit("days", 0, 36_500)]
DayOfYear: TypeAlias = Annotated[Parameter, Unit("day of year", 1, 366)]
Items: TypeAlias = Annotated[Parameter, Unit("items", 0, 1e6)]
Persons: TypeAlias = Annotated[Parameter, Unit("persons", 0, 2e8)]
SourcesPerThousand: TypeAlias = Annotated[Parameter, Unit("sources/1000 persons", 0, 1000)]
Sectors: TypeAlias = Annotated[Parameter, Unit("sectors", 0, 1e6)]
Consignments: TypeAlias = Annotated[Parameter, Unit("consignments", 0, 1e6)]
ConsignmentsPerTrader: TypeAlias = Annotated[Parameter, Unit("consignments/trader", 0, 1e6)]
ConsignmentsPerDay: TypeAlias = Annotated[Parameter, Unit("consignments/day", 0, 1)]
ArrestsPerMonth: TypeAlias = Annotated[Parameter, Unit("arrests/month/1000 persons", 0, 1000)]
Elasticity: TypeAlias = Annotated[Parameter, Unit("elasticity", 0.05, 100)]
StandardDeviations: TypeAlias = Annotated[Parameter, Unit("standard deviations", 0, 5)]
Date: TypeAlias = Annotated[Parameter, Unit("date", -math.inf, math.inf)]


def is_among(one: str | None, these: SomeOrAll) -> bool:
    """Whether a name is among some, or these are all; without a name, whether they are all.

    >>> is_among("delta", "all"), is_among("delta", ("hills",)), is_among(None, ("hills",))
    (True, False, False)
    """
    return these == "all" or one in these

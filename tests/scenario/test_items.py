"""What an item is, in a unit that people know: its faults, and what it must weigh."""

import pytest
from tests.paths import TINY

from amnok.scenario import load
from amnok.scenario.places import Item

WEIGHING = "{{value: {}, unit: kilograms, prior: {{uniform: [0, 1000000]}}, source: assumption{}}}"


@pytest.fixture
def border(write):
    """A border with lamps of an item as written, and of a weight if that is given."""

    def file(item, kilograms=None, note=""):
        weight = "" if kilograms is None else f", kilograms: {WEIGHING.format(kilograms, note)}"
        return write(f"extends: {TINY}\ngoods: {{lamps: {{item: {item}{weight}}}}}\n")

    return file


@pytest.mark.parametrize(
    ("item", "kilograms"),
    [
        ("{holds: 50, unit: kilogram}", 50),
        ("{holds: 500, unit: gram}", 0.5),
        ("{holds: 2, unit: tonne}", 2000),
        ("{unit: pound}", 0.45359237),
        ("{unit: pound}", 0.454),
        ("{holds: 2.2046, unit: pound}", 1),
        ("{holds: 0.000001, unit: kilogram}", 0.000001),
        ("{holds: 12, unit: bottle}", 9),
        ("{unit: head}", 400),
        ("{unit: litre}", 0.9),
        ("{unit: Ei}", 0.06),
        ("{unit: pound}", None),
    ],
)
def test_an_item_weighs_what_it_holds(border, item, kilograms):
    assert load(border(item, kilograms)).goods["lamps"].item is not None


@pytest.mark.parametrize(
    ("item", "kilograms", "held", "fix"),
    [
        ("{holds: 2, unit: kilogram}", 3, "holds 2 kilograms and weighs 3", "both say the same"),
        ("{holds: 2, unit: pound}", 2, "holds 0.907185 kilograms and weighs 2", "both say"),
        ("{holds: 50, unit: gram}", 50, "holds 0.05 kilograms and weighs 50", "both say"),
        ("{holds: 50, unit: tonne}", 50, "holds 50000 kilograms and weighs 50", "both say"),
        ("{unit: pound}", 0.45, "left out and taken as 1", "write `holds: 0.99208`"),
        ("{unit: kilogram}", 50, "left out and taken as 1", "write `holds: 50`"),
        ("{unit: gram}", 0.25, "left out and taken as 1", "write `holds: 250`"),
        ("{unit: kilogram}", 0, "holds 1 kilograms and weighs 0", "both say the same"),
    ],
)
def test_an_item_that_weighs_otherwise_is_told(border, faults_of, item, kilograms, held, fix):
    (fault,) = faults_of(border(item, kilograms))
    assert fault.path.startswith("goods.lamps.item")
    assert held in fault.problem
    assert fix in fault.fix
    assert fault.line == 2


def test_what_is_written_as_told_is_right(border, faults_of):
    (fault,) = faults_of(border("{unit: pound}", 70))
    holds = fault.fix.removeprefix("write `").removesuffix("`")
    item = load(border(f"{{{holds}, unit: pound}}", 70)).goods["lamps"].item
    assert item == Item(holds=154.324, unit="pound")


def test_a_weight_that_is_set_by_an_override_may_be_another(border):
    scenario = load(border("{holds: 2, unit: pound}", 0.907185), ["goods.lamps.kilograms=3"])
    assert scenario.goods["lamps"].kilograms.number == 3


@pytest.mark.parametrize(
    ("written", "right"),
    [
        *((one, "gram") for one in ("g", "G", "gr", "grams", "Gram", "grammes")),
        *((one, "kilogram") for one in ("kg", "KG", "kgs", "kilo", "kilos", "kilograms")),
        *((one, "kilogram") for one in ("Kilogram", "kilogramme")),
        *((one, "tonne") for one in ("t", "tonnes", "Tonne", "metric ton", "metric tons")),
        *((one, "pound") for one in ("lb", "lbs", "pounds", "Pounds")),
    ],
)
def test_a_unit_of_weight_has_one_name(border, faults_of, written, right):
    (fault,) = faults_of(border(f"{{holds: 2, unit: {written}}}", 5))
    assert fault.path == "goods.lamps.item.unit"
    assert fault.problem == f"is '{written}', a unit of weight that is called {right}"
    assert fault.fix == f"write {right}"


@pytest.mark.parametrize(
    ("unit", "told"),
    [("7", "is 7,"), ("''", "is '',"), ("'7'", "is '7',"), ("[a]", "is a list,"), ("kg.", "kg.")],
)
def test_a_unit_is_a_word(border, faults_of, unit, told):
    (fault,) = faults_of(border(f"{{unit: {unit}}}"))
    assert fault.path == "goods.lamps.item.unit"
    assert told in fault.problem
    assert "expected a word for a unit" in fault.problem
    assert fault.fix == "write one such as kilogram or bottle"


@pytest.mark.parametrize(
    ("holds", "told"),
    [("0", "must be at least 1e-06"), ("1e-320", "at least 1e-06"), ("1e7", "at most 1000000")],
)
def test_an_item_holds_neither_next_to_nothing_nor_everything(border, faults_of, holds, told):
    """Nothing beside it on its weight, which follows."""
    (fault,) = faults_of(border(f"{{holds: {holds}, unit: kilogram}}", 5))
    assert fault.path == "goods.lamps.item.holds"
    assert told in fault.problem

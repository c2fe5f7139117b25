"""The model's description: nothing left out, nothing that drifts, nothing that breaks the page."""

import inspect
import itertools
import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.paths import HIGH_PASS, TINY_MORE

from amnok.counts import variables
from amnok.engine.state import State, fresh_state
from amnok.mechanisms import DECISIONS, MECHANISMS
from amnok.mechanisms.guards import Guards
from amnok.mechanisms.river import River
from amnok.odd.model import state_fields
from amnok.odd.page import filled, odd
from amnok.odd.rules import rules, systems, taken_apart
from amnok.odd.schedule import is_in
from amnok.odd.text import name, plain, prose, slug, table
from amnok.results import dataset
from amnok.scenario import Scenario, load
from amnok.scenario.ledger import ReportedPattern
from amnok.scenario.measures.vocabulary import Measure
from amnok.scenario.model import needed
from amnok.scenario.shape import Shape, shape_at
from amnok.studies.patterns import CONTRASTS
from amnok.studies.patterns.patterns import patterns_of
from amnok.world import build
from amnok.world.days import DAY, WATER
from amnok.world.people import TRAITS

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "scenarios" / "tiny-border"
SCENARIOS = ["sino-korean-border", "border-closure-2020", TINY, TINY_MORE]
HOSTILE = "{contents} | </td><script>alert(1)</script> `x` | [a](javascript:b) <!-- * _ ~~ $ # \\"
MARKDOWN = MarkdownIt("commonmark").enable("table")


@pytest.fixture(scope="module")
def pages():
    kept = {}

    def page(scenario):
        if scenario not in kept:
            kept[scenario] = odd(load(scenario))
        return kept[scenario]

    return page


def first_cells(page):
    rows = (line.split(" | ")[0] for line in page.splitlines() if line.startswith("| `"))
    return [cell.removeprefix("| ").strip("`") for cell in rows]


def headings(page):
    return re.findall(r"^#+ (.*)$", page, re.MULTILINE)


def tokens(page):
    for token in MARKDOWN.parse(page):
        yield token
        yield from token.children or ()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
class TestNothingIsLeftOut:
    def test_elements_of_the_protocol(self, pages, scenario):
        elements = [one for one in headings(pages(scenario)) if re.match(r"\d\. ", one)]
        assert elements == [
            "1. Purpose and patterns",
            "2. Entities, state variables and scales",
            "3. Process overview and scheduling",
            "4. Design concepts",
            "5. Initialization",
            "6. Input data",
            "7. Submodels",
        ]
        concepts = [one for one in headings(pages(scenario)) if re.match(r"4\.\d+ ", one)]
        assert len(concepts) == 11

    def test_parameters_are_in_one_table_once(self, pages, scenario):
        cells = first_cells(pages(scenario))
        for path, _ in load(scenario).parameters():
            assert cells.count(path) == 1, path

    def test_parameters_show_value_and_prior(self, pages, scenario):
        row = next(
            line for line in pages(scenario).splitlines() if line.startswith("| `guards.penalty`")
        )
        parameter = needed(load(scenario), Guards).penalty
        assert f"| {parameter.number:g} | {parameter.unit} | lognormal(" in row

    def test_fields_say_what_they_mean(self, pages, scenario):
        lines = pages(scenario).splitlines()
        said = shape_at(("security_police", "watch_base")).meaning
        assert lines.count(f"- `security_police.watch_base`: {said}") == 1
        assert sum(line.startswith("- `goods.*.markup`: ") for line in lines) == 1

    def test_rules_have_a_section(self, pages, scenario):
        found, known = headings(pages(scenario)), load(scenario)
        assert len(rules(known)) > 50
        for rule in rules(known):
            assert found.count(rule) == 1, rule
        for system in systems(known):
            assert sum(one.endswith(f" ({system.module})") for one in found) == 1

    def test_decisions_measures_and_states(self, pages, scenario):
        cells, known = set(first_cells(pages(scenario))), load(scenario)
        states = {f"state.{one.name}" for one in state_fields()}
        absent = {
            f"state.{kept}" for one in MECHANISMS if not known.has(one.name) for kept in one.keeps
        }
        assert {one.name for one in DECISIONS if is_in(known, one)} <= cells
        assert {one.name for one in variables() if known.has(*one.needs)} <= cells
        assert states - absent <= cells

    def test_patterns_and_mechanisms(self, pages, scenario):
        page = pages(scenario)
        for pattern in patterns_of(load(scenario)).all:
            assert headings(page).count(pattern.name) == 1
            for measure in pattern.measures:
                assert plain(measure.text) in page
        carried = {one.carried_by for one in load(scenario).patterns.values()}
        assert carried <= set(first_cells(page)) & {one.name for one in CONTRASTS}

    def test_places_people_and_evidence(self, pages, scenario):
        page, known = pages(scenario), load(scenario)
        parts = (
            known.sectors,
            known.goods,
            known.markets,
            known.route_kinds,
            known.traders.sizes,
            known.agencies,
            known.orders,
            known.calendar.halts,
            needed(known, River).events,
            known.phases,
        )
        for one in (one for part in parts for one in part.values()):
            assert plain(one.label) in page
        for claim in known.claims.values():
            assert plain(claim.text) in page
        for reference in known.references.values():
            assert plain(reference.figure) in page

    def test_anchors_are_there_and_single(self, pages, scenario):
        page = pages(scenario)
        anchors = [slug(heading) for heading in headings(page)]
        assert len(anchors) == len(set(anchors))
        links = [token.attrs["href"] for token in tokens(page) if token.type == "link_open"]
        inside = {link[1:] for link in links if link.startswith("#")}
        assert len(inside) > 60
        assert inside <= set(anchors)

    def test_page_is_sound_markdown(self, pages, scenario):
        assert_sound(pages(scenario))


def assert_sound(page):
    """No raw HTML, no link to anywhere but the protocol and the page, tables with even rows."""
    found = list(tokens(page))
    assert not [token for token in found if token.type in ("html_block", "html_inline", "image")]
    links = [token.attrs["href"] for token in found if token.type == "link_open"]
    assert {link for link in links if not link.startswith("#")} == {
        "https://www.jasss.org/23/2/7.shtml"
    }
    lines = [line for line in page.splitlines() if line.startswith("|")]
    rows = sum(token.type == "tr_open" for token in found)
    rules = [line for line in lines if set(line) <= set("|-: ")]
    assert rows == len(lines) - len(rules)  # every line of a table is read as a row
    width = 0
    for before, line in zip(["", *page.splitlines()], page.splitlines(), strict=False):
        if line.startswith("|"):
            width = width if before.startswith("|") else line.count("|")
            assert line.count("|") == width


def with_hostile_texts(part, numbers):
    """Every text that people write freely, replaced; numbered, as labels have to differ."""
    if isinstance(part, list):
        return [with_hostile_texts(one, numbers) for one in part]
    if not isinstance(part, dict):
        return part
    free = ("label", "note", "text", "figure", "citation", "place", "description")
    return {
        key: f"{next(numbers)} {HOSTILE}"
        if key in free and isinstance(value, str)
        else with_hostile_texts(value, numbers)
        for key, value in part.items()
    }


def test_a_hostile_scenario_is_shown_and_not_read(tmp_path):
    known, numbers = load(TINY), itertools.count()
    data = yaml.safe_load((TINY / "scenario.yaml").read_text(encoding="utf-8"))
    data = with_hostile_texts(data, numbers) | {"title": HOSTILE}
    assert next(numbers) > 20
    file = tmp_path / "hostile.yaml"
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    page = odd(load(file), ["|`<b>"])
    assert_sound(page)
    assert len(headings(page)) == len(headings(odd(known)))
    title = next(token for token in tokens(page) if token.type == "inline")
    shown = "".join(child.content for child in title.children or ())
    assert shown == "ODD: " + HOSTILE


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=60))
def test_any_text_is_shown_as_it_is(text):
    expected = " ".join(text.split())
    page = table(("A", "B"), [("x", plain(text)), (name(text), "y")])
    cells = [token for token in MARKDOWN.parse(page) if token.type == "inline"]
    assert len(cells) == 6
    for cell in (cells[3], cells[4]):
        children = cell.children or []
        assert {child.type for child in children} <= {"text", "code_inline", "text_special"}
        shown = "".join(child.content for child in children)
        assert shown == expected


@pytest.mark.parametrize(
    ("override", "mechanism"),
    [
        ("chinese_crackdown=off", "crackdown"),
        ("camera_programme=off", "cameras"),
        ("guard_liability=off", "guard_liability"),
        ("phone_monitoring=off", "phone_monitoring"),
        ("guards.collusion=0", "collusion"),
    ],
)
def test_a_mechanism_switched_off_is_told(override, mechanism):
    page = odd(load("sino-korean-border", [override]), [override])
    row = next(line for line in page.splitlines() if line.startswith(f"| `{mechanism}`"))
    assert row.endswith("| off |")
    assert f"(`{mechanism}`), **off**" in page
    others = [line for line in page.splitlines() if line.startswith("| ") and "| P" in line]
    assert sum(line.endswith("| off |") for line in others) == 1
    assert f"Overrides applied to the scenario: `{override}`." in page


def test_an_order_of_no_strength_is_off_and_its_value_told():
    page = odd(load("sino-korean-border", ["chinese_crackdown=off"]))
    rows = page.splitlines()
    assert sum(line.endswith("| 0 (off) | all |") for line in rows) == 1
    assert any(line.startswith("| `orders.cn_october.intensity` | 0 |") for line in rows)


@pytest.mark.parametrize(
    "place",
    [
        "{rule:guards.smiles}",
        "{rule:self_inspection._cost}",
        "{parameter:guards.nothing}",
        "{parameter:guards}",
        "{pattern:P99}",
        "{measure:joy}",
        "{decision:NONE}",
        "{variable:mood}",
        "{step:engine.day.sleep}",
        "{doc:engine.day.sleep}",
        "{nothing}",
        "{nothing:at_all}",
    ],
)
def test_a_template_cannot_name_what_is_not_there(place):
    with pytest.raises(ValueError, match="no such thing"):
        filled(f"before {place} after", load(TINY))


def test_patterns_that_nothing_measures_are_told():
    silent = ReportedPattern(text="They say that it was easier once.")
    tiny = load(TINY)
    page = odd(tiny.model_copy(update={"patterns": {**tiny.patterns, "Q9": silent}}))
    assert "**Q9** (nothing measures it): They say that it was easier once." in page


def test_the_template_names_parameters_that_scenarios_have():
    template = files("amnok.odd").joinpath("odd.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\{parameter:([^}]+)\}", template))
    assert len(named) > 10
    assert named <= {path for path, _ in load(TINY).parameters()}


@pytest.mark.parametrize(
    "section",
    [
        name
        for name, field in Scenario.model_fields.items()
        if field.is_required()
        and getattr(field.annotation, "__module__", "") == "amnok.scenario.behaviour"
    ],
)
def test_a_scenario_without_a_part_is_described(section):
    known = load(TINY)
    page = odd(known.model_copy(update={section: None}))
    cells = first_cells(page)
    assert not [cell for cell in cells if cell.startswith(f"{section}.")]
    for path, _ in known.parameters():
        assert cells.count(path) == (not path.startswith(f"{section}.")), path
    for path in re.findall(r"`([\w.]+)` \(not in this scenario\)", page):
        assert path.startswith(f"{section}.")
    assert_sound(page)


def test_a_mechanism_that_a_scenario_lacks_is_absent(tmp_path):
    data = yaml.safe_load((TINY / "scenario.yaml").read_text(encoding="utf-8"))
    data["parts"] = ["usual/patterns.yaml"]
    data["calendar"] = {"halts": {}}
    data["orders"] = {}
    data["river"]["events"] = {}
    for absent in ("switches", "phases"):
        del data[absent]
    (tmp_path / "other.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    page = odd(load(tmp_path / "other.yaml"))
    for mechanism in ("halts", "crackdown", "cameras"):
        row = next(line for line in page.splitlines() if line.startswith(f"| `{mechanism}`"))
        assert row.endswith("| absent |")
    assert_sound(page)


def test_present_values_stand_in_the_text():
    scenario = load(TINY, ["guards.penalty=123457"])
    assert "= 123457" in filled("{parameter:guards.penalty}", scenario)


def test_rules_cite_claims_of_the_ledger_and_no_others():
    """Also claims that are named by their report, `R04-1`."""
    known, place = load("reported-mechanisms"), "{submodels}"
    page = filled(place, known)
    assert "Source: claim R04-1; the product form is an assumption." in page
    others = {key: one for key, one in known.claims.items() if key != "R04-1"}
    page = filled(place, known.model_copy(update={"claims": others}))
    assert "Source: claim R04-1" not in page
    assert "Source: claims R05-4, R15-3; that all who are new are strict is an assumption" in page


def test_published_description_is_up_to_date():
    published = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    assert published == odd(load("sino-korean-border")), "run make odd"


def test_docstrings_are_taken_apart():
    parts = taken_apart(
        "Short.\n\nMore of\nit.\n\nArgs:\n    a, b: two\n        things.\n    c: one.\n\n"
        "Returns:\n    A number.\n\nSource: claim A01;\nmore.\n\n>>> f()\n1\n"
    )
    assert parts.text == ["Short.", "More of it."]
    assert parts.arguments == {"a": "two things.", "b": "two things.", "c": "one."}
    assert parts.returns == "A number."
    assert parts.source == "claim A01; more."


@pytest.mark.parametrize("name", sorted(rules()))
def test_every_rule_explains_its_arguments(name):
    doc = taken_apart(inspect.getdoc(rules()[name]) or "")
    assert doc.text
    assert set(doc.arguments) in (set(), set(inspect.signature(rules()[name]).parameters))


def test_code_in_docstrings_stays_code():
    assert prose("`a*b` and c*d | e") == "`a*b` and c\\*d &#124; e"


def test_some_border_has_everything(pages):
    everything = {one.name for one in DECISIONS} | {one.name for one in variables()}
    found = [*first_cells(pages(TINY_MORE)), *first_cells(pages(HIGH_PASS))]
    assert everything <= set(found)


def test_state_variables_are_those_of_a_run(tiny):
    world, _ = build(tiny, seed=1)
    real = []
    for variable, values in zip(State._fields, fresh_state(world), strict=True):
        real.append(variable)
        real += [f"{variable}.{field}" for field in values.dtype.names or ()]
    assert [field.name for field in state_fields()] == real
    assert [field.name for field in TRAITS] == list(world.traits.dtype.names)
    assert [field.name for field in DAY] == list(world.days.dtype.names)
    assert [field.name for field in WATER] == list(world.water.dtype.names)


@pytest.mark.parametrize("one", [*state_fields(), *TRAITS, *DAY, *WATER, *DECISIONS])
def test_everything_declared_is_explained(one):
    assert one.text.strip()


def test_books_hold_what_a_dataset_holds(made_up_outcome, tiny):
    found = dataset(made_up_outcome(), tiny, seed=1)
    told = {one.name: one for one in variables() if tiny.has(*one.needs)}
    extra = set(found.data_vars) - set(told) - {"survey_day"}
    assert all(found[one].dims == ("report",) for one in extra)
    for variable, one in told.items():
        assert found[variable].attrs["ledger"] == one.table.ledger
        assert found[variable].attrs["long_name"] == one.label
        assert found[variable].attrs["comment"] == one.text
        in_words = "sector" in found[variable].dims, "route" in found[variable].dims
        assert in_words == ("sector" in one.table.by, "route" in one.table.by)


def parameters_of(shape, place=()):
    """Places of all parameters that a scenario may have, a `*` for each free name.

    Measures hold measures without end, and no parameters.
    """
    if shape.is_parameter:
        yield place
    elif isinstance(shape.kind, type) and issubclass(shape.kind, Measure):
        return
    elif shape.keys is not None:
        for key in shape.keys:
            yield from parameters_of(shape.inside(key), (*place, key))
    elif (entry := shape.inside("*")).kind is not None:
        yield from parameters_of(entry, (*place, "*"))


def test_every_parameter_is_read_somewhere():
    rooms = ("world", "engine", "results", "mechanisms")
    source = "".join(
        path.read_text(encoding="utf-8")
        for room in rooms
        for path in (ROOT / "src" / "amnok" / room).glob("*.py")
    )
    names = set(re.findall(r"\.(\w+)", source)) | set(re.findall(r"\"(\w+)\"", source))
    places = list(parameters_of(Shape(Scenario)))
    assert len(places) > 100
    for place in places:
        assert [part for part in place if part != "*"][-1] in names, place

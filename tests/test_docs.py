"""The pages for people: their links lead somewhere, and the glossary is in order."""

import re
import tomllib
from pathlib import Path

import pytest

from amnok.results.ledgers import tidy
from amnok.scenario.measures.definitions import usual
from amnok.studies.comparison.arms import DIFFERENCES

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "amnok"
PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"]
PAGES += sorted((ROOT / "docs").glob("*.md")) + sorted((ROOT / "docs" / "borders").glob("*.md"))
TERM = re.compile(r"^\*\*(.+?)\*\*: (.+?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)
_LEAST_WORDS = 6


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    missing = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = page.parent / path if path else page
        if not file.exists():
            missing.append(target)
        elif anchor and file.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            if anchor not in map(slug, headings):
                missing.append(target)
    assert not missing


def test_the_tests_that_pages_name_are_there():
    """A promise says where it is tested; further names in a row are of files beside the first."""
    missing = set()
    for page in PAGES:
        for row in page.read_text(encoding="utf-8").splitlines():
            folder = ROOT
            for name in re.findall(r"`([\w/]*test_\w+\.py)`", row):
                folder = (ROOT / name).parent if "/" in name else folder
                if not (folder / Path(name).name).is_file():
                    missing.add((page.name, name))
    assert not missing


def test_the_map_names_every_layer():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    checked = set(re.findall(r"\((\w+)\)", " ".join(layers))) - {"__main__"}
    map_of_layers = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("\n## ")[1]
    cells = re.findall(r"^\| (`.+?`) \|", map_of_layers, re.MULTILINE)
    named = re.findall(r"`(\w+)(?:\.py|/)`", " ".join(cells))
    assert sorted(named) == sorted(checked)
    floors = [re.findall(r"\((\w+)\)", layer) for layer in reversed(layers)]
    heights = [next(i for i, floor in enumerate(floors) if name in floor) for name in named]
    assert heights == sorted(heights), "the map is not from the ground up"


def test_what_the_map_leads_to_is_there():
    """Files, further ones in a row beside the first, and functions named after their file."""
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    missing = []
    for entry in re.split(r"\n(?=[-|#])", page):
        folder = SOURCE
        for name, function in re.findall(r"`([\w/<>*-]+\.(?:py|js|yaml))`(?:: `(\w+)`)?", entry):
            pattern = re.sub(r"<\w+>", "*", name)
            named = [file for base in (SOURCE, folder) for file in base.glob(pattern)]
            define = f"def {function}(" if function else ""
            if not named or define not in named[0].read_text(encoding="utf-8"):
                missing.append((name, function))
            else:
                folder = named[0].parent
    assert not missing


def test_the_glossary_is_alphabetical_and_explains():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = [term.lower().replace(",", "") for term, _ in TERM.findall(text)]
    assert len(terms) == text.count("\n**") > 50
    assert terms == sorted(set(terms))
    short = [term for term, said in TERM.findall(text) if len(said.split()) < _LEAST_WORDS]
    assert not short


def test_the_glossary_is_linked_from_the_readme():
    assert "(docs/glossary.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_page_for_r_names_files_and_columns_that_are_there(ran):
    page = (ROOT / "docs" / "r.md").read_text(encoding="utf-8")
    (file,) = re.findall(r'read_csv\("runs/mine/tables/(.+?)\.csv"\)', page)
    _, dataset = ran(days=30, replicates=1)
    tables = dict(tidy(dataset))
    (columns,) = re.findall(r"group_by\((.+?)\)", page)
    (summed,) = re.findall(r"sum\((\w+)\)", page)
    assert {*columns.split(", "), summed, "replicate", "route"} <= set(tables[file].columns)
    (column, value) = re.findall(r'filter\(differences, (\w+) == "(\w+)"\)', page)[0]
    assert column in DIFFERENCES
    assert value in usual().outcomes


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "tutorials").glob("*.md")), ids=lambda page: page.stem
)
def test_what_tutorials_import_is_there(page):
    """Tutorials run when the site is built, in minutes; a name that moved is seen at once."""
    text = page.read_text(encoding="utf-8")
    lines = re.findall(r"^(?:from amnok\S* import .+|import amnok\S*)$", text, re.MULTILINE)
    assert lines
    for line in lines:
        exec(line, {})

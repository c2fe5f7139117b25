"""Ledgers that somebody typed or another program wrote: kept whole, or told and not written."""

import datetime as dt
import json

import pytest
from tests.paths import TINY

from amnok.cli.main import main
from amnok.errors import AmnokError
from amnok.scenario import load, text_file
from amnok.scenario.ledger import adding, edits, files, ftm, rows
from amnok.scenario.ledger.book import gaps
from amnok.scenario.ledger.persons import in_text

DAY = dt.date(2031, 5, 6)
BASE = """reports:
  N1: {title: Nights, publisher: Courier}
claims:
  N1-1: {report: N1, text: guards take bribes, unmodelled: [owls]}
"""
ROW = {
    "report": "N1",
    "title": "Nights",
    "publisher": "Courier",
    "claim": "N1-1",
    "text": "guards take bribes",
    "unmodelled": ["owls"],
}


@pytest.fixture
def ledger(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(BASE)
    return file


def added(tmp_path, row, suffix="jsonl"):
    """The ledger that a row of JSON, or a text, makes."""
    file, target = tmp_path / f"new.{suffix}", tmp_path / "target.yaml"
    file.write_text(row if isinstance(row, str) else json.dumps(row))
    new = ftm.read(file).document if suffix == "ftm" else files.read(file)
    adding.add(load(TINY), target, new)
    return files.checked(files.read(target))


@pytest.mark.parametrize(
    "why",
    [
        "bell\x07",
        "half \udcff",
        "\u202ertl",
        "a\nb",
        "- a: b",
        "yes",
        "2020-01-01",
        "~",
        '"',
        "# x",
    ],
)
def test_whatever_is_typed_can_be_read_again(ledger, why):
    assert (
        main(["evidence", "retract", str(ledger), "N1-1", "--scenario", str(TINY), "--", why]) == 0
    )
    again = files.checked(files.read(ledger))
    assert not again.standing
    assert load(TINY, ledgers=[ledger]).ledger == load(TINY).ledger | again


@pytest.mark.parametrize("why", ["", "  ", "\n"])
def test_a_reason_is_given(ledger, why, capsys):
    for how in (["retract"], ["amend", "--set", "credibility=2"]):
        given = [how[0], str(ledger), "N1-1", why, *how[1:]]
        assert main(["evidence", *given, "--scenario", str(TINY)]) == 2
        assert "why: is empty" in capsys.readouterr().err
    assert ledger.read_text() == BASE


def test_a_field_is_amended_once(ledger, capsys):
    given = ["N1-1", "why", "--set", "credibility=2", "--set", "credibility=3"]
    assert main(["evidence", "amend", str(ledger), *given, "--scenario", str(TINY)]) == 2
    assert "'credibility' is given twice" in capsys.readouterr().err
    assert ledger.read_text() == BASE


def test_what_could_not_be_read_again_does_not_replace_what_is_there(ledger, monkeypatch):
    held = files.checked(files.read(ledger))
    monkeypatch.setattr(text_file, "LIMIT", len(BASE) + 10)
    with pytest.raises(AmnokError, match="would be larger"):
        files.write(ledger, edits.retracted(held, "N1-1", "withdrawn " * 9, DAY))
    long = type(held)(held.reports, {"x" * 2000: held.claims["N1-1"]})
    monkeypatch.setattr(text_file, "LIMIT", 10**6)
    with pytest.raises(AmnokError, match="could not be read"):
        files.write(ledger, long)
    assert ledger.read_text() == BASE


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('"figure": "toll", "figure_unit": "CRN", "figure_low": 1e400', "too large a number"),
        ('"figure": "toll", "figure_unit": "CRN", "figure_low": ' + "9" * 400, "too large"),
        ('"figure": "toll", "figure_unit": "CRN", "figure_low": -1e999', "too large a number"),
        ('"more_figures": {"what": "toll"}', "more_figures: is a mapping"),
        ('"more_figures": "[{}]"', "more_figures: is '"),
        ('"more_figures": 3', "more_figures: is 3"),
        ('"supports": ["W1"], "contradicts": ["W1"]', "names W1, which it contradicts"),
        ('"refines": ["W1"], "contradicts": ["W2", "W1"]', "names W1, which it contradicts"),
        ('"captured": "2019-01-01", "date": "2019-01-02"', "before the date of the report"),
        ('"captured": "2019-01-01", "date": "2562-01-01"', "Gregorian calendar"),
        ('"doubt": "call +82 10 1234 5678"', "holds a phone number"),
        ('"figure": "+82 10 1234 5678", "figure_low": 1, "figure_unit": "x"', "a phone number"),
        ('"retracted_on": "2031-01-01", "retracted_why": "says a@b.example"', "an e-mail"),
        (
            '"amended": [{"date": "2031-01-01", "why": "w", "was": {"text": "a@b.example"}}]',
            "an e-mail",
        ),
    ],
)  # fmt: skip
def test_a_row_is_kept_whole_or_refused(tmp_path, more, told):
    with pytest.raises(AmnokError, match=told):
        added(tmp_path, json.dumps(ROW)[:-1] + f", {more}}}")
    assert not (tmp_path / "target.yaml").exists()


@pytest.mark.parametrize("key", ["text", "title", "publisher"])
def test_what_must_be_told_is_told(tmp_path, key):
    with pytest.raises(AmnokError, match=f"{key}: is empty: write it, or `unknown`"):
        added(tmp_path, ROW | {key: " "})


def test_what_is_named_twice_counts_once(tmp_path):
    found = added(tmp_path, ROW | {"unmodelled": ["night owls", "night_owls", "Night  Owls", "a"]})
    assert found.claims["N1-1"].unmodelled == ("night_owls", "a")
    assert [(one.tag, one.claims) for one in gaps(found)] == [
        ("a", ("N1-1",)),
        ("night_owls", ("N1-1",)),
    ]


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("Motos en saison  sèche", "motos_en_saison_sèche"),
        ("Motos en saison se\u0300che", "motos_en_saison_sèche"),
        ("ÑANDÚ", "ñandú"),
        ("얼음 감시", "얼음_감시"),
        ("Ｎight owls", "night_owls"),
        ("كاميرات", "كاميرات"),
    ],
)
def test_tags_are_words_of_any_language(tmp_path, typed, tag):
    found = added(tmp_path, ROW | {"unmodelled": [typed]})
    assert found.claims["N1-1"].unmodelled == (tag,)
    again = files.checked(files.read(tmp_path / "target.yaml"))
    assert again.claims["N1-1"].unmodelled == (tag,)


def test_faults_of_cells_and_of_what_they_mean_are_told_at_once(tmp_path):
    file = tmp_path / "new.csv"
    file.write_text(
        "claim,report,text,credibility,from,unmodelled\n"
        "N1-2,W,a,3,,owls\n"
        "N1-3,W,b,3,yesterday,owls\n"
        "N1-4,W,c,7,,owls\n"
        "N1-5,W,d,3,,!\n"
        "N1-6,W,e,many,,owls\n"
    )
    with pytest.raises(AmnokError) as caught:
        adding.add(TINY, tmp_path / "mine.yaml", files.read(file))
    told = [(one.line, one.path) for one in caught.value.faults]
    assert told == [(3, "from"), (4, "credibility"), (5, "unmodelled"), (6, "credibility")]


def test_faults_of_a_ledger_of_each_kind_are_told_at_once(tmp_path):
    """Of writing, cells, values, conflicts, what fits no border, and what measures mean."""
    file, target = tmp_path / "new.csv", tmp_path / "mine.yaml"
    target.write_text(BASE.replace("1-1: {", "1-1: {text: twice, ").replace("owls]", "owls, '!']"))
    file.write_text(
        "claim,report,text,mechanisms,figure,figure_low,figure_unit,says,fgure\n"
        "W1,W,Another text,guards,,,,,\n"
        "N2,W,a,gards,toll,many,CRN,,\n"
        'N3,W,b,guards,,,,"[{sum: crosings, at_least: 1}, {sum: crossings, at_leest: 1}]",\n'
    )
    with pytest.raises(AmnokError) as caught:
        adding.add(TINY, target, files.read(file))
    told = [(one.file, one.line, one.path) for one in caught.value.faults]
    columns = ((1, "fgure"), (2, "claim"), (3, "figure_low"), (3, "mechanisms"), (4, "says"))
    yaml = ((4, "claims.N1-1.text"), (4, "claims.N1-1.unmodelled[1]"))
    assert {*told} == {
        *((str(file), *one) for one in columns),
        *((str(target), *one) for one in yaml),
    }
    assert len(told) == len(columns) + len(yaml) + 1  # both statements


@pytest.mark.parametrize("suffix", ["jsonl", "ftm", "yaml"])
def test_nothing_is_not_added(tmp_path, suffix):
    with pytest.raises(AmnokError, match=r"holds no report|the file is empty"):
        added(tmp_path, "\n", suffix)
    assert not (tmp_path / "target.yaml").exists()


def test_a_quote_of_its_own_stays_in_a_cell(tmp_path):
    file = tmp_path / "new.csv"
    file.write_text("claim,report,text,doubt\nW7,W,'Tis said 'so','=1+1\n")
    (claim,) = files.read(file).data["claims"].values()
    assert (claim["text"], claim["doubt"]) == ("'Tis said 'so'", "=1+1")


def chain(*refined, **more):
    told = [ROW | {"claim": f"C{n}", "refines": [f"C{other}"]} for n, other in enumerate(refined)]
    told[0] |= more
    return "\n".join(map(json.dumps, told))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (chain(1, 0), "C1.*refines: names C0, which refines it in turn|names C0, which refines"),
        (chain(1, 2, 3, 1), "names C1, which refines it in turn"),
        (chain(1, 2, 1), "names C1, which refines it in turn"),
        (chain(1, 2, 3, 4, 0), "names C0, which refines it in turn"),
        (chain(*range(1, 3000), 0), "names C0, which refines it in turn"),
        (chain("-", 0, contradicts=["C1"], refines=[]), "names C0, which contradicts it"),
    ],
)
def test_claims_that_stand_to_each_other_in_two_ways_are_told(tmp_path, given, told):
    with pytest.raises(AmnokError, match=told) as caught:
        added(tmp_path, given)
    assert len(caught.value.faults) == 1


def test_long_ways_of_claims_that_refine_each_other_are_fine(tmp_path):
    told = [ROW | {"claim": f"C{n}", "refines": [f"C{n + 1}", "C3000"]} for n in range(2999)]
    told += [ROW | {"claim": f"C{n}"} for n in (2999, 3000)]
    assert len(added(tmp_path, lines(*told)).claims) == 3001


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Ring 010-1234-5678 for a boat", "a phone number"),
        ("his number is 13912345678.", "a phone number"),
        ("139 1234 5678 answers", "a phone number"),
        ("02-555-0199", "a phone number"),
        ("at 41°24'N 128°10'E they wade", "a point on a map"),
        ("41 ° 24′ 10″ N, 128 ° 10′ 5″ E", "a point on a map"),
        ("between 2010-2019 some 15000000000 won", ""),
        ("13,912,345,678 won in 2019-02-14 and 2019-2020", ""),
        ("between 38° N and 42° N, at -15°", ""),
        ("prices of 1.391234, 5678 and 0 1234 5678 9012", ""),
    ],
)
def test_what_leads_to_a_person_or_a_point_is_told_however_it_is_written(text, what):
    assert [one.problem for one in in_text(text, "x")] == ([f"holds {what}"] if what else [])


def test_a_text_of_any_length_comes_back_from_a_cell(tmp_path):
    ledger = added(tmp_path, ROW | {"text": "Half of them " * 30_000})
    file = tmp_path / "out.csv"
    file.write_text(rows.as_csv(ledger), encoding="utf-8")
    assert files.checked(files.read(file)) == ledger


@pytest.mark.parametrize("text", ["x" * 200_000, "1.2345" + " " * 200_000, "1.234" * 40_000])
def test_a_long_text_is_looked_through_in_the_time_it_takes_to_read(text):
    assert not list(in_text(text, "x"))


ARTICLE = {"id": "r", "schema": "Article", "properties": {"title": ["T"], "publisher": ["P"]}}
NOTE = {"id": "n", "schema": "Note", "properties": {"description": ["D"], "entity": ["r"]}}


def lines(*entities):
    return "\n".join(json.dumps(one) for one in entities)


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ({"id": 5}, "its id is 5"),
        ({"id": None}, "its id is nothing"),
        ({"id": ""}, "its id is ''"),
        ({"id": ["r"]}, "its id is a list"),
        ({"schema": 5}, "its schema is 5"),
        ({"schema": ["Article"]}, "its schema is a list"),
        ({"properties": None}, "its properties are nothing"),
        ({"properties": [1]}, "its properties are a list"),
        ({"properties": {"title": [["T"]]}}, "its title is a list"),
        ({"properties": {"title": {"en": "T"}}}, "its title is a mapping"),
        ({"context": {"amnok": 5}}, "neither a report nor a claim"),
        ({"context": {"amnok": {"kind": "person"}}}, "neither a report nor a claim"),
        ({"context": {"amnok": {"kind": "report", "id": "../x"}}}, "'../x' in its context.amnok"),
        ({"id": "n", "schema": "Note"}, "has the id of line 1"),
        ({"context": {"amnok": {"kind": "claim", "id": "n"}}}, "has the id of line 1"),
    ],
)
def test_a_line_that_is_no_entity_is_told(tmp_path, odd, told):
    with pytest.raises(AmnokError, match=told) as caught:
        added(tmp_path, lines(NOTE, ARTICLE | odd), "ftm")
    assert [fault.line for fault in caught.value.faults] == [2]


@pytest.mark.parametrize("identity", ["x" * 40, "with a space", "n"])
@pytest.mark.parametrize("schemata", [("Article",) * 2, ("Article", "Note"), ("Person",) * 2])
def test_an_id_is_given_once(tmp_path, identity, schemata):
    twice = [ARTICLE | {"id": identity, "schema": schema} for schema in schemata]
    with pytest.raises(AmnokError, match="has the id of line 2") as caught:
        added(tmp_path, lines(ARTICLE, *twice), "ftm")
    assert [fault.line for fault in caught.value.faults] == [3]


def test_a_person_is_left_out_whatever_it_is_called_beside(tmp_path):
    report = {"kind": "report", "id": "N2", "title": "T", "publisher": "P"}
    someone = {"id": "p", "schema": "Person", "properties": {}, "context": {"amnok": report}}
    file = tmp_path / "new.ftm"
    file.write_text(lines(ARTICLE, someone), encoding="utf-8")
    taken = ftm.read(file)
    assert (list(taken.document.data["reports"]), taken.people.total()) == (["r"], 1)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a", "a.txt"])
def test_a_ledger_is_written_to_no_file_that_would_not_read_as_it(tmp_path, name):
    own = tmp_path / "own.yaml"
    own.write_text(BASE)
    told = tmp_path / name
    assert main(["evidence", "merge", str(own), str(own), str(told), "--scenario", str(TINY)]) == 2
    assert not told.exists()
    if name == "a.csv":
        told.write_text(rows.as_csv(files.checked(files.read(own))), encoding="utf-8")
        was = told.read_bytes()
        words = ["evidence", "retract", str(told), "N1-1", "withdrawn", "--scenario", str(TINY)]
        assert main(words) == 2
        assert told.read_bytes() == was


@pytest.mark.parametrize("place", range(3))
def test_a_name_that_is_made_is_free(tmp_path, place):
    about = {"description": ["D"], "entity": ["ftm1"]}
    told = [ARTICLE | {"id": one * 40} for one in "ab"]
    told.insert(place, ARTICLE | {"id": "ftm1"})
    found = added(tmp_path, lines(*told, NOTE | {"properties": about}), "ftm")
    assert len(found.reports) == len(told)
    assert found.claims["n"].report == "ftm1"


def test_an_entity_of_others_is_taken_with_all_that_it_says(tmp_path):
    note = {"description": ["D", "E"], "entity": ["elsewhere", "r"]}
    article = {"title": "T", "publishedAt": ["2020-05"]}
    found = added(
        tmp_path, lines(NOTE | {"properties": note}, ARTICLE | {"properties": article}), "ftm"
    )
    assert found.claims["n"].text == "D / E"
    assert found.claims["n"].report == "r"
    assert found.reports["r"].when == "May 2020"


def test_a_report_and_a_claim_of_one_id_come_back(tmp_path):
    held = added(tmp_path, ROW | {"claim": "N1"})
    (tmp_path / "out.ftm").write_text(ftm.as_lines(held))
    assert files.checked(ftm.read(tmp_path / "out.ftm").document) == held

"""The ledger: claims that go out and come back, that change and keep their history, and merge."""

import csv
import datetime as dt
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.paths import TINY

from amnok.errors import AmnokError, visible
from amnok.scenario import load, loading
from amnok.scenario.document import Document
from amnok.scenario.ledger import Claim, Ledger, Report, adding, edits, files, ftm, rows
from amnok.scenario.ledger.book import alike, duplicates, gaps, stances, versions

DAY = dt.date(2031, 5, 6)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=9)


def ledger_of(**claims):
    reports = {
        "N": Report(title="Nights at the ford", publisher="The Vell Courier", date=DAY),
        "M": Report(
            title="unknown", publisher="The Mill", origin="The Vell Courier", url="mill.ex"
        ),
    }
    made = {name: Claim.model_validate({"report": "N", **told}) for name, told in claims.items()}
    return Ledger(reports, made)


def again(ledger, write, tmp_path, suffix):
    file = tmp_path / f"ledger.{suffix}"
    file.write_text(write(ledger), encoding="utf-8")
    return files.checked(files.read(file))


FULL = ledger_of(
    a={
        "text": "=1+1 is what the clerk wrote; he doubts it",
        "mechanisms": ["guards", "river"],
        "sectors": ["ferry", "mill"],
        "credibility": 2,
        "doubt": "-5 is a guess, \"so\" he says, 'twice'",
        "period": {"from": "2030-06-01", "to": "2030-06-02", "inferred": True},
        "figures": [
            {"what": "toll", "low": 0.1, "high": 2e-7 + 0.1, "unit": "CRN", "of": "2030"},
            {"what": "boats", "low": -3, "unit": "boats"},
        ],
        "unmodelled": ["tides"],
        "contradicts": ["b"],
        "amended": [
            {"date": "2031-01-01", "why": "misread", "was": {"text": "old", "doubt": None}}
        ],
        "retracted": {"date": "2031-02-01", "why": "withdrawn"},
    },
    b={"report": "M", "text": "Öl geht über den Fluß, 밤에", "unrecorded": ["oil"], "place": "x"},
    c={
        "text": "'tis quoted",
        "mechanisms": ["guards"],
        "figures": [{"what": "n", "low": 0, "unit": "-"}],
    },
)


@pytest.mark.parametrize(
    ("write", "suffix"),
    [(rows.as_csv, "csv"), (rows.as_lines, "jsonl"), (files.as_yaml, "yaml")],
)
def test_a_ledger_goes_out_and_comes_back_as_it_was(tmp_path, write, suffix):
    assert again(FULL, write, tmp_path, suffix) == FULL
    whole = load("sino-korean-border").ledger
    assert again(whole, write, tmp_path, suffix) == whole


def test_a_report_without_a_claim_is_kept(tmp_path):
    alone = Ledger(FULL.reports, {})
    assert again(alone, rows.as_csv, tmp_path, "csv") == alone
    assert again(alone, rows.as_lines, tmp_path, "jsonl") == alone


@pytest.mark.slow
@given(st.lists(WORDS, min_size=1, max_size=4), WORDS)
def test_any_text_survives_a_spreadsheet(tmp_path_factory, words, place):
    ledger = ledger_of(a={"text": " ".join(words), "place": place, "mechanisms": ["guards"]})
    folder = tmp_path_factory.mktemp("rows")
    assert again(ledger, rows.as_csv, folder, "csv") == ledger
    assert again(ledger, rows.as_lines, folder, "jsonl") == ledger


def test_no_cell_is_a_formula_and_each_row_is_a_claim():
    table = list(csv.DictReader(io.StringIO(rows.as_csv(FULL))))
    assert [row["claim"] for row in table] == ["a", "b", "c"]
    assert not [c for row in table for c in row.values() if c[:1] in ("=", "+", "-", "@")]
    assert table[0]["credibility"] == "2"


BAD = """claim,report,title,publisher,date,text,mechanisms,credibility,from,witness name,fgure
N1,N,Nights,Courier,2031-05-06,It is so,guards,3,2030-06-01,,
N2,N,Nights,Herald,2031-05-06,It is not,guardz,9,1 June,,
N3,,,,,Nobody says so,guards,3,,,
N1,N,,,,Again,guards,three,,,
"""


def test_bad_rows_are_told_at_once_with_line_and_column(tmp_path):
    file, target = tmp_path / "bad.csv", tmp_path / "mine.yaml"
    file.write_text(BAD)
    with pytest.raises(AmnokError) as caught:
        adding.add(load(TINY), target, files.read(file))
    found = {(fault.line, fault.path) for fault in caught.value.faults}
    assert found == {
        (1, "witness name"),
        (1, "fgure"),
        (3, "publisher"),
        (3, "mechanisms"),
        (3, "credibility"),
        (3, "from"),
        (4, "report"),
        (5, "claim"),
        (5, "credibility"),
    }
    assert not target.exists()
    assert "no persons" in str(caught.value)


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ({"credibility": 9}, "credibility", "at most 6"),
        ({"mechanisms": ["guardz"]}, "mechanisms", "unknown mechanism 'guardz'"),
        ({"mechanisms": []}, "claim", "neither a mechanism nor"),
        ({"sectors": ["fery"]}, "sectors", "unknown sector 'fery'"),
        ({"supports": ["W9"]}, "supports", "unknown claim 'W9'"),
        ({"contradicts": ["N1"]}, "contradicts", "names itself"),
        ({"text": 5}, "text", "expected a text"),
        ({"text": "write to the clerk at a.b@mill.example"}, "text", "an e-mail address"),
        ({"place": "by the oak, 41.40338, 128.17403"}, "place", "a point on a map"),
        (
            {"figure": "toll", "figure_low": 5, "figure_high": 3, "figure_unit": "CRN"},
            "figure",
            "below",
        ),
        ({"from": "2030-06-02", "to": "2030-06-01"}, "from", "out of order"),
        ({"report": "Q"}, "report", "nothing is known of the report 'Q'"),
        ({"claim": "W1"}, "claim", "differs from tiny-border"),
    ],
)
def test_what_is_wrong_with_a_row_stands_at_its_column(tmp_path, row, column, problem):
    whole = {"claim": "N1", "report": "W", "text": "It is so", "mechanisms": ["guards"], **row}
    file, target = tmp_path / "bad.jsonl", tmp_path / "mine.yaml"
    file.write_text("\n" + json.dumps(whole))
    with pytest.raises(AmnokError) as caught:
        adding.add(load(TINY), target, files.read(file))
    (fault,) = caught.value.faults
    assert problem in fault.problem
    if column != "claim" or "differs" not in problem:
        assert (fault.path, fault.line) == (column, 2)
    assert not target.exists()


def test_two_at_once_lose_nothing(tmp_path, monkeypatch):
    """What somebody else adds while a claim is checked is never written over."""
    target, whole = tmp_path / "mine.yaml", loading.with_ledgers
    columns = "claim,report,text,mechanisms,publisher,title\n"
    for name in ("N1", "N2"):
        (tmp_path / f"{name}.csv").write_text(f"{columns}{name},{name},It is so,guards,P,T\n")

    def while_another_adds(*given):
        monkeypatch.setattr(adding, "with_ledgers", whole)
        adding.add(load(TINY), target, files.read(tmp_path / "N2.csv"))
        return whole(*given)

    monkeypatch.setattr(adding, "with_ledgers", while_another_adds)
    with pytest.raises(AmnokError, match="was changed by somebody else meanwhile"):
        adding.add(load(TINY), target, files.read(tmp_path / "N1.csv"))
    assert set(files.read(target).data["claims"]) == {"N2"}
    adding.add(load(TINY), target, files.read(tmp_path / "N1.csv"))
    assert set(files.read(target).data["claims"]) == {"N1", "N2"}


MARKED = {
    "claim": "N1",
    "report": "N",
    "title": "Ni\u202eghts",
    "publisher": "The \u2066Courier",
    "date": "2031-05-06",
    "reliability": "B",
    "text": "Gu\x1b[31mar\u2028ds",
    "credibility": "4",
    "place": "the \u200bford",
    "mechanisms": "guards",
}


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "raw.jsonl"])
def test_marks_in_reports_of_any_form_are_shown_as_such(tmp_path, suffix):
    """Wherever a claim is shown or written, its words come from what was read."""
    file = tmp_path / f"l.{suffix}"
    row = {**MARKED, "mechanisms": ["guards"], "credibility": 4}
    text = json.dumps(row, ensure_ascii=suffix == "jsonl")
    if suffix == "csv":
        text = "\n".join(",".join(row) for row in (MARKED, MARKED.values()))
    file.write_text(text, encoding="utf-8")
    found = files.checked(files.read(file), load(TINY).ledger)
    assert found.claims["N1"].text == r"Gu\u001b[31mar\u2028ds"
    assert found.claims["N1"].place == r"the \u200bford"
    assert found.reports["N"].title == r"Ni\u202eghts"
    for write in (rows.as_csv, rows.as_lines, files.as_yaml, ftm.as_lines):
        assert visible(write(found)) == write(found)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"claim": "A", "claim": "B"}', "'claim' is given twice"),
        ('{"credibility": NaN}', "NaN is not a number"),
        ('{"credibility": -Infinity}', "-Infinity is not a number"),
        ("[" * 100_000, "nested too deep"),
        ('{"credibility": ' + "9" * 5000 + "}", "too large a number"),
        ('{"claim": "A"', "is not JSON"),
        ("[1]", "holds a list"),
        ("'A'", "is not JSON"),
    ],
    ids=["twice", "nan", "inf", "deep", "huge", "cut", "list", "quotes"],
)
def test_a_line_that_is_no_row_is_one_fault(tmp_path, line, told):
    (tmp_path / "l.jsonl").write_text(f"\n{line}\n")
    with pytest.raises(AmnokError, match=told) as caught:
        files.checked(files.read(tmp_path / "l.jsonl"))
    (fault,) = caught.value.faults
    assert fault.line == 2


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("date", "03/14/2031", "write 2031-03-14"),
        ("date", "03/04/2031", "write 2031-04-03 or 2031-03-04"),
        ("from", "47921", "write 2031-03-14"),
        ("to", "Mar 2031", "write 2031-03-01"),
        ("to", "2031-02-30", "write one such as"),
        ("figure_low", '"1,500"', "write 1500 or 1.500"),
        ("figure_high", '"1,234,567"', "write 1234567"),
        ("figure_low", '"1,5"', "write 1.5"),
    ],
)
def test_what_spreadsheets_write_is_told_as_it_was_meant(tmp_path, column, cell, told):
    file = tmp_path / "l.csv"
    file.write_text(f"claim,report,text,unmodelled,{column}\nN1,W,It is so,owls,{cell}\n")
    (fault,) = files.read(file).faults
    assert fault.fix.startswith(told)


def test_a_row_without_a_report_is_looked_through_all_the_same(tmp_path):
    file = tmp_path / "l.csv"
    file.write_text("claim,report,text,unmodelled,sectors\nN1,,It is so,owls,fery\n")
    with pytest.raises(AmnokError) as caught:
        adding.add(TINY, tmp_path / "mine.yaml", files.read(file))
    assert [one.path for one in caught.value.faults] == ["report", "sectors"]


def test_an_id_is_a_word(tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text("claim,report,text\nN.1,W,It is so\n")
    with pytest.raises(AmnokError, match=r"bad.csv:2: claim: is 'N.1'"):
        files.checked(files.read(file))


def test_claims_are_added_to_what_is_there_and_read_with_the_border(tmp_path):
    file, target = tmp_path / "new.csv", tmp_path / "mine.yaml"
    file.write_text("claim,report,text,unmodelled\nW7,W,Owls carry it,owls; night flights\n")
    done = adding.add(load(TINY), target, files.read(file))
    assert (done.claims, done.again) == (("W7",), 0)
    file.write_text(
        "claim,report,title,publisher,text,mechanisms\nN1,N,Nights,Courier,It is so,guards\n"
    )
    assert adding.add(load(TINY), target, files.read(file)).claims == ("N1",)
    assert adding.add(load(TINY), target, files.read(file)).again == 1
    whole = load(TINY, ledgers=[target])
    assert set(whole.claims) == set(load(TINY).claims) | {"W7", "N1"}
    assert set(files.checked(files.read(target), load(TINY).ledger).claims) == {"W7", "N1"}
    assert whole.ledger.grade("W7") == "C6"
    assert whole.ledger.grade("N1") == "F6"
    assert {one.tag for one in gaps(whole.ledger)} == {"night_flights", "owls"}


def test_history_is_kept():
    new = edits.amended(FULL, "c", {"text": "It is quoted", "credibility": 4}, "misread", DAY)
    (amendment,) = new.claims["c"].amended
    assert new.claims["c"].text == "It is quoted"
    assert amendment.was == {"text": "'tis quoted", "credibility": None}
    gone = edits.retracted(new, "c", "withdrawn", DAY)
    assert "c" in gone.claims
    assert "c" not in gone.standing
    with pytest.raises(AmnokError, match="retracted before"):
        edits.retracted(gone, "c", "again", DAY)
    with pytest.raises(AmnokError, match="no field 'amended'"):
        edits.amended(FULL, "c", {"amended": []}, "x", DAY)
    with pytest.raises(AmnokError, match="nothing would change"):
        edits.amended(FULL, "c", {"text": "'tis quoted"}, "x", DAY)


def merged(one, other, prefer=None):
    return files.checked(files.joined([files.plain(one), files.plain(other)], prefer))


def test_of_two_ledgers_the_later_counts_and_conflicts_are_told():
    new = edits.amended(FULL, "c", {"text": "It is quoted"}, "misread", DAY)
    newer = edits.retracted(edits.amended(new, "c", {"place": "y"}, "found", DAY), "c", "no", DAY)
    for one, other in ((FULL, new), (new, newer), (FULL, newer)):
        assert merged(one, other) == merged(other, one) == other
    aside = edits.amended(FULL, "c", {"text": "He quotes"}, "heard", DAY)
    with pytest.raises(AmnokError) as caught:
        merged(new, aside)
    (fault,) = caught.value.faults
    assert fault.path == "claims.c"
    assert "text" in fault.problem
    assert merged(new, aside, "first") == new
    assert merged(new, aside, "second") == aside


def test_reports_of_one_outlet_or_origin_are_one_voice():
    reports = {
        "a": Report(title="A", publisher="Courier"),
        "b": Report(title="B", publisher="The Mill", origin="Courier"),
        "c": Report(title="C", publisher="Herald", same_origin=("d",)),
        "d": Report(title="D", publisher="Times"),
        "e": Report(title="E", publisher="Echo"),
    }
    assert Ledger(reports, {}).voices() == [("a", "b"), ("c", "d"), ("e",)]
    links = {
        f"r{n}": Report(title="A", publisher=f"P{n}", same_origin=(f"r{(n * 7 + 1) % 40}",))
        for n in range(39)
    }
    far = links | {"s": Report(title="A", publisher="ECHO")} | {"e": reports["e"]}
    told = Ledger(far, {}).voices()
    assert ("e", "s") in told
    assert sorted(name for group in told for name in group) == sorted(far)
    owner = {name: number for number, group in enumerate(told) for name in group}
    assert all(owner[a] == owner[b] for a in links for b in links[a].same_origin if b in links)


def test_gaps_are_counted_by_reports_that_stand():
    ledger = ledger_of(
        a={"text": "1", "unmodelled": ["owls"]},
        b={"text": "2", "unmodelled": ["owls"], "unrecorded": ["oil"]},
        c={"text": "3", "report": "M", "unmodelled": ["owls"]},
        d={"text": "4", "unmodelled": ["cats"], "retracted": {"date": DAY, "why": "no"}},
    )
    owls, oil = gaps(ledger)
    assert (owls.tag, owls.kind, owls.reports, owls.voices) == ("owls", "unmodelled", ("N", "M"), 1)
    assert (oil.tag, oil.kind, oil.claims) == ("oil", "unrecorded", ("b",))


def test_what_is_entered_twice_is_found():
    ledger = ledger_of(
        a={"text": "Boats lie ashore all winter long", "mechanisms": ["river"]},
        b={"text": "Boats lie ashore all winter.", "report": "M", "mechanisms": ["river"]},
        c={"text": "Quite another thing altogether", "mechanisms": ["river"]},
    )
    (found,) = duplicates(ledger)
    assert (found.what, found.one, found.other) == ("claims", "a", "b")
    twice = Ledger({**ledger.reports, "K": ledger.reports["M"]}, {})
    assert [(one.one, one.other) for one in duplicates(twice)] == [("M", "K")]
    assert list(duplicates(load("sino-korean-border").ledger)) == []


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("Caf\u00e9s near the quay shut at ten", "Cafe\u0301s near the quay shut at ten", True),
        (
            "\uac15\uc774 \uc5bc\ub2e4",
            "\u1100\u1161\u11bc\u110b\u1175 \u110b\u1165\u11af\u1103\u1161",
            True,
        ),
        ("THE FERRY LIES  IDLE IN MARCH", "the ferry lies idle in march", True),
        (
            "Guards took half of all bribes in the spring",
            "Guards took half of all bribes in spring",
            True,
        ),
        (
            "Guards took half of all bribes in the spring",
            "Patrols met a third of those who left",
            False,
        ),
        (
            "\u51ac\u5929\u6cb3\u4e0a\u6ca1\u6709\u8239",
            "\u51ac\u5929\u6cb3\u4e0a\u6ca1\u6709\u8239",
            True,
        ),
        ("x", "y", False),
        ("x", "x", True),
    ],
)
def test_the_same_words_under_two_spellings_are_the_same(one, other, are):
    assert bool(list(alike({"a": one, "b": other}))) is are


def test_each_entry_is_told_once_however_many_are_the_same():
    texts = {f"c{n}": {"text": "Boats lie ashore", "mechanisms": ["river"]} for n in range(300)}
    found = list(duplicates(ledger_of(**texts)))
    assert [one.other for one in found] == [f"c{n}" for n in range(1, 300)]
    assert {one.one for one in found} == {"c0"}


def test_one_report_under_two_addresses_or_spellings_is_found():
    here = {"publisher": "The Mill", "title": "Ice", "date": DAY}
    reports = {
        "a": Report(**here, url="https://www.mill.example/ice/"),
        "b": Report(title="Another", publisher="P", url="http://mill.example/ice#top"),
        "c": Report(**{**here, "title": "ICE "}),
        "d": Report(title="unknown", publisher="The Mill", date=DAY),
        "e": Report(title="unknown", publisher="The Mill", date=DAY),
    }
    found = {(one.one, one.other) for one in duplicates(Ledger(reports, {}))}
    assert found == {("a", "b"), ("a", "c")}


def test_stances_that_were_retracted_are_gone():
    assert list(stances(FULL)) == []
    ledger = ledger_of(
        a={"text": "1", "mechanisms": ["river"], "contradicts": ["b"]},
        b={"text": "2", "mechanisms": ["river"]},
    )
    assert [(one.claim, one.stance, one.other) for one in stances(ledger, "b")] == [
        ("a", "contradicts", "b")
    ]


def test_figures_of_one_thing_stand_side_by_side():
    def told(*figures):
        return {"text": "t", "mechanisms": ["quota"], "figures": figures}

    ledger = ledger_of(
        a=told({"what": "Arrests", "of": "2030", "low": 10, "unit": "persons"}),
        b=told({"what": "arrests", "of": "2030", "low": 40, "high": 60, "unit": "persons"}),
        c=told({"what": "arrests", "of": "2031", "low": 5, "unit": "persons"}),
        d=told({"what": "arrests", "of": "2030", "low": 50, "unit": "persons"}),
    )
    (found,) = versions(ledger)
    assert [name for name, _ in found.versions] == ["a", "b", "d"]
    assert (found.meet, found.times) == (False, 6.0)
    ranges = ({"what": "x", "low": 1, "high": 3, "unit": "t"}, {"what": "x", "low": 3, "unit": "t"})
    (touching,) = versions(ledger_of(a=told(*ranges)))
    assert touching.meet


def official_figures():
    folder = os.environ.get("AMNOK_DATA")
    if not folder:
        pytest.skip("AMNOK_DATA names no folder with bsf_cattle_seizures.csv")
    file = Path(folder) / "bsf_cattle_seizures.csv"
    if not file.exists():
        pytest.skip(f"{file} is not there")
    with file.open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


def test_official_figures_that_conflict_are_told_apart():
    reports, claims = {}, {}
    for number, row in enumerate(official_figures()):
        name = f"O{number}"
        reports[name] = Report(title=row["statement"], publisher=row["source"])
        figure = {
            "what": "cattle seized",
            "low": float(row["heads"]),
            "unit": "heads",
            "of": row["year"],
        }
        claims[name] = Claim.model_validate(
            {
                "report": name,
                "text": row["statement"],
                "unmodelled": ["cattle"],
                "figures": [figure],
            }
        )
    found = {one.of: one for one in versions(Ledger(reports, claims))}
    heads: dict[str, set[float]] = {}
    for row in official_figures():
        heads.setdefault(row["year"], set()).add(float(row["heads"]))
    assert {year for year, one in found.items() if not one.meet} == {
        year for year, told in heads.items() if len(told) > 1
    }
    assert found["2016"].times == pytest.approx(174469 / 128440)


def test_every_other_report_says_something_of_the_model_or_of_what_it_lacks():
    ledger = load("sino-korean-border").ledger
    others = {name: one for name, one in ledger.reports.items() if name.startswith("R")}
    assert len(others) == 28
    assert {one.report for one in ledger.claims.values()} == set(ledger.reports)
    assert all(one.publisher and one.title for one in ledger.reports.values())


def test_an_entry_leaves_out_what_is_not_told():
    made = adding.entry("N", {"title": "T", "origin": ""}, "N1", {"text": "x", "sectors": []})
    assert made.data == {
        "reports": {"N": {"title": "T"}},
        "claims": {"N1": {"report": "N", "text": "x"}},
    }
    assert isinstance(made, Document)


def test_comments_within_a_ledger_file_are_not_lost(tmp_path):
    target = tmp_path / "mine.yaml"
    target.write_text("# mine\n" + files.as_yaml(FULL))
    files.write(target, FULL)
    assert target.read_text().startswith("# mine\n")
    target.write_text("reports: {}\n# here\n")
    with pytest.raises(AmnokError, match="would be lost"):
        files.write(target, FULL)
    assert target.read_text() == "reports: {}\n# here\n"


def test_a_link_to_a_ledger_stays_a_link(tmp_path):
    target, link = tmp_path / "own.yaml", tmp_path / "link.yaml"
    files.write(target, FULL)
    whole = target.read_text()
    target.write_text("# mine\n")
    link.symlink_to(target)
    files.write(link, FULL)
    assert link.is_symlink()
    assert target.read_text() == f"# mine\n{whole}"

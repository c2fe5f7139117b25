"""A border to begin with: valid whatever is asked for, its own words, all of it assumed."""

import datetime as dt
import re
import shlex
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import amnok
from amnok.cli import main
from amnok.errors import AmnokError
from amnok.mechanisms import NAMES
from amnok.scenario.loading import load_text
from amnok.scenario.starter import Starter, starter
from amnok.scenario.where import posts

PAGE = Path(__file__).parents[2] / "docs" / "your-border.md"
FOREIGN = re.compile(
    r"\b(korea|chin|yalu|tumen|dandong|sinuiju|hyesan|pyongyang|nk\b|cn\b|cny\b|mss\b|rice)", re.I
)


def asked(**given):
    return Starter(
        **{
            "name": "green-river",
            "sectors": ["hills", "delta"],
            "goods": {"fuel": "export", "flour": "import"},
            "inner": "Highland",
            "outer": "Lowland",
            "mechanisms": NAMES,
            "currency": "USD",
            "start": dt.date(2031, 1, 1),
            "end": dt.date(2031, 3, 31),
            **given,
        }
    )


def test_every_number_is_an_assumption_and_every_field_is_explained():
    text = starter(asked())
    border = load_text(text, "green-river.yaml")
    assert len(border.assumptions) == len(list(border.parameters())) > 150
    assert border.sections == tuple(name for name in border.sections if name in NAMES)
    assert set(border.sections) == set(NAMES)
    comments = sum(line.strip().startswith("#") for line in text.splitlines())
    assert comments > 150
    assert max(map(len, text.splitlines())) < 140


def test_no_word_of_another_border_is_in_it():
    assert not FOREIGN.findall(starter(asked()))


@settings(max_examples=25)
@given(st.sets(st.sampled_from(NAMES)))
def test_any_mechanisms_make_a_border_that_has_just_these(mechanisms):
    border = load_text(starter(asked(mechanisms=sorted(mechanisms))), "green-river.yaml")
    assert set(border.sections) == mechanisms


@pytest.mark.slow
@settings(max_examples=200)
@given(st.sets(st.sampled_from(NAMES)))
def test_many_mechanisms_make_a_border_that_has_just_these(mechanisms):
    border = load_text(starter(asked(mechanisms=sorted(mechanisms))), "green-river.yaml")
    assert set(border.sections) == mechanisms


def test_it_runs_and_somebody_trades():
    text = starter(asked(mechanisms=["guards", "patrols", "customs", "official"]))
    border = load_text(text, "green-river.yaml", ["traders.inner=300", "traders.outer=200"])
    ledgers = amnok.run(border, seed=2)
    assert ledgers["crossings"].sum() > 100
    assert list(ledgers["sector"].to_numpy()) == ["hills", "delta"]
    assert {"river_stage", "searches"}.isdisjoint(ledgers.data_vars)
    assert float(ledgers["crossings"].isel(route=ledgers["route_channel"] == "land").sum()) > 0


@pytest.mark.parametrize("channels", [("river",), ("air", "customs"), ("sea", "land")])
def test_goods_get_across_as_asked(channels):
    border = load_text(starter(asked(channels=channels, mechanisms=["guards"])), "green-river.yaml")
    assert tuple(kind.channel for kind in border.route_kinds.values()) == channels
    assert all(len(sector.routes) == len(channels) for sector in border.sectors.values())


def test_several_agencies_share_a_role():
    beside = {"marines": ("patrol", ["delta"]), "army": ("guard", ["hills"])}
    border = load_text(
        starter(asked(mechanisms=["guards", "patrols"], agencies=beside)), "green-river.yaml"
    )
    served = {one.name: (one.agency.role, one.sectors) for one in posts(border)}
    assert served == {
        "guard": ("guard", ("delta",)),
        "army": ("guard", ("hills",)),
        "patrol": ("patrol", ("hills",)),
        "marines": ("patrol", ("delta",)),
    }
    assert {"agencies.marines.usual_level", "agencies.army.usual_level"} <= dict(
        border.parameters()
    ).keys()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"agencies": {"m": ("patrl", ["delta"])}}, "agencies.m: nobody here has the role 'patrl'"),
        ({"agencies": {"m": ("patrol", ["delt"])}}, "no sector 'delt' (did you mean 'delta'?)"),
        ({"agencies": {"guard": ("guard", ["delta"])}}, "agencies.guard: has the name of a role"),
        ({"agencies": {"M": ("guard", ["delta"])}}, "agencies: 'M' is not a valid name"),
        ({"sectors": []}, "sectors: there is none"),
        ({"sectors": ["a", "a"]}, "sectors: 'a' is named twice"),
        ({"goods": {"Fuel": "export"}}, "goods: 'Fuel' is not a valid name"),
        ({"goods": {"fuel": "out"}}, "goods.fuel: 'out' is not a direction"),
        ({"mechanisms": ["gards"]}, "did you mean 'guards'"),
        ({"mechanisms": ["guards", "guards"]}, "mechanisms: 'guards' is named twice"),
        ({"channels": ["custom"]}, "channels: no channel 'custom' (did you mean 'customs'?)"),
        ({"currency": "Dollar"}, "currency: 'Dollar' is not a currency"),
        ({"outer": "highland"}, "both banks have the same name"),
        ({"end": dt.date(2030, 1, 1)}, "swap the two"),
    ],
)
def test_what_makes_no_border_is_refused(given, message):
    with pytest.raises(AmnokError) as error:
        asked(**given)
    assert message in str(error.value)


def test_the_command_writes_a_file_that_check_accepts(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["--sector", "hills", "--sector", "delta", "--goods", "fuel", "--goods", "flour:import"]
    words += ["--inner", "Highland", "--outer", "Lowland", "--mechanism", "guards"]
    assert main(["new", "green-river", *words]) == 0
    data = yaml.safe_load((tmp_path / "green-river.yaml").read_text(encoding="utf-8"))
    assert list(data["sectors"]) == ["hills", "delta"]
    assert data["goods"]["flour"]["direction"] == "import"
    assert main(["check", "green-river.yaml"]) == 0
    capsys.readouterr()
    assert main(["new", "green-river", *words]) == 2
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--mechanism", "all", "--mechanism", "none"], "--mechanism: 'none' stands alone"),
        (["--mechanism", "guards", "--mechanism", "all"], "--mechanism: 'all' stands alone"),
        (["--mechanism", "all", "--agency", "none", "--agency", "x"], "--agency: 'none' stands"),
        (["--mechanism", "all", "--agency", "all"], "--agency: 'all' is not an agency"),
    ],
)
def test_all_and_none_stand_alone(words, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    usual = ["--sector", "hills", "--goods", "fuel", "--inner", "Highland", "--outer", "Lowland"]
    assert main(["new", "green-river", *usual, *words]) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_page_on_writing_a_border_works_as_it_stands(tmp_path, monkeypatch):
    page = PAGE.read_text(encoding="utf-8")
    command = re.search(r"```\n(amnok new .*?)```", page, re.DOTALL)
    assert command is not None
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command[1].replace("\\\n", " "))[1:]) == 0
    price, *more, agency, policies = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "green-river.yaml"
    text = file.read_text(encoding="utf-8")
    before = r"(sanctioned: false\n(?:\s*#[^\n]*\n)*)\s*value: [^\n]*\n"
    text = re.sub(before, rf"\1    {price}", text, count=1)
    text = text.replace("\nagencies:\n", f"\nagencies:\n{agency}")
    file.write_text("".join([text, *more, policies]), encoding="utf-8")
    border = amnok.load(file)
    served = {one.name: one.sectors for one in posts(border)}
    assert (served["marines"], served["patrol"]) == (("delta",), ("hills", "lake"))
    known = dict(border.parameters())
    assert known["goods.fuel.value"].support == "figure"
    assert len(border.assumptions) == len(known) - 1
    assert main(["policies", "green-river.yaml"]) == 0


def test_without_a_terminal_what_is_missing_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "green-river"]) == 2
    assert "--sector is missing (such as --sector north)" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())

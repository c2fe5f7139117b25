"""`amnok odd`: printed or written, and refused with one line."""

import pytest
from tests.paths import TINY

from amnok.odd.page import odd
from amnok.scenario import load


def test_it_is_printed(amnok):
    answer = amnok("odd", TINY)
    assert answer.status == 0
    assert answer.errors == []
    assert answer.out == odd(load(TINY))


def test_it_is_written_whole(amnok, tmp_path):
    answer = amnok("odd", TINY, "--out", "page.md", "--set", "guards.collusion=0")
    assert (answer.status, answer.out) == (0, "")
    overrides = ["guards.collusion=0"]
    expected = odd(load(TINY, overrides), overrides)
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == expected
    assert [path.name for path in tmp_path.iterdir()] == ["page.md"]


def test_the_default_border_is_the_default(amnok):
    assert amnok("odd").out.startswith("# ODD: The Sino-Korean border")


@pytest.mark.parametrize(
    "arguments",
    [
        ("sino-korean-boarder",),
        ("sino-korean-border", "--set", "guards.collusion=2"),
        ("sino-korean-border", "--set", "no.such.path=1"),
        ("sino-korean-border", "--out", "no/such/folder/page.md"),
        ("sino-korean-border", "--out", "."),
    ],
)
def test_what_cannot_be_described_is_refused(refused, arguments):
    assert len(refused("odd", *arguments)) == 1


def test_a_folder_is_not_written_over(amnok, tmp_path):
    (tmp_path / "page.md").mkdir()
    answer = amnok("odd", "--out", "page.md")
    assert answer.status == 2
    assert "page.md" in answer.errors[0]
    assert [path.name for path in tmp_path.rglob("*")] == ["page.md"]


def test_every_fault_is_told(refused, tmp_path):
    text = (TINY / "scenario.yaml").read_text(encoding="utf-8")
    text = text.replace("currency: CRN", "currency: CRN\ncurency: CRN")
    text = text.replace("value: 0.8, unit: probability", "value: 1.8, unit: probability", 1)
    (tmp_path / "broken.yaml").write_text(text, encoding="utf-8")
    errors = refused("odd", "broken.yaml", "--out", "page.md")
    assert len(errors) == 2
    assert all("broken.yaml:" in error for error in errors)

"""What docs/games.md shows is what its code prints."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "games.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[-1][:40])
def test_code_prints_what_the_page_says(block, capsys):
    exec(block, {})
    expected = [line.removeprefix("# ") for line in block.splitlines() if line.startswith("# ")]
    printed = capsys.readouterr().out.splitlines()
    assert [line.rstrip() for line in printed] == expected


def test_there_is_code_to_run():
    assert len(BLOCKS) == 3

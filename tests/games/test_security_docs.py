"""What docs/games-security.md shows is what its code prints."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "games-security.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.slow
def test_code_prints_what_the_page_says(capsys):
    assert len(BLOCKS) == 3
    names: dict[str, object] = {}
    for block in BLOCKS:  # each goes on where the one before ended
        exec(block, names)
        expected = [line.removeprefix("# ") for line in block.splitlines() if line.startswith("# ")]
        assert capsys.readouterr().out.splitlines() == expected

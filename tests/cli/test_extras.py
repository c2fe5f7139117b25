"""What `make run` installs is enough for every command that names no extra."""

import json
import subprocess
import sys

from tests.paths import TINY

# Of the extras; a module that is None cannot be imported.
EXTRAS = ("scipy", "SALib", "duckdb", "dask", "distributed", "highspy", "pyarrow")
FEW = ("--replicates", "2")
COMMANDS = [
    ["check", str(TINY)],
    ["evidence", "list", str(TINY)],
    ["evidence", "gaps", str(TINY)],
    ["evidence", "check", str(TINY)],
    ["evidence", "judge", str(TINY), *FEW],
    ["effects", str(TINY), *FEW],
    ["verify", str(TINY), *FEW],
    ["odd", str(TINY)],
]
SCRIPT = """
import json, sys
sys.modules.update(dict.fromkeys(json.loads(sys.argv[1])))
from amnok.cli import main
sys.exit(max(main(words) for words in json.loads(sys.argv[2])))
"""


def test_no_command_needs_what_was_not_asked_for():
    words = [sys.executable, "-c", SCRIPT, json.dumps(EXTRAS), json.dumps(COMMANDS)]
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_command_that_needs_an_extra_names_it():
    for command in (["sweep", str(TINY), "--grid", "quota.arrests=1"], ["bank", str(TINY)]):
        words = [sys.executable, "-c", SCRIPT, json.dumps(EXTRAS), json.dumps([command])]
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.returncode == 2
        assert "pip install 'amnok[" in done.stderr
        assert len(done.stderr.splitlines()) == 1

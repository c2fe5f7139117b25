"""What `make run` installs is enough for every command that names no extra."""

import json
import subprocess
import sys

from tests.paths import DOCS, TINY

# Of the extras.
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
OWN = ("--policies", "own.yaml")
# Every command and option that needs an extra, and the extra that it names.
OVER = ("--over", "quota.arrests")
NEED = {
    "sweep": ["sweep", str(TINY), *OVER],
    "sweep --grid": ["sweep", str(TINY), "--grid", "quota.arrests=1"],
    "bank": ["bank", str(TINY)],
    "infer": ["infer", str(TINY), "--data", "nothing.csv"],
    "ask": ["ask", str(TINY)],
    "run --given": ["run", str(TINY), "--given", "posterior"],
    "compare --given": ["compare", str(TINY), "quiet", "--given", "posterior", *OWN],
    "score": ["score", str(TINY), "--data", "data.csv", "--since", "2030-03-10", "--draws", "3"],
    "verify": ["verify", str(TINY), "--robust"],
    "evidence judge": ["evidence", "judge", str(TINY), "--draws", "10"],
    "solve": ["solve", str(DOCS / "games" / "security-schedules.yaml")],
}
EXTRA = {"solve": "solve"}
EXTRA |= dict.fromkeys(("bank", "infer", "ask", "run --given", "compare --given"), "infer")
EXTRA |= dict.fromkeys(("score", "verify", "evidence judge"), "sensitivity")
SCRIPT = '''
import json, sys
gone = json.loads(sys.argv[1])
class Without:
    """A finder of modules that has none of those that are gone."""
    def __init__(self, finder):
        self.finder = finder
    def __getattr__(self, name):
        return getattr(self.finder, name)
    def find_spec(self, name, *more):
        return None if name.partition(".")[0] in gone else self.finder.find_spec(name, *more)
sys.meta_path[:] = map(Without, sys.meta_path)
from amnok.cli import main
sys.exit(max(main(words) for words in json.loads(sys.argv[2])))
'''


def without_extras(commands):
    """Status, and what is said; not that code is compiled, which depends on what ran before."""
    words = [sys.executable, "-c", SCRIPT, json.dumps(EXTRAS), json.dumps(commands)]
    done = subprocess.run(words, capture_output=True, text=True)
    return done.returncode, [one for one in done.stderr.splitlines() if "compiling" not in one]


def test_no_command_needs_what_was_not_asked_for():
    assert without_extras(COMMANDS) == (0, [])


def test_a_command_that_needs_an_extra_names_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"2030-03-{day:02},arrests,1\n" for day in range(1, 15))
    (tmp_path / "data.csv").write_text(f"date_from,series,value\n{rows}")
    (tmp_path / "own.yaml").write_text(
        "policies: {quiet: {set: {orders.april_sweep.intensity: 0}}}"
    )
    status, told = without_extras([*NEED.values()])
    assert status == 2
    assert [line.split("pip install ")[1] for line in told] == [
        f"'amnok[{EXTRA.get(name, 'sweep,sensitivity')}]')" for name in NEED
    ]

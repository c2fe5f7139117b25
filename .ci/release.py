"""The changes of a release, cut out of the changelog; refuses what does not fit together.

    python .ci/release.py [FILE]

Writes the changes to FILE, and names the version. It is a release once the changelog has a heading
with the version and its day, as in `## 0.1.0 - 2026-12-01`; before that the changes are those of
`## Unreleased`, and this is a trial.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
UNRELEASED = "Unreleased"


def changes(changelog: str, version: str) -> tuple[str, bool]:
    """What a version changed, and whether the changelog says that it is out.

    Raises:
        ValueError: the changelog says nothing of it.
    """
    parts = re.split(r"^## (.+)$", changelog, flags=re.MULTILINE)
    by_heading = dict(zip(parts[1::2], parts[2::2], strict=True))
    dated = rf"{re.escape(version)} - \d{{4}}-\d\d-\d\d"
    for heading, text in by_heading.items():
        if re.fullmatch(dated, heading.strip()) and text.strip():
            return text.strip(), True
    if by_heading.get(UNRELEASED, "").strip():
        return by_heading[UNRELEASED].strip(), False
    raise ValueError(f"CHANGELOG.md has no changes of {version}, and none that are unreleased")


def stated(file: str, pattern: str) -> str:
    """The version that a file states.

    Raises:
        ValueError: it states none.
    """
    found = re.search(pattern, (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{file} states no version")
    return found[1]


def main() -> int:
    """Check, write and name."""
    try:
        version = stated("src/amnok/__init__.py", r'^__version__ = "(.+)"$')
        cited = stated("CITATION.cff", r"^version: (.+)$")
        if cited != version:
            raise ValueError(f"CITATION.cff says {cited}, the package {version}")
        text, is_out = changes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version)
    except ValueError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    for name in sys.argv[1:]:
        Path(name).write_text(f"# Amnok {version}\n\n{text}\n", encoding="utf-8")
    sys.stdout.write(
        f"Amnok {version}{'' if is_out else ' (a trial: its changes are unreleased)'}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What measures are made of, as Markdown: `python -m amnok.scenario.measures.glossary`.

docs/measures.md ends with it.
"""

from __future__ import annotations

from amnok.counts import measurable
from amnok.scenario.ablations import CONTRASTS
from amnok.scenario.measures.vocabulary import ATTRIBUTES, DIMENSIONS, REGISTERED
from amnok.variables import KINDS


def glossary() -> str:
    """Dimensions, attributes, variables and mechanisms, each with its meaning."""
    lines = ["| along | what it is |", "|---|---|"]
    lines += [f"| `{name}` | {text} |" for name, text in DIMENSIONS.items()]
    lines += [
        f"| `{name}` | {text} (of a {' or '.join(of)}) |" for name, (of, text) in ATTRIBUTES.items()
    ]
    for kind, meaning in KINDS.items():
        lines += ["", f"**{kind}**: {meaning}", "", "| variable | kept by | unit | what is in it |"]
        lines += ["|---|---|---|---|"]
        lines += [
            f"| {' | '.join((f'`{one.name}`', ', '.join(one.axes) or '-', one.unit, told))} |"
            for one in measurable().values()
            if one.table.kind == kind and (told := f"{one.label}. {one.text}")
        ]
    lines += ["", "| mechanism (`without`, `carried_by`) | what is switched off |", "|---|---|"]
    lines += [f"| `{one.name}` | {one.label} |" for one in CONTRASTS]
    lines += ["", "Measures in Python (`python`): " + ", ".join(f"`{one}`" for one in REGISTERED)]
    return "\n".join(lines) + ".\n"


if __name__ == "__main__":
    print(glossary(), end="")

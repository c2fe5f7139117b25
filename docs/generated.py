"""Pages of the site that are made from the code: every command with its options, every name."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import typer

import amnok
from amnok.cli import main  # noqa: F401 - it adds the commands
from amnok.cli.common import app as commands

PAGES = Path(__file__).parent / "reference"


def setup(app: Any) -> dict[str, bool]:
    """Write the pages before Sphinx looks for pages."""
    PAGES.mkdir(exist_ok=True)
    (PAGES / "commands.md").write_text(commands_page(), encoding="utf-8")
    (PAGES / "python.md").write_text(python_page(), encoding="utf-8")
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def commands_page() -> str:
    """Every command in the order of `amnok --help`, as Markdown."""
    group: Any = typer.main.get_command(commands)
    context = typer.Context(group, info_name="amnok")
    parts = ["# Commands\n\nMade from the code. `amnok COMMAND --help` says the same.\n"]
    for name in group.list_commands(context):
        one = group.commands[name]
        inside = getattr(one, "commands", {})
        parts += [_command(f"{name} {inner}", below) for inner, below in inside.items()]
        if not inside:
            parts.append(_command(name, one))
    return "\n".join(parts)


def python_page() -> str:
    """Every name at the top of the package, with its signature and docstring."""
    names = [name for name in amnok.__all__ if not name.startswith("_")]
    kinds = {
        name: "class" if isinstance(getattr(amnok, name), type) else "function" for name in names
    }
    lines = [f".. auto{kind}:: amnok.{name}" for name, kind in kinds.items()]
    head = "# Python\n\nEverything that a study needs stands at the top: `import amnok`.\n"
    return "\n".join([head, "```{eval-rst}", *lines, "```", ""])


def _kind(found: object) -> str:
    return "class" if isinstance(found, type) else "function"


def _command(name: str, command: Any) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    usage = " ".join(["amnok", name, *(_usage(one) for one in arguments)])
    lines = [f"## {name}\n", inspect.cleandoc(command.help or ""), f"\n    {usage} [OPTIONS]\n"]
    shown = [one for one in options if one.name != "help" and not getattr(one, "hidden", False)]
    if shown:
        lines += ["| option | what it does |", "|---|---|"]
        lines += [f"| {_flags(one)} | {_text(one)} |" for one in shown]
    return "\n".join(lines) + "\n"


def _usage(argument: Any) -> str:
    name = (argument.metavar or argument.name or "").upper()
    return name if argument.required else f"[{name}]"


def _flags(option: Any) -> str:
    flags = ", ".join(f"`{flag}`" for flag in (*option.opts, *option.secondary_opts))
    return flags if option.is_flag else f"{flags} {option.metavar or ''}".strip()


def _text(option: Any) -> str:
    text = " ".join((option.help or "").split()).replace("|", "\\|")
    default = option.show_default if isinstance(option.show_default, str) else option.default
    plain = isinstance(default, str | int | float) and not isinstance(default, bool)
    return f"{text} Default: {default}." if plain and default != "" else text

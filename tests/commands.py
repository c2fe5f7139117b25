"""The commands of `amnok`, as its parser knows them: a new one is in every test that asks here."""

import typer

from amnok.cli import main  # noqa: F401 - importing it adds the commands
from amnok.cli.common import app

TOP = typer.main.get_command(app).commands  # type: ignore[attr-defined]
COMMANDS = {name: one for name, one in TOP.items() if not hasattr(one, "commands")} | {
    f"{group} {name}": command
    for group, one in TOP.items()
    for name, command in getattr(one, "commands", {}).items()
}


def kind_of(option):
    """What kind of value it takes, in words: older Typer has a type of Click, newer an own."""
    told = getattr(option, "type_descriptor", None)
    return str(told.annotation).lower() if told else option.type.name.split()[0]


def options_of(command):
    """Its options, as the parser has them."""
    return [one for one in COMMANDS[command].params if one.param_type_name == "option"]

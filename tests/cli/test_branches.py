"""Where a command takes one of two ways, an option that only one of them reads needs or bars it."""

import ast
import inspect

import pytest
from tests.commands import COMMANDS, options_of

from amnok.cli.options import ONE_OF, ONLY_WITH


def read_in(nodes, names):
    """Those of some names that are read in a piece of code."""
    inside = (one for node in nodes for one in ast.walk(node) if isinstance(one, ast.Name))
    return {one.id for one in inside if isinstance(one.ctx, ast.Load)} & names


def ways(body, options, made=None, before=frozenset()):
    """For each fork: options that it asks for, those only of the first way, only of the other."""
    made, before = {} if made is None else made, set(before)
    for at, one in enumerate(body):
        if isinstance(one, ast.With | ast.Try):
            yield from ways(one.body, options, made, before)
        if isinstance(one, ast.If):
            ends = isinstance(one.body[-1], ast.Return | ast.Raise)
            other = one.orelse + body[at + 1 :] * ends
            after = body[at + 1 :] * (not ends)
            asked = read_in([one.test], options | made.keys())
            asked = {name for each in asked for name in made.get(each, {each})}
            either = before | asked | read_in(after, options)
            if other and not isinstance(one.body[-1], ast.Raise):
                first, second = read_in(one.body, options), read_in(other, options)
                yield asked, first - second - either, second - first - either
            for branch in (one.body, one.orelse):
                yield from ways(branch, options, made, before | asked)
        if isinstance(one, ast.Assign):
            of = read_in([one.value], options)
            targets = (each for each in ast.walk(one.targets[0]) if isinstance(each, ast.Name))
            made.update({each.id: of for each in targets})
        before |= read_in([one], options)


def needed(command, option):
    """What an option says nothing without, and what that needs."""
    found = ONLY_WITH.get(command, {}).get(option, ())
    direct = {found} if isinstance(found, str) else set(found)
    return direct.union(*(needed(command, one) for one in direct))


def bars(command, one, other):
    """Whether two options do not go together, or one not with what the other needs."""
    pairs = [(one, each) for each in {other, *needed(command, other)}]
    return any({*pair} <= {*group} for pair in pairs for group in ONE_OF.get(command, ()))


def body_of(callback):
    """The statements of a command."""
    (function,) = ast.parse(inspect.getsource(inspect.unwrap(callback))).body
    assert isinstance(function, ast.FunctionDef)
    return function.body


FORKS = [
    (command, names, fork)
    for command, known in COMMANDS.items()
    for names in [{option.name: option.opts[-1] for option in options_of(command)}]
    for fork in ways(body_of(known.callback), set(names))
]


@pytest.mark.parametrize(("command", "names", "fork"), FORKS)
def test_what_one_way_alone_reads_is_refused_on_the_other(command, names, fork):
    asked, first, other = ({names[one] for one in part} for part in fork)
    for one in first:
        assert needed(command, one) & asked, f"{command} {one} says nothing without {asked}"
    for one in other:
        assert any(bars(command, each, one) for each in asked), f"{command} drops {one}: {asked}"


def test_forks_are_found():
    told = {command: fork for command, _, fork in FORKS if fork[2]}
    assert {"check", "compare", "effects", "infer", "report"} <= told.keys()

"""Does every command that tells something tell it to machines too?"""

import json

import click
import pytest

from payvand.cli.main import main

# They run until they are stopped, or are an interactive prompt: there is nothing to report.
SILENT = {"serve", "worker", "shell", "demo serve"}


def walk(group, path=()):
    context = click.Context(group, info_name="payvand")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from walk(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


# They do something and say that it is done; what came of it, other commands report.
ACTING = {"demo advance", "demo build", "demo reset", "foresight recount", "report recount"}
# What they print is data in a form of its own, for other programs.
EXPORTS = {"match export", "match terms export"}
COMMANDS = dict(walk(main))


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - SILENT - ACTING - EXPORTS))
def test_it_has_a_json_form(name):
    names = {option for param in COMMANDS[name].params for option in param.opts}
    assert "--json" in names


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_it_says_in_one_sentence_what_it_does(name):
    assert (COMMANDS[name].help or "").strip()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [n for n, c in COMMANDS.items() if n not in SILENT
     and n.rpartition(" ")[2] in ("list", "sites")
     and not any(p.required for p in c.params)],
)  # fmt: skip
def test_a_list_is_json_even_when_it_is_empty(name):
    from click.testing import CliRunner

    done = CliRunner().invoke(main, [*name.split(), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == []

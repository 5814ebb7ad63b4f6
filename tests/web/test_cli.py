"""Can an operator give a token at the terminal and take it back?"""

import json

import click
import pytest
from click.testing import CliRunner

from payvand.web import cli, tokens


@pytest.fixture
def run():
    group = click.Group()
    cli.register(group)
    return lambda *words: CliRunner().invoke(group, ["token", *words])


def test_a_token_is_shown_once_and_works_until_it_is_revoked(agency, run):
    told = json.loads(run("create", "tax", "--name", "Tax system", "--json").stdout)
    assert tokens.actor_of(told["token"]).label == "tax"
    assert run("revoke", str(told["id"])).exit_code == 0
    assert tokens.actor_of(told["token"]) is None
    assert "It is not kept here" in run("create", "tax", "--name", "x").stdout

"""Can the log be signed and checked at a terminal?"""

import json

import click
import pytest
from click.testing import CliRunner

from payvand.audit import cli
from payvand.audit.models import Event


@pytest.fixture
def run():
    group = click.Group()
    cli.register(group)
    return lambda *words: CliRunner().invoke(group, ["audit", *words])


def test_sign_then_verify_says_that_nothing_was_changed(log, run):
    signed = run("sign")
    assert signed.exit_code == 0
    assert len(signed.stdout.splitlines()) == 3
    result = run("verify", "--anchor", signed.stdout.split()[-1])
    assert (result.exit_code, "Nothing was changed." in result.stdout) == (0, True)
    assert run("sign").stdout == "No new day to sign.\n"


def test_a_change_is_named_and_the_exit_code_is_one(log, run):
    Event.objects.filter(stream=log[1], seq=2).update(verb="x")
    result = run("verify")
    assert result.exit_code == 1
    assert f"stream {log[1]}, event 2" in result.stdout
    told = json.loads(run("verify", "--json").stdout)
    assert (told["ok"], told["findings"][0]["seq"], told["events"]) == (False, 2, 30)


def test_signing_prints_json(log, run):
    rows = json.loads(run("sign", "--json").stdout)
    assert [row["day"] for row in rows] == ["2025-11-09", "2025-11-10", "2025-11-11"]

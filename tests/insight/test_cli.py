"""Does the command say the same as the page?"""

import json

import click
import pytest
from click.testing import CliRunner

from payvand.insight.cli import register
from payvand.kernel import clock
from payvand.registry import public as registry
from tests import world as worlds
from tests.insight.sample import NOW, owe

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with clock.frozen(NOW):
        made = worlds.build()
        for n in range(12):
            owe(made, "a0", closed=1 if n < 6 else 8, state="answered")
            owe(made, "a2", service="replay-log", closed=8, state="answered")
        yield made
    registry.forget()


def run(*arguments):
    group = click.Group()
    register(group)
    return CliRunner().invoke(group, ["report", *arguments])


def test_the_league_is_counted_and_told(world):
    result = run("league", "--from", "1404-08-01", "--to", "۱۴۰۴-۰۹-۳۰")
    assert result.exit_code == 0, result.output
    assert "on-time index 50.0 %" in result.output
    assert "6 of 12 in time" in result.output


def test_the_league_speaks_to_machines_in_either_calendar(world):
    result = run("league", "--from", "2025-10-23", "--to", "2025-12-21", "--json")
    found = json.loads(result.output)
    assert found["all"]["on_time_index_percent"] == 50
    assert [one["en"] for one in found["agencies"]] == ["Agency a0"]


def test_a_replayed_service_shows_when_it_is_named(world):
    result = run("league", "--service", "replay-log", "--json")
    assert json.loads(result.output)["all"]["on_time_index_percent"] == 0


def test_another_province_has_its_own_league(world):
    assert "Nothing fell due" in run("league", "--province", "IR-03").output


def test_an_impossible_day_is_refused_with_the_way_to_write_it(world):
    result = run("league", "--from", "1404-12-30")
    assert result.exit_code == 2
    assert "1404-08-19" in result.output


def test_everything_can_be_counted_anew(world):
    assert "24 cases" in run("recount").output

"""Does the command do what it says, and tell a refusal with what, why and now?"""

import json

import click
import pytest
from django.contrib.auth import get_user_model

from payvand.cli import commands, main, told
from payvand.kernel.errors import Invalid
from payvand.plugins import slots


def test_every_command_says_in_a_sentence_what_it_does(run):
    context = click.Context(main.main)
    for name in main.main.list_commands(context):
        command = main.main.get_command(context, name)
        assert command.help, name


def test_commands_of_contexts_and_built_in_ones_are_there(run):
    names = main.main.list_commands(click.Context(main.main))
    assert {"audit", "backup", "check", "migrate", "restore", "serve", "shell", "token", "user",
            "worker"} <= set(names)  # fmt: skip


def test_a_command_of_a_plug_in_is_found(run):
    @click.command("hello")
    def hello():
        click.echo("salaam")

    slots.cli_commands.register(hello)
    try:
        assert run("hello").output == "salaam\n"
    finally:
        slots.cli_commands.remove(hello)
    assert run("hello").exit_code == 2


def test_an_account_is_opened_once_with_a_good_password(run):
    made = run("user", "create", "sara", "--operator", "--password-stdin", input="a-long-one-99\n")
    assert made.exit_code == 0, made.output
    user = get_user_model().objects.get(username="sara")
    assert user.check_password("a-long-one-99")
    assert user.is_superuser
    again = run("user", "create", "sara", "--password-stdin", input="a-long-one-99\n")
    assert again.exit_code == 1
    for part in ("cli.account_exists", "sara", "Why:", "Now:"):
        assert part in again.output
    weak = run("user", "create", "reza", "--password-stdin", input="short\n")
    assert weak.exit_code == 1
    assert "password:" in weak.output
    assert not get_user_model().objects.filter(username="reza").exists()


def test_check_looks_at_database_zone_and_key(run, settings, tmp_path):
    key = settings.PAYVAND_AUDIT_KEY = tmp_path / "audit.key"
    report = json.loads(run("check", "--json").stdout)
    assert report["ok"] is True
    assert [c["name"] for c in report["checks"]] == [
        "settings",
        "database",
        "zone data",
        "signing key",
    ]
    key.write_text("x")
    key.chmod(0o644)
    bad = run("check")
    assert bad.exit_code == 1
    assert "WRONG signing key" in bad.output


def test_migrate_says_when_there_is_nothing_to_do(run):
    assert run("migrate").output == "The database is current.\n"
    assert json.loads(run("migrate", "--json").stdout) == {"applied": []}


def test_check_names_a_database_that_is_behind(run, monkeypatch):
    monkeypatch.setattr(commands, "pending", lambda: ["a.0001", "b.0002"])
    bad = run("check")
    assert bad.exit_code == 1
    assert "2 steps behind" in bad.output


def test_a_refusal_can_be_read_by_machines(capsys):
    told.show(Invalid({"day": "not a day"}), as_json=True)
    said = json.loads(capsys.readouterr().err)
    assert (said["code"], said["fields"]) == ("input.invalid", {"day": "not a day"})


def test_a_forgotten_fact_does_not_hide_the_refusal():
    assert told.sentences(told.PortTaken())["what"] == "Port {port} cannot be used."


def test_an_empty_database_is_told_with_the_way_on(house):
    answer = house.run("audit", "verify", "--json")
    assert answer.returncode == 1
    said = json.loads(answer.stderr)
    assert said["code"] == "cli.database_not_ready"
    assert "payvand migrate" in said["now"]


def test_wrong_settings_are_told(house):
    answer = house.run("--settings", "payvand.conf.settings.production", "check")
    assert answer.returncode == 1
    assert "cli.settings_wrong" in answer.stderr
    assert "PAYVAND_SECRET_KEY must be set" in answer.stderr


def test_production_settings_pass_the_deployment_check(ready_house):
    ready_house.env |= {
        "PAYVAND_SECRET_KEY": "k7#" * 30 + "abcdefghijklmnop",
        "PAYVAND_HOSTS": "payvand.example",
        "PAYVAND_BASE_URL": "https://payvand.example",
        "DJANGO_SETTINGS_MODULE": "payvand.conf.settings.production",
    }
    answer = ready_house.run("check", "--deploy")
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_needs_no_settings(house, word):
    house.env["DJANGO_SETTINGS_MODULE"] = "no.such.settings"
    assert house.run(word).returncode == 0

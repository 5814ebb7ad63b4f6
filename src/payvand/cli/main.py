"""What can be done at a terminal? One command, and beneath it those of every context."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from payvand import __version__
from payvand.cli.told import DatabaseNotReady, SettingsWrong, show
from payvand.kernel.errors import PayvandError

DEFAULT_SETTINGS = "payvand.conf.settings.demo"
CONTEXTS = (
    "audit", "registry", "ledger", "window", "foresight", "matching", "energy", "insight", "demo",
    "web",
)  # fmt: skip


class Payvand(click.Group):
    """The command itself: finds the commands of the contexts, and tells every refusal."""

    _found = False

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._discover()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self._discover()
        known = super().get_command(ctx, cmd_name)
        if known is None:  # it may come from a plug-in, which registers when Django starts
            start_django(ctx.params.get("settings"))
            from payvand.plugins import slots

            known = next((extra for extra in slots.cli_commands if extra.name == cmd_name), None)
        return known

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PayvandError as error:
            show(error, as_json="--json" in sys.argv)
            ctx.exit(1)
        except Exception as error:
            told = _translated(error)
            if told is None:
                raise
            show(told, as_json="--json" in sys.argv)
            ctx.exit(1)

    def _discover(self) -> None:
        if self._found:
            return
        self._found = True
        for context in CONTEXTS:
            if find_spec(f"payvand.{context}") and find_spec(f"payvand.{context}.cli"):
                import_module(f"payvand.{context}.cli").register(self)


@click.group(cls=Payvand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="payvand")
@click.option("--settings", help=f"Settings module; default {DEFAULT_SETTINGS}.")
@click.pass_context
def main(ctx: click.Context, settings: str | None) -> None:
    """Payvand, the single window: ask once, every office is asked, every delay is reported."""
    if not {"-h", "--help"} & set(sys.argv[1:]):
        start_django(settings)


def start_django(settings: str | None = None) -> None:
    """Load the settings and set Django up. Raises SettingsWrong."""
    import django
    from django.apps import apps
    from django.core.exceptions import ImproperlyConfigured

    if settings:
        os.environ["DJANGO_SETTINGS_MODULE"] = settings
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", DEFAULT_SETTINGS)
    if apps.ready:
        return
    try:
        django.setup()
    except (ImproperlyConfigured, ModuleNotFoundError) as error:
        raise SettingsWrong(reason=str(error)) from error


def _translated(error: Exception) -> PayvandError | None:
    """Return the refusal that an error of the database means; None for any other error."""
    from django.db import OperationalError, ProgrammingError

    if isinstance(error, OperationalError | ProgrammingError):
        return DatabaseNotReady(reason=str(error).strip().split("\n")[0])
    return None


def _register(commands: Sequence[click.Command]) -> None:
    for command in commands:
        main.add_command(command)


def _built_in() -> None:
    from payvand.cli import account_commands, backup_commands, commands, serving

    _register(
        [
            *account_commands.COMMANDS,
            *commands.COMMANDS,
            *serving.COMMANDS,
            *backup_commands.COMMANDS,
        ]
    )


_built_in()

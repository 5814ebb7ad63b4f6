"""How is the demonstration built, served and moved on from the command line?"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click


def register(group: click.Group) -> None:
    """Add `payvand demo …` to the command."""
    group.add_command(demo)


@click.group()
def demo() -> None:
    """Two sample provinces to try everything in."""


def _ready() -> None:
    """Stop where this is not a demonstration: its commands would fill a real database."""
    from django.conf import settings

    if not settings.PAYVAND_DEMO:
        raise click.UsageError(
            "This is not a demonstration: set DJANGO_SETTINGS_MODULE=payvand.conf.settings.demo"
        )


def _tell(text: str) -> None:
    click.echo(f"  {text} …", err=True)


@demo.command()
@click.option("--applications", default=1500, show_default=True, help="How many cases.")
@click.option("--seed", default=1405, show_default=True, help="The same seed, the same history.")
def build(*, applications: int, seed: int) -> None:
    """Make the sample country and a year of its history; nothing when it is there."""
    _ready()
    from payvand.demo import build as work

    began = time.monotonic()
    if work.build(applications=applications, seed=seed, tell=_tell):
        click.echo(f"Built in {time.monotonic() - began:.0f} s.")
    else:
        click.echo("The demonstration is built already.")


@demo.command()
@click.confirmation_option(prompt="Delete the whole demonstration?")
def reset() -> None:
    """Delete the demonstration's database, so that it can be built anew."""
    _ready()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor != "sqlite":
        call_command("flush", interactive=False, verbosity=0)
        click.echo("All rows are deleted.")
        return
    name = str(settings.DATABASES["default"]["NAME"])
    connection.close()
    for tail in ("", "-wal", "-shm"):
        Path(name + tail).unlink(missing_ok=True)
    click.echo("The demonstration is deleted.")


if __name__ == "__main__":
    sys.exit(demo())

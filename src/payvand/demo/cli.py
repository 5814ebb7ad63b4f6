"""How is the demonstration built, served and moved on from the command line?"""

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from payvand.kernel import clock
from payvand.kernel.errors import PayvandError


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
@click.argument("span", default="1wd")
def advance(span: str) -> None:
    """Move the demo's clock on by SPAN (3d, 1wd, 4wh), or to the next `report`."""
    _ready()
    from payvand.demo import simulator
    from payvand.kernel import jalali

    def tell(at: datetime, done: Counter[str]) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{jalali.format_datetime(at, 'en')}  {_summary(done):<70}", nl=False,
                       err=True)  # fmt: skip

    if span == "report":
        total = simulator.advance_to_report(tell=tell)
    else:
        try:
            until = simulator.target(span)
        except (ValueError, PayvandError) as wrong:
            raise click.BadParameter("write 3d, 1wd, 4wh or report") from wrong
        total = simulator.advance(until, tell=tell)
    if sys.stderr.isatty():
        click.echo(err=True)
    click.echo(f"It is now {jalali.format_datetime(clock.now(), 'en')}: {_summary(total)}")


SAID = {
    "filed": "filed", "answered": "answered", "opened": "opened", "stopped": "asked the applicant",
    "sweep.rung": "reports", "sweep.silence": "settled by silence",
    "sweep.presume": "presumed delivered",
}  # fmt: skip


def _summary(done: Counter[str]) -> str:
    told = [f"{done[key]:,} {words}" for key, words in SAID.items() if done[key]]
    return ", ".join(told) or "nothing was due"


@demo.command()
@click.option("--port", default=8000, show_default=True, help="Where to listen.")
@click.pass_context
def serve(ctx: click.Context, port: int) -> None:
    """Build if needed, then serve pages and worker on this machine."""
    _ready()
    from django.conf import settings

    from payvand.demo import agencies
    from payvand.demo import build as work

    settings.PAYVAND_BASE_URL = f"http://127.0.0.1:{port}"
    if work.build(tell=_tell):
        click.echo("The sample country is built.", err=True)
    agencies.reconnect()
    click.echo(f"Sign in with one click: http://127.0.0.1:{port}/fa/demo/ (English: /en/demo/)")
    root = ctx.find_root().command
    served = root.get_command(ctx.find_root(), "serve") if isinstance(root, click.Group) else None
    if served is None:
        raise click.UsageError("run this as: payvand demo serve")
    ctx.invoke(served, port=port)


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

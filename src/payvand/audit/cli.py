"""How does somebody at a terminal sign the log's days and check that nothing was changed?"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timedelta

import click


def register(group: click.Group) -> None:
    """Add `audit` to the command."""
    group.add_command(audit)


@click.group()
def audit() -> None:
    """The log that anyone can verify."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print the report for machines.")
@click.option("--anchor", default="", help="Fingerprint of a root that you kept elsewhere.")
def verify(*, as_json: bool, anchor: str) -> None:
    """Check every event, head and signed root; exit with 1 when something was changed."""
    from payvand.audit import public

    def progress(done: int, known: int) -> None:
        if sys.stderr.isatty() and done % 1000 == 0:
            click.echo(f"\r{done:,} of {known:,} streams", nl=False, err=True)

    report = public.verify(progress, anchor=anchor)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(
            f"{report.streams:,} streams, {report.events:,} events, {report.roots:,} signed days"
        )
        for found in report.findings:
            click.echo(f"- {found}")
        if report.ok:
            click.echo("Nothing was changed.")
    if not report.ok:
        raise SystemExit(1)


@audit.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Last day to sign; yesterday.")
@click.option("--json", "as_json", is_flag=True, help="Print the roots for machines.")
def sign(*, day: datetime | None, as_json: bool) -> None:
    """Sign each day that is over; print the fingerprint to be kept elsewhere."""
    from payvand.audit import public
    from payvand.kernel import clock

    last: date = day.date() if day else clock.local_date(clock.now()) - timedelta(days=1)
    made = [(f"{root.day}", public.root_fingerprint(root)) for root in public.sign_day(last)]
    if as_json:
        click.echo(json.dumps([{"day": d, "fingerprint": f} for d, f in made], indent=2))
        return
    for signed, fingerprint in made:
        click.echo(f"{signed}  {fingerprint}")
    if not made:
        click.echo("No new day to sign.")

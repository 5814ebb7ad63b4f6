"""How does somebody at a terminal get an event log for a process-mining tool?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from payvand.ui.terminal import JalaliDay


@click.group()
def export() -> None:
    """Event logs, for tools of others."""


@export.command()
@click.option("--service", required=True, help="Which service, such as trade-clearance.")
@click.option("--format", "form", required=True, help="OCEL 2.0 as JSON or SQLite, XES, or CSV.",
              type=click.Choice(["ocel2", "ocel2-sqlite", "xes", "csv"]))  # fmt: skip
@click.option("--from", "first", type=JalaliDay(), help="First day of submission; else no bound.")
@click.option("--to", "last", type=JalaliDay(), help="Last day of submission; else no bound.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@click.option("--keep-cases", is_flag=True, help="Keep tracking codes instead of pseudonyms.")
@click.option("--keep-offices", is_flag=True, help="Keep agencies' slugs instead of pseudonyms.")
@click.option("--key", default="", help="Key of the pseudonyms, to join several exports.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def log(*, service: str, form: str, out: Path | None, key: str, as_json: bool,
        **more: Any) -> None:  # fmt: skip
    """Write the event log of a service: pseudonymous, offices only, never a person."""
    from payvand.foresight import exporting
    from payvand.foresight.queries import trails
    from payvand.foresight.rules.pseudonyms import Pseudonyms
    from payvand.kernel.errors import NotFound

    if not trails.known_service(service):
        raise NotFound(service=service)
    names = Pseudonyms(more["keep_cases"], more["keep_offices"])
    if key:
        names = Pseudonyms(more["keep_cases"], more["keep_offices"], key.encode())
    if form == "ocel2" and out is not None and out.suffix in (".sqlite", ".db"):
        form = "ocel2-sqlite"
    path = out or Path(f"{service}.{ENDINGS[form]}")
    told = trails.Told()
    days: tuple[date | None, date | None] = (more["first"], more["last"])
    cases = trails.trails(service, days, names, told)
    exporting.write(path, form, _counted(cases, told), name=service)
    found = {"file": str(path), "format": form, "cases": told.cases, "events": told.events,
             "set_aside": dict(told.aside)}  # fmt: skip
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"{path}: {told.cases:,} cases, {told.events:,} events.")
    for why, count in sorted(told.aside.items()):
        click.echo(f"set aside: {count:,} {why}")


ENDINGS = {"ocel2": "ocel2.json", "ocel2-sqlite": "ocel2.sqlite", "xes": "xes", "csv": "csv"}


def _counted(cases: Iterator[Any], told: Any) -> Iterator[Any]:
    """Yield the cases, telling how far it is, where somebody looks on."""
    for case in cases:
        if told.cases % 500 == 0 and sys.stderr.isatty():
            click.echo(f"\r{told.cases:,} cases", nl=False, err=True)
        yield case
    if told.cases >= 500 and sys.stderr.isatty():
        click.echo(err=True)

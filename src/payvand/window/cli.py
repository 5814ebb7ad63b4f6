"""How does somebody at a terminal replay a log of their own office?"""

from __future__ import annotations

import json
from pathlib import Path

import click


def register(group: click.Group) -> None:
    """Add `replay` to the command."""
    group.add_command(replay)


@click.command()
@click.argument("log", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", required=True, help="A YAML file, or the name of a shipped mapping.")
@click.option("--name", default="", help="Name of the replayed service; else the file's name.")
@click.option("--dry-run", is_flag=True, help="Only look; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report for machines.")
def replay(log: Path, *, mapping: str, name: str, dry_run: bool, as_json: bool) -> None:
    """Read an event log into cases of a sample service and say what became of them."""
    from payvand.kernel.errors import PayvandError
    from payvand.registry.public import system
    from payvand.window.replay import actions, source
    from payvand.window.replay.rules.report import lines

    title = name or log.name.removesuffix(".gz").removesuffix(".csv")
    try:
        report = actions.study(log, source.mapping(mapping), title)
        written = None if dry_run else actions.write(report, by=system("replay"))
    except PayvandError as error:
        said = (error.what, error.why, error.now)
        raise click.ClickException(
            " ".join(part.format_map(error.facts) for part in said if part)
        ) from error
    if as_json:
        found = report.as_json()
        found["written"] = None if written is None else {
            "service": written.service, "cases": written.cases, "agencies": written.agencies,
        }  # fmt: skip
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for line in lines(report):
        click.echo(line)
    if written is None:
        click.echo("Nothing was written (--dry-run).")
    else:
        click.echo(f"Written as sample cases of the service {written.service}.")

"""How are firms imported and duplicates sought from the command line?"""

from __future__ import annotations

import json
from pathlib import Path

import click


def add(registry: click.Group) -> None:
    """Add the commands of the databank to `payvand registry`."""
    registry.add_command(import_file)
    registry.add_command(duplicates)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
def import_file(file: Path, as_json: bool) -> None:
    """Import firms with capabilities and evidence from FILE (XLSX, CSV or JSON).

    Good rows are kept, bad ones are told; importing again changes nothing. Ends with 1 when a row
    was refused, with 2 when the file cannot be read.
    """
    from payvand.registry.public import databank, system
    from payvand.registry.rules.import_files import BadFile

    def tell(rows: int) -> None:
        click.echo(f"  {rows} rows …", err=True)

    try:
        with file.open("rb") as opened:
            run = databank.import_firms(
                opened, by=system("cli"), filename=file.name, most_mb=None, tell=tell
            )
    except BadFile as error:
        place = "" if error.facts["place"] == "-" else f" (at {error.facts['place']})"
        click.echo(f"{file.name}{place}: {error.facts['reason']} {error.facts['remedy']}", err=True)
        raise SystemExit(2) from error
    if as_json:
        told = {"run": run.pk, "counts": run.counts, "rows": run.rows}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for place, outcome, name, _party, remarks in run.rows:
            for column, what, now, text, is_fault in remarks:
                mark = "refused" if is_fault else f"{outcome}, remark"
                said = what.replace("{text}", text)
                click.echo(f"row {place} [{mark}] {name} – {column}: {said} {now}")
        click.echo(", ".join(f"{name}: {count}" for name, count in run.counts.items()))
    if run.counts.get("refused"):
        raise SystemExit(1)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the count as JSON.")
def duplicates(as_json: bool) -> None:
    """Compare all organisations of the databank; new pairs wait for a person at the desk."""
    from payvand.registry.public import databank, system

    new = databank.look_for_duplicates(by=system("cli"))
    click.echo(json.dumps({"new": new}) if as_json else f"new pairs to judge: {new}")

"""How are firms, or the entries of one firm, imported and duplicates sought from a terminal?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from payvand.registry.models import ImportRun


def add(registry: click.Group) -> None:
    """Add the commands of the databank to `payvand registry`."""
    registry.add_command(import_file)
    registry.add_command(duplicates)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--firm", default="", metavar="ID",
              help="Take only entries of this firm (national id): capabilities, products, "
                   "certificates and past work.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
def import_file(*, file: Path, firm: str, as_json: bool) -> None:
    """Import firms with capabilities and evidence from FILE (XLSX, CSV or JSON).

    Good rows are kept, bad ones are told; importing again changes nothing. Ends with 1 when a row
    was refused, with 2 when the file cannot be read.
    """
    from payvand.registry.public import databank

    try:
        run = _taken(file, firm)
    except databank.BadFile as error:
        place = "" if error.facts["place"] == "-" else f" (at {error.facts['place']})"
        click.echo(f"{file.name}{place}: {error.facts['reason']} {error.facts['remedy']}", err=True)
        raise SystemExit(2) from error
    told = {"run": run.pk, "counts": run.counts, "rows": run.rows}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _in_words(run))
    if run.counts.get("refused"):
        raise SystemExit(1)


def _taken(file: Path, firm: str) -> ImportRun:
    from payvand.kernel.errors import PayvandError
    from payvand.registry.public import databank, find_party, system

    def tell(rows: int) -> None:
        click.echo(f"  {rows} rows …", err=True)

    asked: dict[str, Any] = {"by": system("cli"), "filename": file.name}
    with file.open("rb") as opened:
        if not firm:
            return databank.import_firms(opened, most_mb=None, tell=tell, **asked)
        found = find_party("company", firm) or find_party("person", firm)
        if found is None:
            raise click.ClickException(f"no firm or person is registered with the id {firm}")
        try:
            return databank.import_entries(found.id, opened, **asked)
        except databank.BadFile:
            raise
        except PayvandError as problem:
            raise click.ClickException(str(problem)) from problem


def _in_words(run: ImportRun) -> str:
    lines = []
    for place, outcome, name, _party, remarks in run.rows:
        for column, what, now, text, is_fault in remarks:
            mark = "refused" if is_fault else f"{outcome}, remark"
            said = what.replace("{text}", text)
            lines.append(f"row {place} [{mark}] {name} – {column}: {said} {now}")
    return "\n".join([*lines, ", ".join(f"{name}: {n}" for name, n in run.counts.items())])


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the count as JSON.")
def duplicates(as_json: bool) -> None:
    """Compare all organisations of the databank; new pairs wait for a person at the desk."""
    from payvand.registry.public import databank, system

    new = databank.look_for_duplicates(by=system("cli"))
    click.echo(json.dumps({"new": new}) if as_json else f"new pairs to judge: {new}")

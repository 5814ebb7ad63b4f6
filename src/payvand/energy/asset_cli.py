"""How does somebody at a terminal register consumers from a file, and list them?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from payvand.energy.rules.hours import STEPS
from payvand.energy.terminal import CARRIER, FILE


@click.group()
def assets() -> None:
    """Consumers that are asked, or protected, by name."""


def register(group: click.Group) -> None:
    """Add `assets` to `payvand energy`."""
    group.add_command(assets)


@assets.command(name="import")
@click.argument("file", type=FILE)
@click.option("--area", required=True, help="Province that operates them, such as IR-03.")
@click.option("--carrier", type=CARRIER, default="electricity", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def import_(*, file: Path, area: str, carrier: str, as_json: bool) -> None:
    """Register the consumers of a CSV or XLSX FILE; the same file again changes nothing."""
    from payvand.energy.actions import assets as acting
    from payvand.energy.labels import ASSET_WHY
    from payvand.registry import public as registry

    registry.place(area)
    done = acting.import_file(area, file, by=registry.system("cli"), carrier=carrier)
    faults = [{"row": row, "column": one.column, "code": one.why, "text": one.text,
               "kept": one.is_remark} for row, one in done.faults]  # fmt: skip
    counts = {name: done.counts[name] for name in acting.OUTCOMES}
    if as_json:
        click.echo(json.dumps(counts | {"rows": faults}, ensure_ascii=False, indent=1))
        return
    click.echo(", ".join(f"{count:,} {name}" for name, count in counts.items()) + ".")
    for row, one in done.faults:
        click.echo(f"  row {row}, {one.column}: {ASSET_WHY[one.why]} {one.text}".rstrip())


@assets.command(name="list")
@click.argument("area")
@click.option("--text", default="", help="Part of a name or number; homes by number alone.")
@click.option("--carrier", type=CARRIER, default="electricity", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def list_(*, area: str, text: str, carrier: str, as_json: bool) -> None:
    """List the newest fifty consumers of AREA; homes by their number alone."""
    from payvand.energy.queries import assets as queries

    lines, _more = queries.listed(area, text, carrier=carrier)
    rows = [{"code": one.row.code, "title": "home" if one.row.is_home else one.row.title["en"],
             "sector": one.row.sector, "peak_mw": one.peak_mw} for one in lines]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    unit = "MW" if STEPS[carrier] > 1 else "MWh a day"
    for row in rows:
        click.echo(
            f"{row['code']:<20} {row['sector']:<16} {row['peak_mw']:>8.2f} {unit}  {row['title']}"
        )

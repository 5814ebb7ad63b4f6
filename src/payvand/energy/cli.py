"""How does somebody at a terminal load readings and see how good they are?"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from payvand.energy.terminal import CARRIER, FILE, Bar

if TYPE_CHECKING:
    from payvand.energy.engine.store import Store
    from payvand.energy.ingest import Loaded


def register(group: click.Group) -> None:
    """Add `energy` to the command."""
    from payvand.energy import asset_cli, evaluate_cli, plan_cli

    group.add_command(energy)
    evaluate_cli.register(energy)
    asset_cli.register(energy)
    plan_cli.register(energy)


@click.group()
def energy() -> None:
    """Readings, their quality, and forecasts."""


def _store(folder: Path | None) -> Store:
    from django.conf import settings

    from payvand.energy.engine.store import Store

    return Store(folder or Path(settings.PAYVAND_ENERGY_STORE))


@energy.command()
@click.argument("files", nargs=-1, type=FILE)
@click.option(
    "--meters", type=FILE, help="Register: meter, province, city, feeder, sector, most_wh."
)
@click.option("--carrier", type=CARRIER, default="electricity", show_default=True)
@click.option("--store", "folder", type=click.Path(path_type=Path), help="Folder of the readings.")
@click.option("--again", is_flag=True, help="Roll up every day anew.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def ingest(
    files: tuple[Path, ...], *, meters: Path | None, carrier: str, folder: Path | None, again: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Load readings (meter, ts in UTC, wh or kwh, version) once each, and roll them up."""
    from payvand.energy import ingest as loading
    from payvand.kernel import clock

    store, told = _store(folder), []
    if meters:
        loading.register(store, meters, carrier)
    touched: set[Any] = set()
    for path in files:
        with Bar(path.name, quiet=as_json) as bar:
            tell = partial(bar.tick, "rows")
            found = loading.load(store, path, carrier, now=clock.now(), tell=tell)
        touched |= set() if found.again else found.days
        told.append({"file": path.name, **found.as_json()})
        if not as_json:
            _show_loaded(path.name, found)
    with Bar("rolled up", quiet=as_json) as bar:
        days = loading.roll_up(store, carrier, None if again else touched,
                               tell=lambda d, a: bar.tick("days", d, a))  # fmt: skip
    if as_json:
        days_told = [str(day) for day in days]
        click.echo(
            json.dumps({"files": told, "rolled_up": days_told}, ensure_ascii=False, indent=1)
        )
    else:
        click.echo(f"{len(days)} days rolled up.")


def _show_loaded(name: str, found: Loaded) -> None:
    click.echo(f"{name}: {found.kept:,} of {found.rows:,} rows kept"
               + (" (loaded before, nothing changed)." if found.again else "."))  # fmt: skip
    for row, why, what in found.first_rejected[:20]:
        click.echo(f"  row {row}: {why}: {what}")
    for why, count in found.rejected.items():
        click.echo(f"  {why}: {count:,} rows")


@energy.command()
@click.option("--carrier", type=CARRIER, default="electricity", show_default=True)
@click.option("--store", "folder", type=click.Path(path_type=Path), help="Folder of the readings.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def quality(*, carrier: str, folder: Path | None, as_json: bool) -> None:
    """Say day by day how many readings were owed, came, were doubtful, and had to be imputed."""
    found = _store(folder).counts(carrier)
    rows = [
        {"day": str(day), **counts, "imputed_percent": round(_imputed(counts), 3)}
        for day, counts in found.items()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    click.echo(f"{'day':<12}{'owed':>12}{'came':>12}{'doubtful':>10}{'imputed %':>11}  why")
    for row in rows:
        why = ", ".join(f"{name} {count:,}" for name, count in row["flagged"].items())
        silent = len(row["silent_feeders"])
        click.echo(
            f"{row['day']:<12}{row['expected']:>12,}{row['present']:>12,}{row['bad']:>10,}"
            f"{row['imputed_percent']:>11}  {why}"
            + (f", {silent} feeders silent" if silent else "")
        )
    if not rows:
        click.echo("Nothing was rolled up yet.")


def _imputed(counts: dict[str, Any]) -> float:
    if not counts["expected"]:
        return 0.0
    lacking = counts["expected"] - counts["present"] + counts["bad"]
    return float(100 * lacking / counts["expected"])

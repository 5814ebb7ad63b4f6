"""How does somebody at a terminal back up, and restore?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from payvand.cli.backups import Manifest

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def backup(file: Path, *, as_json: bool) -> None:
    """Write database, uploads and public keys into FILE, while everything goes on running."""
    from payvand.cli import backups

    _told("Backed up", file, backups.backup(file.resolve()), as_json=as_json)


@click.command()
@click.argument("file", type=FILE)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def restore(file: Path, *, yes: bool, as_json: bool) -> None:
    """Replace everything with the backup FILE and verify it; stop `serve` and `worker` first."""
    from payvand.cli import backups
    from payvand.kernel import clock

    source = file.resolve()
    kept = source.with_name(f"before-restore-{clock.now():%Y%m%dT%H%M%S}.tar")
    if not yes:
        click.confirm("Everything there is now will be replaced. Go on?", abort=True)
    manifest = backups.restore(source, kept=kept)
    _told("Restored and verified", file, manifest, as_json=as_json)
    if not as_json:
        click.echo(f"What was there before: {kept}")


def _told(done: str, file: Path, manifest: Manifest, *, as_json: bool) -> None:
    rows = sum(manifest.rows.values())
    parts = len(manifest.parts)
    made = manifest.made_at
    if as_json:
        told = {"file": str(file), "made_at": made, "rows": rows, "parts": parts}
        click.echo(json.dumps(told))
    else:
        click.echo(f"{done}: {file} ({rows:,} rows, {parts} parts, of {made})")


COMMANDS = (backup, restore)

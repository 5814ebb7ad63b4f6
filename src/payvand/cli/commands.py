"""How is an installation prepared and checked?"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import click


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def migrate(*, as_json: bool) -> None:
    """Bring the database to the shape that this version needs."""
    from django.core.management import call_command

    before = pending()
    call_command("migrate", interactive=False, verbosity=0)
    if as_json:
        click.echo(json.dumps({"applied": before}))
        return
    for name in before:
        click.echo(f"applied {name}")
    if not before:
        click.echo("The database is current.")


@click.command()
@click.option("--deploy", is_flag=True, help="Also check what a public installation needs.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def check(*, deploy: bool, as_json: bool) -> None:
    """Check settings, database, zone data and keys; exit with 1 when something is wrong."""
    checks = [*_system(deploy=deploy), _database(), _zone(), _key()]
    ok = all(one.ok for one in checks)
    if as_json:
        click.echo(json.dumps({"ok": ok, "checks": [asdict(one) for one in checks]}, indent=2))
    else:
        for one in checks:
            click.echo(f"{'ok   ' if one.ok else 'WRONG'} {one.name}  {one.detail}".rstrip())
    if not ok:
        raise SystemExit(1)


@click.command()
def shell() -> None:
    """Open a Python shell with the product loaded."""
    from django.core.management import call_command

    call_command("shell")


def pending() -> list[str]:
    """Return the migrations that the database lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _system(*, deploy: bool) -> list[Check]:
    from django.core import checks

    found = checks.run_checks(include_deployment_checks=deploy)
    serious = [one for one in found if one.level >= checks.WARNING and not one.is_silenced()]
    if not serious:
        return [Check("settings", True)]
    return [Check("settings", False, f"{one.id}: {one.msg}") for one in serious]


def _database() -> Check:
    from django.db import DatabaseError, connection

    try:
        lacking = pending()
    except DatabaseError as error:
        return Check("database", False, str(error).strip().split("\n")[0])
    if lacking:
        return Check("database", False, f"{len(lacking)} steps behind; run `payvand migrate`")
    return Check("database", True, connection.vendor)


def _zone() -> Check:
    from payvand.kernel import clock

    ok = clock.has_current_zone_data()
    return Check("zone data", ok, "" if ok else "too old for Iran: update the package tzdata")


def _key() -> Check:
    from pathlib import Path

    from django.conf import settings

    path = Path(settings.PAYVAND_AUDIT_KEY)
    if not path.exists():
        return Check("signing key", True, "is made on first use")
    mode = path.stat().st_mode & 0o777
    ok = mode & 0o077 == 0
    return Check("signing key", ok, "" if ok else f"mode {mode:o}: others can read {path}")


COMMANDS = (migrate, check, shell)

"""How does the command tell a refusal: what happened, why, and what to do now?

The terminal speaks English: its readers administer the installation, and logs are searched for it.
"""

from __future__ import annotations

import json
from typing import Any

import click

from payvand.kernel.errors import Conflict, PayvandError


class DatabaseNotReady(PayvandError):
    """The database lacks tables, or does not answer."""

    code, status = "cli.database_not_ready", 503
    what = "The database cannot be used yet."
    why = "{reason}"
    now = "Check PAYVAND_DATABASE_URL, then run `payvand migrate`."


class SettingsWrong(PayvandError):
    """The settings cannot be loaded."""

    code, status = "cli.settings_wrong", 500
    what = "The settings cannot be used."
    why = "{reason}"
    now = "Set what is missing, or choose other settings with --settings."


class PortTaken(PayvandError):
    """Another program listens on this port already."""

    code, status = "cli.port_taken", 409
    what = "Port {port} cannot be used."
    why = "{reason}"
    now = "Choose another one: --port 8001 (with make: PORT=8001)."


class AccountExists(Conflict):
    """There is an account of this name already."""

    code = "cli.account_exists"
    what = "There is an account {username} already."
    why = "An account name belongs to one person."
    now = "Choose another name."


class BackupUnusable(PayvandError):
    """A backup is damaged, incomplete, or of another kind of database."""

    code, status = "cli.backup_unusable", 422
    what = "The backup {file} cannot be restored."
    why = "{reason}"
    now = "Nothing was changed. Take another backup."


class RestoreFailed(PayvandError):
    """What was restored is not what was backed up."""

    code, status = "cli.restore_failed", 500
    what = "The restored database is not what was backed up."
    why = "{reason}"
    now = "What was there before lies in {kept}. Restore that, or another backup."


class ToolMissing(PayvandError):
    """A program of PostgreSQL is not installed."""

    code, status = "cli.tool_missing", 500
    what = "The program {tool} was not found."
    why = "PostgreSQL is backed up with its own programs."
    now = "Install the PostgreSQL client, or put its folder into PATH."


class ToolFailed(PayvandError):
    """A program of PostgreSQL has refused its work."""

    code, status = "cli.tool_failed", 500
    what = "The program {tool} did not do its work."
    why = "{reason}"
    now = "Nothing was changed. Its version must be that of the server or newer."


def sentences(error: PayvandError) -> dict[str, str]:
    """Return the three sentences, facts filled in; empty ones left out."""
    found = {}
    for name in ("what", "why", "now"):
        msgid = str(getattr(error, name))
        try:
            said = msgid.format_map(error.facts)
        except (KeyError, IndexError, ValueError):
            said = msgid
        if said:
            found[name] = said
    return found


def show(error: PayvandError, *, as_json: bool) -> None:
    """Print a refusal to the error stream."""
    said = sentences(error)
    fields: dict[str, Any] = error.facts.get("fields") or {}
    if as_json:
        told = {"code": error.code, "status": error.status, **said, "fields": fields}
        click.echo(json.dumps(told, ensure_ascii=False), err=True)
        return
    click.echo(f"{error.code}: {said.pop('what', '')}", err=True)
    for field, message in fields.items():
        click.echo(f"  {field}: {message}", err=True)
    for label, text in (("Why", said.get("why")), ("Now", said.get("now"))):
        if text:
            click.echo(f"  {label}: {text}", err=True)

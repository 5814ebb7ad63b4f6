"""How does somebody at a terminal give a system its token, look at tokens, and take them away?"""

from __future__ import annotations

import json

import click


def register(group: click.Group) -> None:
    """Add `token` to the command."""
    group.add_command(token)


@click.group()
def token() -> None:
    """Tokens by which systems of organisations call the interface."""


@token.command()
@click.argument("agency")
@click.option("--name", required=True, help="Which system holds the token.")
@click.option("--role", default="clerk", show_default=True, help="Its seat in the organisation.")
@click.option("--days", default=365, show_default=True, help="How long it lives.")
@click.option("--place", default="", help="Limits it to a place, such as IR-15.")
@click.option("--reads-only", is_flag=True, help="It may look, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def create(agency: str, *, as_json: bool, **limits: str | int | bool) -> None:
    """Give a system of an AGENCY (its slug or national id) a token; it is shown once."""
    from payvand.registry import public as registry
    from payvand.web import tokens

    org, by = registry.organisation_named(agency), registry.system("terminal")
    made = tokens.issue(by=by, org=org.id, draft=tokens.TokenDraft(**limits))  # type: ignore[arg-type]
    if as_json:
        told = {"id": made.id, "token": made.secret, "expires_at": made.expires_at.isoformat()}
        click.echo(json.dumps(told))
        return
    click.echo(f"Token {made.id}, until {made.expires_at:%Y-%m-%d}:\n{made.secret}")
    click.echo("It is not kept here; write it down now.")


@token.command("list")
@click.option("--agency", default="", help="Of this organisation only, by its slug or national id.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def list_tokens(agency: str, *, as_json: bool) -> None:
    """Show the tokens: whose, what they may do, when they were last used; never the secret."""
    from payvand.registry import public as registry
    from payvand.web import tokens

    org = registry.organisation_named(agency).id if agency else None
    rows = tokens.tokens_of(registry.system("terminal"), org)
    if as_json:
        told = [
            {"id": r.id, "organisation": str(r.org), "name": r.name, "role": r.role,
             "place": r.place, "reads_only": r.reads_only, "state": r.standing,
             "expires_at": r.expires_at.isoformat(),
             "last_used_at": r.last_used_at.isoformat() if r.last_used_at else None}
            for r in rows
        ]  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for row in rows:
        used = f"{row.last_used_at:%Y-%m-%d %H:%M}" if row.last_used_at else "never used"
        what = "reads only" if row.reads_only else row.role
        until = f"until {row.expires_at:%Y-%m-%d}"
        click.echo(f"{row.id:>5}  {row.standing:<8} {until}  {what:<12} {used:<17} "
                   f"{row.name} ({row.org_name['en']})")  # fmt: skip
    if not rows:
        click.echo("No tokens.")


@token.command()
@click.argument("token_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def revoke(token_id: int, *, as_json: bool) -> None:
    """End a token at once."""
    from payvand.registry import public as registry
    from payvand.web import tokens

    tokens.revoke(by=registry.system("terminal"), token_id=token_id)
    click.echo(json.dumps({"id": token_id}) if as_json else f"Token {token_id} has ended.")

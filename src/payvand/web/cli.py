"""How does somebody at a terminal give a system its token, and take it away?"""

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
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def create(agency: str, *, name: str, role: str, days: int, as_json: bool) -> None:
    """Give a system of an AGENCY (by its slug) a token; it is shown once."""
    from payvand.registry import public as registry
    from payvand.web import tokens

    org = registry.party_by_slug(agency)
    made = tokens.issue(by=registry.system("terminal"), org=org.id, name=name, role=role, days=days)
    if as_json:
        told = {"id": made.id, "token": made.secret, "expires_at": made.expires_at.isoformat()}
        click.echo(json.dumps(told))
        return
    click.echo(f"Token {made.id}, until {made.expires_at:%Y-%m-%d}:\n{made.secret}")
    click.echo("It is not kept here; write it down now.")


@token.command()
@click.argument("token_id", type=int)
def revoke(token_id: int) -> None:
    """End a token at once."""
    from payvand.registry import public as registry
    from payvand.web import tokens

    tokens.revoke(by=registry.system("terminal"), token_id=token_id)
    click.echo(f"Token {token_id} has ended.")

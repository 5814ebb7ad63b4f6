"""How are organisations registered, given their duties, and connected from the command line?"""

from __future__ import annotations

import json

import click

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print for machines.")


def add(group: click.Group) -> None:
    """Add the commands to `payvand registry`."""
    for command in (agency, answers, connect):
        group.add_command(command)


@click.command()
@click.argument("slug")
@click.option("--fa", required=True, help="Its name in Persian.")
@click.option("--en", required=True, help="Its name in English.")
@click.option("--place", default="IR", show_default=True, help="Where it sits, such as IR-15.")
@AS_JSON
def agency(slug: str, fa: str, en: str, place: str, *, as_json: bool) -> None:
    """Register an agency under the short name SLUG."""
    from payvand.registry import public as registry

    draft = registry.PartyDraft("agency", fa, en, slug=slug, place=place)
    made = registry.register_party(draft, by=registry.system("terminal"))
    told = {"id": str(made), "slug": slug}
    click.echo(json.dumps(told) if as_json else f"{slug} is registered ({made}).")


@click.command()
@click.argument("slug")
@click.argument("role")
@click.option("--place", default="IR", show_default=True, help="For which place.")
@AS_JSON
def answers(slug: str, role: str, place: str, *, as_json: bool) -> None:
    """Let an agency (by its SLUG) answer for the ROLE that service packs name, at a place."""
    from payvand.registry import public as registry

    org = registry.organisation_named(slug)
    registry.set_debtor(role, place, org.id, by=registry.system("terminal"))
    told = {"agency": slug, "role": role, "place": place}
    click.echo(json.dumps(told) if as_json else f"{slug} answers for {role} at {place}.")


@click.command()
@click.argument("slug")
@click.argument("level", type=click.Choice(["inbox", "letter", "rest"]))
@click.argument("address", default="")
@click.option("--secret", default="", help="Name of the setting that holds the shared secret.")
@AS_JSON
def connect(slug: str, level: str, address: str, secret: str, *, as_json: bool) -> None:
    """Connect an agency (by its SLUG) at a LEVEL; letters and systems need an ADDRESS."""
    from payvand.registry import public as registry

    org, link = registry.organisation_named(slug), registry.Link(level, address, secret)
    registry.connect(org.id, link, by=registry.system("terminal"))
    told = {"agency": slug, "level": level}
    click.echo(json.dumps(told) if as_json else f"{slug} is connected: {level} {address}".rstrip())

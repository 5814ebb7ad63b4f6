"""How is the registry filled and looked at from the command line?"""

from __future__ import annotations

import json
from datetime import timedelta

import click

from payvand.kernel import clock, jalali
from payvand.registry.cli import databank, organisations


def register(group: click.Group) -> None:
    """Add `payvand registry …` to the command."""
    group.add_command(registry)
    databank.add(registry)
    organisations.add(registry)


@click.group()
def registry() -> None:
    """Places, offices and calendars."""


@registry.command()
@click.option("--first", type=int, help="First Jalali year of holidays (default 1402).")
@click.option("--last", type=int, help="Last Jalali year of holidays (default 1406).")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def seed(first: int | None, last: int | None, as_json: bool) -> None:
    """Add places, offices, holidays and office hours; doing it again adds only what is new."""
    from payvand.registry import seeds

    added = seeds.seed(first=first or seeds.FIRST_YEAR, last=last or seeds.LAST_YEAR)
    if as_json:
        click.echo(json.dumps(added))
        return
    for name, count in added.items():
        click.echo(f"{name.replace('_', ' ')}: {count} new")


@registry.command()
@click.argument("place")
@click.option("--days", type=click.IntRange(1, 400), default=14, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the days as JSON.")
def days(place: str, days: int, as_json: bool) -> None:
    """Show the coming days of a PLACE (such as IR-15): open or closed, hours, and the rule."""
    from payvand.registry.public import calendar_for, place_path

    calendar = calendar_for(place_path(place))
    today = clock.local_date(clock.now())
    shown = [calendar.day(today + timedelta(days=n)) for n in range(days)]
    rows = [
        {
            "date": day.date.isoformat(),
            "jalali": "-".join(f"{part:02}" for part in jalali.to_jalali(day.date)),
            "weekday": jalali.weekday_name(day.date, "en"),
            "open": day.is_open,
            "opens": f"{day.opens:%H:%M}" if day.opens else None,
            "closes": f"{day.closes:%H:%M}" if day.closes else None,
            "rule": day.rule.title_en if day.rule else None,
            "status": day.rule.status if day.rule else None,
        }
        for day in shown
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        hours = f"{row['opens']}–{row['closes']}" if row["open"] else "closed"
        why = f"  {row['rule']} ({row['status']})" if row["rule"] else ""
        click.echo(f"{row['jalali']}  {row['weekday']:<10} {hours:<12}{why}")


@registry.command()
@click.argument("text", default="")
@click.option("--json", "as_json", is_flag=True, help="Print the agencies as JSON.")
def agencies(text: str, as_json: bool) -> None:
    """Show the agencies, or those whose name holds TEXT, with the slugs that commands take."""
    from payvand.registry.public import agencies as find

    found = find(text, limit=1000)
    if as_json:
        told = [{"id": str(one.id), "slug": one.slug, "name": one.name} for one in found]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.slug:<28} {one.name['en'] or one.name['fa']}")
    if not found:
        click.echo("No agency.")


@registry.command()
@click.option("--text", default="", help="Part of the name of the site or its owner.")
@click.option("--json", "as_json", is_flag=True, help="Print the sites as JSON.")
def sites(text: str, as_json: bool) -> None:
    """Show registered sites and whether each is ranked; never how."""
    from payvand.registry.public import system
    from payvand.registry.queries.sites import sites_visible

    lines, more = sites_visible(system("terminal"), text, size=1000)
    if as_json:
        told = [{"id": str(one.card.id), "title": one.card.title, "place": one.card.place,
                 "owner": one.owner_name, "is_ranked": one.is_ranked} for one in lines]  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in lines:
        ranked = "ranked    " if one.is_ranked else "not ranked"
        click.echo(f"{one.card.id}  {one.card.place:<12} {ranked}  {one.card.title}")
    if more:
        click.echo("… and more; name a part of what you look for.")

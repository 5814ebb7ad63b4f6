"""How does somebody at a terminal see the league, and have everything counted anew?"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import click

from payvand.ui.terminal import JalaliDay


def register(group: click.Group) -> None:
    """Add `report` to the command, or its parts to the one that is there."""
    known = group.commands.get("report")
    for command in known.commands.values() if isinstance(known, click.Group) else ():
        report.add_command(command)
    group.add_command(report)


@click.group()
def report() -> None:
    """Figures of punctuality."""


@report.command()
@click.option("--from", "first", type=JalaliDay(), help="First day; else the start of this year.")
@click.option("--to", "last", type=JalaliDay(), help="Last day; else today.")
@click.option("--province", default="", help="ISO code of a province, such as IR-15.")
@click.option("--service", default="", help="Only this service; a replayed one shows only so.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def league(
    *, first: date | None, last: date | None, province: str, service: str, as_json: bool
) -> None:
    """Rank the agencies by their on-time index, with its 95 % interval."""
    from payvand.insight import actions, queries
    from payvand.insight.rules import periods
    from payvand.kernel import clock

    actions.roll_up()
    today = clock.local_date(clock.now())
    year = periods.current(periods.YEAR, today)
    period = periods.of_days(first or min(year.first, last or today), last or today)
    lines = queries.league(period, province or None, service or None)
    every = queries.index(period, queries.Scope(province or None, service=service or None))
    if as_json:
        found = {
            "from": str(period.first), "to": str(period.last), "province": province,
            "service": service, "all": _plain(every),
            "agencies": [{"agency": str(o.agency), **o.name, **_plain(o.index)} for o in lines],
        }  # fmt: skip
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    click.echo(f"{period.first} to {period.last}: {_words(every)}")
    for place, one in enumerate(lines, 1):
        click.echo(f"{place:>4}  {one.name['en']}: {_words(one.index)}")
    if not lines:
        click.echo("Nothing fell due in this period.")


@report.command()
def recount() -> None:
    """Count everything anew from the log; the figures stay the same unless something was wrong."""
    from payvand.insight import actions

    done = actions.roll_up(everything=True)
    click.echo(f"{done.cases:,} cases, {done.days:,} days counted.")


def _plain(found: Any) -> dict[str, Any]:
    counts = found.counts
    if found.is_hidden:
        return {"hidden": True, "fell_due": None}
    return {
        "hidden": False, "fell_due": counts.due, "on_time": counts.on_time, "late": counts.late,
        "received": counts.received, "answered": counts.answered, "deemed": counts.deemed,
        "open_late": counts.open_late, "on_time_index_percent": round(found.ours, 2),
        "interval": [round(found.low, 2), round(found.high, 2)],
        "portal_index_percent": None if found.portal is None else round(found.portal, 2),
        "median_days": None if found.median_days is None else round(found.median_days, 2),
    }  # fmt: skip


def _words(found: Any) -> str:
    from payvand.insight.rules.measures import LEAST

    if found.is_hidden:
        return f"fewer than {LEAST} fell due, not shown"
    counts = found.counts
    return (
        f"on-time index {found.ours:.1f} % ({found.low:.1f}-{found.high:.1f}), "
        f"{counts.on_time:,} of {counts.due:,} in time, {counts.open_late:,} open past their term"
    )

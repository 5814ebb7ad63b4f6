"""What does a new installation know of the country: places, offices, holidays, hours?

Everything is data beside this module, with its source and status; seeding again adds only what is
new. The holidays come from the `holidays` package, which is imported here only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from payvand.kernel import clock, jalali
from payvand.registry.actions.calendars import record_facts
from payvand.registry.actions.groups import seed_group_states
from payvand.registry.actions.offices import OfficeDraft, create_office
from payvand.registry.actions.places import PlaceDraft, add_places
from payvand.registry.queries import duties, places
from payvand.registry.queries.calendars import current_rules
from payvand.registry.rules import holidays as rules
from payvand.registry.rules.actor import Actor, system
from payvand.registry.rules.calendars import FactDraft
from payvand.registry.rules.offices import choose

DATA = Path(__file__).parent / "data"
FIRST_YEAR, LAST_YEAR = 1402, 1406  # Jalali years whose holidays are seeded by default
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PACKAGE = "holidays package"


def seed(*, first: int = FIRST_YEAR, last: int = LAST_YEAR) -> dict[str, int]:
    """Seed places, offices and the calendar of Jalali years; return how many of each were new."""
    by = system("seed")
    return {
        "places": seed_places(by),
        "offices": seed_offices(by),
        "calendar_rules": seed_rules(by),
        "holidays": seed_holidays(by, first=first, last=last),
        "group_states": seed_group_states(by),
    }


def seed_places(by: Actor) -> int:
    """Register the country, its provinces and the counties of the list."""
    data = _read("places.yaml")
    drafts = [
        PlaceDraft(
            code=row["code"],
            parent=row.get("parent"),
            kind=row["kind"],
            name_fa=row["fa"],
            name_en=row["en"],
            source=data["sources"][row["source"]],
            valid_from=jalali.from_iso(row["from"]) if "from" in row else None,
            predecessor=row.get("predecessor"),
        )
        for row in data["places"]
    ]
    return add_places(drafts, by=by)


def seed_offices(by: Actor) -> int:
    """Register the offices of the country, of each province and of each county; no holders."""
    before = len(duties.posts())
    for row in _read("offices.yaml")["offices"]:
        for code, names in _places_of(row):
            target = row.get("falls_to")
            create_office(
                OfficeDraft(
                    role=row["role"],
                    title_fa=row["fa"].format(**names),
                    title_en=row["en"].format(**names),
                    place=code,
                    falls_to=choose(
                        target,
                        duties.posts().values(),
                        agency=None,
                        path=places.place_path(code),
                    )
                    if target
                    else None,
                ),
                by=by,
            )
    return len(duties.posts()) - before


def seed_rules(by: Actor) -> int:
    """Record the weekend, the office hours and the known closures of the list."""
    drafts = [draft for row in _read("calendar.yaml")["rules"] for draft in _rules(row)]
    return record_facts(drafts, by=by, source="calendar.yaml")


def seed_holidays(by: Actor, *, first: int, last: int) -> int:
    """Record the holidays of Jalali years; those that moved since the last time are replaced."""
    import holidays  # late: it is slow to import and needed nowhere else

    country = places.country()
    if country is None:
        return 0
    source = f"{PACKAGE} {version('holidays')} ({country})"
    start, end = jalali.month_bounds(first, 1)[0], jalali.month_bounds(last, 12)[1]
    asked = range(start.year, end.year + 1)
    published = holidays.country_holidays(country, years=asked, language="en_US")
    data, now = _read("calendar.yaml"), clock.now()
    drafts = []
    for day in sorted(published):
        if not start <= day <= end:
            continue
        year, month, number = jalali.to_jalali(day)
        doubt = data["doubtful"].get(f"{year}-{month:02}-{number:02}", "")
        for name in published.get_list(day):
            draft = rules.holiday(day, name, scope=country, names=data["holidays"], doubt=doubt)
            since = rules.known_since(draft, name, year_begins=jalali.parse(year, 1, 1), now=now)
            drafts.append(replace(rules.with_source(draft, source), known_from=since))
    recorded = {
        pk: rule for pk, rule in current_rules(country).items() if start <= rule.starts <= end
    }
    stale = rules.stale(recorded, drafts, years=asked, source=PACKAGE)
    return record_facts(drafts, by=by, source=source, replaces=stale)


def _places_of(row: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    if "place" in row:
        yield row["place"], {}
        return
    for card in places.all_places().values():
        if card.kind == row["each"]:
            yield card.code, card.name


def _rules(row: dict[str, Any]) -> Iterator[FactDraft]:
    starts = jalali.from_iso(row["from"])
    for scope in _scopes(row["scopes"]):
        yield FactDraft(
            scope=scope,
            starts=starts,
            ends=jalali.from_iso(row["to"]) if "to" in row else None,
            kind=row["kind"],
            title_fa=row["fa"],
            title_en=row["en"],
            source=row["source"],
            status=row["status"],
            weekdays=frozenset(DAYS.index(day) for day in row.get("days", ())),
            opens=time.fromisoformat(row["opens"]) if "opens" in row else None,
            closes=time.fromisoformat(row["closes"]) if "closes" in row else None,
            exempt=frozenset(row.get("exempt", ())),
            known_from=_morning(starts - timedelta(days=1)),
        )


def _scopes(named: list[str]) -> Iterator[str]:
    for name in named:
        if name == "provinces":
            yield from (c.code for c in places.all_places().values() if c.kind == "province")
        else:
            yield name


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), clock.TEHRAN)


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return found

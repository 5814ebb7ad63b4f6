"""Do the worked rows of the definition hold, and does the page that shows them say the same?

Each row of terms_table.csv was worked out by hand. Running this file as a program writes the page
docs/reference/terms.md from the rows and rules.
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from payvand.kernel.calendar import CalendarRule, WorkCalendar
from payvand.kernel.clock import TEHRAN
from payvand.kernel.jalali import from_iso, to_jalali
from payvand.kernel.terms import OpenEndedStop, Stops, Term, due, due_at

HERE = Path(__file__).parent
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PAGE = HERE.parents[1] / "docs" / "reference" / "terms.md"

OFFICES = {
    "lorestan": (("IR", "IR-15"), ""),
    "bank": (("IR", "IR-15"), "bank"),
    "khorramabad": (("IR", "IR-15", "IR-15-1503"), ""),
    "works": (("IR", "IR-15", "IR-15-1503", "org:works"), ""),
    "azerbaijan": (("IR", "IR-03"), ""),
}


def moment(text: str) -> datetime:
    """Read a Jalali day and a time in Tehran."""
    day, _, clock = text.strip().partition(" ")
    return datetime.combine(from_iso(day), time.fromisoformat(clock), TEHRAN).astimezone(UTC)


def rule(
    scope: str, kind: str, starts: str, ends: str, weekdays: str = "", **more: object
) -> CalendarRule:
    """Make one sample rule from Jalali days and names of weekdays."""
    named = {name: n for n, name in enumerate(WEEK)}
    title = str(more.pop("title", kind))
    return CalendarRule(
        id=f"{scope}/{kind}/{starts}/{weekdays}",
        scope=scope,
        kind=kind,
        starts=from_iso(starts),
        ends=from_iso(ends) if ends else None,
        weekdays=frozenset(named[day] for day in weekdays.split()) if weekdays else None,
        status="sample",
        title_en=title,
        title_fa=title,
        known_from=moment(str(more.pop("known_from", "1403-01-01 00:00"))),
        **more,  # type: ignore[arg-type]
    )


RULES = [
    rule("IR", "weekend", "1403-01-01", "", "Fri"),
    rule("IR", "hours", "1403-01-01", "", opens=time(7), closes=time(14)),
    rule("IR", "holiday", "1403-12-29", "1403-12-29"),
    rule("IR", "holiday", "1404-01-01", "1404-01-04"),
    rule("IR", "holiday", "1404-01-12", "1404-01-13"),
    rule("IR-15", "weekend", "1403-01-01", "", "Thu"),
    rule(
        "IR-15", "closure", "1404-05-07", "1404-05-08",
        known_from="1404-05-06 18:00", classes=frozenset({"bank"}),
    ),
    rule("IR-15", "closure", "1404-05-29", "1404-05-29", closes=time(10)),
    rule("IR-15-1503", "closure", "1404-08-25", "1404-08-25"),
    rule("org:works", "open", "1404-05-08", "1404-05-08"),
    rule("org:works", "open", "1404-08-23", "1404-08-23"),
    rule("IR-03", "hours", "1403-01-01", "", "Thu", closes=time(13)),
    rule("IR-03", "remote", "1404-08-20", "1404-08-20"),
]  # fmt: skip

with (HERE / "terms_table.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def calendar_of(row: dict[str, str]) -> WorkCalendar:
    """Build the calendar that a row runs on."""
    chain, org_class = OFFICES[row["office"]]
    return WorkCalendar.build(
        chain,
        RULES,
        first=date(2025, 1, 1),
        last=date(2026, 3, 20),
        known_at=moment(row["known_at"]) if row["known_at"] else None,
        org_class=org_class,
    )


def stops_of(row: dict[str, str]) -> Stops:
    """Read the interruptions of a row."""
    pairs = [part.split("/") for part in row["stops"].split(";") if part.strip()]
    return Stops.of([(moment(a), moment(b) if b.strip() else None) for a, b in pairs])


def shown(at: datetime) -> str:
    """Write a moment as the table does."""
    local = at.astimezone(TEHRAN)
    year, month, day = to_jalali(local.date())
    return f"{year}-{month:02}-{day:02} {local:%H:%M}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["case"])
def test_worked_row_holds(row: dict[str, str]) -> None:
    term, delivered = Term.parse(row["term"]), moment(row["delivered"])
    if row["due"] == "none":
        with pytest.raises(OpenEndedStop):
            due(term, delivered, stops_of(row), calendar_of(row))
        return
    answer = due(term, delivered, stops_of(row), calendar_of(row))
    lines = ["{} {:02}-{:02}".format(line.kind, *to_jalali(line.date)[1:]) for line in answer.lines]
    assert shown(answer.at) == row["due"]
    assert sorted(lines) == sorted(part.strip() for part in row["lines"].split(";") if part)
    assert [line.date for line in answer.lines] == sorted(line.date for line in answer.lines)
    assert due_at(term, delivered, stops_of(row), calendar_of(row)) == answer.at


def test_the_page_shows_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        f"{PAGE.name} is out of date: run python {Path(__file__).relative_to(HERE.parents[1])}"
    )


def page() -> str:
    """Render the page of the definition."""
    definition = due.__globals__["__doc__"].split("\n\n", 2)[2].strip()
    rules = [
        f"| {each.scope} | {each.kind} | {_period(each)} | {_weekdays(each)} | {_hours(each)} | "
        f"{', '.join(sorted(each.classes))} |"
        for each in RULES
    ]
    rows = [
        "| {} | {} | {} | {} | {} | {} | {} | {} |".format(
            row["case"] + (f" (as known {row['known_at']})" if row["known_at"] else ""),
            row["office"], row["term"], row["delivered"], row["stops"].replace("; ", "<br>"),
            f"**{row['due']}**", row["lines"].replace("; ", "<br>"), row["why"],
        )
        for row in ROWS
    ]  # fmt: skip
    offices = [
        f"| {name} | {' → '.join(chain)} | {org_class} |"
        for name, (chain, org_class) in OFFICES.items()
    ]
    parts = [
        "# When is an answer due?",
        "<!-- written by tests/kernel/test_terms_table.py; edit the table there -->",
        "This page is made from the table that the tests run. Dates are Jalali, in Tehran time.",
        "The rules are samples.",
        "## Definition",
        definition,
        "## Sample offices",
        "| office | scopes, from general to specific | class |\n|---|---|---|\n"
        + "\n".join(offices),
        "## Sample rules of the calendar",
        "| scope | kind | period | weekdays | hours | exempt |\n|---|---|---|---|---|---|\n"
        + "\n".join(rules),
        "## Worked rows",
        "| case | office | term | delivered | clock stopped | due | explanation | why |"
        "\n|---|---|---|---|---|---|---|---|\n" + "\n".join(rows),
    ]
    return "\n\n".join(parts) + "\n"


def _period(each: CalendarRule) -> str:
    first, last = (
        "{}-{:02}-{:02}".format(*to_jalali(day)) if day else "" for day in (each.starts, each.ends)
    )
    return first if first == last else f"{first} – {last}".rstrip()


def _weekdays(each: CalendarRule) -> str:
    return " ".join(WEEK[n] for n in sorted(each.weekdays or ()))


def _hours(each: CalendarRule) -> str:
    if not each.opens and not each.closes:
        return ""
    return "–".join(f"{at:%H:%M}" if at else "…" for at in (each.opens, each.closes))


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")

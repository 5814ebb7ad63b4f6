"""What does the name of a published holiday say about its certainty, and which rows are stale?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from payvand.kernel.calendar import CalendarRule
from payvand.registry.rules.calendars import FactDraft

ESTIMATED = " (estimated)"
AD_HOC = "Public Holiday"  # declared at short notice, unlike those of the printed calendar
PRINTED_BEFORE = timedelta(days=30)  # the calendar of a year is printed in the month before it


def holiday(
    day: date, name: str, *, scope: str, names: Mapping[str, Mapping[str, str]], doubt: str = ""
) -> FactDraft:
    """Return the fact for one day and one name of the package; `doubt` makes it estimated."""
    bare = name.removesuffix(ESTIMATED)
    shown = names.get(bare, {"fa": "تعطیل رسمی", "en": bare})
    is_estimated = bool(doubt) or name.endswith(ESTIMATED)
    return FactDraft(
        scope=scope,
        starts=day,
        ends=day,
        kind="holiday",
        title_fa=shown["fa"],
        title_en=shown["en"],
        source=doubt,
        status="estimated" if is_estimated else "official",
    )


def known_since(draft: FactDraft, name: str, *, year_begins: date, now: datetime) -> datetime:
    """Return when a holiday became known: with the year's calendar, or the day before."""
    ad_hoc = name.removesuffix(ESTIMATED) == AD_HOC
    day = draft.starts - timedelta(days=1) if ad_hoc else year_begins - PRINTED_BEFORE
    return min(datetime.combine(day, time(6), UTC), now)


def stale(
    recorded: Mapping[int, CalendarRule], wanted: list[FactDraft], *, years: range, source: str
) -> list[int]:
    """Return the ids of recorded holidays that the package no longer gives, or gives otherwise.

    Only holidays of the same source are judged: what people corrected by hand stays. years: the
    Gregorian years that were asked for.
    """
    keep = {(w.scope, w.starts, w.status, w.title_en) for w in wanted}
    return [
        pk
        for pk, rule in recorded.items()
        if rule.kind == "holiday"
        and rule.source.startswith(source)
        and rule.starts.year in years
        and (rule.scope, rule.starts, rule.status, rule.title_en) not in keep
    ]


def with_source(draft: FactDraft, source: str) -> FactDraft:
    """Return the draft with its source, a doubt kept behind it."""
    return replace(draft, source=f"{source}; {draft.source}" if draft.source else source)

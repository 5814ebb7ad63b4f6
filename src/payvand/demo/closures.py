"""Which closures has the sample country seen, and which has just been declared?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from payvand.kernel import clock
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor

PAST_COUNTY, PAST_AGO = "IR-03-306", 70  # Maragheh, so many days ago
NEXT_PROVINCE, NEXT_AHEAD = "IR-15", 2  # Lorestan, the working day after tomorrow
SOURCE = "اطلاعیهٔ نمونه"


def remember(*, by: Actor, now: datetime) -> date:
    """Record the closure of a county in the past, known since the evening before; return its day.

    It stands in the calendar before the history is told, so that all its terms know it.
    """
    day = _open_day(clock.local_date(now) - timedelta(days=PAST_AGO), PAST_COUNTY)
    known = datetime.combine(day, datetime.min.time(), clock.TEHRAN) - timedelta(hours=5)
    draft = registry.FactDraft(
        scope=PAST_COUNTY, starts=day, ends=day, kind="closure", known_from=known,
        title_fa="تعطیلی نمونه: یخ‌بندان", title_en="Sample closure: black ice", source=SOURCE,
    )  # fmt: skip
    registry.record_facts([draft], by=by, source=SOURCE)
    return day


def declare(*, by: Actor, now: datetime) -> int:
    """Declare the closure of a province two working days ahead; returns how many terms moved."""
    day = _open_day(clock.local_date(now) + timedelta(days=NEXT_AHEAD), NEXT_PROVINCE)
    closure = ledger.Closure(
        scope=NEXT_PROVINCE, starts=day, ends=day, title_fa="تعطیلی نمونه: بارش سنگین",
        title_en="Sample closure: heavy rain", source=SOURCE,
    )  # fmt: skip
    return ledger.declare_closure(by=by, closure=closure)


def _open_day(day: date, scope: str) -> date:
    """Return the day, or the next one on which offices of the scope work."""
    calendar = registry.calendar_for(("IR", scope))
    while not calendar.is_open(day):
        day += timedelta(days=1)
    return day

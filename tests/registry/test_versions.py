"""Do caches follow a change that another process made, or that was rolled back?"""

import time

from django.db import transaction

from payvand.registry import public as registry
from payvand.registry import versions
from payvand.registry.models import CalendarFact, Revision
from tests.registry.conftest import NOW, ROOT, TODAY, closure, settled


def other_process_closes(scope):
    """Write a closure past this process's caches, as another process would."""
    CalendarFact.objects.create(
        scope=scope, starts=TODAY, ends=TODAY, kind="closure", status="announced",
        title_fa="تعطیلی", title_en="Closure", source="test", known_from=NOW,
    )  # fmt: skip
    Revision.objects.update_or_create(topic=versions.CALENDAR, defaults={"token": "elsewhere"})


def test_another_process_is_heard_within_a_second(agency, monkeypatch):
    tax = agency("tax-15")
    settled()
    assert registry.calendar_of(tax).is_open(TODAY)
    other_process_closes("IR-15")
    assert registry.calendar_of(tax).is_open(TODAY)  # not yet
    later = time.monotonic() + versions.LOOK_EVERY + 0.1
    monkeypatch.setattr(versions.time, "monotonic", lambda: later)
    assert not registry.calendar_of(tax).is_open(TODAY)


def test_a_rolled_back_closure_leaves_nothing_in_the_caches(agency):
    tax = agency("tax-15")
    with transaction.atomic():
        registry.record_closure(closure("IR-15"), by=ROOT)
        assert not registry.calendar_of(tax).is_open(TODAY)
        transaction.set_rollback(True)
    assert registry.calendar_of(tax).is_open(TODAY)


def test_a_token_is_never_used_twice(db):
    seen = set()
    for _ in range(50):
        versions.changed(versions.CALENDAR)
        seen.add(versions.token(versions.CALENDAR))
    assert len(seen) == 50

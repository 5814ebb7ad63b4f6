"""How does the ledger behave with a million open inquiries?

They are loaded set-based, 16 to a case, open for one hour; about 27,000 of them are owed in one
province, all others in another. Then: what a provincial closure would move, the same applied, a
national one applied, the sweep of 1,000 due ones spread over all cases, and the three pages that
people open most.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

CASE, KEY = 7 << 76, (7 << 76) | (1 << 64)
SWEEPS, AT_ONCE = 5, 1000
COLUMNS = (
    "id", "kind", "case_id", "case_code", "service", "question", "title", "asker_id", "debtor_id",
    "place_id", "term", "spec", "payload", "level", "state", "sent_at", "due_at", "next_rung_at",
    "rung", "rung_no", "proof", "outcome", "calendar_version", "has_stops", "ground_id",
)  # fmt: skip


def measure(total: int) -> dict[str, Any]:
    """Load, then measure in turn; every number is in seconds or milliseconds as its name says."""
    from bench import pages
    from payvand.kernel import clock
    from tests import world as worlds

    found: dict[str, Any] = {"total": total}
    began = time.perf_counter()
    with clock.frozen(worlds.MONDAY):
        world = worlds.build()
        load(world, total)
    found["load_s"] = time.perf_counter() - began
    with clock.frozen(worlds.MONDAY + timedelta(hours=1)):
        closures(found)
    sweeps(total, worlds.MONDAY + timedelta(days=1), found)
    with clock.frozen(worlds.MONDAY + timedelta(days=1)):
        found["pages"] = pages.at_scale(world, UUID(int=CASE))
    return found


def load(world: Any, total: int) -> None:
    """Put `total` open inquiries, their cases and their chains into the database."""
    from django.db import connection

    from tests import world as worlds

    first = _application(world)
    applications = (_copied(first, n) for n in range(total // 16))
    insert("window_application", list(first), applications)
    insert("ledger_obligation", COLUMNS, _obligations(world, total, worlds.MONDAY))
    heads = ((UUID(int=CASE | n), 0, "") for n in range(total // 16))
    insert("audit_chain", ("stream", "seq", "head"), heads)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _application(world: Any) -> dict[str, Any]:
    """File one case as people do, and return its row as a model for all others."""
    from django.db import connection

    from payvand.window import public as window
    from tests import world as worlds

    window.file(by=world.applicant, version=world.version, applicant=world.company,
                place="IR-15-1503", data=worlds.DATA)  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM window_application")
        names = [c[0] for c in cursor.description]
        values = [json.dumps(v) if isinstance(v, dict) else v for v in cursor.fetchone()]
    return dict(zip(names, values, strict=True))


def _copied(first: dict[str, Any], n: int) -> list[Any]:
    return list((first | {"id": UUID(int=CASE | n), "code": f"{n:012}"}).values())


def _obligations(world: Any, total: int, sent: datetime) -> Iterator[tuple[Any, ...]]:
    """Return the rows; everything is read before the first, for COPY holds the connection."""
    from payvand.kernel.terms import NO_STOPS, Term, due_at
    from payvand.registry import public as registry
    from payvand.registry.models import Ground
    from payvand.window import compiled

    names = ["a0", "a1", "a2", "a3"]
    plan = json.dumps(compiled.spec_of(world.version, "q00"), ensure_ascii=False)
    calendars = {n: registry.calendar_of(world.agencies[n]) for n in [*names, "other"]}
    due = {n: due_at(Term.parse("5wd"), sent, NO_STOPS, c) for n, c in calendars.items()}
    ground = Ground.objects.values_list("pk", flat=True).first()

    def rows() -> Iterator[tuple[Any, ...]]:
        for n in range(total):
            name = "other" if n % 37 else names[(n // 37) % 4]
            place = "IR-03" if name == "other" else "IR-15-1503"
            yield (
                UUID(int=KEY | n), "inquiry", UUID(int=CASE | (n // 16)),
                f"{n // 16:012}", "grid", f"q{n % 16 // 4}{n % 4}",
                '{"fa":"استعلام","en":"Inquiry"}',
                world.agencies["owner"], world.agencies[name], place, "5wd", plan,
                '{"name":"x"}', "inbox", "sent", sent,
                due[name], due[name], 0, 0, "", "", calendars[name].version, False, ground,
            )  # fmt: skip

    return rows()


def insert(table: str, columns: Any, rows: Iterator[Any]) -> None:
    """Insert many rows: COPY on PostgreSQL, one prepared statement on SQLite."""
    from django.db import connection

    from payvand.ledger import sql

    names = ", ".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        text = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        cursor.execute("BEGIN")
        cursor.executemany(text, ([sql.adapt(v) for v in row] for row in rows))
        cursor.execute("COMMIT")


def closures(found: dict[str, Any]) -> None:
    """Measure a provincial closure, previewed and applied, then a national one."""
    from payvand.ledger import closures as declared
    from payvand.registry import public as registry
    from tests import world as worlds

    boss = registry.Actor(user_id=1, is_operator=True)
    day = (worlds.MONDAY + timedelta(days=1)).date()
    local = declared.Closure("IR-15", day, day, "تعطیلی نمونه", "Sample closure", "bench")
    began = time.perf_counter()
    found["preview_moves"] = declared.preview(by=boss, closure=local).count
    found["preview_s"] = time.perf_counter() - began
    began = time.perf_counter()
    found["applied_moves"] = declared.apply(by=boss, closure=local)
    found["applied_s"] = time.perf_counter() - began
    after = day + timedelta(days=1)
    national = declared.Closure("IR", after, after, "تعطیلی کشور", "National", "bench")
    began = time.perf_counter()
    found["national_moves"] = declared.apply(by=boss, closure=national)
    found["national_s"] = time.perf_counter() - began


def sweeps(total: int, now: datetime, found: dict[str, Any]) -> None:
    """Measure the sweep of 1,000 due ones, a few times; each owes exactly one report."""
    from payvand.kernel import clock
    from payvand.ledger import sweep
    from payvand.ledger.models import Notice, Obligation, Outbox

    past, times = now - timedelta(days=7), []
    reports = Obligation.objects.filter(kind="acknowledgement")
    for run in range(SWEEPS):
        chosen = [UUID(int=KEY | n) for n in range(run, total, max(1, total // AT_ONCE))][:AT_ONCE]
        with clock.frozen(now):
            for debtor, due in _due(chosen, past).items():
                rows = Obligation.objects.filter(id__in=chosen, debtor=debtor)
                rows.update(sent_at=past, due_at=due, next_rung_at=due)
            before = reports.count()
            began = time.perf_counter()
            done = sweep.sweep_batch(now, limit=AT_ONCE)
            times.append(1000 * (time.perf_counter() - began))
            if (done["rows"], reports.count() - before) != (AT_ONCE, AT_ONCE):
                raise RuntimeError(f"not one report each: {done}, {reports.count() - before}")
    found["sweep_ms"] = statistics.median(times)
    found["sweep_all_ms"] = [round(t) for t in times]
    found["notices"], found["outbox"] = Notice.objects.count(), Outbox.objects.count()


def _due(chosen: list[UUID], sent: datetime) -> dict[UUID, datetime]:
    """Return when the term of each debtor's inquiries ran out that were sent at that moment."""
    from payvand.kernel.terms import NO_STOPS, Term, due_at
    from payvand.ledger.models import Obligation
    from payvand.registry import public as registry

    debtors = Obligation.objects.filter(id__in=chosen).values_list("debtor", flat=True).distinct()
    term = Term.parse("5wd")
    return {d: due_at(term, sent, NO_STOPS, registry.calendar_of(d)) for d in debtors}

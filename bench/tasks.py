"""What exactly is measured inside one process? Called by `bench.core.in_process`."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from typing import Any

import django


def main() -> None:
    """Run one task and print its numbers as JSON."""
    django.setup()
    task = globals()[f"task_{sys.argv[1]}"]
    print(json.dumps(task(**json.loads(sys.argv[2]))))


def migrate() -> None:
    """Create the tables."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def one_case(world: Any) -> None:
    """File, answer 16 inquiries one by one, decide: 18 commits through the public actions."""
    from payvand.ledger import public as ledger
    from payvand.ledger.models import Obligation
    from payvand.window import public as window
    from tests import world as worlds

    yes = ledger.Reply("positive", fields={"number": "12"})
    case = window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data=worlds.DATA)  # fmt: skip
    clerks = {world.agencies[f"a{n}"]: world.clerk(f"a{n}") for n in range(4)}
    for _ in range(4):
        # the reading below stands for the clerks' inboxes; one query per layer
        found = Obligation.objects.filter(case_id=case.id, kind="inquiry", state="sent")
        for key, debtor in list(found.values_list("id", "debtor_id")):
            ledger.answer(by=clerks[debtor], obligation_id=key, reply=yes)
    window.decide(by=world.clerk("owner", "decider"), application_id=case.id,
                  reply=ledger.Reply("positive", text="-"))  # fmt: skip


def task_case(cases: int) -> dict[str, Any]:
    """Client CPU per complete case, one writer."""
    from tests import world as worlds

    migrate()
    world = worlds.build()
    for _ in range(5):
        one_case(world)
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(cases):
        one_case(world)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    from payvand.audit.models import Event
    from payvand.window.models import Licence

    return {"cpu_ms": 1000 * cpu / cases, "per_s": cases / wall,
            "licences": Licence.objects.count(), "events": Event.objects.count()}  # fmt: skip


def _writer(world: Any, seconds: float, out: Any) -> None:
    from django.db import connection

    connection.close()
    one_case(world)
    done, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        one_case(world)
        done += 1
    out.put(done)


def task_writers(writers: int, seconds: float) -> dict[str, Any]:
    """Complete cases per second with many writers, each a process."""
    from django.db import connection

    from tests import world as worlds

    migrate()
    world = worlds.build()
    one_case(world)
    connection.close()
    context = multiprocessing.get_context("fork")
    out = context.Queue()
    began = time.perf_counter()
    people = [context.Process(target=_writer, args=(world, seconds, out)) for _ in range(writers)]
    for one in people:
        one.start()
    done = sum(out.get() for _ in people)
    for one in people:
        one.join()
    return {"per_s": done / seconds, "wall": time.perf_counter() - began}


def task_bulk(batches: int) -> dict[str, Any]:
    """Answers per second when a clerk answers 200 inquiries in one action."""
    from payvand.ledger import public as ledger
    from payvand.ledger.models import Obligation
    from payvand.window import public as window
    from tests import world as worlds

    migrate()
    world = worlds.build()
    yes = ledger.Reply("positive", fields={"number": "12"})
    for _ in range(200 * batches):
        window.file(by=world.applicant, version=world.version, applicant=world.company,
                    place="IR-15-1503", data=worlds.DATA)  # fmt: skip
    clerk, agency = world.clerk("a0"), world.agencies["a0"]
    found = Obligation.objects.filter(debtor_id=agency, state="sent", question="q00")
    ids = list(found.order_by("id").values_list("id", flat=True))
    began = time.perf_counter()
    for n in range(batches):
        ledger.answer_many(by=clerk, obligation_ids=ids[200 * n : 200 * (n + 1)], reply=yes)
    wall = time.perf_counter() - began
    return {"per_s": 200 * batches / wall}


def load_million(world: Any, total: int) -> None:
    """Put `total` open inquiries into the ledger, set-based, 16 to a case, spread over debtors."""
    from django.db import connection

    from payvand.kernel.terms import Stops, Term, due_at
    from payvand.ledger import sql
    from payvand.registry import public as registry
    from payvand.window import compiled
    from tests import world as worlds

    postgres = connection.vendor == "postgresql"
    names = ["a0", "a1", "a2", "a3", "other"]
    spec = json.dumps(compiled.spec_of(world.version, "q00"), ensure_ascii=False)
    due = {
        n: due_at(Term.parse("5wd"), worlds.MONDAY, Stops.of([]),
                  registry.calendar_of(world.agencies[n]))
        for n in names
    }  # fmt: skip
    columns = ("id", "kind", "case_id", "case_code", "service", "question", "title", "asker_id",
               "debtor_id", "place_id", "term", "spec", "payload", "level", "state", "sent_at",
               "due_at", "next_rung_at", "rung", "rung_no", "proof", "outcome",
               "calendar_version", "has_stops", "ground_id")  # fmt: skip
    from payvand.registry.models import Ground

    ground = Ground.objects.values_list("pk", flat=True).first()

    def rows(start: int, end: int) -> Any:
        from uuid import UUID

        for n in range(start, end):
            name = names[n % 5] if n % 40 else "a0"
            name = "other" if n % 37 else name  # the province under test holds about 26,000
            case, key = UUID(int=(7 << 76) | (n // 16)), UUID(int=(7 << 76) | (1 << 64) | n)
            yield (key, "inquiry", case, "000000000000", "grid", f"q{n % 16}",
                   '{"fa":"استعلام","en":"Inquiry"}', world.agencies["owner"],
                   world.agencies[name], "IR-15-1503" if name != "other" else "IR-03", "5wd",
                   spec, '{"name":"x"}', "inbox", "sent", worlds.MONDAY, due[name], due[name],
                   0, 0, "", "", "bench", False, ground)  # fmt: skip

    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        for start in range(0, total, 50_000):
            end = min(start + 50_000, total)
            if postgres:
                with cursor.copy(
                    f"COPY ledger_obligation ({', '.join(columns)}) FROM STDIN"
                ) as copy:
                    for row in rows(start, end):
                        copy.write_row(row)
            else:
                cursor.executemany(
                    f"INSERT INTO ledger_obligation ({', '.join(columns)}) VALUES ({marks})",
                    [[sql.adapt(v) for v in row] for row in rows(start, end)],
                )
        if postgres:
            cursor.execute(
                "INSERT INTO audit_chain SELECT DISTINCT case_id, 0, '' FROM ledger_obligation"
            )
            cursor.execute("ANALYZE")
        else:
            cursor.execute(
                "INSERT INTO audit_chain SELECT DISTINCT case_id, 0, '' FROM ledger_obligation"
            )
            cursor.execute("ANALYZE")


def task_million(total: int) -> dict[str, Any]:
    """With `total` open terms: the sweep of 1,000 due ones, a provincial and a national closure."""
    from datetime import timedelta

    from django.db import connection

    from payvand.kernel import clock
    from payvand.ledger import closures, sweep
    from payvand.ledger.models import Obligation
    from payvand.registry import public as registry
    from tests import world as worlds

    migrate()
    with clock.frozen(worlds.MONDAY):
        world = worlds.build()
        load_million(world, total)
    found: dict[str, Any] = {"total": total}
    boss = registry.Actor(user_id=1, is_operator=True)
    with clock.frozen(worlds.MONDAY + timedelta(hours=1)):
        day = (worlds.MONDAY + timedelta(days=1)).date()
        local = closures.Closure("IR-15", day, day, "تعطیلی نمونه", "Sample closure", "bench")
        began = time.perf_counter()
        seen = closures.preview(by=boss, closure=local)
        found["preview_s"], found["preview_moves"] = time.perf_counter() - began, seen.count
        began = time.perf_counter()
        found["applied_moves"] = closures.apply(by=boss, closure=local)
        found["applied_s"] = time.perf_counter() - began
        after = day + timedelta(days=1)
        national = closures.Closure("IR", after, after, "تعطیلی کشور", "National", "bench")
        began = time.perf_counter()
        found["national_moves"] = closures.apply(by=boss, closure=national)
        found["national_s"] = time.perf_counter() - began
    soon = worlds.MONDAY + timedelta(days=1)
    times = []
    for _ in range(4):
        ids = Obligation.objects.filter(state="sent", next_rung_at__gt=soon, rung=0)
        chosen = list(ids.order_by("-id").values_list("id", flat=True)[:1000])
        with clock.frozen(soon), connection.cursor() as cursor:
            del cursor
            past = soon - timedelta(days=9)
            Obligation.objects.filter(id__in=chosen).update(sent_at=past, next_rung_at=past)
            began = time.perf_counter()
            done = sweep.sweep_batch(soon, limit=1000)
            times.append(time.perf_counter() - began)
            found["sweep_rows"] = done["rows"]
            found["sweep_reports"] = Obligation.objects.filter(kind="acknowledgement").count()
    found["sweep_ms"] = 1000 * sorted(times)[len(times) // 2]
    found["sweep_all_ms"] = [round(1000 * t) for t in times]
    return found


def task_spiff(cases: int) -> dict[str, Any]:
    """Client CPU per case of SpiffWorkflow, saved to and reloaded from the database each step."""
    from bench import spiff

    return spiff.measure(cases)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "payvand.conf.settings.test")
    main()

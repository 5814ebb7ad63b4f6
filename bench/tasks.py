"""What exactly is measured inside one process? Called by `bench.core.in_process`."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import sys
import threading
import time
from typing import Any
from uuid import UUID

import django


def main() -> None:
    """Run one task and print its numbers as JSON."""
    django.setup()
    from bench import foresight_promises

    name = f"task_{sys.argv[1]}"
    task = globals().get(name) or getattr(foresight_promises, name)
    print(json.dumps(task(**json.loads(sys.argv[2]))))


def migrate() -> None:
    """Create the tables."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


_ASKED = (
    "SELECT id, debtor_id FROM ledger_obligation WHERE case_id = %s AND kind = 'inquiry' "
    "AND state = 'sent'"
)


def _uuid(key: Any) -> UUID:
    return key if isinstance(key, UUID) else UUID(hex=key)


def one_case(world: Any) -> None:
    """File, answer 16 inquiries one by one, decide: 18 commits through the public actions."""
    from payvand.ledger import public as ledger
    from payvand.window import public as window
    from tests import world as worlds

    yes = ledger.Reply("positive", fields={"number": "12"})
    case = window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data=worlds.DATA)  # fmt: skip
    clerks = {world.agencies[f"a{n}"]: world.clerk(f"a{n}") for n in range(4)}
    for _ in range(4):
        # the reading below stands for the clerks' inboxes; one query per layer
        for key, debtor in ledger.run(_ASKED, [case.id]):
            ledger.answer(by=clerks[_uuid(debtor)], obligation_id=_uuid(key), reply=yes)
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


def _writer(world: Any, end: float, done: list[int]) -> None:
    one_case(world)
    while True:
        one_case(world)
        if time.perf_counter() > end:
            break
        done.append(1)


def _served(world: Any, threads: int, seconds: float, out: Any) -> None:
    from django.db import connection

    connection.close()
    end = time.perf_counter() + seconds
    done: list[int] = []
    people = [threading.Thread(target=_writer, args=(world, end, done)) for _ in range(threads)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    out.put(len(done))


def task_writers(writers: int, processes: int, seconds: float) -> dict[str, Any]:
    """Complete cases per second with many writers, divided over processes as when serving.

    A case that ends after the time is not counted, nor is the first of each writer.
    """
    from django.db import connection

    from tests import world as worlds

    migrate()
    world = worlds.build()
    one_case(world)
    connection.close()
    gc.freeze()
    context = multiprocessing.get_context("fork")
    out = context.Queue()
    served = [
        context.Process(target=_served, args=(world, writers // processes, seconds, out))
        for _ in range(processes)
    ]
    for one in served:
        one.start()
    done = sum(out.get() for _ in served)
    for one in served:
        one.join()
    return {"per_s": done / seconds}


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


def task_million(total: int) -> dict[str, Any]:
    """With `total` open inquiries: closures, the sweep of 1,000 due ones, and the pages."""
    from bench import million

    migrate()
    return million.measure(total)


def task_spiff(cases: int) -> dict[str, Any]:
    """Client CPU per case of SpiffWorkflow, saved to and reloaded from the database each step."""
    from bench import spiff

    return spiff.measure(cases)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "payvand.conf.settings.test")
    main()

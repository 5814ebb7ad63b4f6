"""How long does a promise take, a what-if page, and a night of 100,000 open applications?

The promise and the what-if page are measured warm, as a running server has them. The night is the
whole chore: learning anew from all answers, reading every open case, sampling, writing the promises
that differ, through the database.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bench.core import Result, in_process
from bench.promises import result

if TYPE_CHECKING:
    from bench.groups import Bench, Measure

CASE, KEY = 9 << 76, (9 << 76) | (1 << 64)
CLOSED = 3000  # decided applications from which the offices are known
DAYS, LOG_MEDIAN, LOG_SD = 40, 0.9, 1.2  # of applications; of answer times, working days
CHANGES = (
    "cap:q00:3", "cap:q11:4", "cap:q22:5", "register:q01", "register:q02", "drop:q30", "drop:q31",
    "merge:q32:q33", "desks:q03:3+1", "desks:q13:2+2", "cap:*:8",
)  # fmt: skip


def promise_ms(_bench: Bench) -> list[Result]:
    """One application with 16 inquiries, 20,000 samples."""
    return [result("foresight.promise_ms", task_promise()["ms"])]


def whatif_s(bench: Bench) -> list[Result]:
    """The page of the service's owner with eleven changes, 20,000 samples each."""
    with bench.database("sqlite", "whatif") as url:
        found = in_process("whatif", url)
    return [result("foresight.whatif_s", found["s"])]


def nightly_s(bench: Bench) -> list[Result]:
    """100,000 open applications at 2,000 samples."""
    total = 100_000 if bench.rows >= 1_000_000 else bench.rows // 10
    found = in_process("nightly", bench.fresh("nightly"), total=total)
    return [result("foresight.nightly_100k_s", found["s"])]


def measures(bench: Bench) -> list[Measure]:
    """Return what this part of foresight promises."""
    return [partial(f, bench) for f in (promise_ms, whatif_s, nightly_s)]


# --- tasks, each in a process of its own ------------------------------------------------------


def task_promise() -> dict[str, Any]:
    """Time one promise: conditional tables, draws, composition, the slowest chain."""
    import numpy as np

    from payvand.foresight.rules import network
    from payvand.foresight.rules import promises as rules
    from payvand.foresight.rules.composition import Chances
    from payvand.foresight.rules.survival import kaplan_meier

    chance = np.random.default_rng(5)
    keys = [f"q{n}" for n in range(16)]
    needs = {f"q{n}": [f"q{n % 9}", f"q{(n + 1) % 9}"] for n in range(9, 14)}
    net = network.build(keys, needs | {"q14": ["q9", "q10"], "q15": ["q11", "q12"]}, {}, {})
    curves = {
        f"q|{key}": kaplan_meier(chance.lognormal(1, 1.2, 300), np.ones(300, bool))
        for key in [*keys, "decision"]
    }
    known = _known(curves)
    calendar = _calendar()
    now = calendar.midnight(calendar.first + timedelta(days=400)) + timedelta(hours=9)
    spent = []
    for turn in range(40):
        standings = tuple(
            rules.Standing(rules.OPEN if n < 9 else rules.AHEAD, key, calendar=calendar,
                           waited=float(chance.uniform(0, 9)) if n < 9 else 0.0)
            for n, key in enumerate([*keys, "decision"])
        )  # fmt: skip
        began = time.perf_counter()
        teller = rules.Teller(known, now, Chances(rules.SEED, rules.SAMPLES, 0.25))
        teller.tell(rules.Situation(net, standings))
        if turn >= 5:
            spent.append(time.perf_counter() - began)
    return {"ms": 1000 * statistics.median(spent)}


def _known(curves: dict[str, Any]) -> Any:
    from payvand.foresight.rules.learning import Known
    from payvand.foresight.rules.survival import EMPTY

    return Known(curves, EMPTY, 1000, 900, 0.25, 0)


def _calendar() -> Any:
    from datetime import date
    from datetime import time as clock_time

    from payvand.kernel.calendar import CalendarRule, WorkCalendar

    first = date(2025, 1, 1)
    rules = [
        CalendarRule(1, "IR", first, None, frozenset({3, 4}), "weekend"),
        CalendarRule(2, "IR", first, None, None, "hours", clock_time(7), clock_time(14)),
    ]
    return WorkCalendar.build(["IR"], rules, first=first, last=date(2028, 12, 31))


def task_whatif() -> dict[str, Any]:
    """Time the page as a browser asks for it, from the address to the last byte."""
    from django.test import Client

    from payvand.foresight.actions.learn import learn_all
    from payvand.kernel import clock
    from payvand.registry import models as r
    from payvand.registry import public as registry
    from tests import world as worlds

    world, now = _filled(400)
    with clock.frozen(now):
        learn_all(now)
        user = r.User.objects.create(username="planner")
        r.Membership.objects.create(user=user, org_id=world.agencies["owner"], role="head",
                                    valid_from=worlds.LONG_AGO.date())  # fmt: skip
        registry.forget()
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        query = "&".join(f"change={one.replace('+', '%2B')}" for one in CHANGES)
        spent = []
        for _ in range(7):
            began = time.perf_counter()
            page = client.get(f"/en/services/grid/what-if/?{query}")
            spent.append(time.perf_counter() - began)
            assert page.status_code == 200, page.status_code
    return {"s": statistics.median(spent[2:])}


def task_nightly(total: int) -> dict[str, Any]:
    """Time the chore of one night over `total` open applications."""
    from payvand.foresight.jobs.promises import nightly
    from payvand.foresight.models import Promise
    from payvand.kernel import clock

    began = time.perf_counter()
    _world, now = _filled(total)
    loaded = time.perf_counter() - began
    with clock.frozen(now):
        began, cpu = time.perf_counter(), time.process_time()
        made = nightly()
        spent, cpu = time.perf_counter() - began, time.process_time() - cpu
    assert made == Promise.objects.count() == total, (made, Promise.objects.count(), total)
    return {"s": spent, "cpu_s": cpu, "load_s": loaded}


def _filled(total: int) -> tuple[Any, Any]:
    """Return a world with closed and `total` open applications, each as far as chance has it."""
    from bench.million import insert
    from bench.tasks import migrate
    from payvand.kernel import clock
    from tests import world as worlds

    migrate()
    with clock.frozen(worlds.MONDAY):
        world = worlds.build()
        first = _application(world)
    now = worlds.MONDAY + timedelta(days=DAYS + 120)
    made = list(_cases(world, total, now))
    insert("window_application", list(first), (
        list((first | one[0]).values()) for one in made
    ))  # fmt: skip
    columns = tuple(next(iter(made[0][1])))
    insert("ledger_obligation", columns, (tuple(o.values()) for one in made for o in one[1]))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return world, now


def _application(world: Any) -> dict[str, Any]:
    """Return the row of one application as a model for all others, and take it away again."""
    from bench.million import _application as filed
    from payvand.audit.models import Event
    from payvand.ledger import models as ledger
    from payvand.window import models as window

    row = filed(world)
    for table in (ledger.Disclosure, ledger.Notice, ledger.Outbox, ledger.Obligation):
        table.objects.all().delete()
    Event.objects.all().delete()
    window.Application.objects.all().delete()
    return row


def _cases(world: Any, total: int, now: Any) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Yield applications with what was asked and answered of each, as chance has it."""
    import numpy as np

    chance = np.random.default_rng(11)
    layers = [[f"q{layer}{n}" for n in range(4)] for layer in range(4)]
    spent = chance.lognormal(LOG_MEDIAN, LOG_SD, (total * 3 + CLOSED * 3, 17)) * 1.4
    names = [f"a{n}" for n in range(4)]
    open_ones = closed_ones = n = 0
    while open_ones < total or closed_ones < CLOSED:
        line, n = spent[n % len(spent)], n + 1
        is_old = closed_ones < CLOSED and n % 2 == 0
        age = float(chance.uniform(0.1, DAYS)) + (100 if is_old else 0)
        case, sent = UUID(int=CASE | n), now - timedelta(days=age)
        ends: dict[str, float] = {}
        owed = []
        for layer, keys in enumerate(layers):
            for place, key in enumerate(keys):
                before = [f"q{layer - 1}{place}", f"q{layer - 1}{(place + 1) % 4}"] if layer else []
                start = max((ends[one] for one in before), default=0.0)
                ends[key] = start + float(line[4 * layer + place])
                if start < age:
                    owed.append((key, names[place], start, ends[key], "inquiry"))
        asked = max(ends.values())
        done = asked + float(line[16])
        if asked < age:
            owed.append(("decision", "owner", asked, done, "decision"))
        if (done < age) != is_old or (not is_old and open_ones >= total):
            continue
        closed_ones, open_ones = closed_ones + is_old, open_ones + (not is_old)
        row = {"id": case, "code": f"{n:012}", "submitted_at": sent}
        if is_old:
            row |= {"state": "granted", "decided_at": sent + timedelta(days=done),
                    "outcome": "positive"}  # fmt: skip
        elif asked < age:
            row |= {"state": "deciding"}
        yield row, [_owed(world, case, one, (sent, age, n)) for one in owed]


def _owed(world: Any, case: UUID, one: Any, when: Any) -> dict[str, Any]:
    (key, name, start, end, kind), (sent, age, n) = one, when
    answered = sent + timedelta(days=end) if end < age else None
    place = 0 if key == "decision" else 1 + 4 * int(key[1]) + int(key[2])
    return {
        "id": UUID(int=KEY | (n * 32 + place)), "kind": kind, "case_id": case,
        "case_code": f"{n:012}",
        "service": "grid", "question": key, "title": json.dumps({"fa": key, "en": key}),
        "asker_id": world.agencies["owner"], "debtor_id": world.agencies[name],
        "place_id": "IR-15-1503", "term": "5wd", "spec": "{}", "payload": "{}", "level": "inbox",
        "state": "answered" if answered else "sent", "sent_at": sent + timedelta(days=start),
        "opened_at": sent + timedelta(days=start + 0.2 * min(end - start, 5)),
        "answered_at": answered, "due_at": sent + timedelta(days=start + 7),
        "outcome": "positive" if answered else "", "rung": 0, "rung_no": 0, "proof": "opened",
        "calendar_version": "", "has_stops": False,
    }  # fmt: skip

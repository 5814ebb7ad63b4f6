"""How long does the server work for a page with a million open inquiries, in how many queries?

Server time only: Django's test client, everything from the middleware to the rendered bytes. The
median of several readings counts, after warm-up.
"""

from __future__ import annotations

import re
import statistics
import time
from datetime import date
from typing import Any
from uuid import UUID

READINGS = 9
NOTHING = {"sql": "", "time": 0}


def at_scale(world: Any, case: UUID) -> dict[str, Any]:
    """Return {page: {ms, queries, status, kb}} for the pages that people open most."""
    clerk, head, applicant = _people(world)
    found: dict[str, Any] = {}
    for name, person, address, query in (
        ("inbox", clerk, ("ledger:inbox",), ""),
        ("inbox_page_2", clerk, ("ledger:inbox",), "after"),
        ("inbox_overdue", clerk, ("ledger:inbox",), "when=overdue"),
        ("inbox_service", clerk, ("ledger:inbox",), "service=grid"),
        ("inbox_code", clerk, ("ledger:inbox",), "code=000000000"),
        ("inbox_mine", clerk, ("ledger:inbox",), "mine=1"),
        ("desk", head, ("ledger:desk",), ""),
        ("desk_page_2", head, ("ledger:desk",), "after"),
        ("tracking", applicant, ("window:case", case), ""),
        ("my_cases", applicant, ("window:mine",), ""),
        ("inquiry", clerk, ("ledger:obligation", _owed(world)), ""),
        ("notices", head, ("ledger:notices",), ""),
    ):
        try:
            found[name] = read(person, address, query)
        except Exception as error:  # noqa: BLE001 - one broken page must not hide the others
            found[name] = {"error": f"{type(error).__name__}: {error}"[:300]}
    return found


def _people(world: Any) -> tuple[Any, Any, Any]:
    """Return a clerk with the fullest inbox, the head of that agency, and the applicant."""
    from payvand.registry import public as registry
    from payvand.registry.models import Holding, Membership, User

    clerk = User.objects.create(username="clerk")
    since = date(2020, 1, 1)
    Membership.objects.create(user=clerk, org_id=world.agencies["other"], role="clerk",
                              valid_from=since)  # fmt: skip
    head = User.objects.create(username="head")
    Holding.objects.filter(office_id=world.offices["head-other"]).update(user=head)
    applicant = User.objects.create(username="applicant", party_id=world.applicant.party)
    Membership.objects.create(user=applicant, org_id=world.company, role="admin",
                              valid_from=since)  # fmt: skip
    registry.forget()
    return clerk, head, applicant


def _owed(world: Any) -> UUID:
    from payvand.ledger.models import Obligation

    rows = Obligation.objects.filter(debtor_id=world.agencies["other"], kind="inquiry")
    return rows.values_list("id", flat=True)[0]


def read(person: Any, address: tuple[Any, ...], query: str) -> dict[str, Any]:
    """Read one page several times and return the median server time and its queries."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    path = reverse(address[0], args=address[1:])
    if query == "after":
        query = "after=" + _next(client.get(path))
    target = f"{path}?{query}" if query else path
    for _ in range(2):
        answer = client.get(target)
    with CaptureQueriesContext(connection) as seen:
        client.get(target)
    count, slow = len(seen), max(seen, key=lambda q: float(q["time"]), default=NOTHING)
    times, cpu = [], time.process_time()
    for _ in range(READINGS):
        began = time.perf_counter()
        answer = client.get(target)
        times.append(1000 * (time.perf_counter() - began))
    cpu = (time.process_time() - cpu) / READINGS
    return {"ms": round(statistics.median(times), 1), "cpu_ms": round(1000 * cpu, 1),
            "worst_ms": round(max(times), 1),
            "queries": count, "status": answer.status_code,
            "kb": round(len(answer.content) / 1024, 1),
            "slowest_s": float(slow["time"]), "slowest": slow["sql"][:400]}  # fmt: skip


def _next(page: Any) -> str:
    """Return where the next page begins, as the page itself links to it."""
    found = re.search(r"after=([^\"&]+)", page.content.decode())
    if found is None:
        raise RuntimeError("the page links to no next one")
    return found[1]

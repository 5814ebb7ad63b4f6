"""How do the sample stories get into the database? Set by set, never step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.audit import public as audit
from payvand.demo import data, licences
from payvand.demo.filings import filings
from payvand.demo.people import People
from payvand.demo.stage import Stage
from payvand.demo.story import Story
from payvand.kernel import clock
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import public as window

BATCH = 150  # applications written at once
NOTICES_KEPT = timedelta(days=45)  # older notices were read and cleared away
READ_AFTER = timedelta(days=6)


def write(
    people: People, *, applications: int, seed: int, now: datetime,
    tell: Callable[[str], None] = lambda _: None,
) -> Counter[str]:  # fmt: skip
    """Tell all stories and write them; returns how many applications stand in each state."""
    stage = set_stage(people, now)
    tell(f"{applications:,} applications")
    stories = []
    for filing in filings(people, count=applications, seed=seed, now=now):
        story = Story(stage, filing)
        story.tell()
        stories.append(story)
    licences.number(stories)
    tell("writing")
    waiting = iter(stories)
    while part := list(islice(waiting, BATCH)):
        write_part(part, now)
    return Counter(story.row["state"] for story in stories)


def set_stage(people: People, now: datetime) -> Stage:
    """Return what all stories share."""
    slugs = {card.id: card.slug or "" for card in registry.agencies(limit=100_000)}
    ids = {slug: key for key, slug in slugs.items()}
    desks, signers = {key: f"agency:{slug}" for key, slug in slugs.items()}, {}
    for account in data.ACCOUNTS:
        slug, seat = account.seat or ("", "")
        if slug in ids and seat in ("clerk", "decider"):
            desks[ids[slug]] = f"user:{people.users[account.username]}"
        elif slug in ids and seat == "signatory":
            signers[ids[slug]] = f"user:{people.users[account.username]}"
    versions = dict(window.ServiceVersion.objects.order_by("pk").values_list("service_id", "pk"))
    tried = frozenset(registry.offices_of(people.users[data.HEAD], clock.local_date(now)))
    return Stage(now, versions, slugs, desks, signers, tried)


@transaction.atomic
def write_part(stories: Sequence[Story], now: datetime) -> None:
    """Write some stories: one statement for each table, and their part of the log."""
    window.Application.objects.bulk_create(window.Application(**s.row) for s in stories)
    window.Fee.objects.bulk_create(
        window.Fee(application_id=s.row["id"], **fee) for s in stories for fee in s.fees
    )
    window.Licence.objects.bulk_create(one for s in stories for one in s.licences)
    window.HandOver.objects.bulk_create(one for s in stories for one, _ in s.handed_over)
    whole = ledger.Work(at=now, by="sample:history")
    for story in stories:
        _gather(story, whole, now)
    ledger.flush(whole)
    rows: list[audit.EventRow] = []
    heads: dict[UUID, audit.Head] = {}
    for story in stories:
        for at, by, entry in story.log:
            made, moved = audit.compute([entry], heads, by, at)
            rows += made
            heads |= moved
    audit.write(rows, heads)


def _gather(story: Story, whole: ledger.Work, now: datetime) -> None:
    """Add the rows of one story, as they stand at its end, to the rows of all."""
    for asked in story.work.inserts.get("Obligation", ()):
        asked.update(story.owed[asked["id"]].changed())
    for table, rows in story.work.inserts.items():
        kept: list[dict[str, Any]] = rows
        if table == "Notice":
            kept = [row for row in rows if now - row["at"] < NOTICES_KEPT]
            for row in kept:
                row["read_at"] = row["at"] + READ_AFTER if now - row["at"] > READ_AFTER else None
        whole.inserts.setdefault(table, []).extend(kept)


def fingerprint() -> list[tuple[Any, ...]]:
    """Return the history without ids of rows: the same seed on the same day gives the same."""
    local = clock.local_date
    cases = window.Application.objects.values("pk")
    of_services = ledger.Obligation.objects.filter(case_id__in=cases)
    found = of_services.order_by("case_code", "question").values_list(
        "case_code", "question", "state", "outcome", "sent_at", "answered_at", "due_at"
    )
    return [(*row[:4], *(at and (local(at), at) for at in row[4:])) for row in found]

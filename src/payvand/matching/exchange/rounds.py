"""How are thousands of firms judged and told for one need, without anybody waiting at a page?

A round is carried on by the worker, a page of firms at a time. The page, the firms told and how far
the round has come are one transaction: whoever goes on after a fault repeats nothing and skips
nobody. While a need is open its round is repeated daily, so that firms that come later hear too.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, F, Q, When

from payvand.kernel import clock
from payvand.ledger import public as ledger
from payvand.matching.exchange import eligible
from payvand.matching.exchange.journal import record
from payvand.matching.models import Need, Round, Told
from payvand.matching.rules import needs as rules
from payvand.registry.public import databank, system

JUDGE, EXTENDED, WITHDRAWN = "judge", "extended", "withdrawn"
VERBS = {JUDGE: "need.opened", EXTENDED: "need.extended", WITHDRAWN: "need.withdrawn"}
PAGE = 500  # firms in one transaction
SECONDS = 2.0  # of one turn of the worker; what is left goes on in the next
FRESH = timedelta(days=1)  # after that an open need is judged anew


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the round of a need has come."""

    seen: int
    total: int
    told: int

    @property
    def percent(self) -> int:
        """Return the share that is done, 0 to 100; firms may come while it runs."""
        return min(100, round(100 * self.seen / self.total)) if self.total else 0


def begin(need: Need, kind: str, **args: Any) -> None:
    """Begin a round, inside a larger action.

    A judging round goes through the databank. The others tell everybody who was told, invited, who
    answered or asked, and end the rounds that would still tell of a need that is gone.
    """
    total = databank.count_suppliers()
    if kind != JUDGE:
        total = _gather(need)
    if kind == WITHDRAWN:
        need.rounds.filter(done_at=None).update(done_at=clock.now())
    Round.objects.create(need=need, kind=kind, args=args, begun_at=clock.now(), total=total)


def _gather(need: Need) -> int:
    """Add to those who were told everybody else who has to do with the need; returns how many."""
    firms: set[UUID] = set()
    for rows in (need.invitations, need.answers, need.questions, need.exchanges):
        firms |= set(rows.exclude(firm=None).values_list("firm_id", flat=True))
    Told.objects.bulk_create([Told(need=need, firm_id=firm) for firm in sorted(firms)],
                             ignore_conflicts=True)  # fmt: skip
    return need.told.count()


def under_way(need: Need) -> Progress | None:
    """Return how far the telling of a need has come; None when nothing is under way."""
    rows = need.rounds.filter(done_at=None).order_by("pk")
    row = next((one for one in rows if need.is_public or one.kind != JUDGE), None)
    return Progress(row.seen, row.total, row.told) if row else None


def carry_on(*, seconds: float | None = SECONDS, need: UUID | None = None) -> int:
    """Go on with the rounds under way, the oldest first; returns how many pages were done.

    seconds: at least one page is done; None goes on to the end. need: only rounds of this one.
    """
    ends, pages = None if seconds is None else time.monotonic() + seconds, 0
    while _one_page(need):
        pages += 1
        if ends is not None and time.monotonic() >= ends:
            break
    return pages


@transaction.atomic
def _one_page(need: UUID | None = None) -> bool:
    """Do one page of the oldest round that nobody else has in hand; False when there is none."""
    again = When(kind=JUDGE, need__judged_at__isnull=False, then=1)  # what is repeated can wait
    rows = Round.objects.filter(done_at=None).select_related("need")
    rows = rows.order_by(Case(again, default=0), "pk")
    if need is not None:
        rows = rows.filter(need=need)
    if connection.vendor == "postgresql":
        rows = rows.select_for_update(of=("self",), skip_locked=True)
    row = rows.first()
    if row is None:
        return False
    if row.kind == JUDGE and row.need.state != rules.OPEN:
        row.done_at = clock.now()  # nobody waits for this count any more
        row.save(update_fields=["done_at"])
        return True
    if row.kind == JUDGE:
        page = databank.supplier_ids(after=row.after, limit=PAGE)
        firms = _judged(row, page)
    else:
        page = _told_of(row.need, row.after)
        firms = page
    told = _tell(row, firms)
    row.seen, row.told = row.seen + len(page), row.told + told
    row.after = page[-1] if page else row.after
    if len(page) < PAGE:
        _end(row)
    row.save(update_fields=["seen", "told", "able", "sure", "after", "done_at"])
    return True


def _judged(row: Round, page: list[UUID]) -> list[UUID]:
    """Count the firms of a page that may answer; return those that a public buyer must tell."""
    page = [firm for firm in page if firm != row.need.buyer_id]
    able, sure = eligible.sorted_out(eligible.requirements_of(row.need), page)
    row.able, row.sure = row.able + len(able), row.sure + sure
    if not row.need.is_public:
        return []
    known = set(Told.objects.filter(need=row.need, firm__in=able).values_list("firm_id", flat=True))
    fresh = [firm for firm in able if firm not in known]
    Told.objects.bulk_create(Told(need=row.need, firm_id=firm) for firm in fresh)
    return fresh


def _told_of(need: Need, after: UUID | None) -> list[UUID]:
    rows = need.told.filter(firm__gt=after) if after else need.told.all()
    return list(rows.order_by("firm_id").values_list("firm_id", flat=True)[:PAGE])


def _tell(row: Round, firms: Iterable[UUID]) -> int:
    need, firms = row.need, list(firms)
    if not firms:
        return 0
    work = ledger.Work(at=clock.now(), by="system:matching")
    args = {"title": {"fa": need.title_fa, "en": need.title_en or need.title_fa},
            "code": need.code, **row.args}  # fmt: skip
    for firm in firms:
        work.add("Notice", party_id=firm, case_id=need.pk, verb=VERBS[row.kind], at=work.at,
                 args=args)  # fmt: skip
    ledger.flush(work)
    if row.kind == JUDGE:
        Need.objects.filter(pk=need.pk).update(notified=F("notified") + len(firms))
    record(system("matching"), need.pk, "firms_told", f"need:{need.code}", notice=row.kind,
           firms=len(firms))  # fmt: skip
    return len(firms)


def _end(row: Round) -> None:
    row.done_at = clock.now()
    if row.kind == JUDGE:
        Need.objects.filter(pk=row.need_id).update(
            able=row.able, sure=row.sure, judged_at=row.done_at
        )
        record(system("matching"), row.need_id, "firms_judged", f"need:{row.need.code}",
               able=row.able, sure=row.sure, told=row.told)  # fmt: skip


@transaction.atomic
def refresh() -> int:
    """Judge the open needs anew that were judged a day ago or never; returns how many."""
    stale = Q(judged_at=None) | Q(judged_at__lt=clock.now() - FRESH)
    busy = Round.objects.filter(done_at=None, kind=JUDGE).values("need")
    rows = list(Need.objects.filter(stale, state=rules.OPEN).exclude(pk__in=busy))
    for row in rows:
        begin(row, JUDGE)
    return len(rows)

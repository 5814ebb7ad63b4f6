"""What does a buyer do with a need: write, freeze, open, close, award?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import NotFound, gettext_noop
from payvand.kernel.ids import tracking_code
from payvand.kernel.text import clean
from payvand.ledger import public as ledger
from payvand.matching.exchange import access, eligible
from payvand.matching.exchange.journal import record
from payvand.matching.models import Need, NeedRequirement
from payvand.matching.rules import needs as rules
from payvand.matching.rules.needs import BadNeed, NeedDraft, RequirementDraft, WrongState
from payvand.registry import public as registry
from payvand.registry.public import Actor

NOT_YOUR_SITE = gettext_noop("Choose one of the buyer’s own sites.")


def locked(need_id: UUID) -> Need:
    """Return a need, locked for this transaction; raises NotFound."""
    row = Need.objects.select_for_update().filter(pk=need_id).first()
    if row is None:
        raise NotFound(need=str(need_id))
    return row


def must_be(need: Need, *states: str) -> None:
    """Raise WrongState unless the need is in one of the states."""
    if need.state not in states:
        raise WrongState(need=str(need.pk), state=need.state)


@transaction.atomic
def write(draft: NeedDraft, *, by: Actor, buyer: UUID, is_sample: bool = False) -> UUID:
    """Begin a need as a draft. Raises Refused, BadNeed (field by field)."""
    access.may_act(by, buyer).or_raise()
    row = Need(buyer_id=buyer, code=tracking_code(), written_at=clock.now(), is_sample=is_sample)
    _fill(row, draft)
    row.save(force_insert=True)
    _requirements(row, draft.requirements)
    record(by, row.pk, "need_written", f"need:{row.code}", public=row.is_public)
    return row.pk


@transaction.atomic
def rewrite(need_id: UUID, draft: NeedDraft, *, by: Actor) -> None:
    """Change a draft; a frozen need stays as it is. Raises Refused, WrongState, BadNeed."""
    row = locked(need_id)
    access.may_buy(by, row).or_raise()
    must_be(row, rules.DRAFT)
    _fill(row, draft)
    row.save()
    row.requirements.all().delete()
    _requirements(row, draft.requirements)
    record(by, row.pk, "need_rewritten", f"need:{row.code}")


def _fill(row: Need, draft: NeedDraft) -> None:
    wrong = rules.problems(draft, today=_today(), is_final=False)
    buyer = registry.party(row.buyer_id)
    sites = {card.id for card in registry.sites_of(row.buyer_id)} if draft.site else set()
    if draft.site and draft.site not in sites:
        wrong["site"] = NOT_YOUR_SITE
    if wrong:
        raise BadNeed(fields=wrong)
    row.is_public = draft.is_public or buyer.kind == "agency"  # an office never buys privately
    row.title_fa, row.title_en = clean(draft.title_fa)[:200], clean(draft.title_en)[:200]
    row.text_fa, row.text_en = draft.text_fa.strip(), draft.text_en.strip()
    row.field, row.codes = draft.field, draft.codes[:200]
    row.quantity, row.unit = draft.quantity, clean(draft.unit)[:40]
    row.place_id, row.site_id = draft.place or buyer.place, draft.site
    row.wanted_by, row.answers_until = draft.wanted_by, draft.answers_until
    row.budget_least, row.budget_most = draft.budget_least, draft.budget_most
    row.tender_due, row.tender_no = draft.tender_due, clean(draft.tender_no)[:60]


def _requirements(row: Need, drafts: Sequence[RequirementDraft]) -> None:
    NeedRequirement.objects.bulk_create(
        NeedRequirement(
            need=row, no=no, text=clean(one.text)[:300], is_essential=one.is_essential,
            kind=one.kind, value=one.value.strip(), rule=rules.rule_of(one),
        )
        for no, one in enumerate(drafts, 1)
    )  # fmt: skip


def draft_of(row: Need) -> NeedDraft:
    """Return a stored need as it would be typed."""
    names = ("title_fa", "title_en", "text_fa", "text_en", "is_public", "field", "codes",
             "quantity", "unit", "wanted_by", "budget_least", "budget_most", "answers_until",
             "tender_due", "tender_no")  # fmt: skip
    told: dict[str, Any] = {name: getattr(row, name) for name in names}
    return NeedDraft(
        **told, place=row.place_id, site=row.site_id,
        requirements=tuple(
            RequirementDraft(one.text, one.is_essential, one.kind, one.value)
            for one in row.requirements.order_by("no")
        ),
    )  # fmt: skip


@transaction.atomic
def freeze(need_id: UUID, *, by: Actor) -> None:
    """Fix the requirements; from now on names may be seen where the law lets them be seen.

    The tier that the authority has given the site is copied, for the buyer alone.
    Raises Refused, WrongState, BadNeed.
    """
    row = locked(need_id)
    access.may_buy(by, row).or_raise()
    must_be(row, rules.DRAFT)
    wrong = rules.problems(draft_of(row), today=_today(), is_final=True)
    if wrong:
        raise BadNeed(fields=wrong)
    tier = registry.site_tier(row.site_id) if row.site_id else None
    _set(row, rules.FROZEN, frozen_at=clock.now(), tier=tier or "")
    record(by, row.pk, "need_frozen", f"need:{row.code}",
           requirements=row.requirements.count())  # fmt: skip


@transaction.atomic
def open_(need_id: UUID, *, by: Actor) -> int:
    """Let firms see and answer a need; returns how many firms were notified.

    A public buyer's need is told to every firm that is not surely unfit; a private buyer invites.
    Raises Refused, WrongState.
    """
    row = locked(need_id)
    access.may_buy(by, row).or_raise()
    must_be(row, rules.FROZEN)
    firms, sure = eligible.able(row) if row.is_public else ([], 0)
    now = clock.now()
    _set(row, rules.OPEN, opened_at=now, notified=len(firms))
    record(by, row.pk, "need_opened", f"need:{row.code}", notified=len(firms), eligible=sure,
           tender=row.tender_no)  # fmt: skip
    if firms:
        work = ledger.Work(at=now, by=by.name())
        title = {"fa": row.title_fa, "en": row.title_en or row.title_fa}
        for firm in firms:
            work.add("Notice", party_id=firm, case_id=row.pk, verb="need.opened", at=now,
                     args={"title": title, "code": row.code})  # fmt: skip
        ledger.flush(work)
    return len(firms)


@transaction.atomic
def close(need_id: UUID, *, by: Actor) -> None:
    """End the answers. Raises Refused, WrongState."""
    row = locked(need_id)
    access.may_buy(by, row).or_raise()
    must_be(row, rules.OPEN)
    _set(row, rules.CLOSED, closed_at=clock.now())
    record(by, row.pk, "need_closed", f"need:{row.code}", answers=row.answers.count())


@transaction.atomic
def close_due() -> int:
    """Close the needs whose days for answers are over; returns how many."""
    today, by = _today(), registry.system("matching")
    rows = list(Need.objects.select_for_update().filter(state=rules.OPEN, answers_until__lt=today))
    for row in rows:
        _set(row, rules.CLOSED, closed_at=clock.now())
        record(by, row.pk, "need_closed", f"need:{row.code}", answers=row.answers.count())
    return len(rows)


def award_within(row: Need) -> None:
    """Set a need to awarded, inside the action that records a contract."""
    if row.state in (rules.OPEN, rules.CLOSED):
        closed = row.closed_at or clock.now()
        _set(row, rules.AWARDED, awarded_at=clock.now(), closed_at=closed)


def _set(row: Need, state: str, **times: Any) -> None:
    row.state = state
    for name, value in times.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *times])


def _today() -> Any:
    return clock.local_date(clock.now())

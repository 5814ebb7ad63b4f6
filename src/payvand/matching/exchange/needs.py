"""What does a buyer do with a need: write, freeze, open, extend, close, award, withdraw?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock, jalali, units
from payvand.kernel.errors import NotFound, gettext_noop
from payvand.kernel.ids import tracking_code
from payvand.kernel.text import clean
from payvand.ledger import public as ledger
from payvand.matching.exchange import access, rounds
from payvand.matching.exchange.journal import record
from payvand.matching.models import Need, NeedChange, NeedRequirement, Round
from payvand.matching.rules import needs as rules
from payvand.matching.rules.needs import (
    BadNeed,
    DayAnnounced,
    NeedDraft,
    RequirementDraft,
    WrongState,
)
from payvand.registry import public as registry
from payvand.registry.public import Actor, databank

LONGEST = 4000  # of a description
MOST_QUANTITY = 10**13  # what the column holds
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
    if draft.field and draft.field not in databank.fields():
        wrong["field"] = gettext_noop("Choose a field of work from the list.")
    if draft.place and draft.place not in registry.all_places():
        wrong["place"] = gettext_noop("Choose a place from the list.")
    if draft.quantity is not None and draft.quantity >= MOST_QUANTITY:
        wrong["quantity"] = gettext_noop("The quantity is too large: check the zeros.")
    if wrong:
        raise BadNeed(fields=wrong)
    row.is_public = draft.is_public or buyer.kind == "agency"  # an office never buys privately
    row.title_fa, row.title_en = clean(draft.title_fa)[:200], clean(draft.title_en)[:200]
    row.text_fa, row.text_en = clean(draft.text_fa)[:LONGEST], clean(draft.text_en)[:LONGEST]
    row.field, row.codes = draft.field, draft.codes[:200]
    row.quantity, row.unit = draft.quantity, units.stored(draft.unit)[:40]
    row.place_id, row.site_id = draft.place or buyer.place, draft.site
    row.wanted_by, row.answers_until = draft.wanted_by, draft.answers_until
    row.budget_least, row.budget_most = draft.budget_least, draft.budget_most
    row.tender_due, row.tender_no = draft.tender_due, clean(draft.tender_no)[:60]


def _requirements(row: Need, drafts: Sequence[RequirementDraft]) -> None:
    NeedRequirement.objects.bulk_create(
        NeedRequirement(
            need=row, no=no, text=clean(one.text)[:300], text_en=clean(one.text_en)[:300],
            is_essential=one.is_essential,
            kind=one.kind, value=clean(one.value)[:120], rule=rules.rule_of(one),
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
            RequirementDraft(one.text, one.is_essential, one.kind, one.value, one.text_en)
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
def open_(need_id: UUID, *, by: Actor) -> None:
    """Let firms see and answer a need. Raises Refused, WrongState.

    The worker then judges the whole databank; a public buyer's need is told to every firm that is
    not surely unfit, a private buyer invites.
    """
    row = locked(need_id)
    access.may_buy(by, row).or_raise()
    must_be(row, rules.FROZEN)
    if row.answers_until and row.answers_until < _today():
        raise BadNeed(fields={"answers_until": gettext_noop("This day is past: extend it first.")})
    _set(row, rules.OPEN, opened_at=clock.now())
    record(by, row.pk, "need_opened", f"need:{row.code}", tender=row.tender_no)
    rounds.begin(row, rounds.JUDGE)


@transaction.atomic
def close(need_id: UUID, *, by: Actor) -> None:
    """End the answers. Raises Refused, WrongState, DayAnnounced (a public need keeps its day)."""
    row = locked(need_id)
    access.may_buy(by, row).or_raise()
    must_be(row, rules.OPEN)
    if row.is_public and row.answers_until and _today() <= row.answers_until:
        raise DayAnnounced(need=str(row.pk), until=row.answers_until.isoformat())
    _set(row, rules.CLOSED, closed_at=clock.now())
    record(by, row.pk, "need_closed", f"need:{row.code}", answers=row.answers.count())


@transaction.atomic
def close_due() -> int:
    """Close the needs whose days for answers are over; returns how many.

    A need whose firms are still being told stays open until the last of them has heard.
    """
    today, by = _today(), registry.system("matching")
    telling = Round.objects.filter(done_at=None, need__is_public=True).values("need")
    due = Need.objects.select_for_update().filter(state=rules.OPEN, answers_until__lt=today)
    rows = list(due.exclude(pk__in=telling))
    for row in rows:
        _set(row, rules.CLOSED, closed_at=clock.now())
        record(by, row.pk, "need_closed", f"need:{row.code}", answers=row.answers.count())
    return len(rows)


@transaction.atomic
def extend(need_id: UUID, until: date | None, *, by: Actor, reason: str) -> None:
    """Give firms longer to answer; everybody who was told of the need is told of this, and why.

    Raises Refused, WrongState, BadNeed (never an earlier day).
    """
    row = locked(need_id)
    access.may_buy(by, row).or_raise()
    must_be(row, rules.FROZEN, rules.OPEN)
    before = row.answers_until
    wrong = rules.extension_problems(until=until, before=before, today=_today(), reason=reason)
    if until and row.wanted_by and row.wanted_by < until:
        wrong["until"] = gettext_noop("The delivery lies before the end of the answers.")
    if wrong or until is None:
        raise BadNeed(fields=wrong)
    row.answers_until = until
    row.save(update_fields=["answers_until"])
    told = _change(row, rounds.EXTENDED, reason, before=before, until=until)
    record(by, row.pk, "need_extended", f"need:{row.code}", until=until.isoformat())
    if row.state == rules.OPEN:
        day = {lang: jalali.format_date(until, lang) for lang in ("fa", "en")}
        rounds.begin(row, rounds.EXTENDED, reason=told, until=day)


@transaction.atomic
def withdraw(need_id: UUID, *, by: Actor, reason: str) -> None:
    """Take a need back before it is awarded; everybody concerned is told, and why.

    Invitations that wait fall away, and deals without a contract end. Raises Refused, WrongState,
    BadNeed.
    """
    row = locked(need_id)
    access.may_buy(by, row).or_raise()
    must_be(row, rules.DRAFT, rules.FROZEN, rules.OPEN, rules.CLOSED)
    wrong = rules.reason_problems(reason)
    if wrong:
        raise BadNeed(fields=wrong)
    now = clock.now()
    told = _change(row, rounds.WITHDRAWN, reason, before=row.answers_until)
    _set(row, rules.WITHDRAWN, withdrawn_at=now)
    _void_invitations(row)
    row.exchanges.filter(contract_no="", ended_on=None).update(
        ended_on=clock.local_date(now), ended_because="need_gone", ended_note=told
    )
    record(by, row.pk, "need_withdrawn", f"need:{row.code}", answers=row.answers.count())
    rounds.begin(row, rounds.WITHDRAWN, reason=told)


def _change(row: Need, kind: str, reason: str, *, before: date | None,
            until: date | None = None) -> str:  # fmt: skip
    told = clean(reason)[:300]
    NeedChange.objects.create(need=row, kind=kind, reason=told, before=before, until=until,
                              at=clock.now())  # fmt: skip
    return told


def _void_invitations(row: Need) -> None:
    """Let the invitations that wait fall away: nobody owes an answer to a need that is gone."""
    waiting = list(row.invitations.select_for_update().filter(state="sent"))
    if not waiting:
        return
    work = ledger.Work(at=clock.now(), by="system:matching")
    work.heads = ledger.lock_heads({row.pk})
    ledger.cancel_within(work, [one.obligation for one in waiting], reason="withdrawn")
    ledger.flush(work)
    row.invitations.filter(pk__in=[one.pk for one in waiting]).update(
        state="void", settled_at=work.at
    )


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


def _today() -> date:
    return clock.local_date(clock.now())

"""Which needs, awards and contracts are published as open contracting data?

Public buyers' needs from opening to contract. Of a private buyer only the open need: whom a firm
works for is the firm's to tell, and the two have agreed to publish nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from payvand.kernel import clock
from payvand.kernel.errors import gettext_noop
from payvand.matching.models import Exchange, Need
from payvand.matching.rules import needs as rules
from payvand.matching.rules import releases
from payvand.registry import public as registry
from payvand.registry.public import databank

PUBLISHER = gettext_noop("Payvand")


def all_releases() -> Iterator[dict[str, Any]]:
    """Yield a release for every need that everybody sees, the earliest first."""
    signed = Exchange.objects.exclude(contract_no="").select_related("firm")
    rows = (
        Need.objects.filter(state__in=rules.SHOWN, opened_at__isnull=False)
        .select_related("buyer")
        .prefetch_related(
            "requirements", "questions", "answers", "changes",
            Prefetch("exchanges", signed.prefetch_related("steps", "milestones"), "signed"),
        )
        .order_by("opened_at", "pk")
    )  # fmt: skip
    for row in rows.iterator(chunk_size=500):
        yield releases.release(record_of(row))


def package(uri: str = "") -> dict[str, Any]:
    """Return everything as one release package."""
    return releases.package(
        list(all_releases()), at=clock.now(), uri=uri or "urn:payvand:ocds", publisher=PUBLISHER
    )


def record_of(row: Need) -> releases.NeedRecord:
    """Return what of a need is published. Neither site nor tier is read."""
    deals = [_deal(one) for one in row.signed] if row.is_public else []  # type: ignore[attr-defined]
    opened = row.opened_at or row.written_at
    changes = (change.at for change in row.changes.all())  # extended, withdrawn
    changed = max(filter(None, (opened, row.closed_at, row.awarded_at, *changes)))
    return releases.NeedRecord(
        code=row.code, buyer=_party(row.buyer), title=row.title_fa, title_en=row.title_en,
        description=row.text_fa or row.text_en, state=row.state, opened=opened,
        closes=row.answers_until, changed=changed, is_public=row.is_public,
        tender_no=row.tender_no, budget_most=row.budget_most if row.is_public else None,
        quantity=str(row.quantity) if row.quantity is not None else "", unit=row.unit,
        codes=row.codes.split(),
        requirements=[(one.text, one.is_essential)
                      for one in sorted(row.requirements.all(), key=lambda r: r.no)],
        questions=[(str(q.pk), q.text, q.at, q.answered_at, q.answer)
                   for q in row.questions.all() if q.answered_at],
        answers=None if row.state == rules.OPEN else len(row.answers.all()), deals=deals,
    )  # fmt: skip


def _deal(row: Exchange) -> releases.DealText:
    steps = {step.kind: step.on for step in row.steps.all()}
    milestones = [
        releases.MilestoneText(str(one.pk), one.title, one.kind, one.due, one.done)
        for one in row.milestones.all()
    ]
    return releases.DealText(
        str(row.pk), _party(row.firm), row.contract_no, steps["contract"],
        row.amount_rial, milestones, steps.get("production"),
    )  # fmt: skip


def _party(row: Any) -> releases.PartyText:
    """Return an organisation; of a person only the name that the databank shows to everybody."""
    if row.kind == "person" and row.pk not in databank.lines([row.pk]):
        return releases.PartyText(str(row.pk), "—")
    national_id = "" if row.kind == "person" else row.national_id
    place = registry.all_places().get(row.place_id or "")
    return releases.PartyText(
        str(row.pk), row.name_fa, row.name_en, national_id, place.name["fa"] if place else ""
    )

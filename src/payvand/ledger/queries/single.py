"""What is to be known about one obligation, or about the few that are answered together?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.kernel.terms import Left
from payvand.ledger.models import Answer, Disclosure, Interruption, Move, Obligation
from payvand.ledger.queries.rows import Stop, left_of, state_of
from payvand.ledger.sql import Owed
from payvand.plugins import slots
from payvand.plugins.slots import Slot
from payvand.registry import public as registry
from payvand.registry.public import Actor

OPENED = ("opened", "link", "api")

applicant_of: Slot[Callable[[UUID], UUID | None]] = Slot(
    "applicant_of", "Returns the applicant of a case, who can be asked to complete it; or None."
)


words_of: Slot[Callable[[UUID, str], dict[str, Any] | None]] = Slot(
    "words_of", "Returns titles and code lists of the fields that a question (case, key) carries."
)


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything that one obligation's page says."""

    owed: Obligation
    state: str
    left: Left | None
    stops: tuple[Stop, ...]
    interruptions: Sequence[Interruption] = ()
    moves: Sequence[Move] = ()
    answers: Sequence[Answer] = ()  # signed and superseded, the oldest first
    draft: Answer | None = None
    reports: Sequence[Obligation] = ()
    completions: Sequence[Obligation] = ()
    disclosures: Sequence[Disclosure] = ()
    fields: Sequence[dict[str, Any]] = field(default_factory=tuple)  # id, title, value


def detail(actor: Actor, obligation_id: UUID) -> Detail:
    """Return what the page of one obligation shows; the caller has asked `access.may_see`.

    Only the fields that the question declares; disclosures only to people of the debtor's and the
    asker's desks. Raises NotFound.
    """
    related = ("debtor", "asker", "office", "ground", "place", "claimed_by__party",
               "about__debtor")  # fmt: skip
    owed = Obligation.objects.select_related(*related).filter(pk=obligation_id).first()
    if owed is None:
        raise NotFound(obligation=str(obligation_id))
    now = clock.now()
    interruptions = list(owed.interruptions.order_by("starts"))
    stops = tuple((i.starts, i.ends) for i in interruptions)
    calendar = registry.calendar_of(owed.debtor_id)
    answers = list(owed.answers.order_by("no"))
    followers = list(owed.followers.select_related("office", "debtor").order_by("sent_at"))
    shown = Disclosure.objects.filter(case_id=owed.case_id, obligation_id=owed.pk)
    shown = shown.select_related("party").order_by("-id")[:20]
    return Detail(
        owed=owed,
        state=state_of(owed, now),
        left=left_of(owed, stops, calendar, now) if owed.state == "sent" else None,
        stops=stops,
        interruptions=interruptions,
        moves=list(owed.moves.order_by("at")),
        answers=[a for a in answers if a.no > 0],
        draft=next((a for a in answers if a.no == 0), None),
        reports=[f for f in followers if f.kind == "acknowledgement"],
        completions=[f for f in followers if f.kind == "completion"],
        disclosures=[] if actor.kind == "link" else list(shown),
        fields=shown_fields(owed.payload, words_for(owed)),
    )


def shown_fields(payload: dict[str, Any], spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the payload in the order of the question, with titles where the service gave them."""
    declared = {str(f["id"]): f for f in spec.get("fields", ()) if isinstance(f, dict)}
    order = [key for key in declared if key in payload]
    order += [key for key in payload if key not in declared]
    return [
        {"id": k, "title": declared.get(k, {}).get("title") or k.replace("_", " "),
         "value": _in_words(payload[k], declared.get(k, {}), spec.get("codelists", {}))}
        for k in order
    ]  # fmt: skip


def words_for(owed: Obligation) -> dict[str, Any]:
    """Return how the fields of an obligation are called, as the upper context says."""
    if not owed.payload or owed.kind != "inquiry":
        return dict(owed.spec)
    found = (ask(owed.case_id, owed.question) for ask in words_of)
    return next((words for words in found if words), dict(owed.spec))


def _in_words(value: Any, field: dict[str, Any], codelists: dict[str, Any]) -> Any:
    """Return a value with the titles of its codes, and a day as a day."""
    if field.get("type") == "date" and isinstance(value, str):
        with suppress(ValueError):
            return date.fromisoformat(value)
    codes = {c["code"]: c["title"] for c in codelists.get(field.get("codelist", ""), ())}
    if isinstance(value, list) and codes:
        return [codes.get(str(one), one) for one in value]
    return codes.get(value, value) if isinstance(value, str) else value


def recently_opened(actor: Actor, obligation_id: UUID) -> bool:
    """Did this actor open the page within the last hour? Then it is not written down again."""
    since = clock.now() - timedelta(hours=1)
    case = Obligation.objects.filter(pk=obligation_id).values("case_id")
    rows = Disclosure.objects.filter(
        case_id__in=case, obligation_id=obligation_id, actor=actor.name(), how__in=OPENED,
        at__gte=since,
    )  # fmt: skip
    opened = Obligation.objects.filter(pk=obligation_id, opened_at__isnull=True)
    return rows.exists() and not opened.exists()


def applicant(case_id: UUID) -> UUID | None:
    """Return who can be asked to complete a case, as the upper context says."""
    return next((found for ask in applicant_of if (found := ask(case_id))), None)


def as_owed(obligation: Obligation) -> Owed:
    """Return an obligation where a permission is asked; it has all that is looked at."""
    return cast("Owed", obligation)


page_elsewhere: Slot[Callable[[UUID, str, UUID], str | None]] = Slot(
    "page_elsewhere",
    "Returns where an upper context answers an obligation (case, kind, id), or None.",
)


def page_of(owed: Obligation) -> str | None:
    """Return where an obligation is answered, when that is not the ledger's own page."""
    found = (ask(owed.case_id, owed.kind, owed.pk) for ask in page_elsewhere)
    return next((address for address in found if address), None)


def titles_of(services: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the titles of services, as upper contexts know them; otherwise their slugs."""
    found = {slug: {"fa": slug, "en": slug} for slug in services}
    for ask in slots.service_titles if services else ():
        found |= ask(services)
    return found


def case_pages(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the addresses of the pages of cases, as upper contexts know them."""
    found: dict[UUID, str] = {}
    for ask in slots.case_pages if ids else ():
        found |= ask(ids)
    return found


def by_ids(ids: Sequence[UUID]) -> list[Obligation]:
    """Return obligations by id, in the order of their terms; the caller asks for permission."""
    rows = Obligation.objects.filter(pk__in=list(ids)).select_related("asker", "debtor", "place")
    return list(rows.order_by("due_at", "pk"))


def common_spec(rows: Sequence[Obligation]) -> dict[str, Any]:
    """Return what can be asked of many at once: fields and conditions that all of them share."""
    first = rows[0].spec
    same = all(r.spec.get("returns") == first.get("returns") for r in rows)
    numbers = [{str(c["number"]) for c in r.spec.get("conditions", ())} for r in rows]
    shared = set.intersection(*numbers)
    return {
        "returns": first.get("returns", ()) if same else (),
        "codelists": first.get("codelists", {}),
        "conditions": [c for c in first.get("conditions", ()) if str(c["number"]) in shared],
    }

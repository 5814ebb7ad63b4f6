"""Which cases were released in a period, with the moments that a release study reads?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from payvand.foresight.queries.scope import midnight
from payvand.foresight.queries.told import province_of
from payvand.foresight.rules import trs
from payvand.foresight.rules.trs import Asked, Released, Study
from payvand.kernel.errors import Invalid, gettext_noop
from payvand.kernel.periods import Period
from payvand.kernel.questions import key_of
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import public as window

CHUNK = 1000
RELEASED = ("granted", "deemed")
OWED = (
    "case_id", "question", "kind", "debtor_id", "title", "sent_at", "delivered_at", "opened_at",
    "answered_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A study with the names of everything in it."""

    study: Study
    service: dict[str, str]
    agencies: dict[Any, dict[str, str]]
    questions: dict[str, dict[str, str]]
    regimes: dict[str, dict[str, str]]
    regime_field: str


def study(service: str, period: Period, *, regime: str = "", province: str = "") -> Named:
    """Return the study of the cases that were granted in a period.

    regime: key of a field of the application by which cases are told apart. Raises Invalid.
    """
    if regime and not regime.isidentifier():
        raise Invalid({"regime": gettext_noop("Write the key of a field, such as currency.")})
    titles: dict[str, dict[str, str]] = {}
    made = trs.study(_released(service, period, (regime, province), titles))
    found = window.Service.objects.filter(pk=service).values_list("title", flat=True).first()
    keys: set[Any] = {key for key, _measure in made.agencies}
    agencies = registry.party_names(keys)
    return Named(made, found or {"fa": service, "en": service}, agencies, titles,
                 _regimes(service, regime), regime)  # fmt: skip


def _released(service: str, period: Period, chosen: tuple[str, str],
              titles: dict[str, dict[str, str]]) -> Iterator[Released]:  # fmt: skip
    regime, province = chosen
    rows = window.Application.objects.filter(
        service_id=service, state__in=RELEASED, decided_at__gte=midnight(period.first),
        decided_at__lt=midnight(period.last + timedelta(days=1)),
    ).order_by("pk")  # fmt: skip
    columns = ["id", "submitted_at", "decided_at", "place_id", "sequential"]
    columns += [f"data__{regime}"] if regime else []
    after: UUID | None = None
    while True:
        page = rows if after is None else rows.filter(pk__gt=after)
        found = list(page.values_list(*columns)[:CHUNK])
        here = [row for row in found if not province or province_of(row[3]) == province]
        yield from _told(here, titles)
        if len(found) < CHUNK:
            return
        after = found[-1][0]


def _told(cases: Sequence[tuple[Any, ...]], titles: dict[str, dict[str, str]]
          ) -> Iterator[Released]:  # fmt: skip
    mine = ledger.Obligation.objects.filter(case_id__in=[row[0] for row in cases])
    asked: dict[UUID, list[Asked]] = defaultdict(list)
    owed = mine.filter(kind__in=("inquiry", "decision")).order_by("sent_at")
    for case, question, kind, debtor, title, *moments in owed.values_list(*OWED):
        name = key_of(question)
        titles.setdefault(name, title)
        sent, delivered, opened, answered = moments
        asked[case].append(
            Asked(name, debtor, sent, delivered, opened, answered, kind == "decision")
        )
    stops: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    held = mine.filter(interruptions__kind="completion", interruptions__ends__isnull=False)
    for case, start, end in held.order_by("pk").values_list(
        "case_id", "interruptions__starts", "interruptions__ends"
    ):
        if end is not None:
            stops[case].append((start, end))
    for key, submitted, decided, _place, sequential, *regime in cases:
        told = str(regime[0]) if regime and regime[0] is not None else ""
        way = told if regime else ("sequential" if sequential else "graph")
        yield Released(submitted, decided, way, asked[key], stops[key])


def _regimes(service: str, regime: str) -> dict[str, dict[str, str]]:
    """Return the titles of a field's values, where the service declares them."""
    version = window.ServiceVersion.objects.filter(service=service).order_by("-pk").first()
    body = version.body if version is not None else {}
    lists = body.get("codelists", {})
    for part in body.get("form", ()):
        for one in part.get("fields", ()):
            if one.get("id") == regime and one.get("codelist") in lists:
                return {str(c["code"]): c["title"] for c in lists[one["codelist"]]}
    return {}

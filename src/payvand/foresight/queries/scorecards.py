"""What do scorecards rest on, and what is shown of them?"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from payvand.foresight.models import Promise, Scorecard, ScoreLine, ScoreVoice
from payvand.foresight.queries.scope import NAMELESS, REPLAYED, midnight
from payvand.foresight.queries.told import KINDS, told_of
from payvand.foresight.rules import scorecard as rules
from payvand.foresight.rules.intervals import LEAST
from payvand.foresight.rules.scorecard import Figures, Owed
from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.kernel.periods import Period
from payvand.kernel.shares import wilson
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import public as window

BATCH = 5000
READ = ("debtor_id", "service", "case_id", "state", "sent_at", "due_at", "answered_at", "id")


def figures(period: Period, now: datetime) -> dict[tuple[Any, str], Figures]:
    """Return the figures of all agencies and services over a period, read in batches."""
    rows = list(_fallen_due(period, now))
    return rules.figures(rows, _kept(sorted({row.case for row in rows}, key=str), now))


def _fallen_due(period: Period, now: datetime) -> Iterator[Owed]:
    start = midnight(period.first)
    end = min(midnight(period.last + timedelta(days=1)), now)
    found = ledger.Obligation.objects.filter(kind__in=KINDS, due_at__gte=start, due_at__lt=end)
    reading = found.exclude(service__startswith=REPLAYED).order_by("pk").values_list(*READ)
    rows = reading.iterator(chunk_size=BATCH)
    while part := list(islice(rows, BATCH)):
        gone = sorted({row[2] for row in part if row[3] == "cancelled"})
        cancelled = told_of(gone, now)[1]
        again = ledger.superseded({row[2] for row in part})
        for agency, service, case, state, sent, due, answered, key in part:
            closed = answered or cancelled.get(key)
            if key not in again:
                yield Owed(agency, service, case, state, sent, due, closed)


def _kept(cases: Sequence[Any], now: datetime) -> dict[Hashable, bool]:
    """Return, of the cases whose P90 told at submission has passed, whether they kept it."""
    today = clock.local_date(now)
    found: dict[Hashable, bool] = {}
    for start in range(0, len(cases), BATCH):
        part = cases[start : start + BATCH]
        told = Promise.objects.filter(
            application__in=part, cause="submitted", p90__isnull=False
        ).order_by("-pk")
        promised: dict[Any, Any] = dict(told.values_list("application_id", "p90"))  # the earliest
        over = window.Application.objects.filter(pk__in=promised).exclude(state="withdrawn")
        for key, decided in over.values_list("pk", "decided_at"):
            verdict = rules.is_kept(
                promised[key], clock.local_date(decided) if decided else None, today
            )
            if verdict is not None:
                found[key] = verdict
    return found


# --- what is shown -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """A share in percent with its 95 % interval; hidden when it rests on too few."""

    hits: int
    tries: int

    @property
    def is_hidden(self) -> bool:
        """Are there too few?"""
        return self.tries < LEAST

    @property
    def value(self) -> float:
        """Percent."""
        return 100 * self.hits / self.tries if self.tries else 0.0

    @property
    def low(self) -> float:
        """Lower edge of the interval, percent."""
        return 100 * wilson(self.hits, self.tries)[0]

    @property
    def high(self) -> float:
        """Upper edge of the interval, percent."""
        return 100 * wilson(self.hits, self.tries)[1]


@dataclass(frozen=True, slots=True)
class Row:
    """One agency on a scorecard, and its own words about it."""

    agency: UUID
    name: dict[str, str]
    line: ScoreLine
    on_time: Share
    kept: Share
    times: tuple[float, float] | None  # median and P90, days; None of too few
    voice: ScoreVoice | None

    @property
    def is_hidden(self) -> bool:
        """Did too few fall due?"""
        return self.on_time.is_hidden


def scorecard(key: UUID) -> Scorecard:
    """Return one scorecard; raises NotFound."""
    found = Scorecard.objects.filter(pk=key).first()
    if found is None:
        raise NotFound(scorecard=str(key))
    return found


def published(limit: int = 24) -> list[Scorecard]:
    """Return what was published, the newest period first."""
    return list(Scorecard.objects.filter(state="published").order_by("-last")[:limit])


def drafts(limit: int = 24) -> list[Scorecard]:
    """Return the drafts, the newest period first."""
    return list(Scorecard.objects.filter(state="draft").order_by("-last")[:limit])


def rows(of: Scorecard, *, service: str = "", agencies: frozenset[UUID] | None = None
         ) -> list[Row]:  # fmt: skip
    """Return the agencies of a scorecard, the most punctual first, hidden ones last; three queries.

    agencies: only these.
    """
    lines = of.lines.filter(service=service)
    voices = ScoreVoice.objects.filter(scorecard=of)
    if agencies is not None:
        lines, voices = lines.filter(agency__in=agencies), voices.filter(agency__in=agencies)
    kept = {one.agency_id: one for one in voices}
    found = list(lines)
    names = registry.party_names({one.agency_id for one in found})
    made = [
        Row(
            one.agency_id, names.get(one.agency_id, NAMELESS), one, Share(one.on_time, one.due),
            Share(one.kept, one.promised), _times(one), kept.get(one.agency_id),
        )
        for one in found
    ]  # fmt: skip
    return sorted(made, key=lambda r: (r.is_hidden, -r.on_time.value, -r.line.due, r.name["fa"]))


def _times(line: ScoreLine) -> tuple[float, float] | None:
    if line.answered < LEAST or line.median_days is None or line.p90_days is None:
        return None
    return line.median_days, line.p90_days


def services_of(of: Scorecard) -> list[str]:
    """Return the services that a scorecard has lines of."""
    slugs = of.lines.exclude(service="").order_by("service")
    return list(slugs.values_list("service", flat=True).distinct())


def voice_of(key: UUID, agency: UUID) -> ScoreVoice | None:
    """Return an agency's right of reply to a scorecard."""
    return ScoreVoice.objects.filter(scorecard=key, agency=agency).first()


def replies_to(ids: Sequence[UUID]) -> dict[UUID, tuple[str, datetime | None]]:
    """Return what was answered to some hearings: the text and its moment, by obligation."""
    found = ledger.Obligation.objects.filter(pk__in=ids, state="answered")
    return {
        key: (str((reply or {}).get("text", "")), at)
        for key, reply, at in found.values_list("pk", "reply", "answered_at")
    }

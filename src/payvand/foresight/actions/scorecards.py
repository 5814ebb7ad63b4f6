"""How is a scorecard drawn, heard and published?

Drawn: the figures of a period are written once. Heard: each agency's head is asked, without a
ground, so that silence costs nothing and simply ends. Published: after the hearing, with what was
said beside the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.audit import public as audit
from payvand.foresight import charge
from payvand.foresight.errors import HearingRuns, ScorecardExists
from payvand.foresight.models import Scorecard, ScoreLine, ScoreVoice
from payvand.foresight.queries import scorecards as queries
from payvand.foresight.rules.intervals import LEAST
from payvand.foresight.rules.scorecard import VERSION, Figures
from payvand.kernel import clock, jalali
from payvand.kernel.errors import Invalid, NotFound, gettext_noop
from payvand.kernel.ids import tracking_code
from payvand.kernel.periods import Period
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor

KIND = "hearing"
TERM = "10wd"  # for a reply, on the agency's own calendar
LONGEST = 2000


@transaction.atomic
def draw(period: Period, *, by: Actor, term: str = TERM, sample: bool = False) -> Scorecard:
    """Write the figures of a period and ask each agency that is shown what it says to them.

    Raises Refused, ScorecardExists.
    """
    charge.may_draw_scorecards(charge.charge_of(by)).or_raise()
    if Scorecard.objects.filter(first=period.first, last=period.last).exists():
        raise ScorecardExists(first=str(period.first), last=str(period.last))
    now = clock.now()
    drawn = Scorecard.objects.create(
        first=period.first, last=period.last, drawn_at=now, drawn_by=by.name(), reply_until=now,
        version=VERSION, sample=sample,
    )  # fmt: skip
    found = queries.figures(period, now)
    ScoreLine.objects.bulk_create(
        (
            ScoreLine(
                scorecard=drawn, agency_id=agency, service=service, due=one.due,
                on_time=one.on_time, answered=one.answered, median_days=one.median_days,
                p90_days=one.p90_days, promised=one.promised, kept=one.kept,
            )
            for (agency, service), one in found.items()
        ),
        batch_size=500,
    )  # fmt: skip
    shown = [key for (key, service), one in found.items() if not service and one.due >= LEAST]
    _hear(drawn, sorted(shown, key=str), found, by=by, term=term)
    return drawn


def _hear(drawn: Scorecard, agencies: Sequence[Any], found: dict[Any, Figures], *, by: Actor,
          term: str) -> None:  # fmt: skip
    """Ask the heads, in one step of the ledger; the hearing ends with the last of their terms."""
    work = ledger.Work(at=drawn.drawn_at, by=by.name())
    work.heads = ledger.lock_heads({drawn.pk})
    title, code = _title(drawn), tracking_code()
    work.log(drawn.pk, "foresight.scorecard_drawn", f"scorecard:{drawn.pk}",
             first=str(drawn.first), last=str(drawn.last), agencies=len(agencies))  # fmt: skip
    asker = _asker(by, agencies)
    asks = [
        ledger.Ask(
            KIND, drawn.pk, f"scorecard:{agency}", title, asker or agency, agency, term=term,
            case_code=code, office=_head(agency),
            payload={"due": found[agency, ""].due, "on_time": found[agency, ""].on_time},
        )
        for agency in agencies
    ]  # fmt: skip
    keys = ledger.put(work, asks)
    for ask, key in zip(asks, keys, strict=True):
        to: dict[str, Any] = {"office_id": ask.office} if ask.office else {"party_id": ask.debtor}
        work.add("Notice", case_id=drawn.pk, verb="scorecard.drawn", at=work.at,
                 args={"title": title, "obligation": str(key)}, **to)  # fmt: skip
    until = [row["due_at"] for row in work.inserts.get("Obligation", ()) if row["due_at"]]
    ledger.flush(work)
    ScoreVoice.objects.bulk_create(
        (
            ScoreVoice(scorecard=drawn, agency_id=ask.debtor, obligation=key)
            for ask, key in zip(asks, keys, strict=True)
        ),
        batch_size=500,
    )
    drawn.reply_until = max(until, default=drawn.drawn_at)
    Scorecard.objects.filter(pk=drawn.pk).update(reply_until=drawn.reply_until)


def _title(drawn: Scorecard) -> dict[str, str]:
    days = {
        lang: (jalali.format_date(drawn.first, lang), jalali.format_date(drawn.last, lang))
        for lang in ("fa", "en")
    }
    return {
        "fa": "کارنامهٔ دستگاه از {} تا {}".format(*days["fa"]),
        "en": "Scorecard of the agency, {} to {}".format(*days["en"]),
    }


def _asker(by: Actor, agencies: Sequence[UUID]) -> UUID | None:
    """Return the organisation that asks: of the actor's office or seat, if it has one."""
    cards = registry.office_cards(ids=by.offices) if by.offices else []
    own = next((card.agency for card in cards if card.agency), None)
    return own or next((seat.org for seat in by.seats), None)


def _head(agency: UUID) -> int | None:
    try:
        return registry.office_for("agency-head", agency_id=agency, place_code=None)
    except registry.NoOffice:
        return None


def reply(*, by: Actor, scorecard_id: UUID, agency: UUID, text: str) -> None:
    """Record what an agency says to its figures, once. Raises NotFound, Invalid, Refused."""
    voice = queries.voice_of(scorecard_id, agency)
    if voice is None:
        raise NotFound(scorecard=str(scorecard_id))
    plain = text.strip()
    if not plain:
        raise Invalid({"text": gettext_noop("Write what is to stand beside the figures.")})
    if len(plain) > LONGEST:
        raise Invalid({"text": gettext_noop("At most 2,000 characters.")})
    ledger.answer(by=by, obligation_id=voice.obligation, reply=ledger.Reply("done", text=plain))


@transaction.atomic
def publish(*, by: Actor, scorecard_id: UUID) -> Scorecard:
    """Publish a scorecard with the replies, once the hearing is over; what is open is closed.

    Raises Refused, NotFound, HearingRuns.
    """
    charge.may_draw_scorecards(charge.charge_of(by)).or_raise()
    found = Scorecard.objects.select_for_update().filter(pk=scorecard_id).first()
    if found is None:
        raise NotFound(scorecard=str(scorecard_id))
    if found.state == "published":
        return found
    now = clock.now()
    voices = list(ScoreVoice.objects.filter(scorecard=found))
    said = queries.replies_to([one.obligation for one in voices])
    if now < found.reply_until and len(said) < len(voices):
        raise HearingRuns(until=found.reply_until.isoformat())
    for voice in voices:
        voice.text, voice.at = said.get(voice.obligation, ("", None))
    ScoreVoice.objects.bulk_update(voices, ["text", "at"], batch_size=500)
    ledger.cancel_case(by=by, case_id=found.pk, reason="published")
    found.state, found.published_at = "published", now
    found.save(update_fields=["state", "published_at"])
    entry = audit.Entry(found.pk, "foresight.scorecard_published", f"scorecard:{found.pk}",
                        {"replies": len(said)})  # fmt: skip
    audit.append([entry], by=by.name(), at=now)
    return found


def publish_due() -> int:
    """Publish every scorecard whose hearing is over; returns how many."""
    over = Scorecard.objects.filter(state="draft", reply_until__lte=clock.now())
    keys = list(over.values_list("pk", flat=True))
    for key in keys:
        publish(by=registry.system("foresight"), scorecard_id=key)
    return len(keys)

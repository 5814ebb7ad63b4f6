"""Who is told what, in whose language, and by which channel?

A notice is a verb with arguments; its sentence is made when it is read, in the reader's language.
`fan_out` adds the e-mails and text messages of a step's notices to the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import prefetch_related_objects
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from payvand.kernel import jalali
from payvand.kernel.ids import uuid7
from payvand.kernel.text import to_persian_digits
from payvand.ledger import sql
from payvand.ledger.models import Notice
from payvand.registry import public as registry
from payvand.ui.language import lang, pick

# verb -> sentence with %(name)s; upper contexts add theirs with `register`.
TEXTS: dict[str, Any] = {
    "inquiry.asked": gettext_lazy("A new inquiry has arrived: %(title)s, case %(code)s."),
    "inquiry.answered": gettext_lazy("%(agency)s answered “%(title)s” in case %(code)s."),
    "inquiry.corrected": gettext_lazy(
        "%(agency)s corrected its answer to “%(title)s” in %(code)s."
    ),
    "completion.asked": gettext_lazy(
        "Case %(code)s needs something from you: %(title)s. The agency’s clock stands still until"
        " you answer."
    ),
    "completion.answered": gettext_lazy(
        "The applicant completed case %(code)s; the term of “%(title)s” runs again."
    ),
    "delay.near": gettext_lazy("The term of “%(title)s” in case %(code)s ends on %(due)s."),
    "delay.reported": gettext_lazy(
        "Delay report: %(agency)s has not answered “%(title)s” in case %(code)s in time."
        " Please acknowledge it with an order."
    ),
    "delay.acknowledged": gettext_lazy("%(office)s has acted on the delay in case %(code)s."),
    "silence.deemed": gettext_lazy(
        "“%(title)s” in case %(code)s counts as agreed, because no answer came in time (%(ref)s)."
    ),
    "closure.moved": gettext_lazy("Because of %(title)s, %(n)s terms of your desk end later."),
    "decision.taken": gettext_lazy("A decision was taken in case %(code)s: %(title)s."),
    "resolution.assigned": gettext_lazy("A resolution was assigned to you: %(title)s."),
    "outage.ended": gettext_lazy("The system of %(agency)s receives inquiries again."),
    "sweeper.stopped": gettext_lazy("The worker that watches the terms has not run since %(at)s."),
}
SUBJECT = gettext_noop("Payvand: case %(code)s")
SUBJECT_PLAIN = gettext_noop("Payvand: a message for you")
OTHERWISE = gettext_noop("There is news in case %(code)s.")


def register(texts: Mapping[str, Any]) -> None:
    """Add the sentences of an upper context's verbs."""
    TEXTS.update(texts)


class _Said(dict[str, Any]):
    """Arguments as shown; a missing one becomes a dash, so that no message is ever lost."""

    def __missing__(self, key: str) -> str:
        return "—"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return pick(value)
    if isinstance(value, str) and len(value) >= 19 and value[4:5] == "-" and "T" in value:
        try:
            return jalali.format_datetime(datetime.fromisoformat(value), lang())
        except ValueError:
            return value
    if isinstance(value, datetime):
        return jalali.format_datetime(value, lang())
    text = str(value)
    return to_persian_digits(text) if lang() == "fa" and text.isdigit() else text


def sentence(verb: str, args: Mapping[str, Any]) -> str:
    """Return the notice's sentence in the active language."""
    said = _Said({key: _shown(value) for key, value in args.items()})
    text = TEXTS.get(verb)
    return (str(text) if text is not None else gettext(OTHERWISE)) % said


def letter(verb: str, args: Mapping[str, Any], language: str) -> tuple[str, str]:
    """Return subject and text of a message in the receiver's language."""
    with translation.override(language):
        subject = gettext(SUBJECT if args.get("code") else SUBJECT_PLAIN)
        said = _Said({key: _shown(value) for key, value in args.items()})
        return subject % said, sentence(verb, args)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes, and in which language it is written."""

    channel: str  # email | sms
    to: str
    language: str


def _of_party(notice: Notice) -> Iterator[Address]:
    party = notice.party
    if party is not None:
        users = list(party.users.all())
        language = users[0].language if users else "fa"
        yield Address("email", party.email, language)
        yield Address("sms", party.mobile, language)
        if party.kind != "agency" and not party.email:
            yield from (Address("email", u.email, u.language) for u in users)


def _of_offices(notices: Iterable[Notice]) -> dict[int, list[Address]]:
    """Return where offices are reached today: their holders, or those the office fell to."""
    holders = {n.office_id: registry.holders_of(n.office_id) for n in notices if n.office_id}
    wanted = {user for users in holders.values() for user in users}
    users = get_user_model().objects.in_bulk(wanted) if wanted else {}
    return {
        office: [Address("email", users[u].email, users[u].language) for u in held if u in users]
        for office, held in holders.items()
    }


def fan_out(work: sql.Work) -> int:
    """Add an outbox row for every e-mail and text message of a step's notices; returns how many.

    Call it last, just before `sql.flush(work)`: three queries however many notices there are.
    """
    rows: Iterable[dict[str, Any]] = work.inserts.get("Notice", ())
    notices = [
        Notice(party_id=r.get("party_id"), office_id=r.get("office_id"), verb=r["verb"],
               args=r.get("args", {}), case_id=r.get("case_id"), at=work.at)
        for r in rows
    ]  # fmt: skip
    if not notices:
        return 0
    prefetch_related_objects(notices, "party__users")
    offices = _of_offices(notices)
    added = 0
    for notice in notices:
        key = uuid7()
        known = (*_of_party(notice), *offices.get(notice.office_id or 0, ()))
        each = {found.to: found for found in known if found.to}  # an address hears it once
        for place, found in enumerate(each.values()):
            subject, text = letter(notice.verb, notice.args, found.language)
            work.add(
                "Outbox", key=f"notice/{key}/{place}", kind="notice", channel=found.channel,
                address=found.to, next_try_at=work.at,
                body={"subject": subject, "text": text, "language": found.language},
            )  # fmt: skip
            added += 1
    return added

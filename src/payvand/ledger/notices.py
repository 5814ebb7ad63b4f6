"""Who is told what, in whose language, and by which channel?

A notice is a verb with arguments; its sentence is made when it is read, in the reader's language.
`fan_out` adds the e-mails and text messages of a step's notices to the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from payvand.kernel import clock, jalali
from payvand.kernel.ids import uuid7
from payvand.kernel.text import to_persian_digits
from payvand.ledger import queries, sql
from payvand.ledger.models import Notice
from payvand.plugins import channels, slots
from payvand.registry import public as registry
from payvand.registry.public import Actor
from payvand.ui.language import lang, pick

# The ledger's own verbs; upper contexts register theirs in `plugins.slots.notice_texts`.
TEXTS: dict[str, str] = {
    "inquiry.asked": gettext_noop("A new inquiry has arrived: {title}, case {code}."),
    "inquiry.answered": gettext_noop("“{title}” in case {code} has been answered."),
    "inquiry.corrected": gettext_noop("{agency} corrected its answer to “{title}” in case {code}."),
    "inquiry.asked_again": gettext_noop(
        "“{title}” in case {code} is put to you again: {agency} has corrected its answer to"
        " “{source}”, and what you were shown has changed."
    ),
    "inquiry.rests_on_corrected": gettext_noop(
        "{agency} has corrected its answer to “{source}” in case {code}. What you were shown for"
        " “{title}” stays as it was."
    ),
    "completion.asked": gettext_noop(
        "Case {code} needs something from you: {title}. The agency’s clock stands still until you"
        " answer."
    ),
    "completion.answered": gettext_noop(
        "The applicant completed case {code}; the term of “{title}” runs again."
    ),
    "delay.near": gettext_noop("The term of “{title}” in case {code} is about to end."),
    "delay.reported": gettext_noop(
        "Delay report: “{title}” in case {code} was due on {due} and has no answer. Please"
        " acknowledge it with an order."
    ),
    "silence.deemed": gettext_noop(
        "“{title}” in case {code} counts as agreed, because no answer came in time ({ref})."
    ),
    "inquiry.handed_over": gettext_noop(
        "{who} handed “{title}” in case {code} over to you. {note}"
    ),
    "inquiries.handed_over": gettext_noop(
        "{who} handed {n} inquiries over to you; they lie on your desk in the inbox. {note}"
    ),
    "resolution.assigned": gettext_noop("A resolution was assigned to you: {title}."),
}
SUBJECT = gettext_noop("Payvand: case {code}")
SUBJECT_PLAIN = gettext_noop("Payvand: a message for you")
OTHERWISE = gettext_noop("There is news in case {code}.")


class _Said(dict[str, Any]):
    """Arguments as shown; a missing one becomes a dash, so that no message is ever lost."""

    def __missing__(self, key: str) -> str:
        return "—"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return pick(value)
    if isinstance(value, str) and len(value) >= 19 and value[10:11] == "T":
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return str(value)
    if isinstance(value, datetime):
        return jalali.format_datetime(value, lang())
    text = str(value)
    return to_persian_digits(text) if lang() == "fa" else text


def _say(msgid: str, args: Mapping[str, Any]) -> str:
    return gettext(msgid).format_map(_Said({key: _shown(value) for key, value in args.items()}))


def sentence(verb: str, args: Mapping[str, Any]) -> str:
    """Return the notice's sentence in the active language."""
    known = slots.notice_text(verb)
    if known is not None:
        return _say(known.body or known.title, args)
    return _say(TEXTS.get(verb, OTHERWISE), args)


def subject(verb: str, args: Mapping[str, Any]) -> str:
    """Return the notice's heading in the active language."""
    known = slots.notice_text(verb)
    if known is not None and known.body:
        return _say(known.title, args)
    return _say(SUBJECT if args.get("code") else SUBJECT_PLAIN, args)


EMPTY: Mapping[UUID, str] = {}
# Told to applicants, who act on the page of their case; where an obligation is named, on its own.
OF_APPLICANT = frozenset({"inquiry.answered", "inquiry.corrected", "completion.asked"})


def page(
    verb: str, args: Mapping[str, Any], case_id: UUID | None, cases: Mapping[UUID, str] = EMPTY
) -> str:
    """Return the address of the page where one acts on a notice; empty when it names none.

    cases: the pages of the cases that applicants are told about (`pages_of`).
    """
    known = slots.notice_text(verb)
    if args.get("obligation"):
        return reverse("ledger:obligation", args=[args["obligation"]])
    if case_id is None:
        return ""
    if known and known.page:
        return reverse(known.page, args=[case_id])
    return cases.get(case_id, "") if verb in OF_APPLICANT else ""


def pages_of(notices: Iterable[Notice]) -> dict[UUID, str]:
    """Return the pages of the cases that applicants are told about, in one query for all."""
    return queries.case_pages({n.case_id for n in notices if n.case_id and n.verb in OF_APPLICANT})


def letter(
    verb: str,
    args: Mapping[str, Any],
    language: str,
    *,
    case_id: UUID | None = None,
    cases: Mapping[UUID, str] = EMPTY,
) -> tuple[str, str]:
    """Return subject and text of a message in the receiver's language, with the link to act on."""
    with translation.override(language):
        said, link = sentence(verb, args), page(verb, args, case_id, cases)
        text = f"{said}\n\n{settings.PAYVAND_BASE_URL.rstrip('/')}{link}" if link else said
        return subject(verb, args), text


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


def _of_users(notices: Iterable[Notice]) -> dict[int, list[Address]]:
    """Return where colleagues are reached, to whom something was handed over."""
    wanted = {n.user_id for n in notices if n.user_id}
    users = get_user_model().objects.in_bulk(wanted) if wanted else {}
    return {
        key: [Address("email", user.email or (user.party.email if user.party else ""),
                      user.language)]
        for key, user in users.items()
    }  # fmt: skip


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

    An address hears each notice once, and a channel that is not set up is left out: the notice
    stands in the product in any case.
    Call it last, just before `sql.flush(work)`: five queries however many notices there are.
    """
    rows: Iterable[dict[str, Any]] = work.inserts.get("Notice", ())
    notices = [
        Notice(party_id=r.get("party_id"), office_id=r.get("office_id"), user_id=r.get("user_id"),
               verb=r["verb"], args=r.get("args", {}), case_id=r.get("case_id"), at=work.at)
        for r in rows
    ]  # fmt: skip
    if not notices:
        return 0
    prefetch_related_objects(notices, "party__users")
    offices, users, cases = _of_offices(notices), _of_users(notices), pages_of(notices)
    added = 0
    for notice in notices:
        key = uuid7()
        known = (*_of_party(notice), *offices.get(notice.office_id or 0, ()),
                 *users.get(notice.user_id or 0, ()))  # fmt: skip
        each = {found.to: found for found in known if found.to and channels.is_set(found.channel)}
        for place, found in enumerate(each.values()):
            heading, text = letter(notice.verb, notice.args, found.language,
                                   case_id=notice.case_id, cases=cases)  # fmt: skip
            work.add(
                "Outbox", key=f"notice/{key}/{place}", kind="notice", channel=found.channel,
                address=found.to, next_try_at=work.at,
                body={"subject": heading, "text": text, "language": found.language},
            )  # fmt: skip
            added += 1
    return added


def mark_read(by: Actor) -> int:
    """Mark everything that an actor was told as read; returns how many were new."""
    rows = Notice.objects.filter(queries.addressed_to(by), read_at__isnull=True)
    return rows.update(read_at=clock.now())

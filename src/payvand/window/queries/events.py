"""What happened in a case, in sentences that anybody understands and that name no person?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from payvand.audit.public import Happened
from payvand.kernel.text import format_number
from payvand.registry import public as registry
from payvand.ui.language import lang, pick
from payvand.window.queries.standing import CaseFacts

# verb: tone, icon, sentence; {what} is the question, {agency} whose desk it is on.
VERBS: dict[str, tuple[str, str, Any]] = {
    "window.submitted": ("ok", "file-text", gettext_lazy("The application was submitted.")),
    "window.withdrawn": ("", "x", gettext_lazy("The application was withdrawn.")),
    "window.fee_paid": ("ok", "circle-check", gettext_lazy("A fee was paid.")),
    "window.licence_issued": ("ok", "certificate", gettext_lazy("Licence {number} was issued.")),
    "window.licence_suspended": ("bad", "player-pause", gettext_lazy("The licence was suspended.")),
    "window.licence_valid": ("ok", "certificate", gettext_lazy("The licence is valid again.")),
    "window.licence_revoked": ("bad", "x", gettext_lazy("The licence was revoked.")),
    "window.handed_over": (
        "ok",
        "arrow-right",
        gettext_lazy("The file was handed over to the national issuer."),
    ),
    "window.looked_into": (
        "",
        "info-circle",
        gettext_lazy("An office in charge looked at terms and delays."),
    ),
    "ledger.asked": ("", "mail", gettext_lazy("{what} was put to {agency}.")),
    "ledger.opened": ("", "mail", gettext_lazy("{agency} opened: {what}")),
    "ledger.presumed_delivered": (
        "",
        "mail",
        gettext_lazy("{what} counts as delivered to {agency}."),
    ),
    "ledger.answered": ("ok", "circle-check", gettext_lazy("{agency} answered {what}: {outcome}")),
    "ledger.corrected": (
        "",
        "circle-check",
        gettext_lazy("{agency} corrected its answer to {what}: {outcome}"),
    ),
    "ledger.stopped": (
        "",
        "player-pause",
        gettext_lazy("{agency} asks you to complete: {what}. The clock stands still."),
    ),
    "ledger.resumed": ("ok", "clock-hour-4", gettext_lazy("The clock of {what} runs again.")),
    "ledger.cancelled": ("", "x", gettext_lazy("{what} was cancelled.")),
    "ledger.moved": ("", "clock-hour-4", gettext_lazy("The due date of {what} moved: {cause}")),
    "ledger.reminded": ("", "bell", gettext_lazy("A reminder of {what} was sent.")),
    "ledger.reported": (
        "bad",
        "alert-triangle",
        gettext_lazy("The delay of {what} at {agency} was reported to {to}."),
    ),
    "ledger.deemed": (
        "bad",
        "certificate",
        gettext_lazy("Silence on {what} took its effect by law."),
    ),
}
KINDS = {
    "decision": gettext_lazy("The decision"),
    "objection": gettext_lazy("The objection"),
    "acknowledgement": gettext_lazy("The delay report"),
}
HIDDEN = {"completion", "acknowledgement"}


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of the history."""

    at: datetime
    text: str
    tone: str
    icon: str
    by: str = ""


def history(happened: Iterable[Happened], facts: CaseFacts) -> tuple[EventView, ...]:
    """Return the history, the newest first; questions asked together make one line."""
    lines: list[EventView] = []
    together: list[Happened] = []
    happened = list(happened)
    causes = registry.closure_titles(
        str(event.facts.get("cause", "")) for event in happened if event.verb == "ledger.moved"
    )
    for event in happened:
        if event.verb == "ledger.asked" and (not together or together[-1].at == event.at):
            together.append(event)
            continue
        lines += _asked(together, facts)
        together = [event] if event.verb == "ledger.asked" else []
        if event.verb != "ledger.asked":
            lines += _line(event, facts, causes)
    lines += _asked(together, facts)
    return tuple(reversed(lines))


def _asked(events: list[Happened], facts: CaseFacts) -> Iterator[EventView]:
    events = [e for e in events if e.facts.get("kind") not in HIDDEN]
    if len(events) < 3:
        for event in events:
            yield from _line(event, facts)
        return
    count = len(events)
    text = ngettext("%(n)s inquiry was sent.", "%(n)s inquiries were sent at the same time.", count)
    yield EventView(events[0].at, text % {"n": format_number(count, lang())}, "", "route")


def _line(
    event: Happened, facts: CaseFacts, causes: Mapping[str, Any] | None = None
) -> Iterator[EventView]:
    known = VERBS.get(event.verb)
    owed = facts.by_id.get(_obligation(event.subject))
    if known is None or (owed is not None and owed.kind in HIDDEN):
        return
    tone, icon, sentence = known
    if event.verb == "ledger.answered" and event.facts.get("outcome") == "negative":
        tone, icon = "bad", "x"
    text = str(sentence).format(**_words(event, owed, causes or {}))
    if event.facts.get("late") is True:
        text += " " + _("(after its term)")
    yield EventView(event.at, text, tone, icon)


def _obligation(subject: str) -> UUID | None:
    kind, _colon, key = subject.partition(":")
    return UUID(key) if kind == "obligation" else None


def _words(event: Happened, owed: Any, causes: Mapping[str, Any]) -> dict[str, str]:
    from payvand.window.queries.rows import OUTCOMES, party_name

    outcome = OUTCOMES.get(str(event.facts.get("outcome")), ("", ""))[1]
    what, agency, cause = "", "", str(event.facts.get("cause", ""))
    if owed is not None:
        what = str(KINDS.get(owed.kind) or f"«{pick(owed.title)}»")
        if lang() == "en" and owed.kind not in KINDS:
            what = f"“{pick(owed.title)}”"
        agency = party_name(owed.debtor)
    return {
        "what": what,
        "agency": agency,
        "outcome": str(outcome),
        "number": str(event.facts.get("number", "")),
        "cause": pick(causes.get(cause, cause)),
        "to": _role(str(event.facts.get("to", ""))),
    }


def _role(slug: str) -> str:
    from payvand.window.queries.catalogue import role_name

    return pick(role_name(slug))

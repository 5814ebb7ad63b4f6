"""How is one obligation told to its reader: term, reasons, history, answers?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from payvand.kernel import clock
from payvand.kernel.errors import PayvandError
from payvand.ledger import access, corrections
from payvand.ledger.explaining import value_text, why
from payvand.ledger.forms import numbered
from payvand.ledger.models import OPEN, Answer, Obligation
from payvand.ledger.queries import (
    Detail,
    as_owed,
    case_pages,
    shown_fields,
    state_of,
)
from payvand.ledger.rules.clockwork import parse_term, silence_of
from payvand.registry import public as registry
from payvand.registry.public import Actor
from payvand.ui import words
from payvand.ui.language import pick

OUTCOMES = {
    "positive": "ok", "conditional": "cond", "negative": "no", "not_ours": "out",
    "deemed": "deemed", "acknowledged": "done", "done": "done",
}  # fmt: skip


def context_of(by: Actor, found: Detail, *, token: str = "") -> dict[str, Any]:
    """Return what the page of one obligation needs, permissions included.

    token: of the single-use link by which it is read.
    """
    owed = as_owed(found.owed)
    two = int(found.owed.spec.get("signatures", 1)) > 1
    answers = access.may_answer(by, owed)

    def carried(key: str) -> str:
        if token:
            return reverse("ledger:file_by_link", args=[token, key])
        return reverse("ledger:carried_file", args=[found.owed.pk, key])

    return {
        "found": found,
        "owed": found.owed,
        "why": why(found),
        "moves": _moves(found),
        "term": term_text(found.owed.term),
        "silence": silence_text(found.owed),
        "proof": proof_text(found.owed),
        "fields": [
            {"key": pick(f["title"]), "value": value_text(f["value"], carried)}
            for f in found.fields
        ],
        "answers": [answer_of(a, found.owed) for a in found.answers],
        "draft": answer_of(found.draft, found.owed) if found.draft else None,
        "two": two,
        "late": late_of(found.owed),
        "case_href": _case_of(found.owed),
        "may_answer": answers.ok,
        "may_hand_over": answers.ok and by.user_id is not None and found.owed.state in OPEN
        and found.owed.kind in ("inquiry", "objection", "decision"),
        "mine": by.user_id is not None and found.owed.claimed_by_id == by.user_id,
        "reason": answers.reason,
        "may_sign": access.may_sign(by, owed).ok,
        "may_correct": found.owed.kind in ("inquiry", "objection") and _is_correctable(by, found),
        "wants_receipt": found.owed.level == "letter" and found.owed.delivered_at is None
        and found.owed.state in OPEN,
    }  # fmt: skip


def _is_correctable(by: Actor, found: Detail) -> bool:
    if found.owed.state != "answered":
        return False
    try:
        corrections.must_be_correctable(by, as_owed(found.owed))
    except PayvandError:
        return False
    return True


def _case_of(report: Obligation) -> str:
    """Return the page of the case: who is told of a delay may look how the whole of it stands."""
    if report.kind != "acknowledgement":
        return ""
    return case_pages({report.case_id}).get(report.case_id, "")


def late_of(report: Obligation) -> dict[str, Any] | None:
    """Return what a delay report is about: whose answer, since when, in which state; no fields."""
    if report.kind != "acknowledgement" or report.about is None:
        return None
    about = report.about
    return {"owed": about, "state": state_of(about, clock.now()), "rung": report.rung_no}


def _moves(found: Detail) -> list[dict[str, Any]]:
    """Return when the due time moved and why; a cause is told as its closure was announced."""
    titles = registry.closure_titles(move.cause for move in found.moves)
    return [
        {"cause": titles.get(m.cause, {"fa": m.cause}), "at": m.at, "was": m.was,
         "became": m.became}
        for m in found.moves
    ]  # fmt: skip


def term_text(term: str) -> str:
    """Return the length of a term in words; empty without one."""
    if not term:
        return ""
    parsed = parse_term(term)
    return words.term(parsed.amount, parsed.unit)


def silence_text(owed: Obligation) -> str:
    """Return what no answer leads to, with its ground."""
    effect = silence_of(owed.spec)
    if effect == "none":
        if owed.spec.get("ladder"):
            return _("Silence has no effect here; a delay is reported.")
        return _("Silence has no effect here.")
    ref = owed.spec["silence"]["ref"]
    return _("Without an answer in time: %(effect)s (%(ref)s).") % {
        "effect": _(EFFECTS.get(effect, effect)), "ref": pick(ref),
    }  # fmt: skip


EFFECTS = {
    "positive_answer": gettext_noop("it counts as agreed"),
    "act_allowed": gettext_noop("the act is allowed"),
    "act_allowed_liability_remains": gettext_noop("the act is allowed; a debt remains a debt"),
    "substitute_available": gettext_noop("another body may answer instead"),
    "liability_only": gettext_noop("those responsible are liable"),
    "licence_issued": gettext_noop("the licence is issued"),
}


def proof_text(owed: Obligation) -> str:
    """Return how delivery was proven."""
    kind, _colon, number = owed.proof.partition(":")
    told = {
        "opened": _("opened by an authorised person"),
        "answered": _("answered"),
        "presumed": _("presumed by law"),
        "receipt": _("receipt of the agency’s system"),
        "letter": _("number at the secretariat"),
    }.get(kind, kind)
    return f"{told} {number}".strip() if number and kind == "letter" else told


def answer_of(answer: Answer, owed: Obligation) -> dict[str, Any]:
    """Return one answer as it is shown."""
    reply: Mapping[str, Any] = answer.reply
    conditions = {str(c["number"]): c for c in owed.spec.get("conditions", ())}
    refused = str(reply.get("refused", ""))
    spec = {"fields": owed.spec.get("returns", ())}
    return {
        "row": answer,
        "state": OUTCOMES.get(str(reply.get("outcome")), "done"),
        "text": reply.get("text", ""),
        "conditions": reply.get("conditions", ()),
        "refused": numbered(conditions[refused]) if refused in conditions else refused,
        "letter_no": reply.get("letter_no", ""),
        "share": reply.get("share"),
        "fields": [{"key": pick(f["title"]), "value": value_text(f["value"], _own_file)}
                   for f in shown_fields(dict(reply.get("fields", {})), spec)],
    }  # fmt: skip


def _own_file(key: str) -> str:
    return reverse("ledger:answer_file", args=[key])

"""Is this answer complete, and may it be given in this form?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from payvand.kernel.errors import gettext_noop

OUTCOMES = ("positive", "conditional", "negative", "not_ours")


@dataclass(frozen=True, slots=True)
class Reply:
    """What an agency, an office or an applicant answers."""

    outcome: str
    text: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)  # the fields that the question returns
    conditions: tuple[str, ...] = ()
    refused: str = ""  # number of the service's condition that is not met
    letter_no: str = ""  # the secretariat's number
    share: int | None = None  # percent, when the answer is partial

    def as_json(self) -> dict[str, Any]:
        """Return the reply as it is stored; empty parts are left out."""
        whole = {
            "outcome": self.outcome,
            "text": self.text,
            "fields": dict(self.fields),
            "conditions": list(self.conditions),
            "refused": self.refused,
            "letter_no": self.letter_no,
            "share": self.share,
        }
        return {k: v for k, v in whole.items() if v not in ("", None, [], {})}


def problems(reply: Reply, spec: Mapping[str, Any], *, kind: str = "inquiry") -> dict[str, str]:
    """Return what keeps the reply from being accepted, by field; msgids, empty when it may stand.

    A refusal names the numbered condition of the service that is not met (DESIGN, definitions).
    """
    if kind not in ("inquiry", "decision", "objection"):
        return {}
    wrong: dict[str, str] = {}
    if reply.outcome not in OUTCOMES:
        wrong["outcome"] = gettext_noop("Choose one of the answers.")
    if reply.outcome == "negative":
        wrong |= _refusal(reply, spec)
    if reply.outcome == "conditional" and not reply.conditions:
        wrong["conditions"] = gettext_noop("Write at least one condition.")
    if reply.outcome == "not_ours" and not reply.text.strip():
        wrong["text"] = gettext_noop("Say which agency is responsible, or why yours is not.")
    if reply.outcome in ("positive", "conditional"):
        for wanted in spec.get("returns", ()):
            if wanted.get("required") and reply.fields.get(wanted["id"]) in (None, ""):
                wrong[f"fields.{wanted['id']}"] = gettext_noop("This field is part of the answer.")
    if reply.share is not None and not 0 < reply.share <= 100:
        wrong["share"] = gettext_noop("A share lies between 1 and 100 percent.")
    return wrong


def _refusal(reply: Reply, spec: Mapping[str, Any]) -> dict[str, str]:
    wrong = {}
    known = {str(c["number"]) for c in spec.get("conditions", ())}
    if not reply.text.strip():
        wrong["text"] = gettext_noop("A refusal needs written reasons.")
    if known and reply.refused not in known:
        wrong["refused"] = gettext_noop(
            "A refusal names the number of the condition that is not met."
        )
    return wrong

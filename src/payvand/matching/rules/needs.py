"""What must a need say, in which states may what happen to it, and how does a deal go on?

Pure. The states of a need: draft, frozen, open, closed, awarded; or withdrawn, with a reason. A
public buyer sees no ranking and no answer before the need is closed, so that nobody writes the
requirements for a name, and keeps the day that it announced: it may extend it, never shorten it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from payvand.kernel.errors import YES, Conflict, Invalid, Verdict, gettext_noop, no

DRAFT, FROZEN, OPEN, CLOSED, AWARDED = "draft", "frozen", "open", "closed", "awarded"
WITHDRAWN = "withdrawn"
STATES = (DRAFT, FROZEN, OPEN, CLOSED, AWARDED, WITHDRAWN)
SHOWN = (OPEN, CLOSED, AWARDED, WITHDRAWN)  # to everybody, once it was open
WANTED = (OPEN, CLOSED, AWARDED)  # needs that count against supply
MOST_REQUIREMENTS = 20
SAYS = ("yes", "partly", "no")

# From the first word to making again and again. Each is dated once.
STEPS = ("introduction", "meeting", "memorandum", "contract", "prototype", "marketing",
         "production")  # fmt: skip
MILESTONES = ("prototype", "marketing", "production")
GRADES = {"shown": 0, "declined": 0, "opened": 1, "invited": 1, "accepted": 2, "contracted": 3}
INVITATION_DAYS = 14
# Why a deal ended without a contract
ENDINGS = ("price", "capacity", "quality", "time", "need_gone", "other")


class BadNeed(Invalid):
    """The need cannot be frozen or kept as it is; each field says what is wrong."""

    code = "matching.bad_need"


class WrongState(Conflict):
    """The need is in another state than this step starts from."""

    code = "matching.wrong_state"
    what = gettext_noop("This step does not fit the present state of the need.")
    why = gettext_noop("It was carried on already, or its days are over.")
    now = gettext_noop("Reload the page; it shows the steps that are possible now.")


class DayAnnounced(Conflict):
    """A public need keeps the day until which firms may answer."""

    code = "matching.day_announced"
    what = gettext_noop("A public need is not closed before the day that was announced.")
    why = gettext_noop("Every firm that was told may answer until the end of that day.")
    now = gettext_noop("It closes by itself after that day; it may be extended, or withdrawn.")


class StepTaken(Conflict):
    """The step is dated already, or one that must come before it is not."""

    code = "matching.step_taken"
    what = gettext_noop("This step cannot be dated now.")
    why = gettext_noop("{problem}")
    now = gettext_noop("Reload the page; it shows the steps that come next.")


@dataclass(frozen=True, slots=True)
class RequirementDraft:
    """One requirement as it was typed. kind: see `RULES`; value: what the rule compares with."""

    text: str
    is_essential: bool = True
    kind: str = "text"
    value: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class NeedDraft:
    """A need as it was typed."""

    title_fa: str
    title_en: str = ""
    text_fa: str = ""
    text_en: str = ""
    is_public: bool = False
    field: str = ""
    codes: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    place: str | None = None
    site: UUID | None = None
    wanted_by: date | None = None
    budget_least: int | None = None
    budget_most: int | None = None
    answers_until: date | None = None
    tender_due: bool = False
    tender_no: str = ""
    requirements: Sequence[RequirementDraft] = ()


# --- requirements as rules -------------------------------------------------------------------

# kind -> (fact of the firm, operator, what the value must be)
RULES: Mapping[str, tuple[str, str, str]] = {
    "certificate": ("firm.certificates", "has_any", "word"),
    "field": ("firm.field", "in", "word"),
    "province": ("firm.provinces", "has_any", "word"),
    "language": ("firm.languages", "has_any", "word"),
    "readiness": ("firm.highest_readiness", "gte", "1-9"),
    "domestic": ("firm.domestic_percent", "gte", "0-100"),
    "work": ("firm.evidence", "gte", "1-999"),
    "verified": ("firm.is_verified", "eq", ""),
}
KINDS = ("text", *RULES)


def rule_of(draft: RequirementDraft) -> dict[str, Any] | None:
    """Return the rule of a requirement over the firm's facts; None where only the firm can say.

    >>> rule_of(RequirementDraft("TRL", kind="readiness", value="7"))
    {'fact': 'firm.highest_readiness', 'op': 'gte', 'value': 7}
    """
    if draft.kind not in RULES:
        return None
    fact, op, wants = RULES[draft.kind]
    if not wants:
        return {"fact": fact, "op": op, "value": True}
    if wants == "word":
        return {"fact": fact, "op": op, "value": [draft.value]}
    return {"fact": fact, "op": op, "value": int(draft.value)}


def problem_of(draft: RequirementDraft) -> str:
    """Return what is wrong with a requirement, a msgid; empty when nothing is."""
    if not draft.text.strip():
        return gettext_noop("Say in words what is required.")
    if draft.kind not in KINDS:
        return gettext_noop("Choose a kind from the list.")
    wants = RULES[draft.kind][2] if draft.kind in RULES else ""
    if not wants:
        return ""
    if not draft.value.strip():
        return gettext_noop("Say which one, or choose “in words only”.")
    if wants != "word":
        least, most = (int(edge) for edge in wants.split("-"))
        value = draft.value.strip()
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            return gettext_noop("Write a whole number that can be: a readiness level from 1 to 9, "
                                "a share from 0 to 100, or a number of works.")  # fmt: skip
    return ""


def problems(draft: NeedDraft, *, today: date, is_final: bool) -> dict[str, str]:
    """Return what is wrong with a need by field, msgids; `is_final` asks what freezing asks."""
    wrong: dict[str, str] = {}
    if not draft.title_fa.strip():
        wrong["title_fa"] = gettext_noop("The title in Persian is needed.")
    low, high = draft.budget_least, draft.budget_most
    if low is not None and high is not None and high < low:
        wrong["budget_most"] = gettext_noop(
            "The upper edge of the budget lies below the lower one: exchange them."
        )
    if draft.quantity is not None and draft.quantity <= 0:
        wrong["quantity"] = gettext_noop("The quantity must be more than zero.")
    if draft.answers_until and draft.answers_until < today:
        wrong["answers_until"] = gettext_noop("This day is past: choose one that is still to come.")
    if draft.answers_until and draft.wanted_by and draft.wanted_by < draft.answers_until:
        wrong["wanted_by"] = gettext_noop("The delivery lies before the end of the answers.")
    if len(draft.requirements) > MOST_REQUIREMENTS:
        wrong["requirements"] = gettext_noop(
            "At most 20 requirements: join those that belong together."
        )
    for no_, one in enumerate(draft.requirements, 1):
        if told := problem_of(one):
            wrong[f"requirement_{no_}"] = told
    return wrong | (_final(draft) if is_final else {})


def _final(draft: NeedDraft) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not draft.requirements:
        wrong["requirements"] = gettext_noop(
            "A need without a requirement fits everybody: write at least one."
        )
    elif not any(one.is_essential for one in draft.requirements):
        wrong["requirements"] = gettext_noop("At least one requirement must be essential.")
    if draft.answers_until is None:
        wrong["answers_until"] = gettext_noop("Say until when firms may answer.")
    if draft.tender_due and not draft.tender_no.strip():
        wrong["tender_no"] = gettext_noop("The law asks for a tender number here: write it.")
    return wrong


def extension_problems(
    *, until: date | None, before: date | None, today: date, reason: str
) -> dict[str, str]:
    """Return what is wrong with a new last day for answers, by field; it is never an earlier one.

    >>> sorted(extension_problems(until=None, before=None, today=date(2026, 1, 1), reason=" "))
    ['reason', 'until']
    """
    wrong = {}
    if until is None:
        wrong["until"] = gettext_noop("Say until when firms may answer.")
    elif before is not None and until <= before:
        wrong["until"] = gettext_noop(
            "The new day must come after the announced one: a term is never shortened."
        )
    elif until < today:
        wrong["until"] = gettext_noop("This day is past: choose one that is still to come.")
    return wrong | reason_problems(reason)


def reason_problems(reason: str) -> dict[str, str]:
    """Return what is wrong with a reason that everybody concerned will read."""
    if reason.strip():
        return {}
    return {"reason": gettext_noop("Say why: everybody concerned reads it.")}


# --- what may be seen when -------------------------------------------------------------------


def may_rank(*, is_public: bool, state: str) -> Verdict:
    """May a ranking be shown in this state?

    >>> bool(may_rank(is_public=True, state="open")), bool(may_rank(is_public=False, state="open"))
    (False, True)
    """
    if state == DRAFT:
        return no(gettext_noop("Freeze the need first: names come after the requirements."))
    if state == WITHDRAWN:
        return no(gettext_noop("The need was withdrawn."))
    if is_public and state not in (CLOSED, AWARDED):
        return no(
            gettext_noop("A public buyer sees no ranking before the answers are closed; all"
                         " eligible firms are notified instead.")
        )  # fmt: skip
    return YES


def may_read_answers(*, is_public: bool, state: str) -> Verdict:
    """May the buyer read the answers in this state?"""
    if is_public and state == OPEN:
        return no(gettext_noop("The answers to a public buyer stay sealed until they are closed."))
    return YES


def next_steps(taken: Iterable[str]) -> tuple[str, ...]:
    """Return the steps that may be dated now: those after the furthest one.

    A contract may be left out before nothing: prototype, marketing and production need one.
    >>> next_steps(["introduction"])
    ('meeting', 'memorandum', 'contract')
    """
    done = set(taken)
    furthest = max((STEPS.index(kind) for kind in done), default=-1)
    return tuple(
        kind for at, kind in enumerate(STEPS)
        if at > furthest and (kind not in MILESTONES or "contract" in done)
    )  # fmt: skip


def furthest(taken: Iterable[str]) -> str:
    """Return the furthest of the steps."""
    return max(taken, key=STEPS.index)


# --- the funnel ------------------------------------------------------------------------------

FUNNEL = ("met", "memorandum", "contract", "production")


def funnel(deals: Iterable[Iterable[str]]) -> dict[str, int]:
    """Return how many deals met, signed a memorandum, a contract, and came to make again and again.

    Each counts in all the steps before its furthest one, so the funnel never widens.
    >>> funnel([["introduction"], ["meeting"], ["meeting", "contract"], ["production", "contract"]])
    {'met': 3, 'memorandum': 2, 'contract': 2, 'production': 1}
    """
    edges = {"met": "meeting", "memorandum": "memorandum", "contract": "contract",
             "production": "production"}  # fmt: skip
    counts = dict.fromkeys(FUNNEL, 0)
    for steps in deals:
        reached = max((STEPS.index(kind) for kind in steps), default=-1)
        for name, kind in edges.items():
            counts[name] += reached >= STEPS.index(kind)
    return counts

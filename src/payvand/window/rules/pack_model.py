"""What is a service, once its pack has been read?

Pure, frozen. `CompiledService.to_json()` is what the database keeps; the compiled form is cheap to
make again and lives in the process.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from payvand.kernel.terms import Term

Rule = Mapping[str, Any]
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """What people read, in both languages."""

    fa: str
    en: str

    def get(self, language: str) -> str:
        """Return the text in `language`; Persian for anything but English."""
        return self.en if language.startswith("en") else self.fa


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, an answer or a completion request; `options` holds its limits."""

    id: str
    type: str
    title: Text
    help: Text | None = None
    required: bool = False
    required_when: Rule | None = None
    show_when: Rule | None = None
    format: str = ""
    codelist: str = ""
    columns: tuple[Field, ...] = ()
    personal: bool = False
    confidential: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form."""

    id: str
    title: Text
    fields: tuple[Field, ...]
    help: Text | None = None
    show_when: Rule | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """One choice of a list."""

    code: str
    title: Text
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A law, contract or order; `status` is in_force, sample or to_review."""

    id: str
    title: Text
    status: str
    ref: Text | None = None  # article, note, number
    date: dt.date | None = None
    url: str = ""
    cite: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A numbered condition; a refusal names one."""

    number: int
    title: Text
    ref: str = ""


@dataclass(frozen=True, slots=True)
class TermRule:
    """A term with the cases and days it is meant for; without `ref` it is a service target."""

    term: Term
    ref: str = ""
    scope: Text | None = None
    when: Rule | None = None
    from_: dt.date | None = None
    to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """What the law makes of no answer in time."""

    do: str = "none"
    ref: str = ""
    warn: tuple[str, ...] = ()
    substitute: Text | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: when (80%, 0, +3wd), to which office, how long to acknowledge."""

    at: str
    to: str
    ack: Term | None = None
    as_: str = "notice"


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the only reasons for an act (a stop, an extension, a revocation)."""

    code: str
    title: Text
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Movable:
    """The reasons for which a term may stand still or be lengthened, and the most in all."""

    grounds: tuple[Reason, ...]
    max: Term | None = None


@dataclass(frozen=True, slots=True)
class Presumption:
    """After how long a visible message counts as delivered, and by which ground."""

    presume: Term
    ref: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What the applicant may be asked to complete: only these items, once and early."""

    items: tuple[Field, ...]
    times: int = 1
    until_percent: int = 33
    answer_term: Term | None = None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question that another office must answer.

    needs: pairs (inquiry, field or "" for any answer); join: how many of `after` must be closed
    (None = all of them).
    """

    key: str
    title: Text
    question: Text
    role: str
    place: str
    terms: tuple[TermRule, ...]
    sees: tuple[str, ...] = ()
    returns: tuple[Field, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    after: tuple[str, ...] = ()
    join: int | None = None
    for_each: str = ""
    when: Rule | None = None
    silence: Silence = Silence()
    delivery: Presumption | None = None
    ladder: tuple[Rung, ...] = ()
    interrupt: Movable | None = None
    extend: Movable | None = None
    completion: Completion | None = None
    signatures: int = 1
    fatal_on: tuple[str, ...] = ()
    fee: str = ""
    conditions: tuple[int, ...] = ()
    legal_basis: tuple[str, ...] = ()

    @property
    def predecessors(self) -> tuple[str, ...]:
        """Return the inquiries it waits for, each once, in the order of the pack."""
        return tuple(dict.fromkeys((*(key for key, _ in self.needs), *self.after)))


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decides, how long that may take, and what may be decided."""

    by: str
    place: str
    outcomes: tuple[str, ...]
    terms: tuple[TermRule, ...] = ()
    second: str = ""
    silence: Silence = Silence()
    delivery: Presumption | None = None
    ladder: tuple[Rung, ...] = ()
    extend: Movable | None = None
    signatures: int = 1
    reason_required_for: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """Where, and how long, the applicant may object."""

    role: str
    place: str
    term: Term
    decide_term: Term | None = None
    ref: str = ""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """What is to be paid: whole rials, to a role, at a stage."""

    id: str
    title: Text
    amount_rial: int
    to: str
    at: str = "submit"
    when: Rule | None = None
    ref: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Licence:
    """What is issued after an approval; `valid_months` None means without limit."""

    type: str
    title: Text
    number: str
    valid_months: int | None = None
    scope: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    renew_from_days: int | None = None
    surveillance_months: int | None = None
    revoke_reasons: tuple[Reason, ...] = ()
    suspend_reasons: tuple[Reason, ...] = ()
    issuer: str = ""  # the national issuer it is handed over to
    issuer_ref: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that stops or warns at a stage (submit, review, decide, issue, use)."""

    id: str
    at: str
    rule: Rule
    message: Text
    severity: str = "block"
    waivable_by: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class CompiledService:
    """One version of one service, ready to be asked.

    order: inquiry keys, each after those it waits for. successors: inquiry -> those that wait.
    fatal: inquiries with an answer after which nothing more is asked.
    """

    id: str
    version: str
    title: Text
    summary: Text
    category: str
    icon: str
    service_class: str
    sample: bool
    owner: str
    subject: str
    applicants: tuple[str, ...]
    effective_from: dt.date | None
    effective_to: dt.date | None
    legal_basis: Mapping[str, LegalBasis]
    codelists: Mapping[str, tuple[Code, ...]]
    steps: tuple[Step, ...]
    conditions: tuple[Condition, ...]
    checks: tuple[Check, ...]
    inquiries: tuple[Inquiry, ...]
    decision: Decision | None
    objection: Objection | None
    fees: tuple[Fee, ...]
    licence: Licence | None
    digest: str
    body: Body = field(repr=False, compare=False)
    by_key: Mapping[str, Inquiry] = field(repr=False, compare=False)
    order: tuple[str, ...] = field(repr=False, compare=False)
    successors: Mapping[str, tuple[str, ...]] = field(repr=False, compare=False)
    fatal: tuple[str, ...] = field(repr=False, compare=False)

    def __hash__(self) -> int:
        return hash(self.digest)

    def inquiry(self, key: str) -> Inquiry:
        """Return the inquiry of a node; branches such as lab[3], and lab#2, share one."""
        found = self.by_key.get(key)  # most nodes are whole inquiries
        return found or self.by_key[key.partition("#")[0].partition("[")[0]]

    def fields(self) -> tuple[Field, ...]:
        """Return all form fields in the order of the form."""
        return tuple(one for step in self.steps for one in step.fields)

    def find_field(self, key: str) -> Field | None:
        """Return the form field `key`, or the answer field `inquiry.field`; None if none."""
        base, _, inner = key.partition(".")
        if inner:
            asked = self.by_key.get(base)
            return next((f for f in asked.returns if f.id == inner), None) if asked else None
        return next((f for f in self.fields() if f.id == key), None)

    def condition(self, number: int) -> Condition | None:
        """Return the numbered condition; None if there is none."""
        return next((one for one in self.conditions if one.number == number), None)

    def to_json(self) -> Body:
        """Return the pack as plain JSON data; `packs.from_json` makes the service of it again."""
        return self.body

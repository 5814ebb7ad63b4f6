"""How does the data of a pack become a service that can be asked?

Pure. The data has passed schema and lint before; nothing is checked here again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from payvand.kernel.terms import Term
from payvand.window.rules.pack_model import (
    Body,
    Check,
    Code,
    CompiledService,
    Completion,
    Condition,
    Decision,
    Fee,
    Field,
    Inquiry,
    LegalBasis,
    Licence,
    Movable,
    Objection,
    Presumption,
    Reason,
    Rung,
    Silence,
    Step,
    TermRule,
    Text,
)

FIELD_KEYS = frozenset(
    "id type title help required required_when show_when format codelist columns personal "
    "confidential".split()
)


def canonical(body: Body) -> str:
    """Return JSON that is the same for the same data: sorted keys, no spaces, plain UTF-8."""
    return json.dumps(
        body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def service(body: Body) -> CompiledService:
    """Return the compiled service of a pack's data."""
    defaults = body.get("defaults", {})
    inquiries = tuple(_inquiry({**defaults, **one}) for one in body.get("inquiries", ()))
    effective = body.get("effective", {})
    subject = body["subject"]
    return CompiledService(
        id=body["id"],
        version=body["version"],
        title=_text(body["title"]),
        summary=_text(body["summary"]),
        category=body.get("category", "other"),
        icon=body.get("icon", ""),
        service_class=body.get("class", "confirmation"),
        sample=body.get("sample", False),
        owner=body["owner"],
        subject=subject["type"],
        applicants=tuple(subject.get("applicant", ())),
        effective_from=_date(effective.get("from")),
        effective_to=_date(effective.get("to")),
        legal_basis={one["id"]: _basis(one) for one in body.get("legal_basis", ())},
        codelists={name: _codes(codes) for name, codes in body.get("codelists", {}).items()},
        steps=tuple(_step(one) for one in body.get("form", ())),
        conditions=tuple(
            Condition(one["number"], _text(one["title"]), one.get("ref", ""))
            for one in body.get("conditions", ())
        ),
        checks=tuple(_check(one) for one in body.get("checks", ())),
        inquiries=inquiries,
        decision=_decision(body["decision"]) if "decision" in body else None,
        objection=_objection(body["objection"]) if "objection" in body else None,
        fees=tuple(_fee(one) for one in body.get("fees", ())),
        licence=_licence(body["licence"]) if "licence" in body else None,
        digest=hashlib.sha256(canonical(body).encode()).hexdigest(),
        body=body,
        by_key={one.key: one for one in inquiries},
        order=_order({one.key: one.predecessors for one in inquiries}),
        successors=_successors(inquiries),
        fatal=tuple(one.key for one in inquiries if one.fatal_on),
    )


def find_cycle(waits_for: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the keys of one circle, the first repeated at the end; empty when there is none."""
    done: set[str] = set()
    for start in waits_for:
        if start in done:
            continue
        trail = {start: None}  # insertion order is the way walked
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(waits_for[start]))]
        while stack:
            key, rest = stack[-1]
            step = next((one for one in rest if one in waits_for and one not in done), None)
            if step is None:
                done.add(key)
                trail.pop(key)
                stack.pop()
            elif step in trail:
                way = list(trail)
                return (*way[way.index(step) :], step)
            else:
                trail[step] = None
                stack.append((step, iter(waits_for[step])))
    return ()


def _order(waits_for: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the keys so that each follows those it waits for; pack order where free."""
    placed: dict[str, None] = {}
    stack = list(waits_for)[::-1]
    while stack:
        key = stack[-1]
        open_ones = [one for one in waits_for[key] if one not in placed]
        if key in placed or not open_ones:
            placed[stack.pop()] = None
        else:
            stack.extend(reversed(open_ones))
    return tuple(placed)


def _successors(inquiries: Sequence[Inquiry]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {one.key: [] for one in inquiries}
    for one in inquiries:
        for before in one.predecessors:
            found[before].append(one.key)
    return {key: tuple(later) for key, later in found.items()}


def _text(raw: Mapping[str, str]) -> Text:
    return Text(raw["fa"], raw["en"])


def _maybe_text(raw: Mapping[str, str] | None) -> Text | None:
    return _text(raw) if raw else None


def _citation(raw: str | Mapping[str, str] | None) -> Text | None:
    """Return an article or number; a plain string reads the same in both languages."""
    return Text(raw, raw) if isinstance(raw, str) and raw else _maybe_text(raw or None)


def _date(raw: str | None) -> date | None:
    return date.fromisoformat(raw) if raw else None


def _maybe_term(raw: str | None) -> Term | None:
    return Term.parse(raw) if raw else None


def _codes(raw: Iterable[Body]) -> tuple[Code, ...]:
    return tuple(Code(one["code"], _text(one["title"]), one.get("rank")) for one in raw)


def _basis(raw: Body) -> LegalBasis:
    return LegalBasis(
        id=raw["id"],
        title=_text(raw["title"]),
        status=raw["status"],
        ref=_citation(raw.get("ref")),
        date=_date(raw.get("date")),
        url=raw.get("url", ""),
        cite=_maybe_text(raw.get("cite")),
        note=_maybe_text(raw.get("note")),
    )


def field_of(raw: Body) -> Field:
    """Return one field of a form, or one item of a completion request, as the pack wrote it."""
    return Field(
        id=raw["id"],
        type=raw["type"],
        title=_text(raw["title"]),
        help=_maybe_text(raw.get("help")),
        required=raw.get("required", False),
        required_when=raw.get("required_when"),
        show_when=raw.get("show_when"),
        format=raw.get("format", ""),
        codelist=raw.get("codelist", ""),
        columns=tuple(field_of(one) for one in raw.get("columns", ())),
        personal=raw.get("personal", False),
        confidential=raw.get("confidential", False),
        options={key: value for key, value in raw.items() if key not in FIELD_KEYS},
    )


def _step(raw: Body) -> Step:
    fields = tuple(field_of(one) for one in raw["fields"])
    help_text = _maybe_text(raw.get("help"))
    return Step(raw["id"], _text(raw["title"]), fields, help_text, raw.get("show_when"))


def _terms(raw: Body) -> tuple[TermRule, ...]:
    """Return the terms of an inquiry or a decision; `term_ref` is the ground of unnamed ones."""
    term, ref = raw.get("term"), raw.get("term_ref", "")
    if term is None:
        return ()
    if isinstance(term, str):
        return (TermRule(Term.parse(term), ref),)
    return tuple(
        TermRule(
            term=Term.parse(one["term"]),
            ref=one.get("ref", ref),
            scope=_maybe_text(one.get("scope")),
            when=one.get("when"),
            from_=_date(one.get("from")),
            to=_date(one.get("to")),
        )
        for one in term
    )


def _silence(raw: Body | None) -> Silence:
    if not raw:
        return Silence()
    return Silence(
        do=raw["do"],
        ref=raw.get("ref", ""),
        warn=tuple(raw.get("warn", ())),
        substitute=_maybe_text(raw.get("substitute")),
        note=_maybe_text(raw.get("note")),
    )


def _ladder(raw: Iterable[Body]) -> tuple[Rung, ...]:
    return tuple(
        Rung(one["at"], one["to"], _maybe_term(one.get("ack")), one.get("as", "notice"))
        for one in raw
    )


def _reasons(raw: Iterable[Body], key: str = "code") -> tuple[Reason, ...]:
    return tuple(Reason(one[key], _text(one["title"]), one.get("ref", "")) for one in raw)


def _movable(raw: Body | None) -> Movable | None:
    return Movable(_reasons(raw["grounds"], "id"), _maybe_term(raw.get("max"))) if raw else None


def _presumption(raw: Body | None) -> Presumption | None:
    return Presumption(Term.parse(raw["presume"]), raw["ref"]) if raw else None


def _completion(raw: Body | None) -> Completion | None:
    if not raw:
        return None
    return Completion(
        items=tuple(field_of(one) for one in raw["items"]),
        times=raw.get("times", 1),
        until_percent=int(raw.get("until", "33%").rstrip("%")),
        answer_term=_maybe_term(raw.get("answer_term")),
    )


def _join(raw: str | Body) -> int | None:
    if isinstance(raw, str):
        return 1 if raw == "any" else None
    return int(raw["at_least"])


def _inquiry(raw: Body) -> Inquiry:
    return Inquiry(
        key=raw["id"],
        title=_text(raw["title"]),
        question=_text(raw["question"]),
        role=raw["to"]["role"],
        place=raw["to"].get("place", "country"),
        terms=_terms(raw),
        sees=tuple(raw.get("sees", ())),
        returns=tuple(field_of(one) for one in raw.get("returns", ())),
        needs=tuple((one.partition(".")[0], one.partition(".")[2]) for one in raw.get("needs", ())),
        after=tuple(raw.get("after", ())),
        join=_join(raw.get("join", "all")),
        for_each=raw.get("for_each", ""),
        when=raw.get("when"),
        silence=_silence(raw.get("on_silence")),
        delivery=_presumption(raw.get("delivery")),
        ladder=_ladder(raw.get("escalate", ())),
        interrupt=_movable(raw.get("interrupt")),
        extend=_movable(raw.get("extend")),
        completion=_completion(raw.get("completion")),
        signatures=raw.get("signatures", 1),
        fatal_on=tuple(raw.get("fatal_on", ())),
        fee=raw.get("fee", ""),
        conditions=tuple(raw.get("conditions", ())),
        legal_basis=tuple(raw.get("legal_basis", ())),
    )


def _decision(raw: Body) -> Decision:
    return Decision(
        by=raw["by"],
        place=raw.get("place", "country"),
        outcomes=tuple(raw["outcomes"]),
        terms=_terms(raw),
        second=raw.get("second", ""),
        silence=_silence(raw.get("on_silence")),
        delivery=_presumption(raw.get("delivery")),
        ladder=_ladder(raw.get("escalate", ())),
        extend=_movable(raw.get("extend")),
        signatures=raw.get("signatures", 1),
        reason_required_for=tuple(raw.get("reason_required_for", ())),
        checks=tuple(raw.get("checks", ())),
    )


def _objection(raw: Body) -> Objection:
    return Objection(
        role=raw["to"]["role"],
        place=raw["to"].get("place", "country"),
        term=Term.parse(raw["term"]),
        decide_term=_maybe_term(raw.get("decide_term")),
        ref=raw.get("ref", ""),
        note=_maybe_text(raw.get("note")),
    )


def _fee(raw: Body) -> Fee:
    return Fee(
        id=raw["id"],
        title=_text(raw["title"]),
        amount_rial=raw["amount_rial"],
        to=raw["to"],
        at=raw.get("at", "submit"),
        when=raw.get("when"),
        ref=raw.get("ref", ""),
        sample=raw.get("sample", False),
    )


def _licence(raw: Body) -> Licence:
    hand_over = raw.get("hand_over", {})
    return Licence(
        type=raw["type"],
        title=_text(raw["title"]),
        number=raw["number"],
        valid_months=raw.get("valid_months"),
        scope=tuple(raw.get("scope", ())),
        public=tuple(raw.get("public", ())),
        renew_from_days=raw.get("renew_from_days"),
        surveillance_months=raw.get("surveillance_months"),
        revoke_reasons=_reasons(raw.get("revoke_reasons", ())),
        suspend_reasons=_reasons(raw.get("suspend_reasons", ())),
        issuer=hand_over.get("issuer", ""),
        issuer_ref=hand_over.get("ref", ""),
    )


def _check(raw: Body) -> Check:
    return Check(
        id=raw["id"],
        at=raw["at"],
        rule=raw["rule"],
        message=_text(raw["message"]),
        severity=raw.get("severity", "block"),
        waivable_by=raw.get("waivable_by", ""),
        ref=raw.get("ref", ""),
    )

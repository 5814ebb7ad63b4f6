"""How do needs, firms, deals and meetings look on a page?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from payvand.kernel import units
from payvand.kernel.text import format_number, to_persian_digits
from payvand.matching.exchange import access, labels, reading, rounds
from payvand.matching.exchange.ranking import Found
from payvand.matching.models import Exchange, Need, NeedAnswer, NeedRequirement
from payvand.matching.queries import Because, Match
from payvand.matching.rules import needs as rules
from payvand.registry import public as registry
from payvand.registry.public import Actor, databank
from payvand.ui.language import lang, pick

BAND = 3  # evidence items shown of each firm
BEFORE_AWARD = (rules.DRAFT, rules.FROZEN, rules.OPEN)


def both(row: Any, name: str) -> str:
    """Return a text of a row in the reader's language, else in the other."""
    fa, en = getattr(row, f"{name}_fa"), getattr(row, f"{name}_en")
    return pick({"fa": fa or en, "en": en or fa})


def party_name(row: Any) -> str:
    """Return a party's name in the reader's language."""
    return pick({"fa": row.name_fa, "en": row.name_en or row.name_fa})


def need_row(row: Need) -> dict[str, Any]:
    """Return what a list shows of a need; neither site nor tier."""
    places, fields = registry.all_places(), databank.fields()
    place = places.get(row.place_id or "")
    return {
        "need": row, "title": both(row, "title"), "about": both(row, "text"),
        "buyer": party_name(row.buyer), "place": pick(place.name) if place else "",
        "field": pick(fields[row.field]) if row.field in fields else "",
        "state": labels.STATES[row.state], "tone": labels.STATE_TONES[row.state],
        "sector": labels.SECTORS["public" if row.is_public else "private"],
        "amount": amount(row),
    }  # fmt: skip


def amount(row: Need) -> str:
    """Return the quantity in words, empty when it is not told."""
    if row.quantity is None:
        return ""
    unit = units.named(row.unit, lang(), row.quantity)
    return f"{format_number(row.quantity.normalize(), lang())} {unit}".strip()


def budget(row: Need) -> str:
    """Return the budget band in words."""
    low, high = (None if n is None else format_number(n, lang()) for n in
                 (row.budget_least, row.budget_most))  # fmt: skip
    if low and high:
        return _("from %(low)s to %(high)s rials") % {"low": low, "high": high}
    if high:
        return _("up to %(high)s rials") % {"high": high}
    return _("from %(low)s rials") % {"low": low} if low else ""


def requirement_row(row: NeedRequirement) -> dict[str, Any]:
    """Return a requirement and what is checked by itself, in words."""
    checked = ""
    if row.kind != "text":
        checked = f"{labels.REQUIREMENTS[row.kind]} {value_words(row.kind, row.value)}".strip()
    return {"row": row, "text": labels.requirement(row), "checked": checked}


def value_words(kind: str, value: str) -> str:
    """Return the value of a rule as people read it."""
    if kind == "field":
        return pick(databank.fields().get(value, {"fa": value, "en": value}))
    if kind == "province":
        place = registry.all_places().get(value)
        return pick(place.name) if place else value
    return to_persian_digits(value) if lang() == "fa" and value.isdigit() else value


def need_page(row: Need, *, by: Actor) -> dict[str, Any]:
    """Return what the page of a need shows to this reader."""
    mine = bool(access.may_buy(by, row))
    firms = [key for key in reading.acting_for(by) if key != row.buyer_id]
    rank, read = access.may_rank(by, row), access.may_read_answers(by, row)
    site = reading.site_of(row, by=by) if mine else None
    own_answers = {key: bool(reading.answer_of(row, key)) for key in firms}
    return {
        **need_row(row), "mine": mine, "may_rank": rank, "may_read": read,
        "band": budget(row), "site": site[0] if site else None,
        "tier": labels.TIERS.get(site[1], site[1]) if site else "",
        "requirements": [requirement_row(r) for r in row.requirements.order_by("no")],
        "questions": list(row.questions.order_by("at", "pk")),
        "firms": [(key, name, own_answers.get(UUID(key), False))
                  for key, name in _named(firms)],
        "may_ask": bool(firms) and row.state == rules.OPEN,
        "next": _next(row) if mine else None, "steps": life(row), **telling_of(row),
        "changes": [(one, labels.CHANGES[one.kind]) for one in row.changes.order_by("at", "pk")],
        "may_extend": mine and row.state in (rules.FROZEN, rules.OPEN),
        "may_withdraw": mine and row.state in (*BEFORE_AWARD, rules.CLOSED),
        "waiting": _waiting(row, firms),
        "answers": row.answers.count() if mine and read else None,
        "invitations": [(i, party_name(i.firm), labels.INVITATIONS[i.state],
                         labels.INVITATION_TONES[i.state])
                        for i in reading.invitations_of(row)] if mine else [],
        "signed_in": by.user_id is not None,
    }  # fmt: skip


def telling_of(row: Need) -> dict[str, Any]:
    """Return how far the telling of a need has come, and what the judging found."""
    return {"need": row, "telling": rounds.under_way(row)}


def _waiting(row: Need, firms: list[UUID]) -> list[tuple[Any, str]]:
    """Return the invitations to this need that wait for an answer of the reader's firms."""
    found = row.invitations.filter(firm__in=firms, state="sent").select_related("firm")
    return [(one, party_name(one.firm)) for one in found]


def _named(parties: list[UUID]) -> list[tuple[str, str]]:
    names = registry.party_names(parties)
    return [(str(key), pick(names[key])) for key in parties if key in names]


def _next(row: Need) -> tuple[str, str, str] | None:
    """Return the step that a buyer can take now: its name, its button, and what it brings about."""
    opening = (
        (_("Open and notify all eligible firms"),
         _("Every firm that is not surely unfit is told; nobody is ranked before the end."))
        if row.is_public
        else (_("Open for answers"), _("Everybody can see the need and answer it."))
    )  # fmt: skip
    steps = {
        rules.DRAFT: ("freeze", _("Freeze the requirements"),
                      _("After this they cannot be changed: names come after the requirements.")),
        rules.FROZEN: ("open", *opening),
        rules.OPEN: ("close", _("Close the answers"), _("After this nobody can answer any more.")),
    }  # fmt: skip
    if row.state == rules.OPEN and row.is_public and not _is_over(row):
        return None  # it keeps the announced day and closes by itself
    return steps.get(row.state)


def _is_over(row: Need) -> bool:
    return row.answers_until is not None and row.answers_until < reading.today()


def life(row: Need) -> list[dict[str, Any]]:
    """Return the states of a need as dated steps."""
    times = (row.written_at, row.frozen_at, row.opened_at, row.closed_at, row.awarded_at,
             row.withdrawn_at)  # fmt: skip
    return [
        {"title": labels.STATES[key], "at": at, "is_now": row.state == key}
        for key, at in zip(rules.STATES, times, strict=True)
    ]


def marked(because: Because) -> SafeString:
    """Return an evidence text with the words that match marked; everything else is escaped.

    An item is kept in both languages, a line each: the reader's line is shown, unless only the
    other one holds what matched.
    """
    found, start = [], 0
    for line in because.text.split("\n"):
        end = start + len(line)
        marks = [(m.start - start, m.end - start) for m in because.marks if start <= m.start < end]
        found.append((bool(marks), is_persian(line) == (lang() == "fa"), line, marks))
        start = end + 1
    _has, _own, text, places = max(found, key=lambda one: one[:2])
    parts: list[tuple[bool, str]] = []
    at = 0
    for first, last in places:
        parts += [(False, text[at:first]), (True, text[first:last])]
        at = last
    parts.append((False, text[at:]))
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", t) if hit else t,) for hit, t in parts if t)
    )


def is_persian(text: str) -> bool:
    """Is a text written in Arabic letters, for the most part?"""
    own = sum("\u0600" <= letter <= "\u06ff" for letter in text)
    return own * 2 > sum(letter.isalpha() for letter in text)


def match_row(match: Match, line: databank.ProfileLine) -> dict[str, Any]:
    """Return a firm with the reasons for which it is in the list."""
    fields = databank.fields()
    return {
        "match": match, "line": line, "field": pick(fields.get(line.field, {})),
        "name": pick(line.name), "places": [pick(place) for place in line.places],
        "because": [
            {"text": marked(one), "kind": labels.EVIDENCE.get(one.kind, one.kind),
             "is_verified": one.is_verified}
            for one in match.because[:BAND]
        ],
        "missing": [w for w in match.missing if is_persian(w) == (lang() == "fa")][:6],
    }  # fmt: skip


def found_row(found: Found) -> dict[str, Any]:
    """Return a firm as the buyer sees it: reasons, what is missing, eligibility with its trace."""
    verdict = found.eligibility
    judged = [
        {"label": one.label, "value": one.value, "is_essential": one.is_essential,
         "word": labels.ELIGIBLE[one.value] if one.is_essential else "",
         "tone": labels.ELIGIBLE_TONES[one.value], "why": [trace_words(t) for t in one.trace]}
        for one in verdict.judged
    ]  # fmt: skip
    return match_row(found.match, found.line) | {
        "eligible": labels.ELIGIBLE[verdict.value], "tone": labels.ELIGIBLE_TONES[verdict.value],
        "judged": judged, "is_newcomer": found.match.is_newcomer,
    }  # fmt: skip


FACTS = {
    "firm.certificates": "certificate", "firm.field": "field", "firm.provinces": "province",
    "firm.languages": "language", "firm.highest_readiness": "readiness",
    "firm.domestic_percent": "domestic", "firm.evidence": "work", "firm.is_verified": "verified",
}  # fmt: skip


def trace_words(line: Any) -> str:
    """Return one line of a trace in words: what was asked, and what is known."""
    kind = FACTS.get(line.fact, "text")
    asked = str(labels.REQUIREMENTS[kind])
    wanted = "" if line.expected is True else f" {_listed(kind, line.expected)}"
    if line.actual is None:
        return _("%(asked)s%(wanted)s: not known") % {"asked": asked, "wanted": wanted}
    if isinstance(line.actual, bool):
        known = _("yes") if line.actual else _("no")
    else:
        known = _listed(kind, line.actual)
    told = {"asked": asked, "wanted": wanted, "known": known}
    return _("%(asked)s%(wanted)s: known is %(known)s") % told


def _listed(kind: str, value: Any) -> str:
    several = value if isinstance(value, (list, tuple)) else [value]
    comma = "، " if lang() == "fa" else ", "
    return comma.join(value_words(kind, str(one)) for one in several) or _("nothing")


def answer_row(row: NeedAnswer) -> dict[str, Any]:
    """Return an answer with the texts of the evidence it points at."""
    texts = {item.key: item for item in databank.texts_of([row.firm_id]).get(row.firm_id, ())}
    lines = []
    for line in sorted(row.lines.all(), key=lambda one: one.requirement.no):
        shown = [texts[key] for key in line.evidence if key in texts]
        lines.append({
            "line": line, "asked": labels.requirement(line.requirement),
            "says": labels.SAYS[line.says],
            "tone": labels.SAYS_TONES[line.says],
            "evidence": [(pick({"fa": t.fa or t.en, "en": t.en or t.fa}), t.is_verified)
                         for t in shown],
        })  # fmt: skip
    return {"row": row, "name": party_name(row.firm), "lines": lines}


def deal_row(row: Exchange) -> dict[str, Any]:
    """Return a deal as a list shows it."""
    title = both(row.need, "title") if row.need else ""
    if row.fair:
        title = title or pick({"fa": row.fair.name_fa, "en": row.fair.name_en or row.fair.name_fa})
    return {
        "row": row, "buyer": party_name(row.buyer), "firm": party_name(row.firm), "title": title,
        "stage": _("Ended without a contract") if row.ended_on else labels.STEPS[row.stage],
        "tone": "no" if row.ended_on
        else "ok" if row.stage in ("contract", *rules.MILESTONES) else "run",
    }  # fmt: skip


def endings_of(counts: Mapping[str, int]) -> tuple[int, list[tuple[str, int]]]:
    """Return how many deals ended without a contract, and the reasons, the commonest first."""
    rows = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return sum(counts.values()), [(str(labels.ENDINGS[key]), n) for key, n in rows]


def funnel_of(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the steps of the funnel with their share of the first."""
    top = max(counts.get("met", 0), 1)
    return [
        {"label": labels.FUNNEL[key], "n": counts.get(key, 0), "top": top,
         "percent": round(100 * counts.get(key, 0) / top)}
        for key in rules.FUNNEL
    ]  # fmt: skip

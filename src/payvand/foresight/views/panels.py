"""What is said of the days on the pages of a service, a case and a receipt?

A fixed number of queries; texts are made here, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from payvand.foresight.actions.promises import promise
from payvand.foresight.models import Promise
from payvand.foresight.queries import promises as kept
from payvand.foresight.queries.scope import UNDECIDED
from payvand.foresight.queries.situations import is_stale, open_cases
from payvand.foresight.rules import gate
from payvand.foresight.rules.network import DECISION
from payvand.foresight.rules.promises import chance_of
from payvand.foresight.rules.verdicts import CALENDAR, FEW_ANSWERS, judge_service
from payvand.kernel import clock
from payvand.kernel.text import format_number
from payvand.plugins.slots import Panel
from payvand.ui.language import lang, pick
from payvand.window import public as window


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier promise, as one line."""

    at: datetime
    p50: date | None
    p90: date | None
    why: str
    reason: str
    slipped: bool


def application_panel(request: HttpRequest, application: Any) -> Panel | None:
    """Return the days promised for a case beside the legal one; None once it is decided."""
    if application.state not in UNDECIDED:
        return _after(application)
    rows = kept.promises_of(application.pk)
    if not rows or is_stale(application.pk, rows[0].at):
        promise(application.pk)
        rows = kept.promises_of(application.pk)
    if not rows:
        return None
    newest, legal_at = rows[0], _legal_at(application)
    service = window.service_of(application.version_id)
    context = {
        "promise": newest,
        "legal_at": legal_at,
        "slowest": question_title(service, newest.slowest),
        "warning": warning_of(newest.verdict_facts),
        "reason": reason_of(newest.verdict, newest.verdict_facts, service),
        "is_case": newest.basis == "case",
        "by_law": _by_law(newest, legal_at),
        "earlier": earlier(rows[1:], service),
    }
    return Panel(_("When will it be done?"), "foresight/_promise.html", context)


def _legal_at(application: Any) -> datetime | None:
    """Return by when the law would have a case done, as it stands now.

    Of a promise that still holds it would be a day of the past once a term has run out.
    """
    found = open_cases(clock.now(), [application.pk])
    return found[0].legal_at if found else None


def _by_law(told: Promise, legal_at: datetime | None) -> int | None:
    """Return the chance of being done by then, in percent; never 0 or 100: nothing is sure.

    The case is still open, so what would have been done since the promise was made is left out.
    """
    if legal_at is None or not told.points:
        return None
    by_then, by_now = (
        chance_of(told.points, (moment - told.at).total_seconds() / 86_400)
        for moment in (legal_at, clock.now())
    )
    chance = (by_then - by_now) / (1 - by_now) if by_now < 1 else 0.0
    return min(max(round(100 * chance), 1), 99)


def _after(application: Any) -> Panel | None:
    """Return what had been promised for a case that is decided now."""
    rows = kept.promises_of(application.pk)
    if not rows or application.decided_at is None:
        return None
    service = window.service_of(application.version_id)
    first = kept.first_of(application.pk) or rows[-1]
    done = clock.local_date(application.decided_at)
    context = {
        "first": first, "done": done, "is_kept": first.p90 is not None and done <= first.p90,
        "earlier": earlier(rows, service),
    }  # fmt: skip
    return Panel(_("What was promised"), "foresight/_promised.html", context)


def earlier(rows: Sequence[Promise], service: window.CompiledService) -> list[Earlier]:
    """Return promises as lines, the newest first."""
    causes = {
        "submitted": _("at submission"), "answered": _("after an answer"),
        "silence": _("after a night of silence"),
    }  # fmt: skip
    return [
        Earlier(one.at, one.p50, one.p90, causes.get(one.cause, one.cause),
                reason_of(one.verdict, one.verdict_facts, service), one.slipped)
        for one in rows
    ]  # fmt: skip


def service_panel(slug: str, by: Any) -> Panel | None:
    """Return what is usual for a service: half within, nine in ten within; or why not."""
    found = kept.newest(slug)
    if found is None:
        return None
    known = found[1]
    refused = judge_service(known)
    p50, p90 = known.case.quantile(0.5), known.case.quantile(0.9)
    reason = reason_of(refused.code, refused.facts, None) if refused else ""
    context = {
        "p50": _days(p50), "p90": _days(p90), "reason": reason, "closed": known.closed,
        "plan_slug": slug if may_plan_here(slug, by) else "",
    }  # fmt: skip
    return Panel(_("How long it usually takes"), "foresight/_usual.html", context)


def may_plan_here(slug: str, by: Any) -> bool:
    """Say whether the reader may open the page on which the service is planned."""
    from payvand.foresight.access import may_plan

    if by is None or (not by.seats and not by.offices and not by.is_operator):
        return False
    owner = window.Service.objects.values_list("owner_id", flat=True).filter(pk=slug).first()
    return owner is not None and may_plan(by, owner).ok


def _days(days: float | None) -> int | None:
    """Return working days as people count them: begun ones are whole."""
    return None if days is None else max(1, int(-(-days // 1)))


def question_title(service: window.CompiledService, node: str) -> str:
    """Return what a question is called."""
    if not node:
        return ""
    if node == DECISION:
        return _("the decision")
    key, _sep, row = node.partition("[")
    if key not in service.by_key:
        return node
    title = pick(window.both(service.by_key[key].title))
    number = row.rstrip("]")
    if number.isdigit():
        return _("%(title)s, row %(n)s") % {"title": title, "n": format_number(int(number), lang())}
    return title


def reason_of(
    verdict: str, facts: Mapping[str, Any], service: window.CompiledService | None
) -> str:
    """Return in words why no day is promised; empty when one is."""
    own = {
        FEW_ANSWERS: _("“{question}” has been answered only {answers} times so far."),
        CALENDAR: _("The working calendar is not known far enough ahead."),
    }
    if verdict in gate.REASONS:
        return _(gate.REASONS[verdict]).format_map(_shown(facts, service))
    return own[verdict].format_map(_shown(facts, service)) if verdict in own else ""


def warning_of(facts: Mapping[str, Any]) -> str:
    """Return in words that past promises were kept too seldom or too easily; mostly empty."""
    text = gate.WARNINGS.get(facts.get("warning", ""))
    return _(text).format_map(_shown(facts, None)) if text else ""


def _shown(facts: Mapping[str, Any], service: window.CompiledService | None) -> dict[str, str]:
    shown = {
        name: format_number(value, lang()) if isinstance(value, int) else str(value)
        for name, value in facts.items()
    }
    if "question" in shown and service is not None:
        shown["question"] = question_title(service, shown["question"])
    return shown

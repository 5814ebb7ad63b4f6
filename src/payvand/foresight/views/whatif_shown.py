"""How do a scenario's figures look: tiles, rows, ways of asking, sentences?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from payvand.foresight.queries.plans import Plan
from payvand.foresight.rules import queueing
from payvand.foresight.rules.network import DECISION
from payvand.foresight.rules.promises import SEED
from payvand.foresight.rules.whatif import Figures, Study, split
from payvand.foresight.views.panels import reason_of
from payvand.foresight.views.whatif_words import Words
from payvand.kernel.text import format_number
from payvand.ui import charts
from payvand.ui.language import lang, pick
from payvand.window import public as window


def number(value: float | None, digits: int = 0) -> str:
    """Return a number as people write it; a dash for none."""
    return "—" if value is None else format_number(value, lang(), digits)


def days(value: float | None) -> str:
    """Return days, rounded to whole ones, with a tenth where they are few."""
    return number(value, 0 if value is None or value >= 10 else 1)


def percent(value: float | None) -> str:
    """Return a share with its sign."""
    if value is None:
        return "—"
    return format_number(100 * value, lang(), 0) + ("٪" if lang() == "fa" else "%")


def bought(value: float) -> str:
    """Return days bought; a plus for days that would be lost, a dash for less than half a day."""
    if abs(value) < 0.05:
        return _("none")
    shown = number(abs(value), 1)
    return shown if value > 0 else _("%(n)s lost") % {"n": shown}


def reason(plan: Plan) -> str:
    """Return why nothing can be said of the service."""
    if plan.refused is None or plan.refused.code == "no_graph":
        return _("This service asks no other office; there is nothing to arrange.")
    return reason_of(plan.refused.code, plan.refused.facts, plan.service)


def tiles(plan: Plan) -> list[dict[str, Any]]:
    """Return the three figures: as it is, and with the changes."""
    study = plan.study
    if study is None:
        return []
    then = study.together
    alone, beside = _("as it is"), _("as it is: %(now)s")
    if plan.is_sequence:
        alone, beside = _("one after another"), _("one after another: %(now)s")

    def tile(icon: str, label: str, now: str, after: str) -> dict[str, Any]:
        note = beside % {"now": now} if then else alone
        return {"icon": icon, "label": label, "value": after if then else now, "note": note}

    unit = _("days")
    return [
        tile("clock-hour-4", _("Half finish within"), days(study.now.p50),
             days(then.p50 if then else None)) | {"unit": unit},
        tile("hourglass", _("Nine in ten within"), days(study.now.p90),
             days(then.p90 if then else None)) | {"unit": unit},
        tile("circle-check", _("Within the legal term"), percent(study.now.by_law),
             percent(then.by_law if then else None)),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One change as a row: what it buys at the median and at nine in ten, what it takes away."""

    text: str
    p50: str
    p90: str
    by_law: str
    protection: str
    refused: str
    without: str  # address of the scenario without it


def effects(plan: Plan, words: Words, asked: Any, own: str) -> list[EffectRow]:
    """Return the changes as rows."""
    study = plan.study
    if study is None:
        return []
    rows = []
    for effect in study.effects:
        rest = [one for one in asked.changes if one != effect.change]
        found = effect.figures
        rows.append(
            EffectRow(
                words.change(effect.change), bought(effect.p50_bought), bought(effect.p90_bought),
                percent(found.by_law if found else None), words.protection(effect.change),
                words.refusal(effect), f"{own}?{asked.query_of(rest)}",
            )
        )  # fmt: skip
    return rows


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question of the service with its days on the slowest way, and what may be tried."""

    key: str
    title: str
    role: str
    term: str
    days: str
    then: str
    bar: SafeString
    others: tuple[tuple[str, str], ...]  # questions it may be merged with
    is_decision: bool


def rows(plan: Plan, words: Words) -> list[QuestionRow]:
    """Return the questions, the one that costs most days first."""
    study = plan.study
    if study is None:
        return []
    now, then = dict(study.shares), dict(study.then)
    top = max(now.values(), default=1.0)
    titles = [(q.key, words.title(q.key)) for q in plan.blueprint.questions]
    made = []
    for key in sorted([k for k, _t in titles], key=lambda k: -now.get(k, 0.0)):
        question = plan.blueprint.question(key)
        term = question.term_days if question else None
        made.append(QuestionRow(
            key, words.title(key), _role(plan, key), number(term), number(now.get(key, 0.0), 1),
            number(then.get(key, 0.0), 1) if study.together else "", _bar(now.get(key, 0.0), top),
            tuple(pair for pair in titles if pair[0] != key), is_decision=False,
        ))  # fmt: skip
    if plan.blueprint.has_decision:
        made.append(QuestionRow(
            DECISION, _("Decision"), "", number(plan.blueprint.decision_days),
            number(now.get(DECISION, 0.0), 1),
            number(then.get(DECISION, 0.0), 1) if study.together else "",
            _bar(now.get(DECISION, 0.0), top), (), is_decision=True,
        ))  # fmt: skip
    return made


def _role(plan: Plan, key: str) -> str:
    inquiry = plan.service.by_key.get(key)
    return pick(window.role_name(inquiry.role)) if inquiry else ""


def _bar(value: float, top: float) -> SafeString:
    return charts.hbar(round(value, 1), max(top, 0.1), lang=lang())


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking the same questions, and what it comes to."""

    title: str
    note: str
    p50: str
    p90: str
    by_law: str
    is_observed: bool = False


def ways(plan: Plan) -> list[Way]:
    """Return the ways of asking: as history really went, and as it is calculated."""
    study, past = plan.study, plan.past
    if study is None or past is None:
        return []
    made: list[Way] = []
    for title, seen in (
        (_("What really happened, asked one after another"), past.in_sequence),
        (_("What really happened, asked by the graph"), past.by_graph),
    ):
        if seen.closed:
            note = _("%(closed)s of %(n)s applications decided") % {
                "closed": number(seen.closed), "n": number(seen.applications)}  # fmt: skip
            made.append(Way(title, note, days(seen.p50), days(seen.p90), "—", is_observed=True))
    made += [
        _way(_("Calculated: one after another"), _("each office waits for the one before"),
             study.sequence),
        _way(_("Calculated: by the graph"), _("each is asked as soon as its data are there"),
             study.graph),
        _way(_("Calculated: everything at once"),
             _("the least that any order can reach; the data needs forbid it"), study.wide_open),
    ]  # fmt: skip
    if study.together:
        made.append(_way(_("Calculated: with your changes"), "", study.together))
    return made


def _way(title: str, note: str, found: Figures) -> Way:
    return Way(title, note, days(found.p50), days(found.p90), percent(found.by_law))


def order_in_words(plan: Plan) -> list[str]:
    """Return how much the order of asking explains and how much it does not."""
    study = plan.study
    if study is None:
        return []
    half, nine = split(study, ninetieth=False), split(study, ninetieth=True)
    said = [
        _(
            "Asking by the graph instead of one after another takes %(half)s of %(from_half)s days"
            " off the median, and %(nine)s of %(from_nine)s days off what nine in ten need."
        )
        % {"half": days(half.by_order), "from_half": days(half.from_days),
           "nine": days(nine.by_order), "from_nine": days(nine.from_days)},
        _(
            "No order of asking can take off more than %(half)s and %(nine)s days. The other"
            " %(rest_half)s and %(rest_nine)s days are answering itself: only shorter answers –"
            " terms that are kept, registers, desks – shorten them."
        )
        % {"half": days(half.at_most), "nine": days(nine.at_most), "rest_half": days(half.rest),
           "rest_nine": days(nine.rest)},
    ]  # fmt: skip
    if study.graph.by_law is not None:
        said.append(
            _("By the graph %(share)s finish within the legal term; with everything at once it"
              " would be %(best)s.")
            % {"share": percent(study.graph.by_law), "best": percent(study.wide_open.by_law)}
        )  # fmt: skip
    return said


def together_in_words(study: Study) -> str:
    """Return what all changes buy together; less than their sum where they shorten one chain."""
    if study.together is None:
        return ""
    return _(
        "Together they buy %(half)s days at the median and %(nine)s at nine in ten; changes to the"
        " same chain do not add up."
    ) % {
        "half": bought(study.now.p50 - study.together.p50),
        "nine": bought(study.now.p90 - study.together.p90),
    }


def method_in_words(plan: Plan) -> str:
    """Return how the figures came about and what they leave out."""
    if plan.study is None or plan.shop is None:
        return ""
    return _(
        "Days are calendar days from submission to decision. %(n)s cases are drawn from the answer"
        " times of %(closed)s decided applications, on the country’s working days; all figures"
        " share the same draws. Left out: that shorter queues attract more applications, and that"
        " an office in haste errs more."
    ) % {"n": number(plan.study.samples), "closed": number(plan.shop.known.closed)}


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """What desks change, by the formula and by playing it."""

    text: str
    rate: str
    busy: str
    waits: str
    played: str


def capacities(plan: Plan, words: Words) -> Sequence[CapacityRow]:
    """Return the desks that the scenario adds, each checked by discrete events where possible."""
    study = plan.study
    made = []
    for effect in study.effects if study else ():
        found = effect.capacity
        if found is None or effect.refused:
            continue
        played = ""
        if queueing.can_play() and found.service > 0:
            one = queueing.play(found, desks=found.desks, seed=SEED)
            two = queueing.play(found, desks=found.desks + found.added, seed=SEED)
            played = _("from %(before)s to %(after)s days, over %(n)s inquiries") % {
                "before": number(one.mean, 1), "after": number(two.mean, 1),
                "n": number(one.inquiries)}  # fmt: skip
        waits = _("from %(before)s to %(after)s") % {
            "before": number(found.before, 1), "after": number(found.after, 1)}  # fmt: skip
        made.append(CapacityRow(words.change(effect.change), number(found.rate, 1),
                                percent(found.busy), waits, played))  # fmt: skip
    return made

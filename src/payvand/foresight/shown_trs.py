"""How does a release study look: on paper, and as a workbook?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _

from payvand.foresight.queries.scope import NAMELESS
from payvand.foresight.queries.studies import Named
from payvand.foresight.rules import trs
from payvand.foresight.rules.intervals import LEAST
from payvand.foresight.rules.tables import safe
from payvand.foresight.rules.trs import Measure
from payvand.kernel import jalali
from payvand.kernel.periods import Period
from payvand.ui.language import lang, pick


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its heading, the heading of its first column, and rows of (name, measure)."""

    key: str
    heading: str
    column: str
    rows: list[tuple[str, Measure]]


def tables(found: Named) -> list[Table]:
    """Return the tables of a study in words."""
    study = found.study
    stage = {
        trs.BEFORE: _("From submission to the first question"),
        trs.QUESTIONS: _("From the first question to the last answer"),
        trs.APPLICANT: _("Of that, waiting for the applicant"),
        trs.DECISION: _("From the last answer to the decision"),
        trs.TOTAL: _("From submission to release"),
    }
    step = {
        trs.DELIVERY: _("on its way"), trs.DESK: _("not opened yet"),
        trs.ANSWER: _("from opening to answer"), trs.WHOLE: _("in all"),
    }  # fmt: skip
    ways = {"sequential": _("one question after another"), "graph": _("by the graph")}
    regimes = {key: pick(title) for key, title in found.regimes.items()}
    questions = [
        (f"{pick(found.questions.get(key, NAMELESS))} · {step[name]}", known[name])
        for key, known in study.questions
        for name in trs.STEPS
        if name in known
    ]
    return [
        Table("stages", _("By stage"), _("Stage"), [(stage[k], m) for k, m in study.stages]),
        Table("agencies", _("By agency"), _("Agency"),
              [(pick(found.agencies.get(k, NAMELESS)), m) for k, m in study.agencies]),
        Table("regimes", _("By regime"), _("Regime"),
              [(regimes.get(k) or ways.get(k) or k or _("not stated"), m)
               for k, m in study.regimes]),
        Table("questions", _("By question"), _("Question"), questions),
    ]  # fmt: skip


def columns() -> list[str]:
    """Return the headings of the measures."""
    return [_("Cases"), _("Mean"), _("Median"), _("Shortest"), _("Longest"), _("Nine in ten"),
            _("Spread")]  # fmt: skip


def context_of(found: Named, period: Period) -> dict[str, Any]:
    """Return what the templates of the study show."""
    return {
        "found": found, "tables": tables(found), "columns": columns(), "days": period,
        "least": LEAST,
    }  # fmt: skip


def page(found: Named, period: Period) -> str:
    """Return the study as a page of its own, its stylesheet inside, to be kept as a file."""
    from django.contrib.staticfiles import finders

    path = finders.find("ui/ui.css")
    css = Path(path).read_text(encoding="utf-8") if isinstance(path, str) else ""
    language = lang()
    head = format_html(
        '<!doctype html>\n<html lang="{}" dir="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><title>{}</title>',
        language, "rtl" if language == "fa" else "ltr", _("Time release study"),
    )  # fmt: skip
    body = render_to_string("foresight/_trs_file.html", context_of(found, period))
    return f"{head}<style>{css}</style></head><body>{body}</body></html>\n"


def workbook(found: Named, period: Period) -> bytes:
    """Return the study as XLSX: one sheet a table; texts that look like formulas are guarded."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    for empty in book.worksheets:
        book.remove(empty)
    for table in tables(found):
        sheet = book.create_sheet(table.heading[:31])
        sheet.sheet_view.rightToLeft = lang() == "fa"
        first, last = (jalali.format_date(day, lang()) for day in (period.first, period.last))
        sheet.append([safe(f"{pick(found.service)} · {first} – {last}")])
        sheet.append([safe(_("Days of 24 hours. Fewer than ten cases are only counted."))])
        sheet.append([safe(text) for text in (table.column, *columns())])
        for row in table.rows:
            sheet.append([safe(cell) for cell in _cells(*row)])
        for cell in sheet[3]:
            cell.font = Font(bold=True)
        sheet.column_dimensions["A"].width = 48
        sheet.freeze_panes = "B4"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(name: str, m: Measure) -> Iterable[Any]:
    values = (m.mean, m.median, m.least, m.most, m.p90, m.spread)
    return (name, m.n, *(None if v is None else round(v, 3) for v in values))

"""Which page shows every component? The gallery: the tests read it, people look at it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from payvand.kernel.terms import Left, Unit
from payvand.ui import charts, months
from payvand.ui.context import NavItem
from payvand.ui.forms import build_form

PAGE = Path(__file__).with_name("gallery.html")
START = datetime(2025, 11, 9, tzinfo=UTC)


def visitor(path: str) -> HttpRequest:
    """Return the request of somebody who has not signed in."""
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return request


def both(fa: str, en: str) -> dict[str, str]:
    return {"fa": fa, "en": en}


FIELDS: list[dict[str, Any]] = [
    {"id": "name", "type": "text", "title": both("نام محصول", "Product name"), "required": True,
     "help": both("همان نام روی پروانه", "The name on the licence")},
    {"id": "company", "type": "organisation", "title": both("شناسهٔ ملی شرکت", "Company id")},
    {"id": "power", "type": "decimal", "title": both("توان برق", "Power"), "unit": "MW", "min": 0},
    {"id": "cost", "type": "money", "title": both("برآورد هزینه", "Estimated cost")},
    {"id": "start", "type": "date", "title": both("آغاز ساخت", "Start of works"), "required": True},
    {"id": "export", "type": "boolean", "title": both("صادرات دارید؟", "Do you export?")},
    {"id": "tier", "type": "choice", "codelist": "tier", "required": True,
     "title": both("محصول کجا به کار می‌رود؟", "Where is it used?")},
    {"id": "why_vital", "type": "longtext", "title": both("دلیل حیاتی بودن", "Why is it vital?"),
     "show_when": {"fact": "tier", "op": "eq", "value": "vital"},
     "required_when": {"fact": "tier", "op": "eq", "value": "vital"}},
    {"id": "uses", "type": "choices", "codelist": "tier", "title": both("کاربردها", "Uses")},
    {"id": "report", "type": "file", "accept": ["application/pdf"], "max_mb": 1,
     "title": both("گزارش آزمون", "Test report"),
     "help": both("PDF، تا ۱ مگابایت", "PDF, to 1 MB")},
    {"id": "parts", "type": "table", "min_rows": 1, "title": both("قطعه‌ها", "Parts"), "columns": [
        {"id": "part", "type": "text", "title": both("قطعه", "Part"), "required": True},
        {"id": "count", "type": "integer", "title": both("تعداد", "Count"), "min": 1},
        {"id": "made", "type": "boolean", "title": both("ساخت داخل", "Made at home")},
    ]},
    {"id": "true", "type": "declaration", "required": True,
     "title": both("درستی این اطلاعات را تأیید می‌کنم", "I confirm that this is true")},
]  # fmt: skip
CODELISTS = {
    "tier": [
        {"code": "vital", "title": both("حیاتی", "Vital")},
        {"code": "other", "title": both("عادی", "Ordinary")},
    ]
}
WRONG = (
    "name=&company=123&power=abc&start_day=30&start_month=12&start_year=۱۴۰۴&tier=vital"
    "&parts-rows=1&parts-0-count=۳"
)


def form(lang: str, query: str = "", **options: Any) -> Any:
    """Return the gallery's form, filled from a query string when there is one."""
    data = QueryDict(query) if query else None
    return build_form(FIELDS, lang=lang, codelists=CODELISTS, data=data, **options)


def _gantt(lang: str) -> dict[str, Any]:
    span = charts.Span(START, START + timedelta(days=18))
    closed = span.closed(lambda day: day.weekday() in (3, 4))
    now = START + timedelta(days=11)
    cases = [
        ("cond", 0, 4, 5, "done"), ("late", 0, 8, 6, "late"), ("over", 0, 11, 9, "over"),
        ("stop", 1, 6, 12, "run"), ("run", 4, 11, 13, "run"), ("wait", 12, 16, 16, "wait"),
    ]  # fmt: skip
    rows = []
    for state, first, last, due, kind in cases:
        at = [span.percent(START + timedelta(days=n)) for n in (first, last, due)]
        bars = [charts.Bar(at[0], at[1], kind)]
        if state == "stop":
            bars.append(charts.Bar(at[1], span.percent(now), "stop"))
        left = (
            Left(0, Unit.WORKING_DAYS, True, 2)
            if due < 10
            else Left(3, Unit.WORKING_DAYS, False, 0)
        )
        rows.append({
            "name": both("شرکت توزیع برق نمونه", "Sample Power Distribution")[lang],
            "what": both("ظرفیت انشعاب", "Connection")[lang], "state": state, "outcome": "",
            "href": "#", "bar": charts.Row(bars, at[2], span.percent(now), closed),
            "sent": START.date(), "due": (START + timedelta(days=due)).date(), "left": left,
            "why": ["۱", "۲"],
        })  # fmt: skip
    from payvand.ui.words import duration

    for row in rows:
        row["left"] = duration(row["left"])
    return {"rows": rows, "ticks": span.ticks(lang)}


def context(lang: str) -> dict[str, Any]:
    """Return what the gallery page needs."""
    named = months.months_between(date(2025, 3, 21), date(2026, 3, 10), lang)
    nav = [
        NavItem("Services خدمات", "/", count=None),
        NavItem("Inbox کارتابل", "/i", count=3, hot=True),
    ]
    wrong = form(lang, WRONG)
    wrong.is_valid()
    return {
        "nav": [{"item": item, "current": n == 0} for n, item in enumerate(nav)],
        "login_url": "/login/",
        "form": wrong,
        "gantt": _gantt(lang),
        "labels": [name for _key, name in named],
        "series": [
            charts.Series("A", [88, 84, 79, 71, 63, 52, 44, None, 29, 23, 19, 16.2]),
            charts.Series("B", [21, 24, 28, 33, 39, 46, 55, 62, 69, 74, 78, 81]),
        ],
        "columns": [5, 8, 3, 12, 9, 4, 6, 8, 2, 3, 7, 9],
        "map": {f"IR-{n:02d}": 9 + (n * 7) % 23 for n in range(31) if n != 16},
        "code": "123456789012",
        "at": START + timedelta(hours=9),
        "left": Left(3, Unit.WORKING_DAYS, False, 0),
        "over": Left(0, Unit.CALENDAR_DAYS, True, 2),
        "kinds": "ok cond no done late over soon run wait stop draft out deemed".split(),
        "events": [{"text": "<b>x</b>", "at": START, "icon": "mail", "tone": "ok"}],
        "crumbs": [{"label": "A", "href": "/"}, {"label": "B"}],
        "steps": [
            {"title": "A", "state": "done", "href": "#"},
            {"title": "B", "state": "now"},
            {"title": "C", "state": "todo"},
        ],
        "tasks": [{"title": "A", "href": "#", "hint": "…", "state": "done"}],
        "answers": [
            {"key": "A", "value": "1", "href": "#"},
            {"key": "B", "value": None, "href": "#"},
            {"key": "C", "value": "<script>alert(1)</script>"},
        ],
    }


def page(lang: str) -> str:
    """Return the gallery in one language."""
    request = visitor(f"/{lang}/gallery/?a=1")
    with override(lang):
        template = engines["django"].from_string(PAGE.read_text(encoding="utf-8"))
        return str(template.render(context(lang), request))

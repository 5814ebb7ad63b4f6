"""How is a number, a date, a sum or a code shown in the reader's language?

Registered as template builtins. Every filter reads the active language; none trusts its input.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from payvand.kernel import clock, jalali, money, text, units
from payvand.ui import charts, maps, rendering, vendor, words
from payvand.ui.language import lang
from payvand.ui.language import pick as pick_side

register = template.Library()
EMPTY = "—"
PERSIAN, LATIN = re.compile("[\u0600-\u06ff]"), re.compile("[A-Za-z]")


@register.filter
def num(value: Any, decimals: int | None = None) -> str:
    """Return the number grouped, in the reader's digits; a dash for nothing."""
    if value is None or value == "":
        return EMPTY
    return text.format_number(value, lang(), decimals)


@register.filter
def digits(value: Any) -> str:
    """Return the text with the reader's digits, ungrouped."""
    shown = "" if value is None else str(value)
    return text.to_persian_digits(shown) if lang() == "fa" else text.fold_digits(shown)


@register.filter
def percent(value: Any, decimals: int = 0) -> str:
    """Return a share given as 0–100 with its sign."""
    if value is None or value == "":
        return EMPTY
    return text.format_number(value, lang(), decimals) + ("٪" if lang() == "fa" else "%")


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip


@register.filter
def rial(value: Any) -> str:
    """Return a sum of whole rials with its unit."""
    return EMPTY if value is None or value == "" else money.format_rial(int(value), lang())


def _time(value: Any, shown: str, *, moment: bool) -> SafeString:
    """Return a `<time>`; its title gives the Gregorian date in English, where readers may need it.

    A screen reader speaks the title after the text, so that it is in words, and not in Persian.
    """
    local = value.astimezone(clock.TEHRAN) if moment else None
    day = clock.local_date(value) if isinstance(value, datetime) else value
    stamp = local.isoformat(timespec="minutes") if local else day.isoformat()
    if lang() == "fa":
        return format_html('<time datetime="{}">{}</time>', stamp, shown)
    told = f"{day.day} {MONTHS[day.month - 1]} {day.year}" + (f", {local:%H:%M}" if local else "")
    return format_html('<time datetime="{}" title="{}">{}</time>', stamp, told, shown)


@register.filter
def jdate(value: date | None, style: str = "") -> SafeString | str:
    """Return the Jalali date as a `<time>`; style `weekday` adds the day of the week."""
    if not value:
        return EMPTY
    shown = jalali.format_date(value, lang(), weekday=style == "weekday")
    return _time(value, shown, moment=False)


@register.filter
def jdate_short(value: date | None) -> SafeString | str:
    """Return the Jalali day and month as a `<time>`."""
    if not value:
        return EMPTY
    return _time(value, jalali.format_date(value, lang(), year=False), moment=False)


@register.filter
def jdate_text(value: date | None) -> str:
    """Return the Jalali date as plain words, for sentences and attributes."""
    return jalali.format_date(value, lang()) if value else EMPTY


@register.filter
def jdatetime(value: datetime | None) -> SafeString | str:
    """Return the Jalali date and the time in Tehran as a `<time>`."""
    return _time(value, jalali.format_datetime(value, lang()), moment=True) if value else EMPTY


@register.filter
def jdatetime_text(value: datetime | None) -> str:
    """Return the Jalali date and time as plain words."""
    return jalali.format_datetime(value, lang()) if value else EMPTY


@register.filter
def duration(left: Any) -> str:
    """Return how much of a term is left, or by how much it has passed."""
    return words.duration(left) if left is not None else EMPTY


@register.filter
def code(value: Any) -> SafeString:
    """Return a code that reads left to right; long digit codes in groups of four.

    The groups are spans, so that copying gives the code without spaces.
    """
    plain = "" if value is None else str(value)
    bare = text.fold_digits(plain)
    if not bare.isdigit():
        return format_html('<bdi class="code" dir="ltr">{}</bdi>', plain)
    shown = text.to_persian_digits(bare) if lang() == "fa" else bare
    parts = [shown[i : i + 4] for i in range(0, len(shown), 4)] if len(shown) > 8 else [shown]
    spans = format_html_join("", "<span>{}</span>", ((part,) for part in parts))
    return format_html('<bdi class="code" dir="ltr">{}</bdi>', spans)


@register.filter
def unit(value: Any, amount: Any = None) -> str:
    """Return a kept unit of quantity in the reader's language; English asks for how many."""
    return units.named(str(value or ""), lang(), amount)


@register.filter
def typed(value: Any) -> Any:
    """Return what somebody wrote, apart from the sentence around it and marked with its language.

    A screen reader then reads Persian words with a Persian voice on an English page, and the other
    way round. What is marked up already stays as it is.
    """
    if value is None or value == "" or hasattr(value, "__html__"):
        return value
    written = "fa" if PERSIAN.search(str(value)) else "en" if LATIN.search(str(value)) else lang()
    mark = "" if written == lang() else format_html(' lang="{}"', written)
    return format_html("<bdi{}>{}</bdi>", mark, linebreaksbr(value, autoescape=True))


@register.filter
def pick(value: Any) -> str:
    """Return the side of a two-language text in the reader's language."""
    return pick_side(value)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Return a decorative icon; empty where the sprite was not built (the words stay)."""
    if not vendor.has("sprite.svg"):
        return SafeString("")
    return format_html(
        '<svg class="i {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        static("vendor/sprite.svg"),
        name,
    )


@register.simple_tag
def font() -> SafeString:
    """Return the links to the Persian font; empty where it was not built."""
    if not vendor.has("font.css"):
        return SafeString("")
    return format_html(
        '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>'
        '<link rel="stylesheet" href="{}">',
        static("vendor/vazirmatn.woff2"),
        static("vendor/font.css"),
    )


@register.simple_tag
def status(kind: str, label: str = "") -> SafeString:
    """Return a status chip: icon, word and pattern, never colour alone."""
    return SafeString(render_to_string("ui/status.html", words.status(kind, label)))


@register.simple_tag
def field(bound: Any, css: str = "") -> SafeString:
    """Return one form field with label, hint, error and all their links."""
    return SafeString(render_to_string("ui/field.html", rendering.describe(bound, css)))


@register.simple_tag
def error_summary(form: Any) -> SafeString:
    """Return the list of errors at the top of a form; empty when there are none."""
    errors = rendering.form_errors(form)
    return SafeString(render_to_string("ui/error_summary.html", {"errors": errors}))


def _figure(chart: charts.Chart) -> SafeString:
    return SafeString(render_to_string("ui/chart.html", {"chart": chart}))


@register.simple_tag
def chart(value: charts.Chart) -> SafeString:
    """Return a chart made in Python, with its data as a table."""
    return _figure(value)


@register.simple_tag
def chart_line(
    title: str, labels: Sequence[str], series: Sequence[charts.Series], goal: float | None = None
) -> SafeString:
    """Return a line chart with its data as a table; the title states the finding."""
    return _figure(charts.line(title, labels, series, lang=lang(), goal=goal))


@register.simple_tag
def chart_bar(title: str, labels: Sequence[str], values: Sequence[float]) -> SafeString:
    """Return a column chart with its data as a table; the title states the finding."""
    return _figure(charts.bar(title, labels, values, lang=lang()))


@register.simple_tag
def sparkline(values: Sequence[float], tone: str = "ok") -> SafeString:
    """Return a decorative trend; the number beside it carries the meaning."""
    return charts.spark(values, tone)


@register.simple_tag
def gantt_row(row: charts.Row) -> SafeString:
    """Return the bars of one table row."""
    return charts.gantt_row(row, lang=lang())


@register.simple_tag
def gantt_axis(ticks: Sequence[tuple[float, str]]) -> SafeString:
    """Return the dates over the bars."""
    return charts.gantt_axis(ticks, lang=lang())


@register.simple_tag
def hbar(value: float, top: float, mark: float | None = None, over: bool = False) -> SafeString:
    """Return one horizontal bar of a league table, with a mark for the term."""
    return charts.hbar(value, top, mark=mark, over=over, lang=lang())


@register.simple_tag
def iran_map(title: str, values: dict[str, float], **options: Any) -> SafeString:
    """Return the map of provinces by ISO 3166-2 code; options: href, selected, breaks, unit."""
    return _figure(maps.choropleth(title, values, lang=lang(), look=maps.Look(**options)))


@register.simple_tag
def tile_map(title: str, values: dict[str, float], **options: Any) -> SafeString:
    """Return the provinces as equal squares, easy to touch; options as `iran_map`."""
    return _figure(maps.tile_grid(title, values, lang=lang(), look=maps.Look(**options)))

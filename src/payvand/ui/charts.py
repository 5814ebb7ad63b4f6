"""What do the figures show? Server-made SVG: no script, no inline style, readable as a table too.

Time series run from left to right in both languages; Gantt rows and league bars mirror in Persian
(x becomes 100 − x − width). Every position is a percentage or a view-box unit.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from payvand.kernel import jalali, text

WIDTH, HEIGHT = 560, 260
DOTTED = 31  # points up to which each is marked; more would hide what lies behind
EDGE_START, EDGE_END, EDGE_TOP, EDGE_BOTTOM = 46, 26, 16, 34


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart; None leaves a gap."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Band:
    """An area between two lines of a chart; where either is None there is none."""

    name: str
    low: Series
    high: Series


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, the sentence it proves, and its data as a table."""

    svg: SafeString
    title: str
    columns: list[str]
    rows: list[list[str]]
    legend: list[tuple[str, str]] = field(default_factory=list)  # css class, words

    def __html__(self) -> str:
        return self.svg


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a Gantt row, in percent of the time shown."""

    start: float
    end: float
    kind: str  # done late run soon over wait left stop


@dataclass(frozen=True, slots=True)
class Row:
    """One Gantt row: bars, closed days, the due moment and now, in percent."""

    bars: Sequence[Bar]
    due: float | None = None
    now: float | None = None
    closed: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The stretch of time a Gantt shows; turns moments into percent."""

    start: datetime
    end: datetime

    def percent(self, at: datetime) -> float:
        """Return the place of a moment, kept within the span."""
        whole = (self.end - self.start).total_seconds() or 1
        return min(100.0, max(0.0, 100 * (at - self.start).total_seconds() / whole))

    def ticks(self, lang: str, most: int = 6) -> list[tuple[float, str]]:
        """Return at most `most` dates with their places."""
        days = max(1, (self.end - self.start).days)
        step = timedelta(days=max(1, -(-days // most)))
        found, at = [], self.start
        while at < self.end:
            found.append((self.percent(at), jalali.format_date(at, lang, year=False)))
            at += step
        return found

    def closed(self, is_closed: Callable[[date], bool]) -> list[tuple[float, float]]:
        """Return the closed days as (start, end) in percent, neighbours joined."""
        bands: list[tuple[float, float]] = []
        for at in self._days():
            if not is_closed(at.date()):
                continue
            here, there = self.percent(at), self.percent(at + timedelta(days=1))
            if bands and abs(bands[-1][1] - here) < 0.01:
                bands[-1] = (bands[-1][0], there)
            else:
                bands.append((here, there))
        return [band for band in bands if band[1] > band[0]]

    def _days(self) -> Iterator[datetime]:
        at = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        while at < self.end:
            yield at
            at += timedelta(days=1)


def _n(value: float) -> str:
    """Return a coordinate for SVG: two decimals at most, no trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _top(values: Sequence[float]) -> float:
    """Return a round number at or above the largest value."""
    largest = max([*values, 0.0])
    if largest <= 0:
        return 1.0
    scale = 10.0 ** (len(str(int(largest))) - 1) if largest >= 1 else 0.1
    for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10):
        if step * scale >= largest:
            return step * scale
    return 10 * scale


def _number(value: float | None, lang: str) -> str:
    return "—" if value is None else text.format_number(round(value, 2), lang)


def _x(index: int, count: int) -> float:
    if count < 2:
        return (WIDTH + EDGE_START - EDGE_END) / 2
    return EDGE_START + (WIDTH - EDGE_START - EDGE_END) * index / (count - 1)


def _y(value: float, top: float) -> float:
    return EDGE_TOP + (HEIGHT - EDGE_TOP - EDGE_BOTTOM) * (1 - value / top)


def _grid(top: float, lang: str) -> SafeString:
    return format_html_join(
        "",
        '<line class="grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
        '<text class="ax" x="{3}" y="{4}" text-anchor="end" direction="ltr">{5}</text>',
        (
            (
                EDGE_START,
                WIDTH - EDGE_END,
                f"{_y(top * k / 4, top):.1f}",
                EDGE_START - 8,
                f"{_y(top * k / 4, top) + 4:.1f}",
                _number(top * k / 4, lang),
            )
            for k in range(5)
        ),
    )


def _names(labels: Sequence[str], places: Sequence[float]) -> SafeString:
    step = max(1, -(-len(labels) // 6))
    last = len(labels) - 1
    return format_html_join(
        "",
        '<text class="ax" x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (f"{place:.1f}", HEIGHT - 10, label)
            for k, (label, place) in enumerate(zip(labels, places, strict=True))
            if (last - k) % step == 0
        ),
    )


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    """Return straight segments; a gap starts a new one, so no value is invented."""
    drawn, pen_up = "", True
    for point in points:
        if point is None:
            pen_up = True
            continue
        drawn += f"{'M' if pen_up else 'L'}{point[0]:.1f} {point[1]:.1f}"
        pen_up = False
    return drawn


def _curve(series: Series, order: int, top: float, lang: str) -> SafeString:
    count = len(series.values)
    points = [
        None if value is None else (_x(k, count), _y(value, top))
        for k, value in enumerate(series.values)
    ]
    dots = format_html_join(
        "",
        '<circle class="d{}" cx="{}" cy="{}" r="{}"><title>{}: {}</title></circle>',
        (
            (order, _n(point[0]), _n(point[1]), 4.5 if k == count - 1 else 3, series.name,
             _number(series.values[k], lang))
            for k, point in enumerate(points)
            if point is not None and ((order == 1 and count <= DOTTED) or k == count - 1)
        ),
    )  # fmt: skip
    return format_html('<path class="l{}" d="{}"/>{}', order, _path(points), dots)


def _area(band: Band, top: float) -> SafeString:
    """Return the area between the lines of a band, one shape for each stretch without a gap."""
    count = len(band.low.values)
    runs: list[list[tuple[float, float, float]]] = [[]]
    for k, (low, high) in enumerate(zip(band.low.values, band.high.values, strict=True)):
        if low is None or high is None:
            runs.append([])
        else:
            runs[-1].append((_x(k, count), _y(low, top), _y(high, top)))
    shapes = (
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (
            *((x, high) for x, _low, high in run), *((x, low) for x, low, _high in reversed(run))
        )) + "Z" for run in runs if len(run) > 1
    )  # fmt: skip
    return format_html('<path class="lb" d="{}"><title>{}</title></path>', "".join(shapes),
                       band.name)  # fmt: skip


def line(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    lang: str,
    goal: float | None = None,
    band: Band | None = None,
) -> Chart:
    """Return up to three lines over time, left to right in both languages.

    band: an area behind them; its two edges stand in the table.
    """
    edges = [] if band is None else [band.low, band.high]
    known = [v for s in (*series, *edges) for v in s.values if v is not None]
    top = _top([*known, goal or 0])
    target = SafeString("")
    if goal is not None:
        target = format_html(
            '<line class="target" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>',
            EDGE_START, WIDTH - EDGE_END, _n(_y(goal, top)),
        )  # fmt: skip
    svg = _drawing(
        title,
        _grid(top, lang),
        _names(labels, [_x(k, len(labels)) for k in range(len(labels))]),
        _area(band, top) if band else SafeString(""),
        target,
        *(_curve(s, order, top, lang) for order, s in enumerate(series[:3], 1)),
    )
    rows = [
        [label, *(_number(s.values[k], lang) for s in (*series, *edges))]
        for k, label in enumerate(labels)
    ]
    legend = [(f"l{order}", s.name) for order, s in enumerate(series[:3], 1)]
    if band is not None:
        legend.append(("lb", band.name))
    if goal is not None:
        legend.append(("goal", _("target: %(n)s") % {"n": _number(goal, lang)}))
    names = [_("Period"), *(s.name for s in (*series, *edges))]
    return Chart(svg, title, names, rows, legend)


def bar(title: str, labels: Sequence[str], values: Sequence[float], *, lang: str) -> Chart:
    """Return columns over time or kinds, left to right in both languages."""
    top = _top(values)
    room = (WIDTH - EDGE_START - EDGE_END) / max(1, len(values))
    places = [EDGE_START + room * (k + 0.5) for k in range(len(values))]
    columns = format_html_join(
        "",
        '<rect class="bar" x="{}" y="{}" width="{}" height="{}" rx="3">'
        "<title>{}: {}</title></rect>",
        (
            (_n(place - room * 0.32), _n(_y(value, top)), _n(room * 0.64),
             _n(_y(0, top) - _y(value, top)),
             label, _number(value, lang))
            for place, value, label in zip(places, values, labels, strict=True)
        ),
    )  # fmt: skip
    svg = _drawing(title, _grid(top, lang), _names(labels, places), columns)
    rows = [[label, _number(v, lang)] for label, v in zip(labels, values, strict=True)]
    return Chart(svg, title, [_("Period"), _("Number")], rows)


def _drawing(title: str, *parts: SafeString) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img"><title>{}</title>{}</svg>',
        WIDTH, HEIGHT, title, format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def spark(values: Sequence[float], tone: str = "ok") -> SafeString:
    """Return a small trend without axes; tone is ok, warn or bad."""
    if len(values) < 2:
        return SafeString("")
    low, high = min(values), max(values)
    points = [
        (4 + 112 * k / (len(values) - 1), 30 - 26 * (value - low) / ((high - low) or 1))
        for k, value in enumerate(values)
    ]
    return format_html(
        '<svg class="spark {}" viewBox="0 0 120 34" aria-hidden="true"><polyline points="{}"/>'
        '<circle cx="{}" cy="{}" r="3"/></svg>',
        tone, " ".join(f"{x:.1f},{y:.1f}" for x, y in points), *map(_n, points[-1]),
    )  # fmt: skip


def mirrored(start: float, width: float, lang: str) -> float:
    """Return where a stretch begins on the page: from the right in Persian."""
    return 100 - start - width if lang == "fa" else start


def _rect(start: float, end: float, lang: str, look: tuple[Any, ...]) -> SafeString:
    """Return one rectangle; look is (class, y, height, radius, pattern)."""
    css, top, height, radius, pattern = look
    fill = format_html(' fill="url(#{})"', pattern) if pattern else ""
    return format_html(
        '<rect class="{}" x="{}%" y="{}" width="{}%" height="{}" rx="{}"{}/>',
        css, _n(mirrored(start, end - start, lang)), top, _n(end - start), height, radius, fill,
    )  # fmt: skip


def _bar(piece: Bar, due: float | None, lang: str) -> SafeString:
    """Return a bar; what lies after the due moment is hatched."""
    thin = {"left": ("g-left", -3, 6, 3, ""), "wait": ("g-wait", -7, 14, 7, "")}
    if piece.kind in thin:
        return _rect(piece.start, piece.end, lang, thin[piece.kind])
    if piece.kind == "stop":
        return _rect(piece.start, piece.end, lang, ("g-stop", -6, 12, 2, "pauses"))
    until = piece.end if due is None else min(piece.end, max(due, piece.start))
    drawn = SafeString("")
    if until > piece.start:
        drawn = _rect(piece.start, until, lang, (f"g-{piece.kind}", -8, 16, 5, ""))
    if piece.end > until:
        drawn += _rect(until, piece.end, lang, ("g-x", -8, 16, 3, "hatch"))
    return drawn


def gantt_row(row: Row, *, lang: str) -> SafeString:
    """Return the bars of one table row; decorative, for the table says the same in words."""
    closed = format_html_join(
        "", "{}", ((_rect(a, b, lang, ("g-closed", 0, "100%", 0, "")),) for a, b in row.closed)
    )
    bars = format_html_join("", "{}", ((_bar(piece, row.due, lang),) for piece in row.bars))
    due = now = SafeString("")
    if row.due is not None:
        due = format_html(
            '<svg x="{}%" overflow="visible"><path class="g-due" d="M0-14V14M-4-14H4L0-9Z"/></svg>',
            _n(mirrored(row.due, 0, lang)),
        )
    if row.now is not None:
        now = format_html(
            '<line class="g-now" x1="{0}%" x2="{0}%" y1="0" y2="100%"/>',
            _n(mirrored(row.now, 0, lang)),
        )
    return format_html(
        '<svg class="gbar" width="100%" height="46" aria-hidden="true">{}'
        '<svg y="50%" overflow="visible">{}{}</svg>{}</svg>',
        closed, bars, due, now,
    )  # fmt: skip


def _anchor(at: float) -> str:
    return "start" if at < 4 else "end" if at > 96 else "middle"


def gantt_axis(ticks: Sequence[tuple[float, str]], *, lang: str) -> SafeString:
    """Return the dates over the rows."""
    way = "rtl" if lang == "fa" else "ltr"
    marks = format_html_join(
        "",
        '<line class="g-tick" x1="{0}%" x2="{0}%" y1="28" y2="34"/>'
        '<text x="{0}%" y="20" text-anchor="{1}" direction="{2}">{3}</text>',
        ((_n(mirrored(at, 0, lang)), _anchor(at), way, said) for at, said in ticks),
    )
    return format_html(
        '<svg class="gaxis" width="100%" height="34" aria-hidden="true">{}</svg>', marks
    )


def hbar(
    value: float, top: float, *, lang: str, mark: float | None = None, over: bool = False
) -> SafeString:
    """Return one league bar of value out of top, with a mark for the term."""
    width = min(100.0, 100 * value / top) if top else 0.0
    drawn = _rect(0, 100, lang, ("hb-t", 6, 8, 4, ""))
    drawn += _rect(0, width, lang, ("hb-o" if over else "hb-k", 6, 8, 4, ""))
    if mark is not None and top:
        at = _n(mirrored(min(100.0, 100 * mark / top), 0, lang))
        drawn += format_html('<line class="hb-s" x1="{0}%" x2="{0}%" y1="1" y2="19"/>', at)
    return format_html(
        '<svg class="hb" width="100%" height="20" aria-hidden="true">{}</svg>', drawn
    )

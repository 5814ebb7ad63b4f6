"""What is said about a replayed log, to machines and to people?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from payvand.window.replay.rules.mapping import LAST, LogMapping, OwnClock
from payvand.window.replay.rules.reading import NOTED, Log
from payvand.window.replay.rules.statistics import (
    CAUSES,
    Difference,
    Figures,
    by_agency,
    by_term,
    figures,
    own_deadline,
)

SHOWN = 12  # groups and names a screen shows; --json has all


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a replay says."""

    name: str
    log: Log
    mapping: LogMapping
    all: Figures
    terms: Mapping[int, Figures]
    agencies: Mapping[str, Figures]
    ours: Figures | None = None
    differences: list[Difference] = field(default_factory=list)
    dues: Mapping[str, datetime] = field(default_factory=dict)  # ours, by case

    @property
    def has_deadlines(self) -> bool:
        """Has the log a deadline of its own?"""
        return bool(self.log.columns.get("deadline")) and self.all.judged > 0

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        clock = self.mapping.clock
        return {
            "name": self.name, "rows": self.log.rows, "columns": self.log.columns,
            "until": self.log.until.isoformat() if self.log.until else None,
            "has_deadlines": self.has_deadlines, "all": self.all.as_json(),
            "term_unit": self.mapping.term_unit,
            "terms": {str(term): f.as_json() for term, f in self.terms.items()},
            "agencies": {name: f.as_json() for name, f in self.agencies.items()},
            "noted": {kind: list(names) for kind, names in self.log.noted.items()},
            "own_clock": None if self.ours is None or clock is None else {
                "term": str(clock.term), **self.ours.as_json(),
                "differences": [asdict(one) for one in self.differences],
            },
        }  # fmt: skip


def judge(log: Log, mapping: LogMapping, name: str) -> Report:
    """Return the report of a log by its own deadlines."""
    return Report(
        name, log, mapping, figures(log.cases, own_deadline, log.until),
        by_term(log, mapping.term_unit), by_agency(log, own_deadline),
    )  # fmt: skip


def lines(report: Report) -> Iterator[str]:
    """Yield the report as lines for a screen."""
    every, log = report.all, report.log
    yield f"{report.name}: {every.cases:,} cases from {log.rows:,} rows"
    open_cases = every.cases - every.ended
    yield f"  {every.ended:,} ended, {open_cases:,} still open"
    if log.columns.get("end") == LAST:
        yield "  The log has no end column: the last event of a case is taken as its end, so"
        yield "  cases that were cut off at the end of the log count as ended."
    if report.has_deadlines:
        yield from _by_deadline(report)
    else:
        yield "  The log has no deadline: nothing can be called late by its own clock."
    yield from _agencies(report)
    if report.ours is not None and report.mapping.clock is not None:
        yield from _own_clock(report, report.ours, report.mapping.clock)
    yield from _noted(log)


def percent(value: float | None) -> str:
    """Return a share with one decimal."""
    return "—" if value is None else f"{value:.1f} %"


def days(value: float | None) -> str:
    """Return a number of days with one decimal."""
    return "—" if value is None else f"{value:.1f} days"


def _late(found: Figures) -> str:
    return (
        f"{found.late:,} of {found.judged:,} late ({percent(found.late_percent)}), "
        f"median lateness {days(found.median_days_late)}"
    )


def _by_deadline(report: Report) -> Iterator[str]:
    yield f"  By the log's own deadline: {_late(report.all)}"
    undated = report.all.ended - report.all.judged
    if undated:
        yield f"  {undated:,} ended without a deadline and are not judged."
    yield (
        f"  {report.all.open_late:,} still open past their deadline when the log ends; "
        f"on-time index (in time ÷ all that fell due) {percent(report.all.on_time_index)}"
    )
    unit = {"d": "days", "h": "hours"}[report.mapping.term_unit]
    yield f"  Terms (deadline − start, in whole {unit}):"
    for term, found in list(report.terms.items())[:SHOWN]:
        yield f"    {term:>5} {unit}: {found.ended:,} ended, {_late(found)}"
    yield from _more(len(report.terms))


def _agencies(report: Report) -> Iterator[str]:
    column = report.log.columns.get("agency")
    if not column:
        yield "  The log names no agency."
        return
    yield f"  By agency ({column}):"
    for name, found in list(report.agencies.items())[:SHOWN]:
        judged = f"; {_late(found)}" if found.judged else ""
        yield f"    {name or '(not named)'}: {found.cases:,} cases, {found.ended:,} ended{judged}"
    yield from _more(len(report.agencies))


def _more(count: int) -> Iterator[str]:
    if count > SHOWN:
        yield f"    … and {count - SHOWN:,} more (--json has all)"


def _own_clock(report: Report, ours: Figures, clock: OwnClock) -> Iterator[str]:
    where = f", holidays of {clock.holidays}" if clock.holidays else ""
    yield f"  By our clock ({clock.term} on working days{where}): {_late(ours)}"
    for one in report.differences:
        moved = "" if one.cause == "same" else f", due {one.median_shift_days:+.1f} days (median)"
        yield f"    {CAUSES[one.cause]}: {one.cases:,} ended cases{moved}"
        for said, names in (("late only by ours", one.became_late),
                            ("late only by the log", one.became_in_time)):  # fmt: skip
            if names:
                yield f"      {len(names):,} {said}: {_names(names)}"


def _noted(log: Log) -> Iterator[str]:
    if not log.noted:
        yield "  Nothing was set aside."
    for kind, (kept, said) in NOTED.items():
        names = log.noted.get(kind, ())
        if names:
            verb = "noted, and counted" if kept else "set aside"
            yield f"  {len(names):,} {said} ({verb}): {_names(names)}"


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:SHOWN])
    return shown if len(names) <= SHOWN else f"{shown} … (--json has all)"

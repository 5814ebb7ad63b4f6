"""How is an evaluation of logs told: on a screen, and to a machine?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from payvand.foresight.rules.calibration import TARGET
from payvand.foresight.rules.candidates import HALF
from payvand.foresight.rules.evaluation import NO_TEST, Quality, Strict
from payvand.foresight.rules.eventlog import NOTED, EventLog
from payvand.foresight.rules.gate import REASONS, WARNINGS
from payvand.foresight.rules.remaining import Published

SHOWN = 8  # names shown on a screen; the machine gets all
DAY = 86400
FEW_TEST = "Only {tested} cases begin in the last fifth of the log; {least} are needed to judge."


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was found on one log."""

    name: str
    log: EventLog
    strict: Strict
    published: Published | None  # None when it was not asked for
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain data; shares are between 0 and 1, times are days."""
        log, strict = self.log, self.strict
        return {
            "name": self.name, "rows": log.rows, "events": len(log.time), "cases": len(log.cases),
            "from": _day(float(log.time.min())) if len(log.time) else None,
            "until": _day(log.until) if len(log.time) else None,
            "noted": {
                kind: {"kept": NOTED[kind][0], "what": NOTED[kind][1], "count": len(names),
                       "names": list(names)}
                for kind, names in log.noted.items()
            },
            "strict": {
                "split_at": _day(strict.split_at), "started": strict.started,
                "closed": strict.closed, "surely_closed": strict.surely, "tested": strict.tested,
                "refused": not strict.verdict.ok, "reason": reason(strict),
                "warning": warning(strict), "way": strict.way, "tried": strict.trials,
                "level": strict.level, "past_coverage": strict.past_coverage,
                "p50": _plain(strict.p50), "p90": _plain(strict.p90),
                "kaplan_meier": _both(strict.kaplan_meier), "history": _both(strict.history),
                "pinball_vs_km": against(strict),
            },
            "published": None if self.published is None else asdict(self.published),
            "seconds": round(self.seconds, 2),
        }  # fmt: skip


def against(strict: Strict) -> float | None:
    """Return the pinball loss at P90 relative to plain Kaplan-Meier; None when refused."""
    plain = strict.kaplan_meier.get(TARGET)
    if strict.p90 is None or plain is None or not plain.pinball:
        return None
    return strict.p90.pinball / plain.pinball


def reason(strict: Strict) -> str:
    """Return why nothing is promised, in words; empty when something is."""
    if strict.verdict.ok:
        return ""
    text = FEW_TEST if strict.verdict.code == NO_TEST else REASONS[strict.verdict.code]
    return text.format_map(strict.verdict.facts)


def warning(strict: Strict) -> str:
    """Return what the reader of a promise is warned of; empty when nothing."""
    return WARNINGS.get(strict.verdict.warning, "").format_map(strict.verdict.facts)


def lines(found: Sequence[Evaluation]) -> Iterator[str]:
    """Yield the evaluation as lines for a screen; none when no log could be read."""
    if not found:
        return
    yield "Strict: promised at the first event, from what had ended when the last fifth began"
    yield from _table(
        ["log", "started", "closed", "tested", "P90 kept", "95 %", "if cut", "median d",
         "pinball", "÷ KM", "P50 kept", "MAE d", "s"],
        [_strict_row(one) for one in found],
    )  # fmt: skip
    for one in found:
        yield from _told(one)
    if any(one.strict.p90 for one in found):
        yield ""
        yield "Beside it, on the same cases: plain Kaplan-Meier, and the history of ended cases"
        yield from _table(
            ["log", "KM P90 kept", "median d", "pinball", "history P90 kept", "days", "pinball",
             "history median: MAE d", "ours"],
            [_naive_row(one) for one in found if one.strict.p90],
        )  # fmt: skip
    if any(one.published for one in found):
        yield ""
        yield "Published protocol: 64/16/20 by time, prefixes 2 … n − 1 (with hindsight)"
        yield from _table(
            ["log", "prefixes", "MAE d", "last activity", "P50 kept", "P90 kept", "median d",
             "5–95 % holds", "width d", "P90 at submission"],
            [_published_row(one) for one in found if one.published],
        )  # fmt: skip
    yield ""
    for one in found:
        yield from _noted(one)
    yield ""
    yield from LEGEND


SILENT = "surely over are those silent for longer than cases go silent and still come back."
LEGEND = (
    "P90 kept: share of test cases whose last event came by the promised day; 95 %: Wilson.",
    "if cut: the same, where cases that the end of the log may have cut off count as still open.",
    "÷ KM: pinball loss at P90 beside plain Kaplan-Meier on the same cases; below 1 is better.",
)  # fmt: skip


def _strict_row(one: Evaluation) -> list[str]:
    s = one.strict
    row = [one.name, f"{s.started:,}", f"{s.surely:,}", f"{s.tested:,}"]
    if s.p90 is None or s.p50 is None:
        return [*row, "refused", *[""] * 7, f"{one.seconds:.1f}"]
    return [
        *row, _percent(s.p90.share), f"{100 * s.p90.low:.0f}–{100 * s.p90.high:.0f}",
        _percent(s.p90.share_if_cut), _number(s.p90.median_days), _number(s.p90.pinball),
        _number(against(s)), _percent(s.p50.share), _number(s.p50.mae), f"{one.seconds:.1f}",
    ]  # fmt: skip


def _told(one: Evaluation) -> Iterator[str]:
    if not one.strict.verdict.ok:
        yield f"  {one.name}: no date is promised. {reason(one.strict)}"
        if one.strict.closed > one.strict.surely:
            yield f"    {one.strict.closed:,} had their last event by then; {SILENT}"
        return
    past = one.strict.past_coverage
    seen = "no past promise could be judged" if past is None else f"past promises kept {past:.1%}"
    yield f"  {one.name}: by {one.strict.way}, read at {one.strict.level:.3f} ({seen})"
    if one.strict.verdict.warning:
        yield f"    {warning(one.strict)}"


def _naive_row(one: Evaluation) -> list[str]:
    s = one.strict
    km, history, middle = s.kaplan_meier.get(TARGET), s.history[TARGET], s.history[HALF]
    return [
        one.name, *([_percent(km.share), _number(km.median_days), _number(km.pinball)]
                    if km else ["", "", ""]),
        _percent(history.share), _number(history.median_days), _number(history.pinball),
        _number(middle.mae), _number(s.p50.mae if s.p50 else None),
    ]  # fmt: skip


def _published_row(one: Evaluation) -> list[str]:
    p = one.published
    assert p is not None  # noqa: S101 - chosen by the caller
    return [
        one.name, f"{p.prefixes:,}", _number(p.mae), _number(p.mae_naive), _percent(p.p50_share),
        _percent(p.p90_share), _number(p.p90_days), _percent(p.interval_share),
        _number(p.interval_days), _percent(p.submission_share),
    ]  # fmt: skip


def _noted(one: Evaluation) -> Iterator[str]:
    log = one.log
    yield f"{one.name}: {log.rows:,} rows, {len(log.time):,} events, {len(log.cases):,} cases"
    for kind, (kept, said) in NOTED.items():
        names = log.noted.get(kind, ())
        if names:
            more = " …" if len(names) > SHOWN else ""
            verb = "noted and counted" if kept else "set aside"
            yield f"  {said}: {len(names):,}, {verb}: {', '.join(names[:SHOWN])}{more}"
    if not log.noted:
        yield "  nothing was set aside"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows with columns of equal width; all but the first lean right."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  " + "  ".join(cells).rstrip()


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f}"


def _number(value: float | None) -> str:
    if value is None:
        return "—"
    places = 3 if abs(value) < 1 else 2 if abs(value) < 100 else 0
    return f"{value:.{places}f}"


def _day(days: float) -> str:
    return datetime.fromtimestamp(days * DAY, UTC).date().isoformat()


def _plain(quality: Quality | None) -> dict[str, float] | None:
    return None if quality is None else asdict(quality)


def _both(found: Mapping[float, Quality]) -> dict[str, Any]:
    return {f"p{100 * p:.0f}": _plain(quality) for p, quality in found.items()}

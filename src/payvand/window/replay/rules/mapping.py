"""Which column of a log means what?

A mapping is a small YAML file, described in docs/reference/replay.md. A role may name several
columns: the first one that the log has is taken. `$first` and `$last` mean the time of the first
and of the last event of a case.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from payvand.kernel.errors import Invalid, gettext_noop
from payvand.kernel.terms import BadTerm, Term

FIRST, LAST = "$first", "$last"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNIT_HOURS = {"d": 24, "h": 1}
ROLES = ("case", "activity", "time", "agency", "start", "end", "deadline")
KEYS = frozenset((*ROLES, "name", "title", "timezone", "term_unit", "null", "clock"))
CLOCK_KEYS = frozenset(("term", "weekend", "opens", "closes", "holidays"))


class BadMapping(Invalid):
    """The mapping does not fit: `fields` says which key, and what is wrong with it."""

    code = "window.bad_mapping"
    what = gettext_noop("The mapping of the log cannot be used.")
    why = "{problem}"
    now = gettext_noop("Correct the mapping; the reference page of replay describes each key.")


@dataclass(frozen=True, slots=True)
class OwnClock:
    """A term of ours, and the working days it runs on."""

    term: Term
    weekend: frozenset[int] = frozenset((5, 6))  # Monday = 0
    opens: time | None = None
    closes: time | None = None
    holidays: str = ""  # country of the `holidays` package; empty = none


@dataclass(frozen=True, slots=True)
class LogMapping:
    """What the columns of a log mean; each role lists the columns that may carry it, in order."""

    name: str
    title: dict[str, str]
    columns: dict[str, tuple[str, ...]]  # role -> columns
    zone: ZoneInfo
    term_unit: str = "d"
    null: frozenset[str] = frozenset(("",))
    clock: OwnClock | None = None

    def column(self, role: str, header: Sequence[str]) -> str:
        """Return the column that carries a role in this log; empty when it has none."""
        found = self.columns.get(role, ())
        return next((c for c in found if c in header or c in (FIRST, LAST)), "")


def parse(raw: Any) -> LogMapping:
    """Return the mapping in parsed YAML; raises BadMapping naming the key that is wrong."""
    if not isinstance(raw, dict):
        raise _bad("", "a mapping is a list of keys and values")
    _known(raw, KEYS, "")
    columns = {role: _columns(raw, role) for role in ROLES if role in raw}
    for role in ("case", "activity", "time"):
        if not columns.get(role):
            raise _bad(role, "this column is needed")
    unit = raw.get("term_unit", "d")
    if unit not in UNIT_HOURS:
        raise _bad("term_unit", f"choose one of {', '.join(UNIT_HOURS)}")
    name = str(raw.get("name", "log"))
    words = raw.get("null", [""])
    if not isinstance(words, list):
        raise _bad("null", "give a list of words that mean that nothing was recorded")
    return LogMapping(
        name=name, title=_title(raw, name), columns=columns, zone=_zone(raw), term_unit=unit,
        null=frozenset(("", *(str(w) for w in words if w is not None))),
        clock=_clock(raw["clock"]) if raw.get("clock") else None,
    )  # fmt: skip


def fits(mapping: LogMapping, header: Sequence[str]) -> None:
    """Raise BadMapping unless the log has the columns that are needed."""
    for role in ("case", "activity", "time"):
        if not mapping.column(role, header):
            wanted = ", ".join(mapping.columns[role])
            raise _bad(role, f"the log has no column {wanted}; it has {', '.join(header)}")


def _bad(key: str, problem: str) -> BadMapping:
    said = f"{key}: {problem}" if key else problem
    return BadMapping(fields={key or "mapping": problem}, problem=said)


def _known(raw: AnyMapping[str, Any], keys: frozenset[str], prefix: str) -> None:
    for key in raw:
        if key not in keys:
            raise _bad(f"{prefix}{key}", f"unknown key; known are {', '.join(sorted(keys))}")


def _columns(raw: AnyMapping[str, Any], role: str) -> tuple[str, ...]:
    value = raw[role]
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) and one for one in found):
        raise _bad(role, "give the name of a column, or a list of names")
    return tuple(found)


def _title(raw: AnyMapping[str, Any], name: str) -> dict[str, str]:
    title = raw.get("title") or {}
    if not isinstance(title, dict):
        raise _bad("title", "give it as {fa: …, en: …}")
    return {"fa": str(title.get("fa", name)), "en": str(title.get("en", name))}


def _zone(raw: AnyMapping[str, Any]) -> ZoneInfo:
    name = str(raw.get("timezone", "UTC"))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise _bad("timezone", f"{name} is not a time zone such as Asia/Tehran") from None


def _clock(raw: Any) -> OwnClock:
    if not isinstance(raw, dict) or "term" not in raw:
        raise _bad("clock", "give at least a term, such as 56d")
    _known(raw, CLOCK_KEYS, "clock.")
    try:
        term = Term.parse(str(raw["term"]))
    except BadTerm:
        raise _bad("clock.term", "write it as 56d, 40wd or 8wh") from None
    weekend = raw.get("weekend", ["sat", "sun"])
    if not isinstance(weekend, list) or any(day not in WEEKDAYS for day in weekend):
        raise _bad("clock.weekend", f"list days of {', '.join(WEEKDAYS)}")
    return OwnClock(
        term, frozenset(WEEKDAYS.index(day) for day in weekend), _hour(raw, "opens"),
        _hour(raw, "closes"), str(raw.get("holidays", "")),
    )  # fmt: skip


def _hour(raw: AnyMapping[str, Any], key: str) -> time | None:
    if key not in raw:
        return None
    try:
        return time.fromisoformat(str(raw[key]))
    except ValueError:
        raise _bad(f"clock.{key}", 'write it in quotes, as "09:00"') from None

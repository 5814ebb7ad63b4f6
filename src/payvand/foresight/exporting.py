"""How does an event log become a file: OCEL 2.0 as JSON or SQLite, XES, CSV?

One case after another: memory does not grow with the log. A file is written beside its place and
moved there when it is whole, so that a run that is cut leaves nothing half.
"""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from payvand.foresight.rules import ocel, xes
from payvand.foresight.rules.tables import safe
from payvand.foresight.rules.trail import Trail

FORMATS = ("ocel2", "ocel2-sqlite", "xes", "csv")
COLUMNS = (
    "case_id", "activity", "timestamp", "lifecycle", "org_group", "org_role", "question_id",
    "outcome", "due_at", "reported_to", "case_service", "case_version", "case_province",
    "case_state", "case_outcome", "case_decided_at",
)  # fmt: skip


def write(path: Path, form: str, cases: Iterable[Trail], *, name: str) -> None:
    """Write the cases into a file; a name that ends in .gz is packed (not SQLite)."""
    beside = path.with_name(f".{path.name}.part")
    try:
        if form == "ocel2-sqlite":
            beside.unlink(missing_ok=True)
            _sqlite(beside, cases)
        else:
            with _opened(beside, packed=path.suffix == ".gz") as out:
                WRITERS[form](out, cases, name)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path, *, packed: bool) -> Iterator[IO[str]]:
    opened: Any = gzip.open if packed else open
    with opened(path, "wt", encoding="utf-8", newline="") as out:
        yield out


def _xes(out: IO[str], cases: Iterable[Trail], name: str) -> None:
    out.write(xes.head(name))
    for case in cases:
        out.write(xes.trace(case))
    out.write(xes.foot())


def _csv(out: IO[str], cases: Iterable[Trail], _name: str) -> None:
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for case in cases:
        decided = ocel.moment(case.decided) if case.decided else ""
        tail = (case.service, case.version, case.province, case.state, case.outcome, decided)
        for step in case.steps:
            one = step.question
            about = (one.agency, one.kind, one.id) if one else ("", "", "")
            due = ocel.moment(one.due) if one and one.due else ""
            row = (
                case.id, step.activity, ocel.moment(step.at), step.transition, *about,
                step.facts.get("outcome", ""), due, step.office, *tail,
            )  # fmt: skip
            rows.writerow(map(safe, row))


# --- OCEL 2.0 as JSON ----------------------------------------------------------------------------


def _ocel_json(out: IO[str], cases: Iterable[Trail], _name: str) -> None:
    """Write objects and events in one pass: the events wait in a file of their own."""
    shared = ocel.Shared()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as later:
        out.write('{"objectTypes":')
        json.dump(_types(ocel.OBJECT_TYPES), out)
        out.write(',"eventTypes":')
        json.dump(_types({n: ocel.EVENT_ATTRIBUTES.get(n, ()) for n in ocel.EVENT_NAMES}), out)
        out.write(',"objects":[')
        objects, events = _List(out), _List(later)
        for case in cases:
            for thing in ocel.things(case, shared):
                objects.add(_thing(thing))
            for event in ocel.happenings(case):
                events.add(_happening(event))
        out.write('],"events":[')
        later.seek(0)
        shutil.copyfileobj(later, out)
        out.write("]}\n")


class _List:
    """The members of a JSON list, written one by one."""

    def __init__(self, out: IO[str]) -> None:
        self.out, self.between = out, ""

    def add(self, member: dict[str, Any]) -> None:
        self.out.write(self.between)
        json.dump(member, self.out, ensure_ascii=False, separators=(",", ":"))
        self.between = ",\n"


def _types(known: Any) -> list[dict[str, Any]]:
    return [
        {"name": name, "attributes": [{"name": a, "type": _type(a)} for a in attributes]}
        for name, attributes in known.items()
    ]


def _type(attribute: str) -> str:
    return "time" if attribute in ("due", "was", "became", "begin", "end") else "string"


def _thing(one: ocel.Thing) -> dict[str, Any]:
    at = ocel.moment(one.at)
    return {
        "id": one.id, "type": one.type,
        "attributes": [{"name": n, "time": at, "value": v} for n, v in one.attributes],
        "relationships": [{"objectId": key, "qualifier": q} for key, q in one.relations],
    }  # fmt: skip


def _happening(one: ocel.Happening) -> dict[str, Any]:
    return {
        "id": one.id, "type": one.type, "time": ocel.moment(one.at),
        "attributes": [{"name": n, "value": v} for n, v in one.attributes],
        "relationships": [{"objectId": key, "qualifier": q} for key, q in one.relations],
    }  # fmt: skip


# --- OCEL 2.0 as SQLite --------------------------------------------------------------------------


def _sqlite(path: Path, cases: Iterable[Trail]) -> None:
    base = sqlite3.connect(path)
    try:
        with base:
            _tables(base)
            shared = ocel.Shared()
            for case in cases:
                for thing in ocel.things(case, shared):
                    _put_thing(base, thing)
                for event in ocel.happenings(case):
                    _put_event(base, event)
    finally:
        base.close()


def _table(name: str) -> str:
    """Return the part of a table's name that stands for a type.

    >>> _table("settle by silence")
    'SettleBySilence'
    """
    return "".join(word.capitalize() for word in name.split())


def _tables(base: sqlite3.Connection) -> None:
    base.executescript(
        "CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);"
        "CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);"
        "CREATE TABLE event (ocel_id TEXT PRIMARY KEY,"
        " ocel_type TEXT REFERENCES event_map_type (ocel_type));"
        "CREATE TABLE object (ocel_id TEXT PRIMARY KEY,"
        " ocel_type TEXT REFERENCES object_map_type (ocel_type));"
        "CREATE TABLE event_object (ocel_event_id TEXT REFERENCES event (ocel_id),"
        " ocel_object_id TEXT REFERENCES object (ocel_id), ocel_qualifier TEXT,"
        " PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));"
        "CREATE TABLE object_object (ocel_source_id TEXT REFERENCES object (ocel_id),"
        " ocel_target_id TEXT REFERENCES object (ocel_id), ocel_qualifier TEXT,"
        " PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));"
    )
    for name in ocel.EVENT_NAMES:
        known = "".join(f', "{a}" {_sql_type(a)}' for a in ocel.EVENT_ATTRIBUTES.get(name, ()))
        base.execute(f"CREATE TABLE event_{_table(name)} (ocel_id TEXT PRIMARY KEY REFERENCES event"
                     f" (ocel_id), ocel_time TIMESTAMP{known})")  # fmt: skip
        base.execute("INSERT INTO event_map_type VALUES (?, ?)", (name, _table(name)))
    for name, attributes in ocel.OBJECT_TYPES.items():
        known = "".join(f', "{a}" {_sql_type(a)}' for a in attributes)
        owner = "ocel_id TEXT REFERENCES object (ocel_id)"
        base.execute(f"CREATE TABLE object_{_table(name)} ({owner}, ocel_time TIMESTAMP,"
                     f" ocel_changed_field TEXT{known})")  # fmt: skip
        base.execute("INSERT INTO object_map_type VALUES (?, ?)", (name, _table(name)))


def _sql_type(attribute: str) -> str:
    return "TIMESTAMP" if _type(attribute) == "time" else "TEXT"


def _put_thing(base: sqlite3.Connection, one: ocel.Thing) -> None:
    base.execute("INSERT INTO object VALUES (?, ?)", (one.id, one.type))
    told = dict(one.attributes)
    known = [told.get(name) for name in ocel.OBJECT_TYPES[one.type]]
    places = ", ".join("?" * (3 + len(known)))
    base.execute(f"INSERT INTO object_{_table(one.type)} VALUES ({places})",  # noqa: S608
                 (one.id, ocel.moment(one.at), None, *known))  # fmt: skip
    base.executemany("INSERT OR IGNORE INTO object_object VALUES (?, ?, ?)",
                     [(one.id, *relation) for relation in one.relations])  # fmt: skip


def _put_event(base: sqlite3.Connection, one: ocel.Happening) -> None:
    base.execute("INSERT INTO event VALUES (?, ?)", (one.id, one.type))
    told = dict(one.attributes)
    known = [told.get(name) for name in ocel.EVENT_ATTRIBUTES.get(one.type, ())]
    places = ", ".join("?" * (2 + len(known)))
    base.execute(f"INSERT INTO event_{_table(one.type)} VALUES ({places})",  # noqa: S608
                 (one.id, ocel.moment(one.at), *known))  # fmt: skip
    base.executemany("INSERT INTO event_object VALUES (?, ?, ?)",
                     [(one.id, *relation) for relation in one.relations])  # fmt: skip


WRITERS: dict[str, Callable[[IO[str], Iterable[Trail], str], None]] = {
    "ocel2": _ocel_json, "xes": _xes, "csv": _csv,
}  # fmt: skip

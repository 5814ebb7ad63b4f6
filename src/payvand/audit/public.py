"""What may other contexts ask of the log? Append, read one stream, sign a day, verify it all."""

from payvand.audit.actions import DayNotOver, append, root_fingerprint, sign_day
from payvand.audit.queries import Happened, history, last_event, moved
from payvand.audit.rules.chain import START, Entry, EventRow, Head, canonical, compute
from payvand.audit.rules.inspection import Finding, Report
from payvand.audit.sql import (
    EVENTS_LITE,
    EVENTS_PG,
    HEADS_LITE,
    HEADS_PG,
    events_columns,
    events_lite,
    heads_columns,
    lock,
    write,
)
from payvand.audit.verification import verify

__all__ = [
    "EVENTS_LITE",
    "EVENTS_PG",
    "HEADS_LITE",
    "HEADS_PG",
    "START",
    "DayNotOver",
    "Entry",
    "EventRow",
    "Finding",
    "Happened",
    "Head",
    "Report",
    "append",
    "canonical",
    "compute",
    "events_columns",
    "events_lite",
    "heads_columns",
    "history",
    "last_event",
    "lock",
    "moved",
    "root_fingerprint",
    "sign_day",
    "verify",
    "write",
]

"""How does a file become an event log? CSV in UTF-8, plain or gzipped."""

from __future__ import annotations

import csv
import gzip
import zlib
from pathlib import Path

from payvand.foresight.rules import reading
from payvand.foresight.rules.eventlog import EventLog
from payvand.kernel.errors import Invalid, gettext_noop


class UnreadableLog(Invalid):
    """The file is not a CSV file in UTF-8 with a header."""

    code = "foresight.unreadable_log"
    what = gettext_noop("The log {file} cannot be read.")
    why = "{problem}"
    now = gettext_noop("Give a CSV file in UTF-8 with a header line, plain or gzipped.")


def load(path: Path) -> EventLog:
    """Return the log in a file. Raises UnreadableLog, and UnfitLog when a column is missing."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream)
            header = next(rows, [])
            if not header:
                raise UnreadableLog(file=path.name, problem=gettext_noop("It is empty."))
            return reading.read(header, rows)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableLog(file=path.name, problem=_problem(error)) from error


def _problem(error: Exception) -> str:
    """Return in words why a file cannot be read."""
    if isinstance(error, EOFError):
        return gettext_noop("The compressed file is cut off: its end is missing.")
    if isinstance(error, gzip.BadGzipFile):
        return gettext_noop("Its name ends in .gz, but it is not compressed.")
    if isinstance(error, zlib.error):
        return gettext_noop("The compressed file is damaged.")
    if isinstance(error, UnicodeDecodeError):
        return gettext_noop("It is not written in UTF-8.")
    if isinstance(error, csv.Error):
        return gettext_noop("It is no table in CSV: perhaps a quotation mark is never closed.")
    return str(error)

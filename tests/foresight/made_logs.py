"""Event logs with a known truth, made for the tests of evaluation."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from payvand.foresight.rules.eventlog import EventLog
from payvand.foresight.rules.reading import read

HEADER = ["case_id", "activity", "timestamp", "case_office"]
Rows = list[list[str]]


def stamp(days: float) -> str:
    """Return a time of the year 2020 on, in days."""
    at = np.datetime64("2020-01-01T00:00:00") + np.timedelta64(round(days * 86400), "s")
    return str(at).replace("T", " ")


def rows(
    cases: int = 600, *, seed: int = 1, span: float = 600.0, slow: float = 4.0, pace: float = 1.0
) -> Rows:
    """Return a log of two offices; cases of the second take `slow` times as long."""
    chance = np.random.default_rng(seed)
    made = []
    for number, start in enumerate(np.sort(chance.uniform(0, span, cases))):
        second = chance.random() < 0.5
        days = pace * chance.lognormal(1.5, 0.6) * (slow if second else 1.0)
        for step, share in zip(("filed", "asked", "answered", "decided"), (0, 0.2, 0.7, 1),
                               strict=True):  # fmt: skip
            made.append([f"c{number:04}", step, stamp(start + share * days), "AB"[second]])
    return made


def log(made: Rows) -> EventLog:
    """Return the log of some rows."""
    return read(HEADER, made)


def write(path: Path, made: Rows, header: list[str] | None = None) -> Path:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(header or HEADER)
        out.writerows(made)
    return path

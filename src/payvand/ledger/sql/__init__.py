"""How does one human step become two statements? What it reads, and what it writes."""

from payvand.ledger.sql.reading import (
    Owed,
    lock,
    lock_due,
    lock_heads,
    standing_of,
)
from payvand.ledger.sql.running import adapt, among, is_postgres, loads, run, run_among
from payvand.ledger.sql.writing import CLOCK, MODELS, UPDATED, Work, flush

__all__ = [
    "CLOCK",
    "MODELS",
    "UPDATED",
    "Owed",
    "Work",
    "adapt",
    "among",
    "flush",
    "is_postgres",
    "loads",
    "lock",
    "lock_due",
    "lock_heads",
    "run",
    "run_among",
    "standing_of",
]

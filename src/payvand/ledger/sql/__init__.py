"""How does one human step become two statements? What it reads, and what it writes."""

from payvand.ledger.sql.reading import (
    Owed,
    lock,
    lock_due,
    lock_heads,
    lock_with,
    standing_of,
)
from payvand.ledger.sql.running import (
    Order,
    adapt,
    among,
    copy_log_back,
    is_postgres,
    loads,
    run,
    run_all,
    run_among,
)
from payvand.ledger.sql.writing import CLOCK, MODELS, UPDATED, Work, flush, insertion

__all__ = [
    "CLOCK",
    "MODELS",
    "UPDATED",
    "Order",
    "Owed",
    "Work",
    "adapt",
    "among",
    "copy_log_back",
    "flush",
    "insertion",
    "is_postgres",
    "loads",
    "lock",
    "lock_due",
    "lock_heads",
    "lock_with",
    "run",
    "run_all",
    "run_among",
    "standing_of",
]

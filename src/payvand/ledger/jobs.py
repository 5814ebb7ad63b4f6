"""What does the worker do in one round?"""

from __future__ import annotations

from payvand.kernel import clock
from payvand.ledger import deliveries, rederiving, sql
from payvand.ledger.sweep import sweep

CALENDAR_SECONDS = 5.0  # of one round that moved terms may take; then the sweep comes first again


def run_once() -> dict[str, int]:
    """Sweep, deliver what waits, and go on with what the calendar moves; returns what was done."""
    done = dict(sweep(clock.now()))
    done["told"] = deliveries.tell_new(clock.now())
    done["delivered"] = deliveries.deliver_once(clock.now())
    rederiving.look_at_calendar()
    done["batches"] = rederiving.go_on(CALENDAR_SECONDS)
    sql.copy_log_back()
    return done

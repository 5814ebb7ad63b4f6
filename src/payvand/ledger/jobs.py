"""What does the worker do in one round?"""

from __future__ import annotations

from payvand.kernel import clock
from payvand.ledger.sweep import sweep


def run_once() -> dict[str, int]:
    """Sweep, then deliver what waits; returns what was done."""
    done = dict(sweep(clock.now()))
    from payvand.ledger import deliveries

    done["told"] = deliveries.tell_new(clock.now())
    done["delivered"] = deliveries.deliver_once(clock.now())
    return done


def resume_closures() -> int:
    """Go on with closures whose terms are not all re-derived yet; returns how many were left."""
    from payvand.ledger import closures

    left = closures.unfinished()
    for job in left:
        closures.resume(job, closures.closure_of(job), by="system:closure")
    return len(left)

"""What does the worker do in one round?"""

from __future__ import annotations

from payvand.kernel import clock
from payvand.ledger.sweep import sweep


def run_once() -> dict[str, int]:
    """Sweep, then deliver what waits; returns what was done."""
    done = dict(sweep(clock.now()))
    from payvand.ledger import deliveries

    done["delivered"] = deliveries.deliver_once(clock.now())
    return done

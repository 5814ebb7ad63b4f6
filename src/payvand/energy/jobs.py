"""What does the worker do about energy, once a minute?

It looks only: two queries while nothing has changed. Libraries for arithmetic are loaded when there
is something to compute, and their absence stops nothing else.
"""

from __future__ import annotations

import logging

from payvand.energy.actions import outlooks
from payvand.energy.errors import NoForecast, NotInstalled
from payvand.energy.queries import balance as queries
from payvand.kernel import clock
from payvand.registry import public as registry

log = logging.getLogger(__name__)


def watch() -> dict[str, int]:
    """Make outlooks anew where a day has begun or supply has changed; returns how many."""
    by, made = registry.system("energy"), 0
    today = clock.local_date(clock.now())
    for area, what in queries.waiting(today).items():
        try:
            if what == queries.FORECAST:
                outlooks.forecast(area, by=by)
            outlooks.foresee(area, by=by)
            made += 1
        except (NoForecast, NotInstalled) as error:
            log.info("no outlook for %s: %s", area, error)
    return {"outlooks": made}

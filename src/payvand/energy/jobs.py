"""What does the worker do about energy, once a minute?

It looks only: five queries while nothing has changed. Libraries for arithmetic are loaded when
there is something to compute, and their absence stops nothing else.
"""

from __future__ import annotations

import logging

from payvand.energy.actions import loading, outlooks, uploads
from payvand.energy.errors import NoForecast, NotInstalled
from payvand.energy.queries import balance as queries
from payvand.kernel import clock
from payvand.registry import public as registry

log = logging.getLogger(__name__)


def watch() -> dict[str, int]:
    """Sum what was sent, and make outlooks anew where a day has begun or supply has changed."""
    by, made = registry.system("energy"), 0
    try:
        summed = loading.sum_due()
    except (NotInstalled, ImportError) as error:
        log.info("readings wait: %s", error)
        summed = 0
    today = clock.local_date(clock.now())
    for (area, carrier), what in queries.waiting(today).items():
        try:
            if what == queries.FORECAST:
                outlooks.forecast(area, by=by, carrier=carrier)
            outlooks.foresee(area, by=by, carrier=carrier)
            made += 1
        except (NoForecast, NotInstalled) as error:
            log.info("no outlook for %s, %s: %s", area, carrier, error)
    return {"outlooks": made, "days": summed}


def read_uploads() -> int:
    """Read on in files that were handed over; returns how many came to their end."""
    return uploads.work()

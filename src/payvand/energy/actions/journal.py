"""How do steps about energy reach the log?"""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from payvand.audit import public as audit
from payvand.energy.errors import NotInstalled
from payvand.energy.rules.hours import ELECTRICITY
from payvand.kernel import clock
from payvand.registry.public import Actor

SERVICE = "energy"  # as obligations name the part of the product they come from


def stream_of(area: str) -> UUID:
    """Return the stream of a province: loads, supply, forecasts, releases."""
    return uuid5(NAMESPACE_URL, f"payvand:energy:{area}")


def warning_of(area: str, day: Any, carrier: str = ELECTRICITY) -> UUID:
    """Return the stream of the warning for a day: one, however often the outlook is made anew."""
    of = "" if carrier == ELECTRICITY else f":{carrier}"
    return uuid5(NAMESPACE_URL, f"payvand:energy:warning:{area}:{day}{of}")


def record(by: Actor, verb: str, stream: UUID, subject: str, **facts: Any) -> None:
    """Write one event; facts carry codes, days and counts, never readings."""
    entry = audit.Entry(stream, f"energy.{verb}", subject, facts)
    audit.append([entry], by=by.name(), at=clock.now())


def need_arithmetic() -> None:
    """Raise NotInstalled where the libraries of the extra `energy` are missing."""
    try:
        import scipy  # noqa: F401
    except ImportError as error:
        raise NotInstalled(reason=str(error)) from error

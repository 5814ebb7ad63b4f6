"""What does an adapter get, what does it give back, and how does it fail?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing to deliver, complete: an adapter reads nothing from the database."""

    key: str  # idempotency key, the same at every attempt
    address: str  # e-mail, drop folder, base address or number
    body: Mapping[str, Any] = field(default_factory=dict)  # JSON
    secret: str = ""  # "hmac:…" or "bearer:…"
    token: str = ""  # of the single-use link or callback


@dataclass(frozen=True, slots=True)
class Delivered:
    """It left the house. `proven` says that the receiver has confirmed it."""

    receipt: str = ""
    proven: bool = False
    reply: Mapping[str, Any] | None = None  # an answer that came at once


class Later(Exception):
    """It did not work now; try again with the same key."""


class Never(Exception):
    """It was refused for good; a person must look at it."""


class Adapter(Protocol):
    """One way out of the house."""

    def deliver(self, parcel: Parcel) -> Delivered:
        """Deliver a parcel; raises Later or Never."""
        ...

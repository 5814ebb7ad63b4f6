"""How does something reach an organisation or a person outside, and what may come of it?

An adapter is one way to an organisation (letter, REST), a channel one way to a person (e-mail,
SMS). Neither retries by itself, and neither raises for what the network does: it says what
happened, and the outbox decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Message:
    """Something that must leave the house, once."""

    key: str  # idempotency key: the same for every try of the same attempt
    address: str  # base address, drop folder, e-mail, mobile number
    body: dict[str, Any] = field(default_factory=dict)
    secret_name: str = ""  # name of the setting that holds the secret, never the secret


@dataclass(frozen=True, slots=True)
class Receipt:
    """It was taken over; `id` is the other side's proof (a receipt number, a file name)."""

    id: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """It was not taken over now: no connection, too many requests (429) or a server error (5xx)."""

    reason: str
    after: int | None = None  # seconds the other side asks us to wait


@dataclass(frozen=True, slots=True)
class Failed:
    """It will never be taken over as it is: a wrong address, a refusal (4xx)."""

    reason: str


Delivery = Receipt | Retry | Failed


@runtime_checkable
class Adapter(Protocol):
    """One way of delivery."""

    level: str  # letter | rest

    def send(self, message: Message) -> Delivery:
        """Try once to hand the message over."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice on its way to one person."""

    key: str  # idempotency key
    address: str  # e-mail address or mobile number (+989…)
    subject: str
    text: str


@runtime_checkable
class Channel(Protocol):
    """One way to reach a person."""

    name: str  # email | sms | …

    def send(self, letter: Letter) -> Delivery:
        """Try once to hand the letter over."""
        ...

"""How does a refusal say what happened, why, and what to do now?

An error carries a stable ``code``, an HTTP-like ``status`` and ``facts``. The three sentences are
English msgids with ``{name}`` placeholders; the edge translates them and fills the facts in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


def gettext_noop(message: str) -> str:
    """Return the message unchanged; the name lets gettext collect it for translation."""
    return message


class PayvandError(Exception):
    """Something was refused or impossible; ``code`` is stable, ``facts`` fill the sentences."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    what: ClassVar[str] = gettext_noop("This could not be done.")
    why: ClassVar[str] = ""
    now: ClassVar[str] = ""

    facts: dict[str, Any]

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code}: {told}" if told else self.code


class Refused(PayvandError):
    """The actor may not do this; ``reason`` says why."""

    code = "access.refused"
    status = 403
    what = gettext_noop("You may not do this.")
    why = "{reason}"
    now = gettext_noop("Ask the office that is responsible, or sign in with another role.")

    def __init__(self, reason: str = "", **facts: Any) -> None:
        super().__init__(reason=reason, **facts)


class NotFound(PayvandError):
    """The thing asked for does not exist, or not for this actor."""

    code = "input.not_found"
    status = 404
    what = gettext_noop("This was not found.")
    why = gettext_noop("It does not exist, or it is not open to you.")
    now = gettext_noop("Check the address or the tracking code.")


class Invalid(PayvandError):
    """What was entered cannot be accepted; ``fields`` maps a field to what is wrong with it."""

    code = "input.invalid"
    status = 422
    what = gettext_noop("Some entries need correction.")
    now = gettext_noop("Correct the marked fields; everything else is kept.")

    def __init__(self, fields: dict[str, str] | None = None, **facts: Any) -> None:
        super().__init__(fields=fields or {}, **facts)


class Conflict(PayvandError):
    """The thing has changed, or was done already."""

    code = "state.conflict"
    status = 409
    what = gettext_noop("This was changed or done already.")
    now = gettext_noop("Reload the page to see the present state.")


def all_errors() -> list[type[PayvandError]]:
    """Return every error class that has been imported, by code; the reference page lists them."""
    found: set[type[PayvandError]] = set()
    waiting: list[type[PayvandError]] = [PayvandError]
    while waiting:
        error = waiting.pop()
        if error not in found:
            found.add(error)
            waiting.extend(error.__subclasses__())
    return sorted(found, key=lambda error: (error.code, error.__qualname__))


@dataclass(frozen=True, slots=True)
class Verdict:
    """May it be done, and if not, why not?

    >>> bool(YES), no("not your office").reason
    (True, 'not your office')
    """

    ok: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.ok

    def or_raise(self) -> None:
        """Raise Refused with the reason unless the verdict is yes."""
        if not self.ok:
            raise Refused(reason=self.reason)


YES = Verdict(True)


def no(reason: str) -> Verdict:
    """Return a refusal with its reason, an English msgid."""
    return Verdict(False, reason)

"""Under which name does a case or an office leave the house?

A keyed hash: the same thing has the same name within one export, and without the key nobody can
tell which it is. Without a given key each export has its own, so that two cannot be joined.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """How cases and offices are named in an export."""

    keep_cases: bool = False
    keep_offices: bool = False
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def case(self, plain: Any) -> str:
        """Return the name of a case."""
        return str(plain) if self.keep_cases else self._hashed("case", plain)

    def question(self, plain: Any) -> str:
        """Return the name of a question of a case."""
        return str(plain) if self.keep_cases else self._hashed("question", plain)

    def office(self, plain: Any) -> str:
        """Return the name of an agency or office."""
        return str(plain) if self.keep_offices else self._hashed("office", plain)

    def _hashed(self, kind: str, plain: Any) -> str:
        told = f"{kind}\0{plain}".encode()
        return f"{kind}-{hmac.new(self.key, told, hashlib.sha256).hexdigest()[:16]}"

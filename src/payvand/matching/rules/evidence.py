"""What does the ranking know of a firm, and what does it look for?

Neutral dataclasses: whoever keeps the facts (the registry, a file, a test) fills them in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LEAD_CHARS = 200
_SENTENCE = re.compile(r"(?<=\S)[.!?؟؛]\s+|\n+")


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """One thing a firm did or says it can do: a contract, a delivery, a licence, a capability."""

    firm_id: str
    item_id: str
    text: str
    title: str = ""
    client: str = ""  # who it was done for; empty unless the firm opted in
    firm_name: str = ""
    codes: tuple[str, ...] = ()  # "isic:2220", "hs:3926", "cpv:..."
    lang: str = "fa"
    verified: bool = False
    kind: str = "contract"  # contract, delivery, licence, offer, product, capability

    @property
    def is_declared_only(self) -> bool:
        """True for what a firm says of itself and nobody has verified or bought yet."""
        return not self.verified and self.kind in ("capability", "product", "offer")


@dataclass(frozen=True, slots=True)
class NeedText:
    """What somebody looks for."""

    text: str
    title: str = ""
    client: str = ""  # who asks
    codes: tuple[str, ...] = ()


def whole(title: str, text: str) -> str:
    """Return title and text as one text, without saying the title twice.

    >>> whole("Steel pipes", "Steel pipes. For water."), whole("Pipes", "For water.")
    ('Steel pipes. For water.', 'Pipes. For water.')
    """
    if not title or text.startswith(title):
        return text
    return f"{title}. {text}" if text else title


def lead(title: str, text: str) -> str:
    """Return what a text is about in few words: its title, else its first sentence.

    >>> lead("", "Steel pipes. For water.")
    'Steel pipes'
    """
    if title:
        return title
    first = _SENTENCE.split(text.strip(), maxsplit=1)[0]
    return first if len(first) <= LEAD_CHARS else first[: LEAD_CHARS // 2]

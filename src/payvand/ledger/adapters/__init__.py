"""By which way does a message leave the house? One contract for all (plugins.adapters).

An adapter tries once and says what came of it: `Receipt`, `Retry` (network, 429, 5xx) or `Failed`.
Handing the same key over twice has the effect of handing it over once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from payvand.ledger.adapters import inbox, letter, rest
from payvand.plugins import channels
from payvand.plugins.adapters import Adapter, Delivery, Failed, Message

ADAPTERS: dict[str, Adapter] = {
    "rest": rest.RestAdapter(),
    "letter": letter.LetterAdapter(),
    "inbox": inbox.InboxAdapter(),
}


@dataclass(slots=True)
class Notice:
    """A channel for people, used as an adapter: the body holds subject and text."""

    level: str

    def send(self, message: Message) -> Delivery:
        """Hand a notice over."""
        body: dict[str, Any] = message.body
        paper = channels.Letter(
            message.key, message.address, str(body.get("subject", "")), str(body.get("text", ""))
        )
        try:
            channel = channels.by_name(self.level)
        except KeyError:
            return Failed(f"no such channel: {self.level}")
        return channel.send(paper)


def adapter_for(channel: str) -> Adapter:
    """Return the adapter of a channel; an unknown name is taken for a channel to people."""
    return ADAPTERS.get(channel) or Notice(channel)

"""How is an inquiry delivered to an agency that works in our own inbox?

It is there as soon as it is written; the proof comes when an authorised person opens it.
"""

from __future__ import annotations

from payvand.plugins.adapters import Delivery, Message, Receipt


class InboxAdapter:
    """Our own inbox: nothing leaves the house."""

    level = "inbox"

    def send(self, message: Message) -> Delivery:
        """Return at once; the obligation's row is the delivery."""
        return Receipt(f"inbox:{message.key}")

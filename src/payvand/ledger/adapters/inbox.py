"""How is an inquiry delivered to an agency that works in our own inbox?

It is there as soon as it is written; the proof comes when an authorised person opens it.
"""

from __future__ import annotations

from payvand.ledger.adapters.contract import Delivered, Parcel


class Inbox:
    """Our own inbox: nothing leaves the house."""

    def deliver(self, parcel: Parcel) -> Delivered:
        """Return at once; the obligation's row is the delivery."""
        return Delivered(receipt=f"inbox:{parcel.key}")

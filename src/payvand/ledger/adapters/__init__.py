"""By which way does a message leave the house? One contract for all of them.

An adapter's `deliver(parcel)` returns `Delivered`, or raises `Later` (worth another try: network,
429, 5xx) or `Never` (it will not get better by itself). Delivering the same key twice has the
effect of delivering it once.
"""

from __future__ import annotations

from collections.abc import Callable

from payvand.ledger.adapters.contract import Adapter, Delivered, Later, Never, Parcel

__all__ = ["Adapter", "Delivered", "Later", "Never", "Parcel", "adapter_for"]


def _makers() -> dict[str, Callable[[], Adapter]]:
    from payvand.ledger.adapters import inbox, letter, messages, rest

    return {
        "rest": rest.Rest,
        "letter": letter.Letter,
        "inbox": inbox.Inbox,
        "email": messages.Email,
        "sms": messages.Sms,
    }


def adapter_for(channel: str) -> Adapter:
    """Return the adapter of a channel; raises Never for an unknown one."""
    maker = _makers().get(channel)
    if maker is None:
        raise Never(f"unknown channel {channel}")
    return maker()

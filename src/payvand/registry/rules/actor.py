"""On whose behalf does somebody act, and what follows from it?

An actor is built once per request, from facts valid at that moment, and handed to every action.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Seat:
    """Membership of an organisation: clerk, signatory, secretariat, decider, head or admin."""

    org: UUID
    role: str
    place: str = ""  # place code the seat is limited to; empty = all of the organisation


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, or the system itself, with the capacities that hold now."""

    kind: str = "user"  # user | system | agency (a connected system) | link (single-use link)
    user_id: int | None = None
    party: UUID | None = None  # the natural person behind the account
    label: str = ""
    seats: tuple[Seat, ...] = ()
    offices: tuple[int, ...] = ()  # offices held today, as holder or acting deputy
    mandates: tuple[UUID, ...] = ()  # parties that this person may act for
    is_operator: bool = False  # administrator of the installation
    obligation: UUID | None = None  # for links: the only obligation it opens

    @property
    def desks(self) -> tuple[Seat, ...]:
        """Return the seats in offices; a company's people act for it by mandate as well."""
        return tuple(seat for seat in self.seats if seat.org not in self.mandates)

    @property
    def counters(self) -> tuple[UUID, ...]:
        """Return the organisations at whose counter the actor serves people."""
        return tuple(seat.org for seat in self.desks if seat.role == "counter")

    def works_for(self, org: UUID, *roles: str) -> bool:
        """Has the actor a seat in the organisation (in one of the roles, when given)?"""
        return any(s.org == org and (not roles or s.role in roles) for s in self.seats)

    def acts_for(self, party: UUID | None) -> bool:
        """Is the actor this party, or its mandate holder, or a signatory of it?"""
        return party is not None and (party == self.party or party in self.mandates)

    def name(self) -> str:
        """Return the short name written into events; never a person's name."""
        if self.kind == "user":
            return f"user:{self.user_id}"
        return f"{self.kind}:{self.label}"


def system(label: str) -> Actor:
    """Return the actor for work that no person triggers, such as the sweep."""
    return Actor(kind="system", label=label)

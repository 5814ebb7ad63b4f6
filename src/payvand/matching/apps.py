"""How does Django find this context, and what does it add to the others?"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """The context `matching`."""

    name = "payvand.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow the databank, and keep the index tidy."""
        from payvand.plugins import slots

        slots.evidence_changed.register(follow)
        slots.chores.register(tidy)


def follow(parties: Sequence[UUID]) -> None:
    """Make what changed findable once it is committed."""
    from payvand.matching.actions import index_after_commit

    index_after_commit(parties)


def tidy() -> None:
    """Index everything anew where much has changed."""
    from payvand.matching.actions import tidy_index

    tidy_index()

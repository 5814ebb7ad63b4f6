"""How does Django find this context, and what does it add to the others?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import AppConfig

if TYPE_CHECKING:
    from payvand.plugins.slots import Sample


class MatchingConfig(AppConfig):
    """The context `matching`."""

    name = "payvand.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow the databank, and keep the index tidy."""
        from payvand.matching import joining
        from payvand.plugins import slots

        joining.join()
        slots.evidence_changed.register(follow)
        slots.chores.register(tidy)
        slots.minute_work.register(catch_up)
        slots.samples.register(sample_terms, order=10)
        slots.samples.register(sample_index, order=90)


def follow(parties: Sequence[UUID]) -> None:
    """Make what changed findable once it is committed."""
    from payvand.matching.actions import index_after_commit

    index_after_commit(parties)


def catch_up() -> None:
    """Give new evidence its vectors, where a model of meaning is set."""
    from payvand.matching.actions import catch_up as work

    work()


def tidy() -> None:
    """See that there are terms, and index everything anew where much has changed."""
    from payvand.matching.actions import seed_terms, tidy_index
    from payvand.registry.public import system

    seed_terms(by=system("chores"))
    tidy_index()


def sample_terms(sample: Sample) -> None:
    """Give the sample country the terms that come with the product."""
    from payvand.matching.actions import seed_terms
    from payvand.registry.public import system

    sample.tell("terms")
    seed_terms(by=system("demo"))


def sample_index(sample: Sample) -> None:
    """Index the sample databank as a whole, so that the first search finds it ready."""
    from payvand.matching.actions import rebuild_index

    sample.tell("the index of evidence")
    rebuild_index()

"""What can somebody at a terminal ask about promises? Commands live in modules of this folder."""

from __future__ import annotations

import click


@click.group()
def foresight() -> None:
    """Dates that can be promised, and what the history says about them."""


def register(group: click.Group) -> None:
    """Add the commands of foresight: each module of this folder adds its own."""
    group.add_command(foresight)

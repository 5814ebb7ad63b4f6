"""Which command do all others of foresight hang on?"""

from __future__ import annotations

import click


@click.group()
def foresight() -> None:
    """Dates that can be promised, and what the history says about them."""

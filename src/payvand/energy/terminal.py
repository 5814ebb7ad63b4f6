"""What do all commands of energy share: how a file is named, and how progress is shown?"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import click

CARRIER = click.Choice(["electricity", "gas"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Bar:
    """A line of progress on the terminal; silent when the output is for machines."""

    def __init__(self, name: str, *, quiet: bool) -> None:
        self.name, self.quiet = name, quiet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.quiet:
            click.echo("\r" + " " * 70 + "\r", nl=False, err=True)

    def tick(self, what: str, done: int, whole: int) -> None:
        """Show how far it is."""
        if not self.quiet:
            click.echo(f"\r{self.name}: {what:<14} {done} of {whole}   ", nl=False, err=True)

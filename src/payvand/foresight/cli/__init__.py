"""What can somebody at a terminal ask about promises? Commands live in modules of this folder."""

from __future__ import annotations

import click

from payvand.foresight.cli import evaluate, log, reports
from payvand.foresight.cli.group import foresight

MODULES = (evaluate,)  # each adds its commands to `foresight` when it is imported


def register(group: click.Group) -> None:
    """Add the commands of foresight; a module with others adds them here."""
    group.add_command(foresight)
    foresight.add_command(reports.recount)
    group.add_command(log.export)
    known = group.commands.get("report")
    report = known if isinstance(known, click.Group) else click.Group("report")
    group.add_command(report)
    for command in (reports.trs, reports.delays):
        report.add_command(command)

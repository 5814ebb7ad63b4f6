"""How good would promises be on a log of one's own?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from payvand.foresight.cli.group import foresight
from payvand.kernel.errors import PayvandError

if TYPE_CHECKING:
    from payvand.foresight.rules.report import Evaluation


@foresight.command()
@click.argument("logs", nargs=-1, required=True, metavar="LOG...",
                type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
@click.option(
    "--strict-only", is_flag=True, help="Leave out the published protocol, which is slow."
)
@click.option(
    "--no-learning", is_flag=True, help="Do without LightGBM, even where it is installed."
)
def evaluate(
    logs: tuple[Path, ...], *, as_json: bool, strict_only: bool, no_learning: bool
) -> None:
    """Judge promises on event logs: coverage, pinball loss, error, refusals with their reasons.

    A log is a CSV file, plain or gzipped, with the columns case_id, activity and timestamp.
    """
    from payvand.foresight.rules import challenger, report

    with_learning = challenger.is_installed() and not no_learning
    found, failed = [], []
    for path in logs:
        try:
            found.append(_evaluated(path, strict_only=strict_only, with_learning=with_learning))
        except PayvandError as error:
            said = " ".join(
                part.format_map(error.facts) for part in (error.what, error.why) if part
            )
            failed.append({"name": path.name, "problem": said})
    if as_json:
        shown = {"learning": with_learning, "logs": [one.as_json() for one in found],
                 "failed": failed}  # fmt: skip
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        if not with_learning and not no_learning:
            click.echo("LightGBM is not installed (extra: learn); evaluated without it.\n")
        for line in report.lines(found):
            click.echo(line)
        for one in failed:
            click.echo(f"{one['name']}: {one['problem']}")
    if failed:
        sys.exit(1)


def _evaluated(path: Path, *, strict_only: bool, with_learning: bool) -> Evaluation:
    """Return what was found on one log, telling on the way what is being done."""
    from payvand.foresight import logs
    from payvand.foresight.rules import evaluation, remaining, report

    begun, name = perf_counter(), path.name.removesuffix(".gz").removesuffix(".csv")

    def tell(step: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"{name}: {step} …", err=True)

    tell("reading")
    log = logs.load(path)
    strict = evaluation.strict(log, with_challenger=with_learning, tell=tell)
    published = None
    if not strict_only:
        published = remaining.published(log, with_learning=with_learning, tell=tell)
    return report.Evaluation(name, log, strict, published, perf_counter() - begun)

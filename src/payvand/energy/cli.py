"""How does somebody at a terminal judge forecasts, load readings and see how good they are?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from payvand.energy.rules.evaluate import Report
    from payvand.energy.rules.series import Panel

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
HEADS = ("model", "MAE", "MASE", "pinball", "IS80", "IS90", "cov80", "cov90", "CPU s/1000")


def register(group: click.Group) -> None:
    """Add `energy` to the command."""
    group.add_command(energy)


@click.group()
def energy() -> None:
    """Readings, their quality, and forecasts."""


@energy.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--days", default=56, show_default=True, help="Test days at the end of the series.")
@click.option("--series", "series_column", default="", help="Column of the series' names.")
@click.option("--time", "time_column", default="", help="Column of the time.")
@click.option("--value", "value_column", default="", help="Column of the readings.")
@click.option("--timezone", default="", help="Local zone, for times with an offset.")
@click.option("--country", default="", help="ISO code, for its days off; IR adds Nowruz, Ramadan.")
@click.option("--holidays", "holiday_file", type=FILE, help="File with the columns date, holiday.")
@click.option("--only", multiple=True, help="Only this series; may be given several times.")
@click.option("--peers/--no-peers", default=True, help="Measure the single models beside ours.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def evaluate(
    *, files: tuple[Path, ...], days: int, country: str, holiday_file: Path | None,
    only: tuple[str, ...], peers: bool, as_json: bool, **columns: str,
) -> None:  # fmt: skip
    """Print the rolling-origin table of hourly series: day-ahead, all models side by side."""
    import warnings

    from payvand.energy.rules import evaluate as judge

    found = []
    for path in files:
        panel = _panel(path, columns, country=country, holiday_file=holiday_file)
        panel = _chosen(panel, only)
        with warnings.catch_warnings(), _Bar(path.name, quiet=as_json) as bar:
            warnings.simplefilter("ignore")  # statsforecast warns of what is shown as a gap
            report = judge.evaluate(
                panel, days=days, peers=judge.PEERS if peers else (), tick=bar.tick
            )
        found.append({"file": path.name, **report.as_json()})
        if not as_json:
            _show(path.name, report)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))


def _panel(
    path: Path, columns: dict[str, str], *, country: str, holiday_file: Path | None
) -> Panel:
    from dataclasses import replace

    from payvand.energy import files
    from payvand.energy.rules import series

    asked = series.Columns(
        series=columns["series_column"], time=columns["time_column"],
        value=columns["value_column"], timezone=columns["timezone"],
    )  # fmt: skip
    off = files.days_off(holiday_file) if holiday_file else {}
    panel = series.read(files.table(path), asked, off)
    if country:
        last = panel.day(panel.days + 7)
        known = files.country_days_off(country.upper(), panel.first, last)
        panel = replace(panel, country=country.upper(), holidays={**known, **panel.holidays})
    return panel


def _chosen(panel: Panel, only: tuple[str, ...]) -> Panel:
    from dataclasses import replace

    from payvand.energy.rules.series import SeriesUnreadable

    if not only:
        return panel
    strange = set(only) - set(panel.names)
    if strange:
        raise SeriesUnreadable(reason=f"no series {', '.join(sorted(strange))}")
    places = [panel.names.index(name) for name in only]

    def cut(values: Any) -> Any:
        return None if values is None else values[..., places]

    return replace(panel, names=only, demand=cut(panel.demand),
                   temperature=cut(panel.temperature), outlook=cut(panel.outlook))  # fmt: skip


class _Bar:
    """A line of progress on the terminal, one model after the other."""

    def __init__(self, name: str, *, quiet: bool) -> None:
        self.name, self.quiet = name, quiet

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.quiet:
            click.echo("\r" + " " * 70 + "\r", nl=False, err=True)

    def tick(self, model: str, done: int, whole: int) -> None:
        if not self.quiet:
            click.echo(f"\r{self.name}: {model:<14} day {done} of {whole}   ", nl=False, err=True)


def _show(name: str, report: Report) -> None:
    panel = report.panel
    last = panel.day(panel.days - 1)
    click.echo(f"{name}: {len(panel.names)} series, {panel.days} days; tested day-ahead from "
               f"{panel.day(report.first)} to {last} ({report.days} days), "
               f"{report.imputed_percent:.2f} % of the hours missing or rejected.")  # fmt: skip
    for whole, parts in report.whole.items():
        click.echo(f"{whole} is the sum of {', '.join(parts)}; the forecasts sum as well.")
    for note in panel.notes[:8]:
        where = f" in {note.series}" if note.series else ""
        click.echo(f"note: {note.code}{where}, {note.count} hours, first {note.first}")
    click.echo(f"{HEADS[0]:<30}" + "".join(f"{head:>11}" for head in HEADS[1:]))
    for model, row in report.rows.items():
        figures = [row.mae, row.mase, row.pinball, row.interval_80, row.interval_90,
                   row.cover_80, row.cover_90, report.seconds.get(model)]  # fmt: skip
        click.echo(f"{model:<30}" + "".join(f"{_figure(one):>11}" for one in figures))
    for lead, row in enumerate(report.leads, 2):
        click.echo(f"Payvand, day {lead}: MASE {row.mase:.3f}, 80 % band holds {row.cover_80:.1f} %"
                   f", 90 % band {row.cover_90:.1f} %")  # fmt: skip
    click.echo(f"Weekly learning apart: {report.weekly_seconds:.1f} CPU s per 1,000 series-days. "
               f"Made by: {report.statuses}")  # fmt: skip
    if len(report.rows) > 2:
        click.echo(f"Best single model: {report.best_single}; Payvand's MASE is "
                   f"{report.ratio:.3f} of it.")  # fmt: skip
    _show_naive(report)


def _show_naive(report: Report) -> None:
    """Say where plainly repeating the last week or day was better."""
    from payvand.energy.rules.evaluate import OURS

    naive = [report.per_series[n] for n in ("SNaive 24", "SNaive 168") if n in report.per_series]
    ours = report.per_series[OURS]
    lost = [s for s, value in ours.items() if any(one[s] <= value for one in naive)]
    if naive:
        click.echo("A naive forecast was as good or better for: " + (", ".join(lost) or "none."))


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3f}"

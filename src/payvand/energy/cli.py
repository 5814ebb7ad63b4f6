"""How does somebody at a terminal judge forecasts, load readings and see how good they are?"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

if TYPE_CHECKING:
    from payvand.energy.engine.store import Store
    from payvand.energy.ingest import Loaded
    from payvand.energy.rules.evaluate import Report
    from payvand.energy.rules.series import Panel

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
HEADS = ("model", "MAE", "MASE", "pinball", "IS80", "IS90", "cov80", "cov90", "CPU s/1000")


def register(group: click.Group) -> None:
    """Add `energy` to the command."""
    from payvand.energy import asset_cli, plan_cli

    group.add_command(energy)
    asset_cli.register(energy)
    plan_cli.register(energy)


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
def evaluate(  # noqa: PLR0913 - one argument an option
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


CARRIER = click.Choice(["electricity", "gas"])


def _store(folder: Path | None) -> Store:
    from django.conf import settings

    from payvand.energy.engine.store import Store

    return Store(folder or Path(settings.PAYVAND_ENERGY_STORE))


@energy.command()
@click.argument("files", nargs=-1, type=FILE)
@click.option(
    "--meters", type=FILE, help="Register: meter, province, city, feeder, sector, most_wh."
)
@click.option("--carrier", type=CARRIER, default="electricity", show_default=True)
@click.option("--store", "folder", type=click.Path(path_type=Path), help="Folder of the readings.")
@click.option("--again", is_flag=True, help="Roll up every day anew.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def ingest(
    files: tuple[Path, ...], *, meters: Path | None, carrier: str, folder: Path | None, again: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Load readings (meter, ts in UTC, wh or kwh, version) once each, and roll them up."""
    from payvand.energy import ingest as loading
    from payvand.kernel import clock

    store, told = _store(folder), []
    if meters:
        loading.register(store, meters, carrier)
    touched: set[Any] = set()
    for path in files:
        with _Bar(path.name, quiet=as_json) as bar:
            tell = partial(bar.tick, "rows")
            found = loading.load(store, path, carrier, now=clock.now(), tell=tell)
        touched |= set() if found.again else found.days
        told.append({"file": path.name, **found.as_json()})
        if not as_json:
            _show_loaded(path.name, found)
    with _Bar("rolled up", quiet=as_json) as bar:
        days = loading.roll_up(store, carrier, None if again else touched,
                               tell=lambda d, a: bar.tick("days", d, a))  # fmt: skip
    if as_json:
        days_told = [str(day) for day in days]
        click.echo(
            json.dumps({"files": told, "rolled_up": days_told}, ensure_ascii=False, indent=1)
        )
    else:
        click.echo(f"{len(days)} days rolled up.")


def _show_loaded(name: str, found: Loaded) -> None:
    click.echo(f"{name}: {found.kept:,} of {found.rows:,} rows kept"
               + (" (loaded before, nothing changed)." if found.again else "."))  # fmt: skip
    for row, why, what in found.first_rejected[:20]:
        click.echo(f"  row {row}: {why}: {what}")
    for why, count in found.rejected.items():
        click.echo(f"  {why}: {count:,} rows")


@energy.command()
@click.option("--carrier", type=CARRIER, default="electricity", show_default=True)
@click.option("--store", "folder", type=click.Path(path_type=Path), help="Folder of the readings.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def quality(*, carrier: str, folder: Path | None, as_json: bool) -> None:
    """Say day by day how many readings were owed, came, were doubtful, and had to be imputed."""
    found = _store(folder).counts(carrier)
    rows = [
        {"day": str(day), **counts, "imputed_percent": round(_imputed(counts), 3)}
        for day, counts in found.items()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    click.echo(f"{'day':<12}{'owed':>12}{'came':>12}{'doubtful':>10}{'imputed %':>11}  why")
    for row in rows:
        why = ", ".join(f"{name} {count:,}" for name, count in row["flagged"].items())
        silent = len(row["silent_feeders"])
        click.echo(
            f"{row['day']:<12}{row['expected']:>12,}{row['present']:>12,}{row['bad']:>10,}"
            f"{row['imputed_percent']:>11}  {why}"
            + (f", {silent} feeders silent" if silent else "")
        )
    if not rows:
        click.echo("Nothing was rolled up yet.")


def _imputed(counts: dict[str, Any]) -> float:
    if not counts["expected"]:
        return 0.0
    lacking = counts["expected"] - counts["present"] + counts["bad"]
    return float(100 * lacking / counts["expected"])


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

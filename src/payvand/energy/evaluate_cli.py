"""How does somebody at a terminal judge forecasts on series of their own?

Each file is judged by itself: one that cannot be read is told with the reason, the others go on,
and the command ends with 1. Whatever was left out or repaired is told with place and remedy.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from payvand.energy.terminal import FILE, Bar
from payvand.kernel.errors import PayvandError

if TYPE_CHECKING:
    from payvand.energy.rules.evaluate import Report
    from payvand.energy.rules.series import Panel

HEADS = ("model", "MAE", "MASE", "pinball", "IS80", "IS90", "cov80", "cov90", "CPU s/1000")
SHOWN = 12  # notes of one kind
NOTES = {
    "begins": "begins late: the hours before are no part of it",
    "ends": "ends early: the hours after are not tested",
    "missing": "hours missing: filled for the models, never scored",
    "empty": "hours, not one with a reading: left out",
    "twice": "readings of moments that come several times (the hour that summer time repeats, or"
             " rows twice): their mean is taken",
    "twice_differ": "readings of moments that come several times with different values (as the hour"
                    " that summer time repeats): their mean is taken",
    "not_hourly": "hours between readings: not hourly, nearly all hours are missing",
    "time_unreadable": "times unreadable: these rows are left out; write 2025-11-10 13:00",
    "time_astray": "rows years away from all others: left out; check the year",
    "value_unreadable": "readings that are no number: missing",
    "nameless": "rows without the name of a series: left out",
    "columns_guessed": "columns taken for readings by their type alone; name one with --value",
    "in_utc": "times are in UTC and days begin at its midnight; --timezone gives local days",
    "zone_unused": "times carry no offset, so --timezone changes nothing: they are taken as local",
    "kelvin": "temperatures look like kelvin and are read so; end the name in _c or _f if not",
    "fahrenheit": "temperatures look like Fahrenheit and are read so; end the name in _c or _f",
    "temperature_absurd": "temperatures outside -60 to 60 degrees: missing",
    "rejected_flat": "readings unchanged for a day and longer: rejected",
    "rejected_unit": "readings a thousand times off (kW for MW?): rejected",
    "rejected_range": "readings negative or far from all others: rejected",
    "constant": "hours that never change: MASE has no yardstick and leaves it out",
    "too_short": "readings, too few days before the test: left out; try fewer --days",
    "ended": "readings, none in the days to be tested: left out; cut the file at its last day",
    "older_days": "days before this one are not used: models look back 800 days",
    "series_left_out": "series left out to keep the time bounded; --most-series takes more",
    "fitted_to_some": "series fitted, spread evenly: it is slow; compared on these alone",
    "not_compared": "hours not compared, because not every model answered",
    "mute": "series on which this model is silent",
}  # fmt: skip


def register(energy: click.Group) -> None:
    """Add `evaluate` to the commands of energy."""
    energy.add_command(evaluate)


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--days",
    default=56,
    show_default=True,
    type=click.IntRange(min=1),
    help="Test days at the end of the series.",
)
@click.option("--series", "series_column", default="", help="Column of the series' names.")
@click.option("--time", "time_column", default="", help="Column of the time.")
@click.option("--value", "value_column", default="", help="Column of the readings.")
@click.option("--timezone", default="", help="Local zone, for times with an offset.")
@click.option("--country", default="", help="ISO code, for its days off; IR adds Nowruz, Ramadan.")
@click.option("--holidays", "holiday_file", type=FILE, help="File with the columns date, holiday.")
@click.option("--only", multiple=True, help="Only this series; may be given several times.")
@click.option(
    "--most-series",
    default=60,
    show_default=True,
    type=click.IntRange(min=1),
    help="Series judged at the most, spread evenly over the file.",
)
@click.option("--peers/--no-peers", default=True, help="Measure the single models beside ours.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def evaluate(*, files: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """Print the rolling-origin table of hourly series: day-ahead, all models side by side."""
    found, failed = [], 0
    for path in files:
        try:
            report = _judged(path, quiet=as_json, **options)
        except PayvandError as error:
            failed += 1
            if len(files) == 1 and not as_json:
                raise
            found.append({"file": path.name, "error": error.code, **error.facts})
            if not as_json:
                click.echo(f"{path.name}: {error.facts.get('reason', error)}", err=True)
            continue
        found.append({"file": path.name, **report.as_json()})
        if not as_json:
            _show(path.name, report)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False, default=str))
    if failed:
        sys.exit(1)


def _judged(  # noqa: PLR0913 - one argument an option
    path: Path, *, quiet: bool, days: int, country: str, holiday_file: Path | None,
    only: tuple[str, ...], most_series: int, peers: bool, **columns: str,
) -> Report:  # fmt: skip
    from payvand.energy.rules import evaluate as judge

    panel = _chosen(_panel(path, columns, country=country, holiday_file=holiday_file), only)
    with warnings.catch_warnings(), Bar(path.name, quiet=quiet) as bar:
        warnings.simplefilter("ignore")  # statsforecast warns of what is shown as a gap
        return judge.evaluate(panel, days=days, peers=judge.PEERS if peers else (),
                              most_series=most_series, tick=bar.tick)  # fmt: skip


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

    from payvand.energy.rules import judged
    from payvand.energy.rules.series import SeriesUnreadable

    if not only:
        return panel
    strange = set(only) - set(panel.names)
    if strange:
        there = ", ".join(panel.names[:12])
        raise SeriesUnreadable(reason=f"no series {', '.join(sorted(strange))}; there are {there}")
    kept = judged.only(panel, [panel.names.index(name) for name in dict.fromkeys(only)])
    notes = tuple(n for n in panel.notes if not n.series or n.series in only
                  or n.series not in panel.names)  # fmt: skip
    return replace(kept, notes=notes)


def _show(name: str, report: Report) -> None:
    panel = report.panel
    last = panel.day(panel.days - 1)
    click.echo(f"{name}: {len(panel.names)} series, {panel.days} days; tested day-ahead from "
               f"{panel.day(report.first)} to {last} ({report.days} days), "
               f"{report.imputed_percent:.2f} % of the hours missing or rejected.")  # fmt: skip
    for whole, parts in report.whole.items():
        click.echo(f"{whole} is the sum of {', '.join(parts)}; the forecasts sum as well.")
    _show_notes(report)
    click.echo(f"{HEADS[0]:<30}" + "".join(f"{head:>11}" for head in HEADS[1:]))
    for model, row in report.rows.items():
        figures = [row.mae, row.mase, row.pinball, row.interval_80, row.interval_90,
                   row.cover_80, row.cover_90, report.seconds.get(model)]  # fmt: skip
        click.echo(f"{model:<30}" + "".join(f"{_figure(one):>11}" for one in figures))
    for lead, row in enumerate(report.leads, 2):
        click.echo(f"Payvand, day {lead}: MASE {_figure(row.mase)}, 80 % band holds "
                   f"{_figure(row.cover_80)} %, 90 % band {_figure(row.cover_90)} %")  # fmt: skip
    click.echo(f"Weekly learning apart: {report.weekly_seconds:.1f} CPU s per 1,000 series-days. "
               f"Made by: {report.statuses}")  # fmt: skip
    if report.days <= 14:
        click.echo("Bands are scored from the third week on; take more --days.")
    _show_bands(report)
    if len(report.rows) > 2 and report.best_single:
        click.echo(f"Best single model: {report.best_single}; Payvand's MASE is "
                   f"{report.ratio:.3f} of it.")  # fmt: skip
    _show_naive(report)


def _show_notes(report: Report) -> None:
    """Say what was found, a line for each series; many of one kind are summed up."""
    kinds: dict[str, list[Any]] = {}
    for note in report.notes:
        kinds.setdefault(note.code, []).append(note)
    for code, notes in kinds.items():
        words = NOTES.get(code, code.replace("_", " "))
        for note in notes[:SHOWN]:
            where = f" in {note.series}" if note.series else ""
            first = f" (first: {note.first})" if note.first else ""
            click.echo(f"note{where}: {note.count:,} {words}{first}")
        if rest := notes[SHOWN:]:
            total = sum(note.count for note in rest)
            click.echo(f"note: the same in {len(rest)} more series, {total:,} in all")


def _show_bands(report: Report) -> None:
    """Say in how many series the bands are no better than those of past errors, and in which."""
    shares = report.wider()
    if not shares:
        return
    worse = [series for series, pair in shares.items() if max(pair) > 1]
    mean = [sum(pair[n] for pair in shares.values()) / len(shares) for n in (0, 1)]
    told = f" (not so for {', '.join(worse[:SHOWN])})" if worse else ""
    click.echo(f"Bands: interval score {mean[0]:.3f} (80 %) and {mean[1]:.3f} (90 %) of past"
               f" errors', mean of the series; below 1 in {len(shares) - len(worse)} of"
               f" {len(shares)}{told}.")  # fmt: skip


def _show_naive(report: Report) -> None:
    """Say where plainly repeating the last week or day was better."""
    from payvand.energy.rules.evaluate import OURS

    naive = [report.per_series[n] for n in ("SNaive 24", "SNaive 168") if n in report.per_series]
    if not naive:
        return
    lost = [series for series, own in report.per_series[OURS].items() if own is not None
            and any((its := one[series]) is not None and its <= own for one in naive)]  # fmt: skip
    click.echo("A naive forecast was as good or better for: " + (", ".join(lost) or "none."))


def _figure(value: float | None) -> str:
    if value is None or value != value:  # NaN is the only such number
        return "-"
    if abs(value) >= 100:
        return f"{value:,.1f}"
    return f"{value:.3f}" if abs(value) >= 0.01 or value == 0 else f"{value:.2e}"

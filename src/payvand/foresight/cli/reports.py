"""How does somebody at a terminal get the release study and the delay account?"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from payvand.ui.terminal import JalaliDay


def _period(first: date | None, last: date | None) -> Any:
    """Return the days that are meant: of this Jalali year, where a bound is missing."""
    from payvand.kernel import clock, periods

    today = clock.local_date(clock.now())
    year = periods.current(periods.YEAR, today)
    return periods.of_days(first or min(year.first, last or today), last or today)


@click.command()
@click.option("--service", required=True, help="Which service, such as trade-clearance.")
@click.option("--from", "first", type=JalaliDay(), help="First day of release; else this year's.")
@click.option("--to", "last", type=JalaliDay(), help="Last day of release; else today.")
@click.option("--province", default="", help="ISO code of a province, such as IR-15.")
@click.option("--regime", default="", help="Field of the application that tells regimes apart.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False),
              help="File that ends in .html or .xlsx; else the stages are printed.")  # fmt: skip
@click.option("--lang", type=click.Choice(["fa", "en"]), default="fa", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def trs(*, service: str, first: date | None, last: date | None, out: Path | None, lang: str,
        as_json: bool, **more: str) -> None:  # fmt: skip
    """Write a time release study: mean, median and range by stage, agency and regime."""
    from django.utils import translation

    from payvand.foresight import shown_trs
    from payvand.foresight.queries import studies, trails
    from payvand.kernel.errors import NotFound

    if not trails.known_service(service):
        raise NotFound(service=service)
    if out is not None and out.suffix not in (".html", ".xlsx"):
        raise click.BadParameter("the file ends in .html or .xlsx", param_hint="--out")
    period = _period(first, last)
    found = studies.study(service, period, **more)
    with translation.override(lang):
        if out is not None and out.suffix == ".html":
            out.write_text(shown_trs.page(found, period), encoding="utf-8")
        elif out is not None:
            out.write_bytes(shown_trs.workbook(found, period))
        tables = shown_trs.tables(found)
    if as_json:
        click.echo(json.dumps(_plain(found, period, tables), ensure_ascii=False, indent=2))
        return
    click.echo(f"{service}: {found.study.n:,} cases granted, {period.first} to {period.last}.")
    if out is not None:
        click.echo(f"Written to {out}.")
        return
    for name, one in found.study.stages:
        words = "only counted" if one.mean is None else (
            f"mean {one.mean:.1f}, median {one.median:.1f}, {one.least:.1f} to {one.most:.1f} days"
        )  # fmt: skip
        click.echo(f"{name:>10}  {one.n:>6,} cases  {words}")


def _plain(found: Any, period: Any, tables: Any) -> dict[str, Any]:
    def said(m: Any) -> dict[str, Any]:
        names = ("mean", "median", "least", "most", "p90", "spread")
        values = {name: getattr(m, name) for name in names}
        return {"n": m.n, **{k: v if v is None else round(v, 3) for k, v in values.items()}}

    return {
        "service": found.service, "from": str(period.first), "to": str(period.last),
        "cases": found.study.n, "unit": "days of 24 hours",
        **{t.key: [{"name": name, **said(m)} for name, m in t.rows] for t in tables},
    }  # fmt: skip


@click.command()
@click.option("--from", "first", type=JalaliDay(), help="First day; else the start of this year.")
@click.option("--to", "last", type=JalaliDay(), help="Last day; else today.")
@click.option("--province", default="", help="ISO code of a province, such as IR-15.")
@click.option("--service", default="", help="Only this service; a replayed one shows only so.")
@click.option("--rate", type=click.FloatRange(0, 1000), help="Another rate, percent a year.")
@click.option("--value", type=click.FloatRange(0), help="A value, to reckon with alone.")
@click.option("--unit", default="rials", show_default=True, help="What the value is counted in.")
@click.option("--days", "length", type=click.FloatRange(0), help="Days for which it waits.")
@click.option("--everything", is_flag=True, help="Count all of the account anew before.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def delays(*, first: date | None, last: date | None, as_json: bool, everything: bool,
           **more: Any) -> None:  # fmt: skip
    """Print where the days of a period went, and what they cost under which assumptions."""
    from payvand.foresight.actions import accounts as actions
    from payvand.foresight.queries import accounts as queries

    rate = None if more["rate"] is None else Decimal(str(more["rate"]))
    if more["value"] is not None or more["length"] is not None:
        _reckon(more, as_json=as_json)
        return
    actions.account(everything=everything)
    period = _period(first, last)
    scope = queries.Scope(more["province"], more["service"])
    found = queries.account(period, scope, {})
    cost = queries.cost(period, scope, rate)
    told = _told(found, cost, period, rate)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(f"{told['from']} to {told['to']}: {told['days']:,.1f} days of cases")
    for name, days in told["causes"].items():
        click.echo(f"{name:>10}  {days:>12,.1f}")
    for line in told["agencies"][:20]:
        click.echo(f"{line['office_days']:>12,.1f}  {line['late_days']:>10,.1f} late  {line['en']}")
    for line in told["cost"]["lines"]:
        click.echo(f"cost {line['million_rials']:,} million rials: {line['service']}, "
                   f"{line['percent_a_year']} % a year, {line['note']}")  # fmt: skip


def _told(found: Any, cost: Any, period: Any, rate: Decimal | None) -> dict[str, Any]:
    from payvand.foresight.rules.causes import CAUSES

    whole = found.whole
    return {
        "from": str(period.first), "to": str(period.last), "days": round(whole.total, 3),
        "office_days": round(whole.office, 3), "late_days": round(whole.late_days, 3),
        "causes": {name: round(whole.of(n), 3) for n, name in enumerate(CAUSES)},
        "agencies": [
            {"agency": str(one.key), **one.name, "office_days": round(one.spent.office, 3),
             "late_days": round(one.spent.late_days, 3)}
            for one in found.agencies
        ],
        "cost": {
            "million_rials": cost.total, "million_rial_days": cost.value_days,
            "million_rial_days_without_a_rate": cost.unset,
            "other_rate": None if rate is None else float(rate),
            "formula": "value x days / 365 x rate a year",
            "lines": [
                {"service": one.service, "million_rials": one.cost,
                 "million_rial_days": one.value_days,
                 "percent_a_year": float(one.assumption.percent_a_year),
                 "since": str(one.assumption.since), "value_field": one.assumption.value_field,
                 "exchange": dict(one.assumption.exchange),
                 "flat_million_rial": one.assumption.flat_million_rial,
                 "note": one.assumption.note, "set_by": one.assumption.set_by}
                for one in cost.lines
            ],
        },
    }  # fmt: skip


def _reckon(more: dict[str, Any], *, as_json: bool) -> None:
    """Print what one value that waits some days costs; every assumption is named."""
    from payvand.foresight.rules.costs import DAYS_A_YEAR

    named = [more[name] for name in ("value", "length", "rate")]
    if None in named:
        raise click.UsageError("name all three: --value, --days and --rate")
    value, days, rate = named
    found = value * days / DAYS_A_YEAR * rate / 100
    told = {"value": value, "unit": more["unit"], "days": days, "percent_a_year": rate,
            "formula": "value x days / 365 x rate a year", "cost": round(found, 2)}  # fmt: skip
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{value:,.0f} {more['unit']} x {days:g} days / 365 x {rate:g} % a year"
                   f" = {found:,.0f} {more['unit']}")  # fmt: skip


@click.command()
def recount() -> None:
    """Count all of the delay account anew; it stays the same unless something was wrong."""
    from payvand.foresight.actions import accounts

    done = accounts.account(everything=True)
    click.echo(f"{done.cases:,} cases, {done.days:,} days counted.")

"""How does somebody at a terminal read the balance, make a plan and settle one?"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

import click


def register(group: click.Group) -> None:
    """Add balance, plan, settle and threshold to `payvand energy`."""
    for command in (balance, plan, settle, threshold):
        group.add_command(command)


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _print(rows: Any) -> None:
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=_told))


@click.command()
@click.argument("area")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def balance(*, area: str, as_json: bool) -> None:
    """Say what is foreseen in AREA (IR-03): probability, MWh and hours of shortage."""
    from payvand.energy import exports
    from payvand.energy.rules.hours import span

    found = exports.balance(area)
    if as_json:
        _print(found)
        return
    if found["first"] is None:
        click.echo("No outlook was made yet.")
        return
    chance = found["any_probability"]
    click.echo(f"{area}, 72 hours from {found['first']}: shortage "
               + ("unknown" if chance is None else f"with probability {chance:.0%}")
               + f", {found['energy_mwh'] or 0:,.0f} MWh, {found['hours'] or 0:.1f} hours; "
               f"{found['imputed_percent']:.2f} % of the readings filled in.")  # fmt: skip
    for n, chance in enumerate(found["probability"]):
        if chance is not None and chance >= 0.2:
            click.echo(f"  day {n // 24 + 1}, {span(n % 24)}: {chance:.0%}, "
                       f"{found['short_mw'][n]:,.0f} MW")  # fmt: skip


@click.command()
@click.argument("area")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="For which day.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def plan(*, area: str, day: datetime, as_json: bool) -> None:
    """Make a draft for a day in AREA; nobody is asked by it."""
    from payvand.energy import exports
    from payvand.energy.actions import planning
    from payvand.registry import public as registry

    made = planning.make(area, day.date(), by=registry.system("cli"))
    found = exports.plan(made)
    if as_json:
        _print(found)
        return
    click.echo(f"Draft {made.pk} for {made.day}: {found['shifted_mwh']:,.0f} MWh moved, "
               f"{found['shed_mwh']:,.0f} MWh cut, {sum(found['unmet_mw']):,.0f} MWh unmet, "
               f"largest burden {found['largest_burden']:.1%}.")  # fmt: skip
    for row in found["alternatives"]:
        click.echo(f"  {row['name']:<14} harm {row['harm']:>10,.0f}   moved {row['shifted']:>8,.0f}"
                   f"   cut {row['shed']:>8,.0f}   unmet {row['unmet']:>8,.0f}")  # fmt: skip


@click.command()
@click.argument("plan_id", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def settle(*, plan_id: UUID, as_json: bool) -> None:
    """Settle a published plan whose day is over, and say what was delivered."""
    from payvand.energy.actions import settling
    from payvand.energy.queries import plans
    from payvand.registry import public as registry

    done = settling.settle(plan_id, by=registry.system("cli"))
    rows = [
        {"consumer": str(one.row.asset_id), "answer": one.standing,
         "asked_mwh": one.settlement.asked_mwh, "delivered_mwh": one.settlement.delivered_mwh,
         "credit_rial": str(one.settlement.credit_rial)}
        for one in plans.requests_of(plan_id) if one.settlement
    ]  # fmt: skip
    if as_json:
        _print({"plan": done.pk, "kept": done.kept, "requests": rows})
        return
    kept = "nobody had agreed" if done.kept is None else f"{done.kept:.0%} of what was agreed"
    click.echo(f"Settled: {kept}.")
    for row in rows:
        told = "by agreement" if row["delivered_mwh"] is None else f"{row['delivered_mwh']:.1f} MWh"
        click.echo(f"  {row['consumer']}  {row['answer']:<9} asked {row['asked_mwh']:.1f} MWh, "
                   f"delivered {told}")  # fmt: skip


@click.command()
@click.argument("area")
@click.option("--probability", type=click.FloatRange(0, 1), default=0.5, show_default=True,
              help="Of a shortage within 72 h, from which on the office is warned.")  # fmt: skip
@click.option("--office", default="governor", show_default=True, help="Role that is warned.")
@click.option("--signer", default="", help="Role that signs plans; the same unless told.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def threshold(*, area: str, probability: float, office: str, signer: str, as_json: bool) -> None:
    """Say which office in AREA is warned of a shortage, from when on, and which signs plans."""
    from payvand.energy.actions import thresholds
    from payvand.registry import public as registry

    told, signs = (
        registry.office_for(role, agency_id=None, place_code=area)
        for role in (office, signer or office)
    )
    thresholds.set_threshold(area, office=told, signer=signs, probability=probability, ground=None,
                           by=registry.system("cli"))  # fmt: skip
    names = registry.office_names([told, signs])
    if as_json:
        _print({"area": area, "office": told, "signer": signs, "probability": probability})
        return
    click.echo(f"{names[told]['en']} is warned in {area} from {probability:.0%} on; "
               f"{names[signs]['en']} signs.")  # fmt: skip

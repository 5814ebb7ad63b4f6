"""How does somebody at a terminal read the balance, make a plan and settle one?"""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from payvand.energy.rules.hours import STEPS, span
from payvand.energy.terminal import CARRIER, FILE


def register(group: click.Group) -> None:
    """Add balance, plan, settle, threshold and rules to `payvand energy`."""
    for command in (balance, plan, settle, threshold, rules):
        group.add_command(command)


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _print(rows: Any) -> None:
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=_told))


@click.command()
@click.argument("area")
@click.option("--carrier", type=CARRIER, default="electricity", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def balance(*, area: str, carrier: str, as_json: bool) -> None:
    """Say what is foreseen in AREA (IR-03): probability, MWh and hours, or days, of shortage."""
    from payvand.energy import exports

    found = exports.balance(area, carrier)
    if as_json:
        _print(found)
        return
    if found["first"] is None:
        click.echo("No outlook was made yet.")
        return
    chance, steps = found["any_probability"], STEPS[carrier]
    click.echo(f"{area}, {carrier}, 72 hours from {found['first']}: shortage "
               + ("unknown" if chance is None else f"with probability {chance:.0%}")
               + f", {found['energy_mwh'] or 0:,.0f} MWh, {found['hours'] or 0:.1f} "
               f"{'hours' if steps > 1 else 'days'}; "
               f"{found['imputed_percent']:.2f} % of the readings filled in.")  # fmt: skip
    for n, chance in enumerate(found["probability"]):
        if chance is not None and chance >= 0.2:
            when = f", {span(n % 24)}" if steps > 1 else ""
            click.echo(f"  day {n // steps + 1}{when}: {chance:.0%}, "
                       f"{found['short_mw'][n]:,.0f} {'MW' if steps > 1 else 'MWh'}")  # fmt: skip


@click.command()
@click.argument("area")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), required=True,
              help="For which day; of gas, from which day on.")  # fmt: skip
@click.option("--carrier", type=CARRIER, default="electricity", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def plan(*, area: str, day: datetime, carrier: str, as_json: bool) -> None:
    """Make a draft in AREA; nobody is asked by it."""
    from payvand.energy import exports
    from payvand.energy.actions import planning
    from payvand.registry import public as registry

    made = planning.make(area, day.date(), by=registry.system("cli"), carrier=carrier)
    found = exports.plan(made)
    if as_json:
        _print(found)
        return
    until = "" if made.last == made.day else f" to {made.last}"
    click.echo(f"Draft {made.pk} of {carrier} for {made.day}{until}: "
               f"{found['shifted_mwh']:,.0f} MWh moved or given up, "
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
@click.option("--carrier", type=CARRIER, default="electricity", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def threshold(
    *, area: str, probability: float, office: str, signer: str, carrier: str, as_json: bool
) -> None:
    """Say which office in AREA is warned of a shortage, from when on, and which signs plans.

    An office of the operator itself, such as agency-head, may be warned; another one signs.
    """
    from payvand.energy import access
    from payvand.energy.actions import thresholds
    from payvand.registry import public as registry

    told, signs = (
        registry.office_for(
            role, agency_id=access.operator_of(area, carrier) if role == "agency-head" else None,
            place_code=area,
        )
        for role in (office, signer or office)
    )  # fmt: skip
    limit = thresholds.Limit(told, signs, probability)
    thresholds.set_threshold(area, limit, by=registry.system("cli"), carrier=carrier)
    names = registry.office_names([told, signs])
    if as_json:
        _print({"area": area, "carrier": carrier, "office": told, "signer": signs,
                "probability": probability})  # fmt: skip
        return
    click.echo(f"{names[told]['en']} is warned of {carrier} in {area} from {probability:.0%} on; "
               f"{names[signs]['en']} signs.")  # fmt: skip


@click.command()
@click.argument("area")
@click.option("--carrier", type=CARRIER, default="electricity", show_default=True)
@click.option(
    "--file",
    type=FILE,
    help="CSV to take over: sector, harm, shift_harm, shed_cap, day_cap, never_cut.",
)
@click.option("--source", default="", help="Law or order behind the file, with number and date.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From when on; today unless told.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def rules(
    *, area: str, carrier: str, file: Path | None, source: str, since: datetime | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Say how much of each sector may be cut in AREA (or IR), who is never cut, and on whose word.

    With a file: record what the authority has decreed. Caps are percent of a period and of all that
    a plan looks over.
    """
    from payvand.energy.actions import policies as acting
    from payvand.energy.queries import policies
    from payvand.kernel import clock
    from payvand.registry import public as registry

    day = since.date() if since else clock.local_date(clock.now())
    if file is not None:
        acting.decree(area, acting.rows_of(file), acting.Decree(carrier, day, source),
                      by=registry.system("cli"))  # fmt: skip
    found = {name: rule.as_json() for name, rule in policies.rules_of(area, carrier, day).items()}
    if as_json:
        _print({"area": area, "carrier": carrier, "on": day, "rules": found})
        return
    for sector, rule in found.items():
        caps = ("never cut" if rule["never_cut"] else
                f"{rule['shed_cap']:.0%} of a period, {rule['day_cap']:.0%} in all")  # fmt: skip
        click.echo(f"  {sector:<16} {caps:<34} harm {rule['harm']:<5g} {rule['source']['en']}")

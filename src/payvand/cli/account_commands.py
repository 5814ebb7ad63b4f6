"""How are accounts and seats opened, looked at and ended from a terminal?"""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

import click

JSON = click.option("--json", "as_json", is_flag=True, help="Print for machines.")


def _say(told: Any, text: str, *, as_json: bool) -> None:
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else text)


@click.group()
def user() -> None:
    """Accounts."""


@user.command("create")
@click.argument("username")
@click.option("--operator", is_flag=True, help="May administer the installation.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@JSON
def create_user(username: str, *, operator: bool, password_stdin: bool, as_json: bool) -> None:
    """Open an account; the password is asked for and never shown."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from payvand.cli.told import AccountExists
    from payvand.kernel.errors import Invalid
    from payvand.registry import public as registry

    if get_user_model().objects.filter(username=username).exists():
        raise AccountExists(username=username)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        validate_password(password)
    except ValidationError as error:
        raise Invalid({"password": " ".join(error.messages)}) from error
    new = registry.open_account(
        username, by=registry.system("terminal"), password=password, is_operator=operator
    )
    _say({"id": new, "username": username}, f"Account {username} is open.", as_json=as_json)


@user.command("list")
@click.argument("text", default="")
@JSON
def list_users(text: str, *, as_json: bool) -> None:
    """Show the accounts, or those whose name holds TEXT."""
    from payvand.registry import public as registry

    rows, more = registry.accounts(text, size=1000)
    told = [
        {"id": r.id, "username": r.username, "name": r.name, "is_active": r.is_active,
         "is_operator": r.is_operator, "must_change_password": r.must_change_password,
         "last_login": r.last_login.isoformat() if r.last_login else None}
        for r in rows
    ]  # fmt: skip
    lines = [
        f"{r.id:>6}  {'open  ' if r.is_active else 'closed'}  {r.username:<24} {r.name['en']}"
        for r in rows
    ]
    if more:
        lines.append("… and more; name a part of what you look for.")
    _say(told, "\n".join(lines) or "No account.", as_json=as_json)


@user.command("password")
@click.argument("username")
@JSON
def reset_password(username: str, *, as_json: bool) -> None:
    """Set a one-time password and show it once; every session of the account ends."""
    from payvand.registry import public as registry

    card = registry.account_named(username)
    password = registry.reset_password(card.id, by=registry.system("terminal"))
    text = f"{password}\nIt is kept nowhere; at the next sign-in another one is chosen."
    _say({"username": username, "password": password}, text, as_json=as_json)


@user.command("close")
@click.argument("username")
@JSON
def close(username: str, *, as_json: bool) -> None:
    """Close an account; its seats and appointments end with it."""
    from payvand.registry import public as registry

    card = registry.account_named(username)
    seats, held = registry.close_account(card.id, by=registry.system("terminal"))
    told = {"username": username, "seats_ended": seats, "appointments_ended": held}
    text = f"{username} is closed; {seats} seats and {held} appointments ended."
    _say(told, text, as_json=as_json)


@user.command("reopen")
@click.argument("username")
@JSON
def reopen(username: str, *, as_json: bool) -> None:
    """Let a closed account sign in again; seats are given anew."""
    from payvand.registry import public as registry

    registry.reopen_account(registry.account_named(username).id, by=registry.system("terminal"))
    _say({"username": username}, f"{username} is open again.", as_json=as_json)


@click.group()
def seat() -> None:
    """Seats in organisations."""


@seat.command("list")
@click.argument("agency")
@JSON
def list_seats(agency: str, *, as_json: bool) -> None:
    """Show who sits in an AGENCY (its slug or national id), from when to when."""
    from payvand.registry import public as registry

    lines = registry.seat_lines(org=registry.organisation_named(agency).id)
    told = [
        {"id": one.id, "username": one.username, "name": one.name, "role": one.role,
         "place": one.place, "from": one.starts.isoformat(), "state": one.standing,
         "to": one.ends.isoformat() if one.ends else None}
        for one in lines
    ]  # fmt: skip
    text = "\n".join(
        f"{one.id:>6}  {one.standing:<6} {one.role:<12} {one.username:<24} {one.starts} – "
        f"{one.ends or ''}"
        for one in lines
    )
    _say(told, text or "Nobody.", as_json=as_json)


@seat.command("give")
@click.argument("agency")
@click.argument("username")
@click.argument("role")
@click.option("--place", default=None, help="Limits the seat to a place, such as IR-15.")
@click.option("--from", "starts", type=click.DateTime(["%Y-%m-%d"]), help="First day; today.")
@click.option("--to", "ends", type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@JSON
def give_seat(agency: str, *, username: str, role: str, as_json: bool, **when: Any) -> None:
    """Give USERNAME the seat ROLE in an AGENCY (its slug or national id)."""
    from payvand.kernel import clock
    from payvand.registry import public as registry

    starts: date = when["starts"].date() if when["starts"] else clock.local_date(clock.now())
    draft = registry.SeatDraft(
        registry.account_named(username).id, registry.organisation_named(agency).id, role, starts,
        when["ends"].date() if when["ends"] else None, when["place"],
    )  # fmt: skip
    new = registry.seat(draft, by=registry.system("terminal"))
    _say({"id": new}, f"Seat {new} is given.", as_json=as_json)


@seat.command("end")
@click.argument("seat_id", type=int)
@JSON
def end_seat(seat_id: int, *, as_json: bool) -> None:
    """End a seat at once."""
    from payvand.registry import public as registry

    registry.end_seat(seat_id, by=registry.system("terminal"))
    _say({"id": seat_id}, f"Seat {seat_id} has ended.", as_json=as_json)


COMMANDS = (user, seat)

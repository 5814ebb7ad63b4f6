"""How is an account opened for a person, given a new password, closed and opened again?

A password that an administrator sets is shown once and holds until the first sign-in: then the
person chooses their own. Closing ends seats and appointments, so that nothing goes on being
addressed to somebody who cannot sign in; a vacant office falls to the next.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from payvand.kernel.errors import NotFound, Refused, gettext_noop
from payvand.kernel.text import clean, compact_key
from payvand.registry import access, versions
from payvand.registry.actions.journal import record, subject
from payvand.registry.actions.people import PartyDraft, register_party
from payvand.registry.models import Holding, Membership, User
from payvand.registry.queries.people import find_party, today
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.refusals import Unfit

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
DOCUMENTS = ("national_card", "birth_certificate", "passport")  # by which somebody is known
HAS_ACCOUNT = gettext_noop(
    "This person has an account already; the administrator of the installation sets a new password."
)
OTHER_NAME = gettext_noop("This is not the name that is registered for the national id.")
OWN_ACCOUNT = gettext_noop("Nobody closes their own account.")
LAST_OPERATOR = gettext_noop("This is the last administrator; name another one first.")


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """An account before it is opened; a national id makes it a registered person's."""

    username: str
    name_fa: str
    name_en: str = ""
    national_id: str = ""
    email: str = ""
    mobile: str = ""
    is_operator: bool = False


class Opened(NamedTuple):
    """An account with its first password, which is kept nowhere and shown once."""

    user: int
    password: str


def one_time_password() -> str:
    """Return a password of 80 bits that can be read out on the telephone."""
    parts = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(parts)


@transaction.atomic
def open_for(draft: AccountDraft, *, by: Actor) -> Opened:
    """Open an account for a person and return it with its first password.

    Raises Refused, Unfit (a name that is taken, a wrong national id).
    """
    access.may_manage(by).or_raise()
    return _open(draft, _wrong(draft), by=by, operator=draft.is_operator)


@transaction.atomic
def open_at_counter(draft: AccountDraft, document: str, *, by: Actor) -> Opened:
    """Open an account for somebody who stands at the counter and has shown a document.

    document: its kind, one of DOCUMENTS; which counter opened the account, and on which document,
    stands in the log. A person has one account only, and who is registered is opened an account
    only under the registered name: a number alone opens nothing. Raises Refused, Unfit.
    """
    access.may_open_at_counter(by).or_raise()
    plain = replace(draft, is_operator=False)
    wrong = _wrong(plain) | _wrong_at_counter(plain)
    if document not in DOCUMENTS:
        wrong["document"] = gettext_noop("Say which document you have seen.")
    return _open(plain, wrong, by=by, counter=str(by.counters[0]), document=document)


def _wrong_at_counter(draft: AccountDraft) -> dict[str, str]:
    if not draft.national_id:
        return {"national_id": gettext_noop("A counter opens accounts by national id only.")}
    known = find_party("person", draft.national_id)
    if known is None:
        return {}
    if User.objects.filter(party_id=known.id).exists():
        return {"national_id": HAS_ACCOUNT}
    if compact_key(known.name["fa"]) != compact_key(draft.name_fa):
        return {"name_fa": OTHER_NAME}
    return {}


def _open(draft: AccountDraft, wrong: dict[str, str], *, by: Actor, **facts: Any) -> Opened:
    if wrong:
        raise Unfit(fields=wrong)
    party = _person(draft, by=by)
    password = one_time_password()
    user = User(
        username=draft.username, party_id=party, email=draft.email, is_superuser=draft.is_operator,
        first_name="" if party else clean(draft.name_fa)[:150], must_change_password=True,
    )  # fmt: skip
    user.set_password(password)
    user.save()
    record(by, "account_opened", subject("user", user.pk), facts=facts)
    return Opened(user.pk, password)


def _wrong(draft: AccountDraft) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        UnicodeUsernameValidator()(draft.username)
    except ValidationError:
        found["username"] = gettext_noop("Use letters, digits and . - _ only, without spaces.")
    if not draft.username:
        found["username"] = gettext_noop("The account needs a name.")
    elif User.objects.filter(username__iexact=draft.username).exists():
        found["username"] = gettext_noop("There is an account of this name already.")
    if not draft.name_fa.strip():
        found["name_fa"] = gettext_noop("The name is needed.")
    return found


def _person(draft: AccountDraft, *, by: Actor) -> UUID | None:
    """Return the registered person of the account, registered now if need be."""
    if not draft.national_id:
        return None
    known = find_party("person", draft.national_id)
    if known is not None:
        return known.id
    return register_party(
        PartyDraft("person", draft.name_fa, draft.name_en, draft.national_id,
                   email=draft.email, mobile=draft.mobile),
        by=by,
    )  # fmt: skip


def _locked(user_id: int) -> User:
    user = User.objects.select_for_update(of=("self",)).filter(pk=user_id).first()
    if user is None:
        raise NotFound(account=user_id)
    return user


@transaction.atomic
def reset_password(user_id: int, *, by: Actor) -> str:
    """Give an account a new one-time password and return it; every session of it ends."""
    access.may_manage(by).or_raise()
    user, password = _locked(user_id), one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record(by, "password_reset", subject("user", user_id))
    return password


@transaction.atomic
def choose_password(user_id: int, password: str, *, by: Actor) -> None:
    """Set the password that somebody has chosen for themselves.

    Raises Refused (another's account), Unfit (too short or too common).
    """
    if by.user_id != user_id:
        raise Refused(reason=gettext_noop("Everybody chooses their own password only."))
    user = _locked(user_id)
    try:
        validate_password(password, user)
    except ValidationError as wrong:
        raise Unfit(fields={"password": " ".join(wrong.messages)}) from wrong
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record(by, "password_chosen", subject("user", user_id))


@transaction.atomic
def close_account(user_id: int, *, by: Actor) -> tuple[int, int]:
    """Close an account; returns how many seats and appointments ended with it.

    Raises Refused for one's own account and for the last administrator.
    """
    access.may_manage(by).or_raise()
    user = _locked(user_id)
    if by.user_id == user_id:
        raise Refused(reason=OWN_ACCOUNT)
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user_id)
    if user.is_superuser and not others.exists():
        raise Refused(reason=LAST_OPERATOR)
    user.is_active = False
    user.save(update_fields=["is_active"])
    eve = date.fromordinal(today().toordinal() - 1)
    seats = Membership.objects.filter(user_id=user_id).exclude(valid_to__lt=today())
    held = Holding.objects.filter(user_id=user_id).exclude(valid_to__lt=today())
    ended = seats.update(valid_to=eve), held.update(valid_to=eve)
    record(by, "account_closed", subject("user", user_id),
           facts={"seats": ended[0], "appointments": ended[1]},
           topics=(versions.OFFICES,) if ended[1] else ())  # fmt: skip
    return ended


@transaction.atomic
def reopen_account(user_id: int, *, by: Actor) -> None:
    """Let a closed account sign in again; its seats and appointments stay ended."""
    access.may_manage(by).or_raise()
    user = _locked(user_id)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(by, "account_reopened", subject("user", user_id))

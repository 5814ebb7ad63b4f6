"""Who can be tried out in the demonstration, and which sample applicants fill the history?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from payvand.demo import data
from payvand.kernel.ids import make_company_id, make_national_id
from payvand.registry import public as registry
from payvand.registry.public import Actor

PERSONS, COMPANIES = 150, 90


@dataclass(slots=True)
class People:
    """Ids of the accounts, and of those who apply."""

    users: dict[str, int] = field(default_factory=dict)
    persons: list[tuple[UUID, str]] = field(default_factory=list)  # party, county
    companies: list[tuple[UUID, str]] = field(default_factory=list)


def settle(agencies: dict[str, UUID], *, by: Actor, since: date) -> People:
    """Register sample persons and companies, open the accounts, and fill seats and offices."""
    people = People()
    counties = [c for p in data.PROVINCES for c in data.COUNTIES[p]]
    drafts = [_person(n, counties[n % len(counties)]) for n in range(PERSONS)]
    drafts += [_company(n, counties[n % len(counties)]) for n in range(COMPANIES)]
    ids = registry.register_parties(drafts, by=by)
    placed = [(key, draft.place or "IR") for key, draft in zip(ids, drafts, strict=True)]
    people.persons, people.companies = placed[:PERSONS], placed[PERSONS:]
    own = registry.register_parties([_own(n) for n in range(len(data.ACCOUNTS))], by=by)
    for account, party in zip(data.ACCOUNTS, own, strict=True):
        people.users[account.username] = registry.open_account(
            account.username, by=by, party_id=party, is_operator=account.group == "operator"
        )
    company = people.companies[0][0]
    for account in data.ACCOUNTS:
        if account.seat:
            org = company if account.seat[0] == "company" else agencies[account.seat[0]]
            registry.seat(
                registry.SeatDraft(people.users[account.username], org, account.seat[1], since),
                by=by,
            )
    names = dict(zip((a.username for a in data.ACCOUNTS), own, strict=True))
    people.persons[0] = (names["demo-applicant"], "IR-15-1503")
    for principal in (names["demo-applicant"], company):
        registry.give_mandate(
            registry.MandateDraft(principal, names["demo-mandate"], "وکالت‌نامهٔ نمونه", since),
            by=by,
        )
    _appoint(people.users, agencies, by=by, since=since)
    return people


def _person(n: int, county: str) -> registry.PartyDraft:
    return registry.PartyDraft(
        "person", f"شخص نمونهٔ {_fa(n + 1)}", f"Sample person {n + 1}",
        make_national_id(f"0091{n:05}"), place=county, is_sample=True,
    )  # fmt: skip


def _company(n: int, county: str) -> registry.PartyDraft:
    kind = n % len(data.FIRMS_FA)
    return registry.PartyDraft(
        "company", f"{data.FIRMS_FA[kind]} {_fa(n + 1)}", f"{data.FIRMS_EN[kind]} {n + 1}",
        make_company_id(f"1499{n:06}"), place=county, is_sample=True,
    )  # fmt: skip


def _own(n: int) -> registry.PartyDraft:
    account = data.ACCOUNTS[n]
    return registry.PartyDraft(
        "person", account.name_fa, account.name_en, make_national_id(f"0092{n:05}"),
        place="IR-15-1503", mobile=f"09120000{n:03}", is_sample=True,
    )  # fmt: skip


def _fa(number: int) -> str:
    return "".join("۰۱۲۳۴۵۶۷۸۹"[int(d)] for d in str(number))


def _appoint(users: dict[str, int], agencies: dict[str, UUID], *, by: Actor, since: date) -> None:
    """Fill the offices: one governor is missing and has a deputy, one county falls to the next."""
    cards = registry.office_cards()
    office = {(c.role, c.place): c.id for c in cards if c.agency is None}
    heads = {c.agency: c.id for c in cards if c.role == "agency-head"}
    held = {
        heads[agencies["municipality-1503"]]: ("demo-head", 0),
        office["governor", "IR-15"]: ("demo-governor", 0),
        office["governor", "IR-03"]: ("demo-deputy", 1),
        office["first-vice-president", "IR"]: ("demo-vice-president", 0),
        office["president-office", "IR"]: ("demo-president-office", 0),
    }
    for key, (username, order) in held.items():
        registry.appoint(key, registry.Appointment(users[username], since, order=order), by=by)
    county = registry.open_account("sample-county-governor", by=by)
    for code in (c for p in data.PROVINCES for c in data.COUNTIES[p]):
        if code != "IR-15-1505":  # vacant: falls to the governor-general
            registry.appoint(
                office["county-governor", code], registry.Appointment(county, since), by=by
            )

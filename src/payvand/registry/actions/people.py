"""How is somebody registered, given an account, and allowed to act for another?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from payvand.kernel.errors import NotFound, gettext_noop
from payvand.kernel.ids import is_company_id, is_national_id, normalise_mobile
from payvand.kernel.text import clean, compact_key, fold_digits, sort_key
from payvand.registry import access, versions
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import Ground, Mandate, Party, User
from payvand.registry.queries.people import today
from payvand.registry.queries.places import place
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.refusals import AlreadyEnded, NoParty, PartyExists, Unfit

KINDS = ("person", "company", "agency")


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """A person, company or agency before it is registered."""

    kind: str
    name_fa: str
    name_en: str = ""
    national_id: str = ""  # needed for persons and companies
    slug: str | None = None  # needed for agencies
    place: str | None = None
    org_class: str = ""
    email: str = ""
    mobile: str = ""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class MandateDraft:
    """Who lets whom act for them, for which services, on which evidence, from when to when."""

    principal: UUID
    agent: UUID
    evidence: str
    starts: date
    ends: date | None = None
    services: str = "*"  # slugs, comma separated, or *


def check_party(draft: PartyDraft) -> dict[str, str]:
    """Return what is wrong with a draft, by field; check digits included."""
    found: dict[str, str] = {}
    if draft.kind not in KINDS:
        found["kind"] = gettext_noop("Choose person, company or agency.")
    if not draft.name_fa.strip():
        found["name_fa"] = gettext_noop("The name is needed.")
    digits = _digits(draft.national_id)
    if draft.kind == "person" and not is_national_id(digits):
        found["national_id"] = gettext_noop("A national id has ten digits; this one has a mistake.")
    if draft.kind == "company" and not is_company_id(digits):
        found["national_id"] = gettext_noop(
            "The national id of a company has eleven digits; this one has a mistake."
        )
    if draft.kind == "agency" and digits and not is_company_id(digits):
        found["national_id"] = gettext_noop(
            "The national id of an agency has eleven digits; this one has a mistake."
        )
    if draft.kind == "agency" and not draft.slug:
        found["slug"] = gettext_noop("An agency needs a short name for addresses.")
    if draft.mobile and not normalise_mobile(draft.mobile):
        found["mobile"] = gettext_noop("This is not a mobile number.")
    return found


def register_party(draft: PartyDraft, *, by: Actor) -> UUID:
    """Register a person, company or agency and return its id.

    Raises Refused, Unfit (wrong check digit), NoPlace, PartyExists with the id in its facts.
    """
    return register_parties([draft], by=by)[0]


@transaction.atomic
def register_parties(drafts: Sequence[PartyDraft], *, by: Actor) -> list[UUID]:
    """Register many parties at once, with one event; all or none."""
    access.may_register(by, {draft.kind for draft in drafts}).or_raise()
    rows = [_row(draft) for draft in drafts]
    _refuse_known(rows)
    Party.objects.bulk_create(rows, batch_size=500)
    kinds = {kind: sum(row.kind == kind for row in rows) for kind in KINDS}
    only = rows[0] if len(rows) == 1 else None
    record(
        by,
        "party_registered",
        subject("party", only.pk if only else "many"),
        facts={"kind": only.kind} if only else {"first": str(rows[0].pk), **kinds} if rows else {},
        topics=(versions.PARTIES,) if any(row.kind == "agency" for row in rows) else (),
    )
    return [row.pk for row in rows]


def _row(draft: PartyDraft) -> Party:
    wrong = check_party(draft)
    if wrong:
        raise Unfit(fields=wrong)
    if draft.place is not None:
        place(draft.place)
    digits = _digits(draft.national_id)
    name_fa, name_en = clean(draft.name_fa), clean(draft.name_en)
    search = (compact_key(name_fa), compact_key(name_en), draft.slug or "", digits)
    return Party(
        kind=draft.kind,
        slug=draft.slug,
        national_id=digits,
        name_fa=name_fa,
        name_en=name_en,
        sort_key=sort_key(name_fa)[:320],
        search_key=" ".join(filter(None, search))[:640],
        place_id=draft.place,
        org_class=draft.org_class,
        email=draft.email.strip(),
        mobile=normalise_mobile(draft.mobile) if draft.mobile else "",
        is_sample=draft.is_sample,
    )


def _refuse_known(rows: Sequence[Party]) -> None:
    ids = {row.national_id for row in rows if row.national_id}
    taken = {
        (kind, number): pk
        for kind, number, pk in Party.objects.filter(national_id__in=ids).values_list(
            "kind", "national_id", "pk"
        )
    }
    seen: set[tuple[str, str]] = set()
    for row in rows:
        key = (row.kind, row.national_id)
        if row.national_id and (key in taken or key in seen):
            raise PartyExists(party=str(taken.get(key, row.pk)))
        seen.add(key)
    slugs = [row.slug for row in rows if row.slug]
    known = Party.objects.filter(slug__in=slugs).first()
    if known is not None:
        raise PartyExists(party=str(known.pk), slug=known.slug)


@transaction.atomic
def move_party(party_id: UUID, place_code: str | None, *, by: Actor) -> None:
    """Move a party to another place: its calendar and its nearest offices change with it."""
    access.may_manage(by).or_raise()
    if place_code is not None:
        place(place_code)
    row = Party.objects.select_for_update().filter(pk=party_id).first()
    if row is None:
        raise NoParty(party=str(party_id))
    Party.objects.filter(pk=party_id).update(place_id=place_code)
    record(
        by,
        "party_moved",
        subject("party", party_id),
        facts={"from": row.place_id, "to": place_code},
        topics=(versions.PARTIES,),
    )


@transaction.atomic
def open_account(
    username: str,
    *,
    by: Actor,
    party_id: UUID | None = None,
    password: str | None = None,
    is_operator: bool = False,
) -> int:
    """Open an account and return the user's id; an account of that name is returned as it is.

    password: None leaves it without one, so that nobody can sign in with a password.
    """
    access.may_manage(by).or_raise()
    known = User.objects.filter(username=username).first()
    if known is not None:
        return known.pk
    user = User(username=username, party_id=party_id, is_superuser=is_operator)
    user.set_password(password)
    user.save()
    record(by, "account_opened", subject("user", user.pk), facts={"operator": is_operator})
    return user.pk


@transaction.atomic
def give_mandate(draft: MandateDraft, *, by: Actor) -> int:
    """Let somebody act for a party, on recorded evidence, and return the mandate's id.

    Raises Refused, Unfit.
    """
    access.may_mandate(by, draft.principal).or_raise()
    wrong: dict[str, str] = {}
    if draft.principal == draft.agent:
        wrong["agent"] = gettext_noop("Nobody needs a mandate for themselves.")
    if not draft.evidence.strip():
        wrong["evidence"] = gettext_noop("Enter the number and date of the power of attorney.")
    if draft.ends is not None and draft.ends < draft.starts:
        wrong["ends"] = gettext_noop("The last day lies before the first.")
    if not draft.services.strip():
        wrong["services"] = gettext_noop("Name the services, or * for all.")
    if wrong:
        raise Unfit(fields=wrong)
    row = Mandate.objects.create(
        principal_id=draft.principal,
        agent_id=draft.agent,
        services=draft.services,
        evidence=clean(draft.evidence),
        valid_from=draft.starts,
        valid_to=draft.ends,
    )
    record(
        by,
        "mandate_given",
        subject("party", draft.principal),
        facts={"mandate": row.pk, "agent": str(draft.agent), "services": draft.services},
    )
    return row.pk


@transaction.atomic
def withdraw_mandate(mandate_id: int, *, by: Actor) -> None:
    """End a mandate at once; what was done under it stays done."""
    row = Mandate.objects.select_for_update().filter(pk=mandate_id).first()
    if row is None:
        raise NotFound(mandate=mandate_id)
    access.may_withdraw(by, row.principal_id, row.agent_id).or_raise()
    eve = date.fromordinal(today().toordinal() - 1)
    if row.valid_to is not None and row.valid_to <= eve:
        raise AlreadyEnded(ended=row.valid_to.isoformat())
    Mandate.objects.filter(pk=mandate_id).update(valid_to=eve)
    record(
        by,
        "mandate_withdrawn",
        subject("party", row.principal_id),
        facts={"mandate": mandate_id},
    )


GROUND_FIELDS = ("kind", "title_fa", "title_en", "ref", "ref_en", "dated", "url", "status")


@transaction.atomic
def ensure_grounds(grounds: Sequence[Mapping[str, str]], *, by: Actor) -> dict[str, int]:
    """Record laws, contracts and orders by code, and return their ids; the same once only.

    Each holds code and the fields of GROUND_FIELDS; a changed text is updated, and the log tells
    which codes were new and which changed.
    """
    access.may_manage(by).or_raise()
    wanted = {ground["code"]: ground for ground in grounds}
    known = {row.code: row for row in Ground.objects.filter(code__in=wanted)}
    new, altered = [], []
    for code, ground in wanted.items():
        told = {name: ground.get(name, "") for name in GROUND_FIELDS}
        row = known.get(code)
        if row is None:
            new.append(Ground(code=code, **told))
        elif any(getattr(row, name) != value for name, value in told.items()):
            for name, value in told.items():
                setattr(row, name, value)
            altered.append(row)
    Ground.objects.bulk_create(new)
    Ground.objects.bulk_update(altered, GROUND_FIELDS)
    if new or altered:
        record(
            by,
            "grounds_recorded",
            subject("ground", "many"),
            facts={"new": [row.code for row in new], "changed": [row.code for row in altered]},
        )
    return dict(Ground.objects.filter(code__in=wanted).values_list("code", "pk"))


def _digits(text: str) -> str:
    return fold_digits(text).replace(" ", "").replace("-", "")

"""How does somebody come to keep a profile?

A personal profile is the person's own, at once. A firm's is claimed with its national id and a
proof; the registrar or the firm's guild decides. Nobody loses a profile because another claims it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from payvand.kernel import clock
from payvand.kernel.errors import Refused, gettext_noop
from payvand.kernel.ids import is_company_id, is_national_id
from payvand.kernel.text import clean, compact_key, fold_digits, sort_key
from payvand.registry.access import databank as access
from payvand.registry.actions.databank import open_profile, party_for_update
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import Claim, Keeper, Party, Profile
from payvand.registry.queries import aliases
from payvand.registry.queries.places import place
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.databank import (
    PERSONAL,
    ClaimDecided,
    ClaimOfAnother,
    ClaimOpen,
    KeptAlready,
    ProfileDraft,
    plain,
)
from payvand.registry.rules.refusals import NoParty, Unfit

OWN, WAITS, CONTESTED = "own", "waits", "contested"


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """Which profile somebody claims, and how they prove it."""

    national_id: str
    proof: str = ""  # number and date of the gazette, of the letter of appointment…
    name_fa: str = ""  # only for a firm that is not registered yet
    place: str = ""
    kind: str = ""  # company by default; freelancer for one's own profile


@dataclass(frozen=True, slots=True)
class Claimed:
    """What came of a claim: own (at once), waits, or contested (somebody else keeps it)."""

    party: UUID
    outcome: str


@transaction.atomic
def claim(draft: ClaimDraft, *, by: Actor) -> Claimed:
    """Claim the profile of the party with a national id.

    Raises Unfit (wrong digits, no proof), ClaimOfAnother, ClaimOpen, KeptAlready, Refused.
    """
    if by.user_id is None:
        raise Refused(reason=gettext_noop("Sign in to claim a profile."))
    digits = fold_digits(draft.national_id).replace(" ", "").replace("-", "")
    if is_national_id(digits):
        return _own(digits, draft, by)
    if not is_company_id(digits):
        wrong = gettext_noop(
            "A company has eleven digits, a person ten; a digit is wrong or missing."
        )
        raise Unfit(fields={"national_id": wrong})
    found = Party.objects.filter(~Q(kind="person"), national_id=digits).first()
    party = _registered(digits, draft, by) if found is None else party_for_update(found.pk)
    if by.works_for(party.pk) or by.acts_for(party.pk):
        if not Profile.objects.filter(party=party, erased_at=None).exists():
            kind = draft.kind if draft.kind and draft.kind not in PERSONAL else "company"
            open_profile(party.pk, ProfileDraft(kind, places=_places(party)), by=by, source="claim")
        return Claimed(party.pk, OWN)
    return _file(party, draft, by)


def _own(digits: str, draft: ClaimDraft, by: Actor) -> Claimed:
    """Open or return the actor's own profile; another person's is refused."""
    mine = Party.objects.filter(pk=by.party, kind="person").first() if by.party else None
    if mine is None or mine.national_id != digits:
        raise ClaimOfAnother
    if not Profile.objects.filter(party=mine, erased_at=None).exists():
        kind = draft.kind if draft.kind in PERSONAL else "freelancer"
        profile = ProfileDraft(kind, from_home=True, is_shown=False, places=_places(mine))
        open_profile(mine.pk, profile, by=by, source="claim")
    return Claimed(mine.pk, OWN)


def _places(party: Party) -> tuple[str, ...]:
    return (party.place_id,) if party.place_id else ()


def _registered(digits: str, draft: ClaimDraft, by: Actor) -> Party:
    """Register a firm that nobody has entered yet; it is shown once the claim is accepted."""
    name = clean(draft.name_fa)
    wrong = {}
    if not name:
        wrong["name_fa"] = gettext_noop(
            "No firm with this id is registered yet: enter its registered name too."
        )
    if not draft.proof.strip():
        wrong["proof"] = gettext_noop("Enter how you prove that you may speak for the firm.")
    if wrong:
        raise Unfit(fields=wrong)
    if draft.place:
        place(draft.place)
    party = Party.objects.create(
        kind="company", national_id=digits, name_fa=name[:160], sort_key=sort_key(name)[:320],
        search_key=f"{compact_key(name)} {digits}"[:640], place_id=draft.place or None,
    )  # fmt: skip
    record(by, "party_registered", subject("party", party.pk), facts={"kind": "company"})
    return party


def _file(party: Party, draft: ClaimDraft, by: Actor) -> Claimed:
    ids = aliases.family(party.pk)
    keepers = Keeper.objects.filter(party__in=ids, until=None)
    if keepers.filter(user=by.user_id).exists():
        raise KeptAlready(party=str(party.pk))
    if Claim.objects.filter(party__in=ids, user=by.user_id, state="open").exists():
        raise ClaimOpen(party=str(party.pk))
    if not draft.proof.strip():
        wrong = gettext_noop("Enter how you prove that you may speak for the firm.")
        raise Unfit(fields={"proof": wrong})
    contested = keepers.exists() or party.memberships.filter(valid_to=None).exists()
    row = Claim.objects.create(
        party=party, user_id=by.user_id or 0, proof=plain(draft.proof, most=500),
        is_contested=contested, made_at=clock.now(),
    )  # fmt: skip
    record(by, "claim_made", subject("party", party.pk),
           facts={"claim": row.pk, "contested": contested})  # fmt: skip
    return Claimed(party.pk, CONTESTED if contested else WAITS)


@transaction.atomic
def decide_claim(claim_id: int, *, accept: bool, by: Actor, reason: str = "") -> None:
    """Accept or refuse a claim, as registrar or as the firm's guild; a refusal needs a reason.

    Accepting lets the claimant keep the profile beside whoever keeps it; it opens a profile where
    there is none. It gives no right to act for the firm in any case.
    """
    row = Claim.objects.select_for_update(of=("self",)).filter(pk=claim_id).first()
    if row is None:
        raise NoParty(claim=claim_id)
    party = party_for_update(row.party_id)
    access.may_verify(by, party).or_raise()
    if by.user_id is not None and by.user_id == row.user_id:
        raise Refused(reason=gettext_noop("Nobody decides on a claim of their own."))
    if row.state != "open":
        raise ClaimDecided(claim=claim_id)
    if not accept and not reason.strip():
        raise Unfit(fields={"reason": gettext_noop("Say why, so that the claimant can act on it.")})
    now = clock.now()
    Claim.objects.filter(pk=row.pk).update(
        state="accepted" if accept else "refused", decided_at=now, decided_by=by.name(),
        reason=plain(reason, most=500),
    )  # fmt: skip
    if accept:
        Keeper.objects.get_or_create(
            user_id=row.user_id, party=party, until=None, defaults={"since": now}
        )
        if not Profile.objects.filter(party=party, erased_at=None).exists():
            draft = ProfileDraft("company", places=_places(party))
            open_profile(party.pk, draft, by=_desk(by), source="claim")
    record(by, "claim_accepted" if accept else "claim_refused", subject("party", party.pk),
           facts={"claim": row.pk, "user": row.user_id})  # fmt: skip


def _desk(by: Actor) -> Actor:
    """Return the decider as the desk: a guild that accepts a claim may open the profile with it."""
    return Actor(kind="system", label=by.name())


@transaction.atomic
def withdraw_claim(claim_id: int, *, by: Actor) -> None:
    """Take one's own open claim back."""
    row = Claim.objects.filter(pk=claim_id, user=by.user_id).first()
    if row is None:
        raise Refused(reason=gettext_noop("You can take back only your own claims."))
    if row.state != "open":
        raise ClaimDecided(claim=claim_id)
    Claim.objects.filter(pk=row.pk).update(state="withdrawn", decided_at=clock.now())
    record(by, "claim_withdrawn", subject("party", row.party_id), facts={"claim": row.pk})


@transaction.atomic
def end_keeping(party_id: UUID, user_id: int, *, by: Actor) -> None:
    """Let somebody no longer keep a profile: oneself may lay it down, the registrar may end it."""
    party = party_for_update(party_id)
    if by.user_id != user_id:
        access.may_verify(by, party).or_raise()
    rows = Keeper.objects.filter(party__in=aliases.family(party.pk), user=user_id, until=None)
    if rows.update(until=clock.now()):
        record(by, "keeping_ended", subject("party", party.pk), facts={"user": user_id})

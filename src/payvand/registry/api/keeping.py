"""How does a firm keep its own profile from its own system, and who claims and decides?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Status

from payvand.registry.access import databank as access
from payvand.registry.api import shapes
from payvand.registry.api.reading import router
from payvand.registry.api.shapes import (
    CapabilityIn,
    CertificateIn,
    ClaimDecisionIn,
    ClaimedOut,
    ClaimIn,
    ClaimOut,
    ConsentIn,
    EvidenceIn,
    MadeOut,
    ProductIn,
    ProfileIn,
    ProfileOut,
)
from payvand.registry.public import actor
from payvand.registry.public import databank as door
from payvand.registry.queries import databank, desk, export
from payvand.registry.rules.databank import Entry


@router.put("/databank/{uuid:party_id}", response=ProfileOut, operation_id="change_profile")
def change(request: HttpRequest, party_id: UUID, body: ProfileIn) -> dict[str, Any]:
    """Replace what the caller's own profile says of itself; it counts as confirmed today."""
    door.change_profile(party_id, body.draft(), by=actor(request))
    return shapes.profile_out(databank.full(party_id), keeps=True)


@router.post("/databank/{uuid:party_id}/confirm", response={204: None},
             operation_id="confirm_profile")  # fmt: skip
def confirm(request: HttpRequest, party_id: UUID) -> Status[None]:
    """Say that everything is still true."""
    door.confirm(party_id, by=actor(request))
    return Status(204, None)


@router.post("/databank/{uuid:party_id}/consent", response={204: None},
             operation_id="consent_profile")  # fmt: skip
def consent(request: HttpRequest, party_id: UUID, body: ConsentIn) -> Status[None]:
    """Show a personal profile to everybody, or hide it; only the person may."""
    door.consent(party_id, shown=body.shown, by=actor(request))
    return Status(204, None)


@router.get("/databank/{uuid:party_id}/export", response=dict[str, Any],
            operation_id="export_profile")  # fmt: skip
def export_all(request: HttpRequest, party_id: UUID) -> dict[str, Any]:
    """All that is kept about the caller's own party, with sources and standings."""
    access.may_export(actor(request), databank.full(party_id).party).or_raise()
    return export.about(party_id)


# --- entries ---------------------------------------------------------------------------------


def _put(request: HttpRequest, party_id: UUID, draft: Entry, entry_id: int | None = None) -> Any:
    made = door.put_entry(party_id, draft, by=actor(request), entry_id=entry_id)
    return Status(201 if entry_id is None else 200, {"id": made})


def _drop(request: HttpRequest, party_id: UUID, kind: str, entry_id: int) -> Status[None]:
    door.drop_entry(party_id, kind, entry_id, by=actor(request))
    return Status(204, None)


@router.post("/databank/{uuid:party_id}/capabilities", response={201: MadeOut},
             operation_id="add_capability")  # fmt: skip
def add_capability(request: HttpRequest, party_id: UUID, body: CapabilityIn) -> Any:
    """Add a capability; it is declared until somebody verifies it."""
    return _put(request, party_id, body.draft())


@router.put("/databank/{uuid:party_id}/capabilities/{int:entry_id}", response=MadeOut,
            operation_id="change_capability")  # fmt: skip
def change_capability(request: HttpRequest, party_id: UUID, entry_id: int,
                      body: CapabilityIn) -> Any:  # fmt: skip
    """Change a capability; it is declared again."""
    return _put(request, party_id, body.draft(), entry_id)


@router.post("/databank/{uuid:party_id}/products", response={201: MadeOut},
             operation_id="add_product")  # fmt: skip
def add_product(request: HttpRequest, party_id: UUID, body: ProductIn) -> Any:
    """Add a product."""
    return _put(request, party_id, body.draft())


@router.put("/databank/{uuid:party_id}/products/{int:entry_id}", response=MadeOut,
            operation_id="change_product")  # fmt: skip
def change_product(request: HttpRequest, party_id: UUID, entry_id: int, body: ProductIn) -> Any:
    """Change a product; it is declared again."""
    return _put(request, party_id, body.draft(), entry_id)


@router.post("/databank/{uuid:party_id}/certificates", response={201: MadeOut},
             operation_id="add_certificate")  # fmt: skip
def add_certificate(request: HttpRequest, party_id: UUID, body: CertificateIn) -> Any:
    """Add a certificate."""
    return _put(request, party_id, body.draft())


@router.put("/databank/{uuid:party_id}/certificates/{int:entry_id}", response=MadeOut,
            operation_id="change_certificate")  # fmt: skip
def change_certificate(request: HttpRequest, party_id: UUID, entry_id: int,
                       body: CertificateIn) -> Any:  # fmt: skip
    """Change a certificate; it is declared again."""
    return _put(request, party_id, body.draft(), entry_id)


@router.post("/databank/{uuid:party_id}/evidence", response={201: MadeOut},
             operation_id="add_evidence")  # fmt: skip
def add_evidence(request: HttpRequest, party_id: UUID, body: EvidenceIn) -> Any:
    """Add something that was done."""
    return _put(request, party_id, body.draft())


@router.put("/databank/{uuid:party_id}/evidence/{int:entry_id}", response=MadeOut,
            operation_id="change_evidence")  # fmt: skip
def change_evidence(request: HttpRequest, party_id: UUID, entry_id: int, body: EvidenceIn) -> Any:
    """Change something that was done; it is declared again."""
    return _put(request, party_id, body.draft(), entry_id)


@router.delete("/databank/{uuid:party_id}/capabilities/{int:entry_id}", response={204: None},
               operation_id="drop_capability")  # fmt: skip
def drop_capability(request: HttpRequest, party_id: UUID, entry_id: int) -> Status[None]:
    """Take a capability out for good."""
    return _drop(request, party_id, "capability", entry_id)


@router.delete("/databank/{uuid:party_id}/products/{int:entry_id}", response={204: None},
               operation_id="drop_product")  # fmt: skip
def drop_product(request: HttpRequest, party_id: UUID, entry_id: int) -> Status[None]:
    """Take a product out for good."""
    return _drop(request, party_id, "product", entry_id)


@router.delete("/databank/{uuid:party_id}/certificates/{int:entry_id}", response={204: None},
               operation_id="drop_certificate")  # fmt: skip
def drop_certificate(request: HttpRequest, party_id: UUID, entry_id: int) -> Status[None]:
    """Take a certificate out for good."""
    return _drop(request, party_id, "certificate", entry_id)


@router.delete("/databank/{uuid:party_id}/evidence/{int:entry_id}", response={204: None},
               operation_id="drop_evidence")  # fmt: skip
def drop_evidence(request: HttpRequest, party_id: UUID, entry_id: int) -> Status[None]:
    """Take something that was done out for good."""
    return _drop(request, party_id, "evidence", entry_id)


# --- claims ----------------------------------------------------------------------------------


@router.get("/databank/claims", response=list[ClaimOut], operation_id="claims")
def claims(request: HttpRequest) -> list[dict[str, Any]]:
    """The caller's own claims, the latest first."""
    return [
        {"id": row.pk, "party": row.party_id, "state": row.state, "reason": row.reason,
         "is_contested": row.is_contested, "made_at": row.made_at}
        for row in desk.claims_of(actor(request).user_id or 0)
    ]  # fmt: skip


@router.post("/databank/claims", response={201: ClaimedOut}, operation_id="claim")
def claim(request: HttpRequest, body: ClaimIn) -> Status[dict[str, Any]]:
    """Claim a profile with its national id; the registrar or the guild decides."""
    done = door.claim(door.ClaimDraft(**body.dict()), by=actor(request))
    return Status(201, {"party": done.party, "outcome": done.outcome})


@router.post("/databank/claims/{int:claim_id}/withdraw", response={204: None},
             operation_id="withdraw_claim")  # fmt: skip
def withdraw_claim(request: HttpRequest, claim_id: int) -> Status[None]:
    """Take one's own open claim back."""
    door.withdraw_claim(claim_id, by=actor(request))
    return Status(204, None)


@router.post("/databank/claims/{int:claim_id}/decision", response={204: None},
             operation_id="decide_claim")  # fmt: skip
def decide_claim(request: HttpRequest, claim_id: int, body: ClaimDecisionIn) -> Status[None]:
    """Accept or refuse a claim, as registrar or as the firm's guild."""
    door.decide_claim(claim_id, accept=body.accept, reason=body.reason, by=actor(request))
    return Status(204, None)

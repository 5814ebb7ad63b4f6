"""A small market: a private buyer, an office, three firms, a stranger, a registrar."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from payvand.kernel import clock
from payvand.kernel.ids import make_company_id
from payvand.matching.exchange import needs, rounds
from payvand.matching.rules.needs import NeedDraft, RequirementDraft
from payvand.registry import public as registry
from payvand.registry.public import Actor, Seat, databank

NOW = datetime(2025, 11, 9, 8, tzinfo=UTC)
BY = registry.system("test")
PLACES = (
    ("IR", None, "country", "ایران", "Iran"),
    ("IR-03", "IR", "province", "آذربایجان شرقی", "East Azerbaijan"),
    ("IR-03-303", "IR-03", "county", "تبریز", "Tabriz"),
    ("IR-15", "IR", "province", "لرستان", "Lorestan"),
    ("IR-15-1503", "IR-15", "county", "خرم‌آباد", "Khorramabad"),
)
ESSENTIAL = RequirementDraft("گواهی کیفیت خودرو", kind="certificate", value="IATF 16949")
NICE = RequirementDraft("سهم داخل", is_essential=False, kind="domestic", value="60")


@dataclass
class Market:
    """Who is there, and a hand for each."""

    buyer: UUID
    office: UUID
    firms: list[UUID]
    desk: UUID
    site: UUID | None = None
    actors: dict[str, Actor] = field(default_factory=dict)


def build() -> Market:
    """Return the market; the clock must stand still."""
    registry.add_places([registry.PlaceDraft(*row, source="test") for row in PLACES], by=BY)
    databank.seed_group_states(BY)
    buyer, office, desk = registry.register_parties(
        [
            registry.PartyDraft("company", "خودروساز", "Car maker", make_company_id("1401234501"),
                                place="IR-03-303"),
            registry.PartyDraft("agency", "بیمارستان", "Hospital", slug="hospital",
                                place="IR-03-303"),
            registry.PartyDraft("agency", "دبیرخانه", "Desk", slug="desk-03", place="IR-03"),
        ],
        by=BY,
    )  # fmt: skip
    registry.set_debtor(databank.REGISTRAR_ROLE, "IR-03", desk, by=BY)
    firms = databank.load_firms([firm(n) for n in range(3)], by=BY, source="test")
    market = Market(buyer, office, firms, desk)
    market.actors = {
        "buyer": seated(1, buyer), "office": seated(2, office), "desk": seated(3, desk),
        "stranger": Actor(user_id=9), "guest": Actor(kind="guest", label="visitor"),
        **{f"firm{n}": seated(10 + n, key) for n, key in enumerate(firms)},
    }  # fmt: skip
    registry.forget()
    return market


def seated(user: int, org: UUID) -> Actor:
    """Return somebody with a signatory's seat in an organisation."""
    return Actor(user_id=user, seats=(Seat(org, "signatory"),), mandates=(org,))


def firm(n: int) -> databank.RowDraft:
    """Return a firm: 0 holds the certificate, 1 holds another one, 2 has said nothing of it."""
    papers = ("IATF 16949", "ISO 9001", "")
    entries: list[databank.Entry] = [
        databank.CapabilityDraft(f"ساخت لنت ترمز نوع {n}", "Brake pads", readiness=8,
                                 domestic_percent=70, domestic_basis="مواد"),
    ]  # fmt: skip
    if n < 2:
        entries.append(databank.EvidenceDraft("contract", f"تحویل لنت ترمز سری {n}", "Brake pads"))
    if papers[n]:
        entries.append(databank.CertificateDraft(papers[n], valid_to=date(2030, 1, 1)))
    return databank.RowDraft(
        str(n), national_id=make_company_id(f"14012346{n:02}"), name_fa=f"قطعه‌ساز {n}",
        name_en=f"Maker {n}", entries=entries,
        profile=databank.ProfileDraft("company", field="automotive", places=("IR-03-303",)),
    )  # fmt: skip


def draft(**more: object) -> NeedDraft:
    """Return a need that can be frozen."""
    told: dict[str, object] = {
        "title_fa": "لنت ترمز", "title_en": "Brake pads", "field": "automotive",
        "answers_until": date(2025, 12, 9), "requirements": (ESSENTIAL, NICE),
    }  # fmt: skip
    return NeedDraft(**(told | more))  # type: ignore[arg-type]


def opened(market: Market, who: str = "buyer", **more: object) -> UUID:
    """Return an open need of the private buyer, or of the office."""
    by = market.actors[who]
    key = needs.write(draft(**more), by=by, buyer=getattr(market, who))
    needs.freeze(key, by=by)
    needs.open_(key, by=by)
    rounds.carry_on(seconds=None)
    return key


def still() -> object:
    """Return the context in which the clock stands at NOW."""
    return clock.frozen(NOW)

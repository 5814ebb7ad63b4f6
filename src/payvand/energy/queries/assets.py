"""Which consumers are registered in a province, and what may a row about one refer to?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import override

from payvand.energy import labels
from payvand.energy.models import Asset, Feeder
from payvand.energy.rules.asset_rows import Known
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.hours import ELECTRICITY
from payvand.kernel.text import compact_key, fold_digits
from payvand.registry import public as registry
from payvand.registry.public import PartyCard

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One consumer in the operator's list; of a home neither name nor owner."""

    row: Asset
    is_ranked: bool

    @property
    def peak_mw(self) -> float:
        """Return the largest of its usual hours."""
        return float(max([0.0, *self.row.usual_mw]))

    @property
    def peak_kw(self) -> float:
        """Return the same in kW, for homes."""
        return 1000 * self.peak_mw


def listed(
    area: str, text: str = "", *, carrier: str = ELECTRICITY, after: UUID | None = None,
    size: int = PAGE,
) -> tuple[list[Line], str]:  # fmt: skip
    """Return registered consumers, the newest first, and where the next page begins. Two queries.

    text: part of a name or number. Homes are found by their number alone.
    """
    rows = Asset.objects.filter(carrier=carrier, area_id=area, closed_on=None).order_by("-pk")
    if key := compact_key(fold_digits(text)):
        rows = rows.filter(search_key__contains=key)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: size + 1])
    ranked = registry.site_tiers([row.site_id for row in found[:size] if row.site_id])
    lines = [Line(row, row.site_id in ranked) for row in found[:size]]
    return lines, str(found[size - 1].pk) if len(found) > size else ""


def search_key(asset: Asset) -> str:
    """Return what a consumer is found by: of a home its number alone."""
    words = [asset.code] if asset.is_home else [asset.code, *asset.title.values()]
    return " ".join(compact_key(fold_digits(word)) for word in words if word)[:400]


def known(area: str, *, operator: UUID | None, carrier: str = ELECTRICITY) -> Known:
    """Return what a row may refer to in a province. Two queries beside what is cached.

    The operator itself grants no protection.
    """
    counties: dict[str, str] = {}
    for card in registry.children_of(area):
        counties |= {compact_key(word): card.code for word in (card.code, *card.name.values())}
    granting, kind = frozenset(authorities(operator)), CARRIERS[carrier]
    feeders = (frozenset(Feeder.objects.filter(area_id=area).values_list("code", flat=True))
               if kind.has_turns else None)  # fmt: skip
    return Known(counties, feeders, _sectors(), granting, kind.steps)


def _sectors() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("fa", "en"):
        with override(language):
            for code in filter(None, labels.SECTORS):
                found |= {compact_key(code): code, compact_key(labels.sector(code)): code}
    return found


def authorities(operator: UUID | None) -> dict[str, PartyCard]:
    """Return the agencies that may grant a protection, by slug: all but the operator."""
    cards = registry.agencies(limit=1000)
    return {card.slug: card for card in cards if card.slug and card.id != operator}

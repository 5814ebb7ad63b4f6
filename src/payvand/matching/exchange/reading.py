"""Which needs, answers, invitations and deals are there, for whom, and what does nobody supply?

Nothing here returns a site or its tier, except `site_of`, which asks who reads.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.kernel.text import compact_key
from payvand.matching.exchange import access
from payvand.matching.models import Exchange, ExchangeStep, Feedback, Invitation, Need, NeedAnswer
from payvand.matching.rules import needs as rules
from payvand.registry import public as registry
from payvand.registry.public import Actor, databank

PAGE = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of needs is narrowed to; empty means everything that is shown."""

    text: str = ""
    field: str = ""
    province: str = ""
    sector: str = ""  # public | private
    state: str = ""  # open | closed | awarded | withdrawn


@dataclass(frozen=True, slots=True)
class NeedPage:
    """Needs, the latest first, and where the next page begins."""

    rows: list[Need]
    after: str = ""


def need(need_id: UUID, *, by: Actor) -> Need:
    """Return a need that this actor may see; raises NotFound, Refused."""
    row = Need.objects.select_related("buyer").filter(pk=need_id).first()
    if row is None:
        raise NotFound(need=str(need_id))
    access.may_see(by, row).or_raise()
    return row


def shown(filters: Filters) -> QuerySet[Need]:
    """Return the needs that everybody sees and that fit."""
    rows = Need.objects.filter(state__in=rules.SHOWN, opened_at__isnull=False)
    if filters.field:
        rows = rows.filter(field=filters.field)
    if filters.province:
        rows = rows.filter(place__in=registry.places_under(filters.province))
    if filters.sector:
        rows = rows.filter(is_public=filters.sector == "public")
    if filters.state:
        rows = rows.filter(state=filters.state)
    for word in filters.text.split()[:6]:
        found = Q(title_fa__icontains=word) | Q(title_en__icontains=word)
        rows = rows.filter(found | Q(text_fa__icontains=word) | Q(text_en__icontains=word))
    return rows


def page(filters: Filters, *, after: str = "", limit: int = PAGE) -> NeedPage:
    """Return one page of needs. Two queries."""
    rows = shown(filters).select_related("buyer").order_by("-opened_at", "-pk")
    moment, _, last = after.partition("~")
    if last:
        try:
            at, key = datetime.fromisoformat(moment), UUID(last)
        except ValueError:
            raise NotFound(after=after) from None
        rows = rows.filter(Q(opened_at__lt=at) | Q(opened_at=at, pk__lt=key))
    found = list(rows[: limit + 1])
    more = len(found) > limit
    tail = found[limit - 1] if more else None
    mark = f"{tail.opened_at.isoformat()}~{tail.pk}" if tail and tail.opened_at else ""
    return NeedPage(found[:limit], mark)


def by_province(filters: Filters) -> Counter[str]:
    """Return how many needs that fit come from each province."""
    found: Counter[str] = Counter()
    places = registry.all_places()
    for code, n in shown(filters).values_list("place").annotate(n=Count("pk")):
        if code in places:
            found[_province(code)] += n
    return found


def _province(code: str) -> str:
    return registry.place_path(code)[:2][-1]


def of_buyers(parties: Iterable[UUID]) -> list[Need]:
    """Return the needs of some buyers, drafts too, the latest first."""
    rows = Need.objects.filter(buyer__in=list(parties)).select_related("buyer")
    return list(rows.order_by("-written_at", "-pk")[:100])


def acting_for(by: Actor) -> list[UUID]:
    """Return the parties that somebody acts for, organisations first."""
    orgs = [seat.org for seat in by.seats if seat.role in access.DESK]
    own = [by.party] if by.party else []
    return list(dict.fromkeys([*orgs, *by.mandates, *own]))


def invitations(parties: Iterable[UUID]) -> list[Invitation]:
    """Return the invitations of some firms: those that wait first, then the latest."""
    rows = Invitation.objects.filter(firm__in=list(parties)).select_related("need__buyer", "firm")
    found = list(rows.order_by("-sent_at", "-pk")[:100])
    return sorted(found, key=lambda row: row.state != "sent")


def invitations_of(row: Need) -> list[Invitation]:
    """Return the invitations to a need, the earliest first."""
    return list(row.invitations.select_related("firm").order_by("sent_at", "pk"))


def answers(row: Need, *, by: Actor) -> list[NeedAnswer]:
    """Return the answers to a need with their lines. Raises Refused."""
    access.may_read_answers(by, row).or_raise()
    found = row.answers.select_related("firm").prefetch_related("lines__requirement")
    return list(found.order_by("at", "pk"))


def answer_of(row: Need, firm: UUID) -> NeedAnswer | None:
    """Return what a firm answered, if it did."""
    return row.answers.filter(firm=firm).prefetch_related("lines__requirement").first()


def site_of(row: Need, *, by: Actor) -> tuple[registry.SiteCard, str] | None:
    """Return the site of use and its tier, for the buyer alone; None for everybody else."""
    if row.site_id is None or not access.may_buy(by, row):
        return None
    cards = [card for card in registry.sites_of(row.buyer_id) if card.id == row.site_id]
    return (cards[0], row.tier) if cards else None


# --- deals -----------------------------------------------------------------------------------


def deals(parties: Iterable[UUID]) -> list[Exchange]:
    """Return the deals of some parties, on either side, the latest first."""
    ids = list(parties)
    rows = Exchange.objects.filter(Q(buyer__in=ids) | Q(firm__in=ids))
    rows = rows.select_related("need", "buyer", "firm", "fair")
    return list(rows.order_by("-begun_at", "-pk")[:100])


def deal(deal_id: UUID, *, by: Actor) -> Exchange:
    """Return one deal for its parties; raises NotFound, Refused."""
    rows = Exchange.objects.select_related("need", "buyer", "firm", "fair")
    row = rows.filter(pk=deal_id).first()
    if row is None:
        raise NotFound(exchange=str(deal_id))
    access.may_see_deal(by, row).or_raise()
    return row


def funnel(*, fair: UUID | None = None, province: str = "") -> dict[str, int]:
    """Return how far deals came: of one fair, of a province's buyers, or all."""
    rows = ExchangeStep.objects.all()
    if fair is not None:
        rows = rows.filter(exchange__fair=fair)
    if province:
        rows = rows.filter(exchange__buyer__place__in=registry.places_under(province))
    taken: dict[UUID, list[str]] = defaultdict(list)
    for key, kind in rows.values_list("exchange_id", "kind"):
        taken[key].append(kind)
    return rules.funnel(taken.values())


def endings(*, fair: UUID | None = None, province: str = "") -> Counter[str]:
    """Return how many deals ended without a contract, by reason: of a fair, a province, or all."""
    rows = Exchange.objects.filter(ended_on__isnull=False)
    if fair is not None:
        rows = rows.filter(fair=fair)
    if province:
        rows = rows.filter(buyer__place__in=registry.places_under(province))
    return Counter(dict(rows.values_list("ended_because").annotate(n=Count("pk")).order_by()))


# --- the broker's list -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WorkList:
    """What waits for a broker."""

    unmatched: Sequence[Need] = ()  # open, nobody answered or accepted
    nobody_fits: Sequence[tuple[Need, int]] = ()  # and of how many it is not known
    stale: Sequence[Any] = ()
    pairs: Sequence[Any] = ()
    claims: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Supply against need of one field of work in one province."""

    province: str
    field: str
    needs: int
    unmet: int  # open needs that nobody in the province has answered
    firms: int

    @property
    def is_missing(self) -> bool:
        """Needs stand open and no firm of the field works in the province."""
        return self.needs > 0 and self.firms == 0


def work_list(by: Actor) -> WorkList:
    """Return what waits for a broker within the places of the actor. Raises Refused."""
    access.may_broker(by).or_raise()
    places = databank.desk_places(by)
    rows = Need.objects.filter(state=rules.OPEN).select_related("buyer").order_by("opened_at", "pk")
    if places is not None:
        rows = rows.filter(place__in=places)
    answered = rows.annotate(n=Count("answers"), m=Count("exchanges"))
    unmatched = list(answered.filter(n=0, m=0)[:PAGE])
    lonely = [(row, row.able or 0) for row in unmatched if row.judged_at and not row.sure]
    return WorkList(
        unmatched, lonely, databank.stale(places), databank.pairs(places), databank.claims(places)
    )


def gaps(*, province: str = "") -> list[Gap]:
    """Return supply against need by field and province, what is missing first."""
    wanted: Counter[tuple[str, str]] = Counter()
    unmet: Counter[tuple[str, str]] = Counter()
    rows = Need.objects.filter(state__in=rules.WANTED).exclude(field="")
    for code, name, state, n in (
        rows.annotate(n=Count("answers")).values_list("place", "field", "state", "n")
    ):  # fmt: skip
        if not code or (province and _province(code) != province):
            continue
        key = (_province(code), name)
        wanted[key] += 1
        unmet[key] += state == rules.OPEN and n == 0
    firms = databank.tally(province)
    keys = sorted(set(wanted))
    found = [Gap(*key, wanted[key], unmet[key], firms.get(key, 0)) for key in keys]
    return sorted(found, key=lambda gap: (-gap.is_missing, -gap.unmet, gap.firms, gap.field))


def judgements() -> list[tuple[str, str, int]]:
    """Return (need code, firm, grade) of what became of the firms that were shown."""
    best: dict[tuple[str, str], int] = {}
    for code, firm, kind in Feedback.objects.values_list("need__code", "firm", "kind"):
        key = (code, str(firm))
        best[key] = max(best.get(key, 0), rules.GRADES[kind])
    return [(code, firm, grade) for (code, firm), grade in sorted(best.items())]


def today() -> date:
    """Return the day it is in the country."""
    return clock.local_date(clock.now())


def fits(row: Need, *, text: str, field_: str, province: str) -> bool:
    """Does a need fit a saved search?"""
    if field_ and row.field != field_:
        return False
    if province and (not row.place_id or _province(row.place_id) != province):
        return False
    whole = compact_key(" ".join((row.title_fa, row.title_en, row.text_fa, row.text_en)))
    return all(compact_key(word) in whole for word in text.split())


def names_of(rows: Iterable[Any]) -> dict[UUID, dict[str, str]]:
    """Return the names of the parties of rows (buyers and firms)."""
    ids: set[UUID] = set()
    for row in rows:
        ids |= {getattr(row, name) for name in ("buyer_id", "firm_id") if hasattr(row, name)}
    return registry.party_names(ids)

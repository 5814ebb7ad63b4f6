"""Who is in the sample databank? Firms, people, clusters and what waits at the registrar's desk.

Everything is drawn from one seed, stored in a few statements, and says in its name that it is a
sample. What firms make is real vocabulary (see `trades`), so that searching makes sense.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from payvand.demo import data
from payvand.demo.people import People
from payvand.demo.trades import (
    CERTIFICATES,
    CLUSTERS,
    FIELD_OF_CLUSTER,
    HEADS,
    TAILS,
    TRADES,
    Both,
    Item,
    Trade,
)
from payvand.kernel import clock
from payvand.kernel.ids import make_company_id, make_national_id
from payvand.kernel.text import to_persian_digits
from payvand.registry import public as registry
from payvand.registry.public import Actor, databank

PERSONS, FREELANCERS = 1040, 140
CLUSTERS_OF = {"IR-03": (41, 13), "IR-15": (16, 4)}  # how many, and how many operate
TWINS = 6  # firms that came in once more without their identifier
CLAIMS = 5
NEAR = {"textile": "leather", "wood": "polymer", "agriculture": "food", "packaging": "polymer",
        "materials": "stone"}  # fmt: skip
LANGUAGES = {"IR-03": ("fa", "en", "az"), "IR-15": ("fa", "en", "lur")}
SOURCE = "sample"
SIZES = ("1", "2-9", "2-9", "10-49", "10-49", "10-49", "50-249", "50-249", "250+")
BASES = ("ارزش مواد و قطعات خریداری‌شده", "ساعت کار مهندسی در داخل", "هزینهٔ تمام‌شدهٔ یک سال")


class Maker:
    """Draws sample firms and people; the same seed draws the same."""

    def __init__(self, seed: int, today: date) -> None:
        self.chance = random.Random(f"databank-{seed}")
        self.today = today
        halves = [(head, tail) for head in HEADS for tail in TAILS]
        self.chance.shuffle(halves)
        self._names = iter(halves)
        self.counties = {p: [card.code for card in registry.children_of(p)] for p in data.PROVINCES}

    def firms(self) -> list[databank.RowDraft]:
        """Return the firms of both provinces, trade by trade."""
        return [
            self.firm(trade, province, n)
            for trade in TRADES
            for side, province in enumerate(data.PROVINCES)
            for n in range(trade.weight[side])
        ]

    def firm(self, trade: Trade, province: str, n: int) -> databank.RowDraft:
        """Return one firm with two to four abilities and two to six pieces of past work."""
        draw, head, tail = self.chance, *next(self._names)
        bilingual = draw.random() < 0.6
        kind = "knowledge_based" if draw.random() < 0.15 else "guild" if n == 0 else "company"
        noun = trade.noun if kind != "guild" else (f"انجمن {trade.noun[0]}",
                                                   f"{trade.noun[1]} Association")  # fmt: skip
        items = draw.sample(trade.items, k=min(len(trade.items), draw.randint(2, 4)))
        return databank.RowDraft(
            "sample", national_id=make_company_id(f"1498{draw.randrange(10**6):06}"),
            name_fa=f"{noun[0]} {head[0]}‌{tail[0]} {data.MARK_FA}",
            name_en=f"{head[1]}{tail[1]} {noun[1]} {data.MARK_EN}" if bilingual else "",
            profile=self._profile(trade, kind, province=province, items=items,
                                  bilingual=bilingual),
            entries=[
                *(self.ability(trade, item, bilingual=bilingual) for item in items),
                *(self._product(trade, item) for item in items[:1] if draw.random() < 0.5),
                *self._certificates(trade),
                *(self.work(trade, draw.choice(items), bilingual=bilingual)
                  for _ in range(draw.randint(2, 6))),
            ],
            is_verified=draw.random() < 0.55, confirmed_on=self._day(0, 400),
        )  # fmt: skip

    def _day(self, newest: int, oldest: int) -> date:
        return self.today - timedelta(days=self.chance.randint(newest, oldest))

    def _profile(
        self, trade: Trade, kind: str, *, province: str, items: Sequence[Item], bilingual: bool
    ) -> databank.ProfileDraft:
        draw = self.chance
        exports = draw.random() < 0.3
        way = self.way(trade, items[0])
        return databank.ProfileDraft(
            kind, field=trade.key, exports=exports, exports_shown=exports and draw.random() < 0.4,
            about_fa=f"{way[0]} {items[0][0]} و {items[1][0]}؛ نمونه‌ای ساختگی برای آشنایی.",
            about_en=f"{upper(way[1])} of {items[0][1]}, {items[1][1]}; an invented sample."
            if bilingual else "",
            languages=LANGUAGES[province][: draw.choice((1, 2, 3))],
            size_band=draw.choice(SIZES), places=(draw.choice(self._weighted(province)),),
        )  # fmt: skip

    def _weighted(self, province: str) -> list[str]:
        return [*self.counties[province], *data.COUNTIES[province], data.COUNTIES[province][0]]

    def way(self, trade: Trade, item: Item) -> Both:
        """Return one of the ways in which this item is made."""
        fitting = [trade.ways[int(n)] for n in item[2]] or trade.ways
        return self.chance.choice(fitting)

    def ability(self, trade: Trade, item: Item, *, bilingual: bool) -> databank.CapabilityDraft:
        """Return one ability: a product made in one of the ways of the trade."""
        draw, way = self.chance, self.way(trade, item)
        share = draw.choice((None, 55, 70, 80, 90, 100))
        return databank.CapabilityDraft(
            f"{way[0]} {item[0]}", f"{upper(way[1])} of {item[1]}" if bilingual else "",
            readiness=draw.choice((5, 6, 7, 8, 9, 9, 9)),
            capacity=Decimal(draw.choice((2, 5, 12, 40, 150, 600, 2500, 12000))),
            capacity_unit=trade.unit[0], domestic_percent=share,
            domestic_basis=draw.choice(BASES) if share is not None else "",
            codes=f"isic:{trade.isic} hs:{trade.hs}",
        )  # fmt: skip

    def _product(self, trade: Trade, item: Item) -> databank.ProductDraft:
        return databank.ProductDraft(item[0], upper(item[1]), codes=f"hs:{trade.hs}")

    def _certificates(self, trade: Trade) -> list[databank.CertificateDraft]:
        fitting = [name for name, keys in CERTIFICATES if trade.key in keys]
        chosen = [name for name in fitting if self.chance.random() < 0.45]
        return [
            databank.CertificateDraft(
                name, f"S-{self.chance.randrange(10**5):05}", "نهاد گواهی نمونه",
                valid_to=self.today + timedelta(days=self.chance.randint(-120, 900)))
            for name in chosen
        ]  # fmt: skip

    def work(self, trade: Trade, item: Item, *, bilingual: bool) -> databank.EvidenceDraft:
        """Return one piece of past work, or an offer or licence."""
        draw = self.chance
        client, way = draw.choice(trade.clients), self.way(trade, item)
        count = draw.choice((2, 5, 20, 48, 150, 320, 900, 2400))
        amount = f"{to_persian_digits(str(count))} {trade.unit[0]} {item[0]}"
        kind, fa, en = draw.choice((
            ("contract", f"ساخت {amount} با {way[0]} برای {client[0]}",
             f"{count} {trade.unit[1]} of {item[1]} by {way[1]} for {client[1]}"),
            ("contract", f"قرارداد سالانهٔ تأمین {item[0]} برای {client[0]}",
             f"Yearly contract for {item[1]} with {client[1]}"),
            ("delivery", f"تحویل {amount} به {client[0]}، با آزمون پذیرش",
             f"Delivery of {count} {trade.unit[1]} of {item[1]} to {client[1]}, accepted"),
            ("licence", f"پروانهٔ بهره‌برداری برای تولید {item[0]} ({way[0]})",
             f"Operating licence for {item[1]} ({way[1]})"),
            ("offer", f"آمادهٔ همکاری در {way[0]} {item[0]} با تحویل زیر یک ماه",
             f"Ready for {way[1]} of {item[1]} within a month"),
        ))  # fmt: skip
        named = kind in ("contract", "delivery") and draw.random() < 0.3
        return databank.EvidenceDraft(
            kind, fa, en if bilingual else "",
            client=f"کارفرمای {data.MARK_FA} {draw.randint(1, 60)}" if named else "",
            client_shown=named and draw.random() < 0.3, dated=self._day(10, 1400),
            codes=f"isic:{trade.isic}",
        )  # fmt: skip

    def person(self, n: int) -> databank.RowDraft:
        """Return one person: the first ones work for themselves, from home, the others in firms."""
        draw, alone = self.chance, n < FREELANCERS
        ict = next(trade for trade in TRADES if trade.key == "ict")
        trade = ict if alone and n % 4 else draw.choice(TRADES)
        province = data.PROVINCES[draw.random() < 0.6]
        role = ("متخصص آزاد", "Freelancer") if alone else ("کارشناس", "Expert")
        entries: list[databank.Entry] = []
        if alone:
            entries = [self.ability(trade, draw.choice(trade.items), bilingual=True),
                       self.work(trade, draw.choice(trade.items), bilingual=True)]  # fmt: skip
        return databank.RowDraft(
            "sample", national_id=make_national_id(f"0093{n:05}"),
            name_fa=f"{role[0]} نمونهٔ {to_persian_digits(str(n + 1))}",
            name_en=f"Sample {role[1].lower()} {n + 1}",
            profile=databank.ProfileDraft(
                "freelancer" if alone else "expert", field=trade.key, from_home=alone,
                about_fa=f"{trade.noun[0]}، {draw.choice(trade.items)[0]}", languages=("fa", "en"),
                is_shown=draw.random() < (0.8 if alone else 0.3),
                places=() if alone and n % 2 else (draw.choice(self._weighted(province)),)),
            entries=entries, confirmed_on=self._day(0, 380),
        )  # fmt: skip

    def twin(self, row: databank.RowDraft) -> databank.RowDraft:
        """Return the same firm as it comes from another list: no identifier, another legal form."""
        proof: list[databank.Entry] = [
            entry for entry in row.entries if isinstance(entry, databank.EvidenceDraft)
        ]
        bare = row.name_fa.replace("‌", " ").replace(data.MARK_FA, "").strip()
        return databank.RowDraft(
            "sample", name_fa=f"شرکت {bare} (سهامی خاص) {data.MARK_FA}",
            profile=databank.ProfileDraft("company", field=row.profile.field,
                                          places=row.profile.places),
            entries=proof[:1],
        )  # fmt: skip


@transaction.atomic
def fill(folk: People, *, now: datetime, seed: int, tell: Callable[[str], None]) -> None:
    """Fill the databank of the sample country as of now."""
    tell("databank")
    by, today = registry.system("demo"), clock.local_date(now)
    desks = _desks(folk, by=by, today=today)
    maker = Maker(seed, today)
    rows = maker.firms()
    people = [maker.person(n) for n in range(PERSONS)]
    twins = [maker.twin(row) for row in rows[5 :: len(rows) // TWINS][:TWINS]]
    firms = _load(rows, desks, by=by)
    persons = databank.load_firms([*people, *twins], by=by, source=SOURCE, is_sample=True)[:PERSONS]
    _employ(maker, firms, persons[FREELANCERS:], by=by)
    _own_profile(folk, maker, by=by)
    databank.found_groups(_groups(maker, rows, firms), by=by)
    _claims(rows, firms, persons, by=by)


def _load(rows: Sequence[databank.RowDraft], desks: dict[str, UUID], *, by: Actor) -> list[UUID]:
    """Load the firms of each province; its own desk has verified some. Returns ids in order."""
    found: dict[int, UUID] = {}
    for province, desk in desks.items():
        here = [n for n, row in enumerate(rows) if row.profile.places[0].startswith(province)]
        ids = databank.load_firms([rows[n] for n in here], by=by, source=SOURCE, is_sample=True,
                                  verifier=desk)  # fmt: skip
        found |= dict(zip(here, ids, strict=True))
    return [found[n] for n in range(len(rows))]


def _desks(folk: People, *, by: Actor, today: date) -> dict[str, UUID]:
    """Register the desks that keep the databank of each province, and seat the sample registrar."""
    found = {}
    names = registry.all_places()
    for province in data.PROVINCES:
        name = names[province].name
        found[province] = registry.register_party(
            registry.PartyDraft(
                "agency", f"دبیرخانهٔ بانک توانمندی {name['fa']} {data.MARK_FA}",
                f"Databank desk, {name['en']} {data.MARK_EN}", slug=f"databank-{province[3:]}",
                place=province, is_sample=True),
            by=by,
        )  # fmt: skip
        registry.set_debtor(databank.REGISTRAR_ROLE, province, found[province], by=by)
    seat = registry.SeatDraft(folk.users["demo-registrar"], found["IR-15"], "clerk", today)
    registry.seat(seat, by=by)
    return found


def _employ(maker: Maker, firms: Sequence[UUID], people: Sequence[UUID], *, by: Actor) -> None:
    """Let each expert work in a firm; a third of them agreed to be shown."""
    draw = maker.chance
    posts = [
        (draw.choice(firms),
         databank.PositionDraft(person, draw.choice(("founder", "board", "employee", "employee",
                                                     "expert")), "کارشناس", "Specialist"))
        for person in people
    ]  # fmt: skip
    third = len(posts) // 3
    databank.load_positions(posts[:third], by=by, source=SOURCE, shown=True)
    databank.load_positions(posts[third:], by=by, source=SOURCE)


def _own_profile(folk: People, maker: Maker, *, by: Actor) -> None:
    """Open the profile of the company for which the sample signatory signs."""
    trade, party = TRADES[0], folk.companies[0][0]
    draft = databank.ProfileDraft(
        "company", field=trade.key, about_fa="ساخت قطعهٔ ترمز و تعلیق؛ نمونه‌ای ساختگی.",
        about_en="Brake and suspension parts; an invented sample.", languages=("fa", "en"),
        size_band="50-249", places=("IR-15-1503",),
    )  # fmt: skip
    databank.open_profile(party, draft, by=by, source=SOURCE)
    for item in trade.items[:3]:
        databank.put_entry(party, maker.ability(trade, item, bilingual=True), by=by)
        databank.put_entry(party, maker.work(trade, item, bilingual=True), by=by)


def _groups(
    maker: Maker, rows: Sequence[databank.RowDraft], firms: Sequence[UUID]
) -> list[databank.GroupDraft]:
    """Return clusters, consortia, associations and a fair."""
    pool = [(row.profile.places[0][:5], row.profile.field, row.profile.kind, pk)
            for row, pk in zip(rows, firms, strict=True)]  # fmt: skip
    found = [g for p, (n, m) in CLUSTERS_OF.items() for g in _clusters(maker, pool, p, (n, m))]
    found += [_association(maker, entry, pool) for entry in pool if entry[2] == "guild"]
    found += [_consortium(maker, province, pool) for province in data.PROVINCES]
    return [*found, _fair(maker, pool)]


Pool = Sequence[tuple[str, str, str, UUID]]


def _clusters(
    maker: Maker, pool: Pool, province: str, counts: tuple[int, int]
) -> list[databank.GroupDraft]:
    draw, names, found = maker.chance, registry.all_places(), []
    counties = maker.counties[province]
    pairs = [(n, county) for county in counties for n in range(len(CLUSTERS))]
    draw.shuffle(pairs)
    for place, (n, county) in enumerate(pairs[: counts[0]]):
        field, name = FIELD_OF_CLUSTER[n], CLUSTERS[n]
        here = [pk for where, what, _k, pk in pool if (where, what) == (province, near(field))]
        reached = 4 if place < counts[1] else draw.randint(1, 3)
        found.append(
            databank.GroupDraft(
                "cluster", f"خوشهٔ {name[0]} {names[county].name['fa']} {data.MARK_FA}",
                f"Cluster of {name[1]}, {names[county].name['en']} {data.MARK_EN}",
                field=field, place=county, is_sample=True,
                steps=_steps(maker, ("identified", "studied", "formed", "operating")[:reached]),
                members=tuple(draw.sample(here, k=min(len(here), draw.randint(4, 14)))))
        )  # fmt: skip
    return found


def upper(text: str) -> str:
    """Return the text with a capital at its beginning; abbreviations stay as they are."""
    return text[:1].upper() + text[1:]


def near(field: str) -> str:
    """Return the field itself, or the nearest one that has sample firms."""
    return NEAR.get(field, field)


def _steps(maker: Maker, states: Sequence[str]) -> tuple[tuple[str, date], ...]:
    day = maker.today - timedelta(days=maker.chance.randint(60, 240) * len(states))
    found = []
    for state in states:
        found.append((state, day))
        day += timedelta(days=maker.chance.randint(40, 200))
    return tuple((state, min(day, maker.today)) for state, day in found)


def _association(
    maker: Maker, entry: tuple[str, str, str, UUID], pool: Pool
) -> databank.GroupDraft:
    province, field, _kind, guild = entry
    trade = next(trade for trade in TRADES if trade.key == field)
    name = registry.place(province).name
    members = [pk for where, what, kind, pk in pool
               if where == province and what == field and kind != "guild"]  # fmt: skip
    return databank.GroupDraft(
        "association", f"انجمن صنفی {trade.noun[0]} {name['fa']} {data.MARK_FA}",
        f"{trade.noun[1]} association, {name['en']} {data.MARK_EN}", field=field, place=province,
        lead=guild, is_sample=True, steps=_steps(maker, ("forming", "active")),
        members=tuple(members[:40]),
    )  # fmt: skip


def _consortium(maker: Maker, province: str, pool: Pool) -> databank.GroupDraft:
    name = registry.place(province).name
    here = [pk for where, what, _k, pk in pool if where == province and what == "ict"]
    return databank.GroupDraft(
        "consortium", f"کنسرسیوم زیست‌بوم دیجیتال {name['fa']} {data.MARK_FA}",
        f"Digital ecosystem consortium, {name['en']} {data.MARK_EN}", field="ict", place=province,
        is_sample=True, steps=_steps(maker, ("proposed", "agreed", "registered")),
        members=tuple(maker.chance.sample(here, k=min(len(here), 9))),
    )  # fmt: skip


def _fair(maker: Maker, pool: Pool) -> databank.GroupDraft:
    starts = maker.today + timedelta(days=24)
    return databank.GroupDraft(
        "fair", f"نمایشگاه از توانمندی تا نیاز {data.MARK_FA}",
        f"Fair: from capability to need {data.MARK_EN}", place="IR-03-303", is_sample=True,
        about_fa="دو روز دیدار سازندگان با خریداران صنعت خودرو.",
        about_en="Two days on which makers meet the buyers of the car industry.",
        starts=starts, ends=starts + timedelta(days=1),
        steps=(("planned", maker.today - timedelta(days=70)),
               ("registering", maker.today - timedelta(days=12))),
        members=tuple(pk for _w, what, _k, pk in pool if what in ("automotive", "machinery")),
    )  # fmt: skip


def _claims(rows: Sequence[databank.RowDraft], firms: Sequence[UUID], persons: Sequence[UUID],
            *, by: Actor) -> None:  # fmt: skip
    """Let sample people claim firms of Lorestan: one keeps its profile, the others wait."""
    local = [(row, pk) for row, pk in zip(rows, firms, strict=True)
             if row.profile.places[0].startswith("IR-15")]  # fmt: skip
    for n in range(CLAIMS):
        row, firm = local[7 * max(0, n - 1)]  # the first firm is claimed twice
        user = registry.open_account(f"sample-keeper-{n + 1}", by=by, party_id=persons[-1 - n])
        proof = f"آگهی نمونهٔ روزنامهٔ رسمی، شمارهٔ {to_persian_digits(str(20418 + n))}"
        who = Actor(user_id=user, party=persons[-1 - n])
        databank.claim(databank.ClaimDraft(row.national_id, proof), by=who)
        if n == 0:
            waiting = databank.open_claims(firm)[0]
            databank.decide_claim(waiting, accept=True, by=by)

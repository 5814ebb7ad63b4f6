"""How does a consumer come to be registered, changed or closed, one by one or as a file?

Good rows are kept and bad ones told; the same rows again change nothing. A number stands for one
owner for good: whoever moves in gets a row of their own and reads nothing of who lived there
before. Of a home neither the name nor what it is found by is kept here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.audit import public as audit
from payvand.energy import access, sheets
from payvand.energy.actions.journal import stream_of
from payvand.energy.errors import FileUnfit
from payvand.energy.models import Asset, Offer
from payvand.energy.queries import assets as queries
from payvand.energy.queries import plans
from payvand.energy.rules import asset_rows as rules
from payvand.energy.rules.asset_rows import AssetDraft, Fault
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.hours import ELECTRICITY
from payvand.kernel import clock
from payvand.kernel.errors import gettext_noop
from payvand.registry import public as registry
from payvand.registry.public import Actor, PartyCard

BATCH = 2000
MOST_ROWS = 200_000
SHOWN = 500
OUTCOMES = ("new", "changed", "same", "refused")
KEPT = ("title", "city", "feeder", "meter", "sector", "is_medical", "protected_hours",
        "protected_by_id", "protected_ref", "usual_mw", "shed_cap", "day_cap",
        "notice_hours")  # fmt: skip


@dataclass
class Report:
    """What became of rows: how many of each outcome, and what is wrong in which row."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[int, Fault]] = field(default_factory=list)  # the first ones
    ids: dict[int, UUID] = field(default_factory=dict)  # by row, of one batch at most

    @property
    def kept(self) -> int:
        """Return how many rows are registered as they say."""
        return sum(self.counts[name] for name in ("new", "changed", "same"))

    def refuse(self, row: int, faults: Iterable[Fault]) -> None:
        """Count a row out, and tell why."""
        self.counts["refused"] += 1
        self.tell(row, faults)

    def tell(self, row: int, faults: Iterable[Fault]) -> None:
        """Keep what is to be said of a row."""
        self.faults += [(row, fault) for fault in faults if len(self.faults) < SHOWN]


Rows = Sequence[tuple[int, Mapping[str, Any]]]
Where = tuple[str, str]  # province and carrier


def import_file(area: str, path: Path, *, by: Actor, carrier: str = ELECTRICITY) -> Report:
    """Register the consumers of a CSV or XLSX file, in steps of 2,000 rows.

    Raises Refused, and FileUnfit when nothing of the file can be read.
    """
    access.may_operate(by, area, carrier).or_raise()
    report = Report()
    for rows in batches(path, carrier):
        done = register(area, rows, by=by, source=path.name, carrier=carrier)
        report.counts.update(done.counts)
        report.faults = (report.faults + done.faults)[:SHOWN]
    return report


def batches(path: Path, carrier: str) -> Iterator[Rows]:
    """Yield the rows of a file of consumers with their numbers, 2,000 at a time, cells by name.

    Raises FileUnfit when nothing of the file can be read, or there is too much.
    """
    found = sheets.rows(path)
    number, head = next(found, (1, []))
    columns = {place: name for place, cell in enumerate(head) if (name := rules.column(cell))}
    needed = rules.needed(has_feeders=CARRIERS[carrier].has_turns)
    lacking = [name for name in needed if name not in columns.values()]
    if lacking:
        raise FileUnfit(gettext_noop("These columns are missing: {columns}."),
                        gettext_noop("Name the columns as in the empty file."),
                        columns=", ".join(lacking), row=number)  # fmt: skip
    seen = 0
    while batch := list(islice(found, BATCH)):
        seen += len(batch)
        if seen > MOST_ROWS:
            raise FileUnfit(gettext_noop("There are more than 200,000 rows."),
                            gettext_noop("Split the file; what was read so far is kept, and"
                                         " importing twice does no harm."))  # fmt: skip
        yield [(n, {columns[p]: cell for p, cell in enumerate(cells) if p in columns})
               for n, cells in batch]  # fmt: skip


def judge(area: str, cells: Mapping[str, Any], carrier: str = ELECTRICITY) -> rules.Judged:
    """Return what is wrong with a row of a province; nothing is registered."""
    operator = access.operator_of(area, carrier)
    return rules.judge(cells, queries.known(area, operator=operator, carrier=carrier))


@transaction.atomic
def register(
    area: str, rows: Rows, *, by: Actor, source: str = "", carrier: str = ELECTRICITY
) -> Report:
    """Register or change consumers from numbered rows of named cells, with one event.

    Set-based: about ten queries, however many rows. Raises Refused.
    """
    access.may_operate(by, area, carrier).or_raise()
    operator = access.operator_of(area, carrier)
    known, report = queries.known(area, operator=operator, carrier=carrier), Report()
    good: dict[str, tuple[int, AssetDraft]] = {}
    for number, cells in rows:
        judged = rules.judge(cells, known)
        if judged.draft is None:
            report.refuse(number, judged.faults)
            continue
        report.tell(number, judged.faults)
        before = good.get(judged.draft.code)
        if before is not None and before[1] != judged.draft:
            report.refuse(number, [Fault("code", "code_twice", judged.draft.code)])
        elif before is not None:
            report.counts["same"] += 1
        else:
            good[judged.draft.code] = number, judged.draft
    _write((area, carrier), good, report, by)
    if good:
        _record(area, report, source, by)
    return report


def _write(
    where: Where, good: Mapping[str, tuple[int, AssetDraft]], report: Report, by: Actor
) -> None:
    """Write what is new or different; rows whose owner cannot be found or differs are told."""
    area, carrier = where
    owners = _owners(good, report)
    there = {row.code: row for row in Asset.objects.select_for_update(of=("self",)).filter(
        carrier=carrier, area_id=area, code__in=list(good), closed_on=None)}  # fmt: skip
    granting, taken = queries.authorities(None), _meters(where, good)
    new: list[tuple[int, Asset]] = []
    changed: list[Asset] = []
    entries: list[audit.Entry] = []
    for code, (number, draft) in good.items():
        owner = owners.get(draft.owner_id)
        if owner is None:
            continue
        wanted = _asset(where, draft, owner, granting)
        old = there.get(code)
        if faults := _conflicts(draft, old, owner, taken):
            report.refuse(number, faults)
            continue
        different = (
            [] if old is None else [n for n in KEPT if getattr(old, n) != getattr(wanted, n)]
        )
        if old is None:
            new.append((number, wanted))
        elif different:
            for name in (*different, "search_key"):
                setattr(old, name, getattr(wanted, name))
            changed.append(old)
        report.counts["new" if old is None else "changed" if different else "same"] += 1
        report.ids[number] = (old or wanted).pk
        if _protection_changed(old, wanted, different):
            entries.append(_protected(old or wanted))
    _place(new)
    Asset.objects.bulk_create([asset for _, asset in new], batch_size=500)
    Asset.objects.bulk_update(changed, [*(n.removesuffix("_id") for n in KEPT), "search_key"],
                              batch_size=500)  # fmt: skip
    audit.append(entries, by=by.name(), at=clock.now())


def _meters(where: Where, good: Mapping[str, tuple[int, AssetDraft]]) -> dict[int, str]:
    """Return which connection of the province has each meter that the rows name."""
    area, carrier = where
    named = [draft.meter for _, draft in good.values() if draft.meter is not None]
    rows: Any = Asset.objects.filter(carrier=carrier, area_id=area, meter__in=named,
                                     closed_on=None)  # fmt: skip
    return dict(rows.values_list("meter", "code"))


def _conflicts(
    draft: AssetDraft, old: Asset | None, owner: PartyCard, taken: dict[int, str]
) -> list[Fault]:
    """Return what the row would take from somebody else; note the meter it takes."""
    if old is not None and old.party_id != owner.id:
        return [Fault("owner_id", "owner_other")]
    if draft.meter is not None and taken.setdefault(draft.meter, draft.code) != draft.code:
        return [Fault("meter", "meter_taken", str(draft.meter))]
    return []


def _owners(good: Mapping[str, tuple[int, AssetDraft]], report: Report) -> dict[str, PartyCard]:
    """Return the owners by national id; who is not known is registered where a name is given."""
    drafts = {draft.owner_id: (number, draft) for number, draft in good.values()}
    found = registry.find_parties(drafts)
    unknown = {key: told for key, told in drafts.items() if key not in found}
    named = {key: draft for key, (_, draft) in unknown.items() if draft.owner_fa}
    registry.register_parties(
        [
            registry.PartyDraft("person" if draft.is_home else "company", draft.owner_fa,
                                draft.owner_en, key, place=draft.city)
            for key, draft in named.items()
        ],
        by=registry.system("energy"),
    )  # fmt: skip
    for number, draft in good.values():
        if draft.owner_id in unknown and draft.owner_id not in named:
            report.refuse(number, [Fault("owner_fa", "owner_unknown")])
    return found | (registry.find_parties(named) if named else {})


def _asset(
    where: Where, draft: AssetDraft, owner: PartyCard, granting: Mapping[str, PartyCard]
) -> Asset:
    """Return the row that a draft asks for, not saved; a home has a title without a name."""
    title = {"fa": draft.title_fa or owner.name["fa"], "en": draft.title_en or draft.title_fa
             or owner.name["en"]}  # fmt: skip
    if draft.is_home:
        title = {"fa": f"خانه، اشتراک {draft.code}", "en": f"Home, connection {draft.code}"}
    area, carrier = where
    asset = Asset(
        carrier=carrier, party_id=owner.id, code=draft.code, is_home=draft.is_home, title=title,
        area_id=area,
        city=draft.city, feeder=draft.feeder, meter=draft.meter, sector=draft.sector,
        is_medical=draft.is_medical,
        protected_hours=list(draft.protected_hours),
        protected_by_id=granting[draft.protected_by].id if draft.is_protected else None,
        protected_ref=draft.protected_ref if draft.is_protected else "",
        usual_mw=list(draft.usual_mw), shed_cap=draft.shed_cap, day_cap=draft.day_cap,
        notice_hours=draft.notice_hours,
    )  # fmt: skip
    asset.search_key = queries.search_key(asset)
    return asset


def _place(new: Sequence[tuple[int, Asset]]) -> None:
    """Give every new consumer that is no home a site, which the authority may rank."""
    working = [asset for _, asset in new if not asset.is_home]
    sites = registry.add_sites(
        [registry.SiteDraft(one.party_id, one.city, one.title["fa"]) for one in working],
        by=registry.system("energy"),
    )
    for asset, site in zip(working, sites, strict=True):
        asset.site_id = site


def _protection_changed(old: Asset | None, wanted: Asset, different: Sequence[str]) -> bool:
    guarded = ("is_medical", "protected_hours", "protected_by_id", "protected_ref")
    if old is None:
        return wanted.protected_by_id is not None
    return any(name in guarded for name in different)


def _protected(asset: Asset) -> audit.Entry:
    """Return the event of a protection, in the consumer's own stream."""
    facts = {"by": str(asset.protected_by_id or ""), "hours": len(asset.protected_hours),
             "device": asset.is_medical}  # fmt: skip
    return audit.Entry(asset.pk, "energy.protection_set", f"asset:{asset.pk}", facts)


def _record(area: str, report: Report, source: str, by: Actor) -> None:
    facts = {name: report.counts[name] for name in OUTCOMES} | {"source": source[-80:]}
    one = next(iter(report.ids.values())) if len(report.ids) == 1 else None
    entry = audit.Entry(stream_of(area), "energy.assets_registered",
                        f"asset:{one}" if one else f"area:{area}", facts)  # fmt: skip
    audit.append([entry], by=by.name(), at=clock.now())


@transaction.atomic
def close(asset_id: UUID, *, by: Actor) -> None:
    """Close a consumer: it is asked for nothing any more, and its number may be given anew.

    What it was asked, gave and was credited stays. Raises Refused, NotFound.
    """
    asset = plans.asset(asset_id)
    access.may_operate(by, asset.area_id, asset.carrier).or_raise()
    now = clock.now()
    done = Asset.objects.filter(pk=asset_id, closed_on=None).update(closed_on=clock.local_date(now))
    if not done:
        return
    Offer.objects.filter(asset_id=asset_id, withdrawn_at=None).update(withdrawn_at=now)
    entry = audit.Entry(stream_of(asset.area_id), "energy.asset_closed", f"asset:{asset_id}", {})
    audit.append([entry], by=by.name(), at=now)


def cells_of(asset: Asset, owner: PartyCard, authority: str) -> dict[str, str]:
    """Return a registered consumer as the cells of a row, to be changed and registered again."""
    usual = list(dict.fromkeys(asset.usual_mw))
    return {
        "code": asset.code, "owner_id": owner.national_id, "title_fa": asset.title.get("fa", ""),
        "title_en": asset.title.get("en", ""), "city": asset.city, "feeder": asset.feeder,
        "meter": "" if asset.meter is None else str(asset.meter), "sector": asset.sector,
        "usual_mw": " ".join(f"{v:g}" for v in (usual if len(usual) == 1 else asset.usual_mw)),
        "shed_cap": str(asset.shed_cap), "day_cap": str(asset.day_cap),
        "notice_hours": str(asset.notice_hours), "medical": "yes" if asset.is_medical else "",
        "protected_hours": rules.spans(asset.protected_hours), "protected_by": authority,
        "protected_ref": asset.protected_ref,
    }  # fmt: skip

"""Which firms fit a need, and which terms begin like this?

The engine is chosen once a process (`PAYVAND_MATCHING_ENGINE`); the terms are read into memory and
read again when one of them changes. Nothing heavy is imported before somebody looks for something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max

from payvand.kernel.text import compact_key
from payvand.matching.models import Term
from payvand.matching.rules.eligibility import NOTHING_ASKED, Eligibility, Requirement, judge
from payvand.matching.rules.evidence import EvidenceText, NeedText
from payvand.matching.rules.terms import ISIC, SCHEME, Bridge, TermText
from payvand.registry import public as registry
from payvand.registry.public import databank

if TYPE_CHECKING:
    from payvand.matching.engine.nearness import Nearness
    from payvand.matching.engine.port import Engine
    from payvand.matching.rules.explain import Mark
    from payvand.matching.rules.query import Query
    from payvand.matching.rules.ranking import Ranked

PAGE = 20
REACH = 200  # places that the fair share is worked out over


@dataclass(frozen=True, slots=True)
class Because:
    """One evidence item that put a firm in the list, its matching words marked."""

    item: str
    text: str
    is_verified: bool
    kind: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """One firm for a need: why it is here, what is missing, and whether it may answer at all."""

    firm: str
    score: float
    because: tuple[Because, ...]
    missing: tuple[str, ...]  # words of the need that its evidence does not mention
    eligibility: Eligibility
    is_newcomer: bool
    ways: Mapping[str, float] = field(default_factory=dict)


def engine() -> Engine:
    """Return the engine of this installation; opened anew when a term has changed."""
    return _engine(bridge())


def nearness() -> Nearness | None:
    """Return the model of meaning of this installation, None where words alone rank."""
    if not settings.PAYVAND_MATCHING_MEANING:
        return None
    from payvand.matching.engine import nearness as module

    return module.nearness()


@lru_cache(maxsize=1)
def _engine(terms: Bridge) -> Engine:
    if settings.PAYVAND_MATCHING_ENGINE == "postgresql":
        from payvand.matching.engine.postgres import Postgres

        return Postgres(bridge=terms)
    from payvand.matching.engine.embedded import Embedded

    folder = settings.PAYVAND_MATCHING_INDEX
    return Embedded(Path(folder) if folder else None, bridge=terms)


# --- terms -----------------------------------------------------------------------------------


def bridge() -> Bridge:
    """Return the terms, ready to be found in a text; read again when one has changed."""
    mark = Term.objects.aggregate(count=Count("pk"), at=Max("changed_at"))
    return _bridge(mark["count"], mark["at"])


@lru_cache(maxsize=2)
def _bridge(_count: int, _at: datetime | None) -> Bridge:
    return Bridge(list(all_terms()))


def all_terms() -> Iterator[TermText]:
    """Yield every term, in the order of the Persian names."""
    rows = Term.objects.values_list("fa", "en", "fa_also", "en_also", "codes", "said")
    for fa, en, fa_also, en_also, codes, said in rows.iterator():
        yield TermText(fa, en, tuple(fa_also), tuple(en_also), tuple(codes), tuple(said))


def suggest_terms(prefix: str, lang: str = "fa", *, limit: int = 10) -> list[dict[str, Any]]:
    """Return terms of which a name begins like this, for suggestions while somebody types."""
    key = compact_key(prefix)
    if not key:
        return []
    order = "en" if lang == "en" else "fa_key"
    rows = Term.objects.filter(search__contains=f"|{key}").order_by(order)[:limit]
    return [{"fa": term.fa, "en": term.en, "codes": _codes(term)} for term in rows]


def _codes(term: Term) -> list[str]:
    """Return the codes of a term; the row of a class stands for the class."""
    return [code.replace(SCHEME, ISIC) for code in term.codes]


# --- ranking ---------------------------------------------------------------------------------


def looked_for(need: NeedText) -> Query:
    """Return what exactly is looked for, terms and the bank's own spellings considered."""
    from payvand.matching.rules import query

    place = engine()
    return query.build(need, bridge=bridge(), compounds=place.compounds(), is_known=place.knows)


def rank(
    need: NeedText | str,
    *,
    limit: int = PAGE,
    requirements: Sequence[Requirement] = (),
    is_fair: bool = True,
) -> list[Match]:
    """Return the firms that fit a need, the best first, newcomers with their fair share.

    Whoever may read the public databank may search it. Whether this actor may see a ranking for
    this need (a public buyer may not, before answers close) is the caller's to decide.
    """
    from payvand.matching.rules.fairness import fair
    from payvand.matching.rules.ranking import ranked

    asked = need if isinstance(need, NeedText) else NeedText(need)
    query, place = looked_for(asked), nearness()
    near = place.ask(asked, bridge()) if place else None
    seen = engine().look(query, also=near.also if near else ())
    meaning = place.scores(seen.found.items, near) if place and near else None
    order = ranked(query, seen.slots, seen.found, seen.bank, meaning=meaning,
                   limit=max(limit, REACH))  # fmt: skip
    shown = (fair(order) if is_fair else order)[:limit]
    return list(_explained(asked, query, shown, requirements))


def _explained(
    need: NeedText, query: Query, shown: Sequence[Ranked], requirements: Sequence[Requirement]
) -> Iterator[Match]:
    from payvand.matching.rules import explain
    from payvand.matching.rules.words import words

    firms = [one.firm for one in shown]
    texts = {(item.firm_id, item.item_id): item for item in evidence_of(firms)}
    facts = facts_of(firms) if requirements else {}
    joined, terms = {**engine().compounds(), **bridge().compounds}, bridge()
    asked = words(f"{need.title} {need.text}", joined)
    for one in shown:
        items = [i for key in one.items if (i := texts.get((one.firm, key)))]
        because = tuple(
            Because(
                i.item_id, i.text, i.verified, i.kind, tuple(explain.marks(query, i.text, joined))
            )
            for i in items
        )
        missing = explain.missing(
            query, [i.text for i in items], compounds=joined, names=terms.stems_of, asked=asked
        )
        verdict = judge(requirements, facts.get(one.firm, {})) if requirements else NOTHING_ASKED
        yield Match(
            one.firm, one.score, because, tuple(missing), verdict, one.is_newcomer, one.ways
        )


# --- what the registry knows -----------------------------------------------------------------


def evidence() -> Iterator[EvidenceText]:
    """Yield everything that can be found, page by page."""
    names: dict[UUID, str] = {}
    for kind in ("evidence", "capability", "product"):
        after = 0
        while True:
            page, after = databank.texts(kind, after=after)
            names.update(_names({item.party for item in page} - names.keys()))
            yield from (_text(item, names.get(item.party, "")) for item in page)
            if not after:
                break


def evidence_of(firms: Iterable[str]) -> Iterator[EvidenceText]:
    """Yield everything that can be found of some firms."""
    keys = [UUID(firm) for firm in firms]
    names = _names(keys)
    for party, items in databank.texts_of(keys).items():
        yield from (_text(item, names.get(party, "")) for item in items)


def facts_of(firms: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what is known of firms for rules of eligibility; what is not known is left out."""
    found = {}
    for party, known in databank.facts_of([UUID(firm) for firm in firms]).items():
        facts = {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name in (
                "kind", "field", "provinces", "from_home", "size_band", "languages", "exports",
                "is_verified", "highest_readiness", "evidence", "codes",
            )
            if (value := getattr(known, name)) not in (None, "", frozenset())
        }  # fmt: skip
        facts["certificates"] = [paper.title for paper in known.certificates]
        if known.domestic_percent:
            facts["domestic_percent"] = max(known.domestic_percent)
        found[str(party)] = {"firm": facts}
    return found


def _names(parties: Iterable[UUID]) -> dict[UUID, str]:
    rows = registry.party_names(list(parties))
    return {
        party: " ".join(dict.fromkeys(filter(None, name.values()))) for party, name in rows.items()
    }


def _text(item: databank.ItemText, name: str) -> EvidenceText:
    """Return an item as the ranking reads it: both languages in one text, the fuller one first."""
    parts = [part for part in (item.fa, item.en) if part]
    return EvidenceText(
        str(item.party), item.key, "\n".join(dict.fromkeys(parts)), firm_name=name,
        codes=tuple(item.codes.split()), lang="fa" if item.fa else "en",
        verified=item.is_verified, kind=item.kind,
    )  # fmt: skip

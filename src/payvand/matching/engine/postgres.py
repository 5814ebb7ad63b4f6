"""How is evidence found where several machines share one PostgreSQL?

The rows hold words already folded; a GIN index over their stems gives the candidates, and the same
arithmetic as everywhere counts and ranks them. Nothing lives on the machines, so nothing has to be
kept in step between them. Where pg_trgm is there, misspelt words find their neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import islice

from django.db import transaction

from payvand.matching import sql
from payvand.matching.engine.build import Reader, arrays_of
from payvand.matching.engine.port import Looked
from payvand.matching.engine.segment import Segment
from payvand.matching.models import IndexedEvidence, IndexedWord
from payvand.matching.rules import kinds, scoring
from payvand.matching.rules.evidence import EvidenceText, lead, whole
from payvand.matching.rules.query import Query
from payvand.matching.rules.terms import NO_BRIDGE, Bridge
from payvand.matching.rules.words import Compounds, compounds_of, stem, words

ROWS = 5_000  # rows that the rarest words may bring up for ordering
KEPT = 300  # of them that are counted: each crosses the wire and is read anew
FEW, BATCH = 20, 2_000
TOTAL = ""  # the row of the number of all texts


class Postgres:
    """The engine in the database's own tables."""

    def __init__(self, *, bridge: Bridge = NO_BRIDGE) -> None:
        self._bridge, self._given = bridge, dict(bridge.compounds)
        self._has_runs: bool | None = None

    def rebuild(self, items: Iterable[EvidenceText]) -> int:
        """Index everything anew in one transaction; readers see the old rows until it commits."""
        done = 0
        with transaction.atomic():
            IndexedEvidence.objects.all().delete()
            IndexedWord.objects.all().delete()
            source = iter(items)
            while batch := list(islice(source, BATCH)):
                self._add(batch)
                done += len(batch)
            self._has_runs = sql.prepare()
        return done

    def replace(self, firms: Mapping[str, Sequence[EvidenceText]]) -> None:
        """Let each firm have exactly these items from now on; no items remove it."""
        with transaction.atomic():
            old = IndexedEvidence.objects.filter(firm__in=list(firms))
            sql.count_words(-1, _counted(old.values_list("stems", flat=True)))
            old.delete()
            self._add([item for items in firms.values() for item in items])

    def _add(self, items: Sequence[EvidenceText]) -> None:
        rows = [self._row(item) for item in items]
        IndexedEvidence.objects.bulk_create(rows, batch_size=BATCH)
        sql.count_words(1, _counted(row.stems for row in rows))

    def _row(self, item: EvidenceText) -> IndexedEvidence:
        text = whole(item.title, item.text)
        joined = {**self._given, **dict(compounds_of(text))}
        body, head = words(text, joined), words(lead(item.title, item.text), joined)
        client = words(item.client, joined)
        body += self._bridge.carried(body)
        head += self._bridge.carried(head)
        spelt = " ".join(body)
        stems = dict.fromkeys(stem(word) for word in (*body, *head))
        classes = [_as_word(code) for code in self._bridge.kinds.of_text(stems)]
        mark = blake2b(f"{item.is_declared_only}{spelt}\0{client}".encode(), digest_size=12)
        return IndexedEvidence(
            firm=item.firm_id, item=item.item_id, name=" ".join(words(item.firm_name, joined)),
            words=spelt, lead=" ".join(head), client=" ".join(client),
            stems=" ".join([*stems, *classes]),
            fingerprint=mark.hexdigest(), declared=item.is_declared_only,
        )  # fmt: skip

    def look(self, query: Query, *, limit: int = KEPT, also: Sequence[str] = ()) -> Looked:
        """Return the best candidates for a need, counted; also: items to be counted as well."""
        slots = scoring.slots_of(query)
        classes = sorted(query.kinds, key=lambda code: -query.kinds[code])[: kinds.KEPT]
        often = self._often([TOTAL, *slots.stems, *map(_as_word, classes)])
        total = max(often.pop(TOTAL, 0), 1)
        rows = sql.best(_rarest(often, slots.stems, query), limit)
        known = [word for word in map(_as_word, classes) if word in often]
        rows += [row for row in sql.best(known, FEW) if row not in rows]
        if len(rows) < FEW and self._knows_runs():
            near = sql.alike(list(query.surface), FEW)
            rows += [row for row in sql.best(near, FEW) if row not in rows]
        if also:
            rows += [row for row in sql.of_items(also) if row not in rows]
        segment = _segment(rows, self._bridge)
        bank = replace(segment.statistics(slots), texts=total, in_texts=often)
        texts = segment.all_texts()
        return Looked(slots, segment.count(query, slots, texts), bank)

    def knows(self, word: str) -> bool:
        """True when some evidence uses the word, in whatever form."""
        return bool(self._often([stem(word)]))

    def compounds(self) -> Compounds:
        """Return joined spellings and their parts; here those of the terms only."""
        return self._given

    def _knows_runs(self) -> bool:
        if self._has_runs is None:
            self._has_runs = sql.prepare()
        return self._has_runs

    def _often(self, stems: Sequence[str]) -> dict[str, int]:
        rows = IndexedWord.objects.filter(stem__in=stems, texts__gt=0)
        return dict(rows.values_list("stem", "texts"))


def _rarest(often: Mapping[str, int], stems: Sequence[str], query: Query) -> list[str]:
    """Return stems from the rarest on, as long as they bring up a bounded number of rows."""
    known = [
        s for s in stems if s in often and max(query.stems.get(s, 0), query.lead.get(s, 0)) > 0
    ]
    kept: list[str] = []
    rows = 0
    for one in sorted(known, key=lambda s: (often[s], s)):
        if kept and rows + often[one] > ROWS:
            break
        rows += often[one]
        kept.append(one)
    return kept


def _counted(rows: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[TOTAL] = counts.get(TOTAL, 0) + 1
        for one in row.split():
            counts[one[:120]] = counts.get(one[:120], 0) + 1
    return counts


def _as_word(code: str) -> str:
    """Return a class of ISIC as it stands among the stems of a row."""
    return f"isic{code}"


def _segment(rows: Sequence[tuple[object, ...]], bridge: Bridge) -> Segment:
    """Return a segment in memory of rows that are analysed already."""
    reader = Reader({}, bridge)
    for row in rows:
        firm, item, name, *parts, declared = row
        reader.add_read(
            (str(firm), str(item), str(name)), [str(part).split() for part in parts], bool(declared)
        )
    made, facts = arrays_of(reader, [name.split() for name in reader.names])
    return Segment(made, facts)

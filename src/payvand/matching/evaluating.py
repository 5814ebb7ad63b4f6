"""How well does the ranking answer needs whose right answers are known?

Reads a folder of needs, firms, evidence and judgements (docs/how-to/terms.md names the form), ranks
every need in an index in memory, and compares with a given run. Touches no database but the terms.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from payvand.kernel.errors import Invalid, gettext_noop
from payvand.matching.rules.evaluation import Difference, Measured, bootstrap, measure
from payvand.matching.rules.evidence import EvidenceText, NeedText
from payvand.matching.rules.terms import NO_BRIDGE, Bridge

_ESCAPES = re.compile(r"\\[rnt]")
Tell = Callable[[int, int], None]


class BadSet(Invalid):
    """The folder does not hold a set of needs and judgements."""

    code = "matching.bad_set"
    what = gettext_noop("This set of needs cannot be read.")
    why = gettext_noop("{file}, line {line}: {problem}")
    now = gettext_noop("See the form of the files in docs/how-to/terms.md.")


@dataclass(frozen=True, slots=True)
class JudgedNeed:
    """A need and the firms that are its right answers."""

    key: str
    group: str
    need: NeedText
    judged: Mapping[str, float]


@dataclass
class TestSet:
    """A bank of evidence and needs with judgements."""

    __test__ = False  # no test of pytest
    evidence: list[EvidenceText] = field(default_factory=list)
    needs: list[JudgedNeed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Report:
    """Means over all needs, and the difference to another run."""

    needs: int
    groups: int
    ndcg10: float
    recall10: float
    mrr10: float
    run: dict[str, float] = field(default_factory=dict)  # the same of the given run
    difference: Difference | None = None  # of nDCG@10

    def as_json(self) -> dict[str, Any]:
        """Return the report for machines."""
        return asdict(self)


def read(folder: Path) -> TestSet:
    """Return the set in a folder. Raises BadSet with file and line."""
    texts = {str(row["id"]): row for row in _lines(folder / "evidence.jsonl")}
    found = TestSet()
    for firm in _lines(folder / "suppliers.jsonl"):
        for key in firm["evidence"]:
            row = texts.get(key)
            if row is None:
                raise BadSet(file="suppliers.jsonl", line=0, problem=f"no evidence {key}")
            client, name = plain(row.get("buyer") or ""), plain(firm["name"])
            found.evidence.append(
                EvidenceText(str(firm["id"]), str(key), plain(row["text"]), client=client,
                             firm_name=name, verified=True)
            )  # fmt: skip
    judged: dict[str, dict[str, float]] = {}
    for need, firm_id, value in _table(folder / "qrels.tsv"):
        if float(value) > 0:
            judged.setdefault(need, {})[firm_id] = float(value)
    for row in _lines(folder / "needs.jsonl"):
        asked = NeedText(
            plain(row["text"]), plain(row.get("title") or ""), plain(row.get("buyer") or "")
        )
        key = str(row["id"])
        if key in judged:
            found.needs.append(JudgedNeed(key, str(row.get("group") or key), asked, judged[key]))
    return found


def read_run(path: Path) -> dict[str, list[str]]:
    """Return need -> firms in order, from a table of need, firm and rank."""
    rows = sorted(((need, int(rank), firm) for need, firm, rank in _table(path)))
    run: dict[str, list[str]] = {}
    for need, _, firm in rows:
        run.setdefault(need, []).append(firm)
    return run


def plain(text: str) -> str:
    """Return a text as published without HTML entities and written-out line ends.

    >>> plain("Children&apos;s beds" + chr(92) + "r")
    "Children's beds "
    """
    return _ESCAPES.sub(" ", html.unescape(html.unescape(text)))


def rank_all(
    test: TestSet,
    *,
    bridge: Bridge = NO_BRIDGE,
    meaning: str = "",
    tell: Tell | None = None,
) -> dict[str, list[str]]:
    """Return need -> firms in order, by the ranking as it is.

    meaning: a model of meaning that takes part (`local`, `multilingual`, an address).
    """
    from payvand.matching.engine.embedded import Embedded
    from payvand.matching.rules import query
    from payvand.matching.rules.ranking import ranked

    place = Embedded(bridge=bridge)
    place.rebuild(test.evidence)
    near = _Nearness(test, bridge, meaning, tell) if meaning else None
    run, joined = {}, place.compounds()
    for done, one in enumerate(test.needs, 1):
        asked = query.build(one.need, bridge=bridge, compounds=joined, is_known=place.knows)
        seen = place.look(asked) if near is None else near.look(place, asked, one.need)
        scores = None if near is None else near.of(seen.found.items, one.need)
        order = ranked(asked, seen.slots, seen.found, seen.bank, meaning=scores, limit=100)
        run[one.key] = [firm.firm for firm in order]
        if tell:
            tell(done, len(test.needs))
    return run


def report(
    test: TestSet,
    run: Mapping[str, Sequence[str]],
    other: Mapping[str, Sequence[str]] | None = None,
) -> Report:
    """Return means over all needs, with a paired bootstrap over groups against another run."""
    ours = [measure(run.get(one.key, ()), one.judged) for one in test.needs]
    groups = [one.group for one in test.needs]
    if other is None:
        return Report(len(ours), len(set(groups)), *_means(ours))
    theirs = [measure(other.get(one.key, ()), one.judged) for one in test.needs]
    names = ("ndcg10", "recall10", "mrr10")
    gaps = [a.ndcg - b.ndcg for a, b in zip(ours, theirs, strict=True)]
    return Report(
        len(ours), len(set(groups)), *_means(ours),
        run=dict(zip(names, _means(theirs), strict=True)), difference=bootstrap(gaps, groups),
    )  # fmt: skip


def _means(found: Sequence[Measured]) -> tuple[float, float, float]:
    count = max(len(found), 1)
    return (
        sum(one.ndcg for one in found) / count,
        sum(one.recall for one in found) / count,
        sum(one.mrr for one in found) / count,
    )


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        raise BadSet(file=path.name, line=0, problem="the file is missing")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise BadSet(file=path.name, line=number, problem=str(error)) from error


def _table(path: Path) -> Iterator[tuple[str, str, str]]:
    if not path.exists():
        raise BadSet(file=path.name, line=0, problem="the file is missing")
    rows = path.read_text(encoding="utf-8").splitlines()[1:]
    for number, row in enumerate(rows, 2):
        cells = row.split("\t")
        if len(cells) >= 3:
            yield cells[0], cells[1], cells[2]
        elif row.strip():
            raise BadSet(file=path.name, line=number, problem="three columns are needed")


class _Nearness:
    """Nearness of meaning between needs and evidence, each text embedded once."""

    def __init__(self, test: TestSet, bridge: Bridge, model: str, tell: Tell | None) -> None:
        import numpy as np
        from django.conf import settings

        from payvand.matching.engine import meaning

        self._bridge = bridge
        self._model = meaning.chosen(
            model,
            model=settings.PAYVAND_MATCHING_MEANING_MODEL,
            token=settings.PAYVAND_MATCHING_MEANING_TOKEN,
        )
        distinct = {item.item_id: item for item in test.evidence}
        self._at = {key: at for at, key in enumerate(distinct)}
        rows = []
        for done, item in enumerate(distinct.values(), 1):
            rows.append(self._pair(item.title, item.text))
            if tell and done % 50 == 0:
                tell(done, len(distinct))
        both = np.stack(rows) if rows else np.zeros((0, 2, 384), "f4")
        self._whole, self._lead = both[:, 0], both[:, 1]
        self._needs: dict[NeedText, Any] = {}

    def _pair(self, title: str, text: str) -> Any:
        from payvand.matching.rules.meaning import pair

        return pair(self._model, title, text, self._bridge)

    def _need(self, need: NeedText) -> Any:
        if need not in self._needs:
            self._needs[need] = self._pair(need.title, need.text)
        return self._needs[need]

    def of(self, items: Sequence[str], need: NeedText) -> dict[str, Any]:
        """Return the scores of candidate items, in the two ways of meaning."""
        vector = self._need(need)
        rows = [self._at[item] for item in items]
        return {
            "meaning": self._whole[rows] @ vector[0],
            "meaning_lead": self._lead[rows] @ vector[1],
        }

    def look(self, place: Any, asked: Any, need: NeedText) -> Any:
        """Return the engine's candidates together with those nearest in meaning."""
        near = (self._whole @ self._need(need)[0]).argsort()[::-1][:200]
        keys = list(self._at)
        return place.look(asked, also=[keys[at] for at in near.tolist()])

"""How does one machine keep its evidence findable without any server?

A folder holds a large segment that never changes and a journal of what changed since; both are
shared by all processes of the machine. Each process maps the large one and reads the journal's new
lines before it answers, so a new firm is found at once. When the journal grows long, `rebuild`
writes a new large segment beside the old one and swaps them.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from payvand.matching.engine.build import arrays
from payvand.matching.engine.port import CANDIDATES, Looked, joined, summed
from payvand.matching.engine.segment import Segment
from payvand.matching.rules import ngrams, scoring
from payvand.matching.rules.evidence import EvidenceText
from payvand.matching.rules.query import Query
from payvand.matching.rules.terms import NO_BRIDGE, Bridge

FEW = 20  # fewer candidates by words than this, and words that look alike are tried too


def journalled(folder: Path) -> int:
    """Return how many changes of firms wait beside the large segment, without opening either."""
    journal = folder / f"{_current(folder)}.jsonl"
    if not journal.exists():
        return 0
    with journal.open("rb") as lines:
        return sum(1 for _ in lines)


def _current(folder: Path) -> str:
    """Return the name of the large segment that is in use; empty for none."""
    try:
        return (folder / "current").read_text()
    except FileNotFoundError:
        return ""


class Embedded:
    """The engine in a folder of files, or in memory when no folder is given."""

    def __init__(self, folder: Path | None = None, *, bridge: Bridge = NO_BRIDGE) -> None:
        self._folder, self._bridge, self._given = folder, bridge, dict(bridge.compounds)
        self._base: Segment | None = None
        self._delta: Segment | None = None
        self._fresh: dict[str, list[EvidenceText]] = {}  # firm -> items; none: removed
        self._dead: npt.NDArray[Any] | None = None
        self._name, self._read = "", 0

    # --- writing ---------------------------------------------------------------------------

    def rebuild(
        self, items: Iterable[EvidenceText], *, tell: Callable[[int], None] = lambda done: None
    ) -> int:
        """Index everything anew; readers go on with the old index until the new one is there."""
        with self._locked():
            since = self._journal_size()
            made, facts = arrays(items, compounds=self._given, bridge=self._bridge, tell=tell)
            segment = Segment(made, facts)
            if self._folder is None:
                self._base, self._fresh = segment, {}
                self._refresh()
            else:
                self._swap(segment, since)
        return len(segment.a["owner_firm"])

    def replace(self, firms: Mapping[str, Sequence[EvidenceText]]) -> None:
        """Let each firm have exactly these items from now on; no items remove it."""
        if self._folder is None:
            self._take({firm: list(items) for firm, items in firms.items()})
            return
        lines = "".join(
            json.dumps(
                {"firm": firm, "items": [asdict(item) for item in items]}, ensure_ascii=False
            )
            + "\n"
            for firm, items in firms.items()
        )
        with self._locked():
            name = self._current()
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / f"{name or 'base-0'}.jsonl").open("ab") as journal:
                journal.write(lines.encode())
                journal.flush()
                os.fsync(journal.fileno())
            if not name:
                self._point("base-0")

    # --- reading ---------------------------------------------------------------------------

    def look(self, query: Query, *, limit: int = CANDIDATES, also: Sequence[str] = ()) -> Looked:
        """Return the best candidates for a need, counted; also: items to be counted as well."""
        self._sync()
        slots = scoring.slots_of(query)
        segments = self._segments()
        bank = summed([segment.statistics(slots) for segment, _ in segments])
        weight = scoring.worth(query, slots, bank)
        parts = []
        for segment, dead in segments:
            texts = segment.best(weight, limit, dead=dead, wanted=query.kinds)
            if len(texts) < FEW and len(segment):
                like = segment.alike(query)
                texts = np.union1d(texts, segment.best(like, FEW, dead=dead))
            if also:
                texts = np.union1d(texts, segment.texts_of(also))
            parts.append(segment.count(query, slots, texts, dead=dead))
        return Looked(slots, joined(parts), bank)

    def knows(self, word: str) -> bool:
        """True when some evidence uses the word, in whatever form."""
        return any(segment.knows(word) for segment, _ in self._segments())

    def compounds(self) -> Mapping[str, tuple[str, ...]]:
        """Return joined spellings and their parts, as the evidence writes them."""
        self._sync()
        base = self._base.compounds if self._base else self._given
        return {**base, **self._delta.compounds} if self._delta else base

    def _segments(self) -> list[tuple[Segment, npt.NDArray[Any] | None]]:
        found = [
            (s, d) for s, d in ((self._base, self._dead), (self._delta, None)) if s is not None
        ]
        return found or [(Segment(*arrays([], compounds={})), None)]

    # --- keeping up ------------------------------------------------------------------------

    def _sync(self) -> None:
        """Take in what other processes wrote since the last look: one or two calls of stat."""
        if self._folder is None:
            return
        name = self._current()
        if not name:
            return
        if name != self._name:
            folder = self._folder / name
            self._base = Segment.read(folder) if folder.exists() else None
            self._name, self._read, self._fresh = name, 0, {}
            self._refresh()
        self._tail(self._folder / f"{name}.jsonl")

    def _tail(self, journal: Path) -> None:
        size = journal.stat().st_size if journal.exists() else 0
        if size <= self._read:
            return
        with journal.open("rb") as lines:
            lines.seek(self._read)
            tail = lines.read(size - self._read)
        whole = tail[: tail.rfind(b"\n") + 1]  # a line half written by another process waits
        self._read += len(whole)
        found = {}
        for line in whole.splitlines():
            row = json.loads(line)
            found[row["firm"]] = [
                EvidenceText(**{**item, "codes": tuple(item["codes"])}) for item in row["items"]
            ]
        if found:
            self._take(found)

    def _take(self, firms: Mapping[str, list[EvidenceText]]) -> None:
        self._fresh.update(firms)
        self._refresh()

    def _refresh(self) -> None:
        """Build the small segment anew, and note whose evidence in the large one is out of date."""
        base = self._base
        items = [item for kept in self._fresh.values() for item in kept]
        weight: ngrams.Floats | None = base.a["gram_weight"] if base is not None else None
        known = {**self._given, **(base.compounds if base is not None else {})}
        self._delta = None
        if items:
            made = arrays(items, compounds=known, bridge=self._bridge, weight=weight)
            self._delta = Segment(*made)
        self._dead = None
        if base is not None and self._fresh:
            self._dead = np.zeros(len(base.firms), bool)
            self._dead[[base.firm_at[f] for f in self._fresh if f in base.firm_at]] = True

    # --- the folder ------------------------------------------------------------------------

    def _current(self) -> str:
        return _current(self._folder) if self._folder else ""

    def _point(self, name: str) -> None:
        if self._folder is not None:
            new = self._folder / "current.new"
            new.write_text(name)
            new.replace(self._folder / "current")

    def _journal_size(self) -> int:
        name = self._current()
        journal = self._folder / f"{name}.jsonl" if self._folder and name else None
        return journal.stat().st_size if journal and journal.exists() else 0

    def _swap(self, segment: Segment, since: int) -> None:
        """Put a new large segment in place; what was journalled meanwhile is carried over."""
        if self._folder is None:
            return
        old = self._current()
        name = f"base-{int(old.removeprefix('base-') or 0) + 1 if old else 1}"
        shutil.rmtree(self._folder / name, ignore_errors=True)
        segment.write(self._folder / name)
        before = self._folder / f"{old}.jsonl"
        late = before.read_bytes()[since:] if old and before.exists() else b""
        (self._folder / f"{name}.jsonl").write_bytes(late)
        self._point(name)
        for stale in self._folder.glob("base-*"):
            if stale.stem not in (old, name):
                shutil.rmtree(stale) if stale.is_dir() else stale.unlink()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one writer at a time into the folder."""
        if self._folder is None:
            yield
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

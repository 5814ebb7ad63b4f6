"""Where are the vectors of all evidence kept, and which texts still wait for theirs?

One SQLite file beside the index, shared by the processes of a machine. A text is embedded once:
what did not change keeps its vector, what was removed loses it, and vectors of another model are
dropped. What waits is in the file too, so nothing is forgotten when a worker stops.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from payvand.matching.rules.evidence import EvidenceText
from payvand.matching.rules.meaning import Embedder, Floats, NoMeaningError, pairs
from payvand.matching.rules.terms import Bridge

BATCH = 16
NEAREST_OF = 50_000  # vectors; among more, only candidates by words are looked at
_TABLES = """
CREATE TABLE IF NOT EXISTS model (name TEXT, width INT);
CREATE TABLE IF NOT EXISTS vector (item TEXT PRIMARY KEY, firm TEXT, mark BLOB, body BLOB, lead BLOB);
CREATE INDEX IF NOT EXISTS vector_firm ON vector (firm);
CREATE TABLE IF NOT EXISTS waiting (item TEXT PRIMARY KEY, firm TEXT, mark BLOB, title TEXT, text TEXT);
CREATE INDEX IF NOT EXISTS waiting_firm ON waiting (firm);
"""  # noqa: E501
# Which items of a firm there are, and how one is dropped
_OF_FIRM = (
    ("SELECT item, mark FROM vector WHERE firm = ?", "DELETE FROM vector WHERE item = ?"),
    ("SELECT item, mark FROM waiting WHERE firm = ?", "DELETE FROM waiting WHERE item = ?"),
)
_OF_ITEMS = "SELECT item, body, lead FROM vector WHERE item IN (SELECT value FROM json_each(?))"


class Vectors:
    """The vectors of one model, in a file."""

    def __init__(self, path: Path, model: str) -> None:
        self._path, self._model = path, model
        self._cached: tuple[tuple[int, int], list[str], Floats] | None = None
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(_TABLES)
            known = db.execute("SELECT name FROM model").fetchone()
            if known is None or known[0] != model:
                db.execute("DELETE FROM vector")
                db.execute("DELETE FROM model")
                db.execute("INSERT INTO model VALUES (?, 0)", [model])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Let one transaction pass; a process that forked since must not share a connection."""
        with closing(sqlite3.connect(self._path, timeout=20)) as db, db:
            yield db

    # --- writing ---------------------------------------------------------------------------

    def replace(self, firms: Mapping[str, Sequence[EvidenceText]]) -> None:
        """Let each firm have exactly these items from now on; new and changed ones wait."""
        with self._open() as db:
            for firm, items in firms.items():
                marks = {item.item_id: _mark(item) for item in items}
                for found, drop in _OF_FIRM:
                    rows = db.execute(found, [firm]).fetchall()
                    db.executemany(drop, [(i,) for i, mark in rows if marks.get(i) != mark])
                kept = db.execute("SELECT item FROM vector WHERE firm = ?", [firm]).fetchall()
                done = {item for (item,) in kept}
                _queue(db, (item for item in items if item.item_id not in done), marks)

    def rebuild(self, items: Iterable[EvidenceText], *, is_anew: bool = False) -> None:
        """Let there be exactly these items; those that have their vector keep it, unless anew."""
        with self._open() as db:
            if is_anew:
                db.execute("DELETE FROM vector")
                db.execute("UPDATE model SET width = 0")
            known = dict(db.execute("SELECT item, mark FROM vector"))
            db.execute("DELETE FROM waiting")
            db.execute("CREATE TEMP TABLE present (item TEXT PRIMARY KEY)")
            for item in items:
                db.execute("INSERT OR IGNORE INTO present VALUES (?)", [item.item_id])
                mark = _mark(item)
                if known.get(item.item_id) != mark:
                    db.execute("DELETE FROM vector WHERE item = ?", [item.item_id])
                    _queue(db, [item], {item.item_id: mark})
            db.execute("DELETE FROM vector WHERE item NOT IN (SELECT item FROM present)")

    def catch_up(
        self,
        model: Embedder,
        bridge: Bridge,
        *,
        seconds: float,
        tell: Callable[[int], None] = lambda done: None,
    ) -> int:
        """Embed what waits, for so many seconds; returns how many texts. Raises NoMeaningError."""
        done, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            with self._open() as db:
                rows = db.execute("SELECT * FROM waiting LIMIT ?", [BATCH]).fetchall()
            if not rows:
                break
            found = pairs(model, [(title, text) for *_, title, text in rows], bridge)
            self._keep(rows, found)
            done += len(rows)
            tell(done)
        return done

    def _keep(self, rows: Sequence[tuple[Any, ...]], found: Floats) -> None:
        with self._open() as db:
            width = int(found.shape[2])
            (known,) = db.execute("SELECT width FROM model").fetchone()
            if known not in (0, width):
                raise NoMeaningError(f"vectors of width {width}, earlier ones of {known}")
            db.execute("UPDATE model SET width = ?", [width])
            for (item, firm, mark, *_), (body, head) in zip(rows, found, strict=True):
                gone = db.execute("DELETE FROM waiting WHERE item = ? AND mark = ?", [item, mark])
                if gone.rowcount:  # else it changed meanwhile, and waits anew
                    db.execute("INSERT OR REPLACE INTO vector VALUES (?, ?, ?, ?, ?)",
                               [item, firm, mark, _packed(body), _packed(head)])  # fmt: skip

    # --- reading ---------------------------------------------------------------------------

    def counts(self) -> tuple[int, int]:
        """Return how many texts have their vectors, and how many wait."""
        with self._open() as db:
            (ready,) = db.execute("SELECT count(*) FROM vector").fetchone()
            (waiting,) = db.execute("SELECT count(*) FROM waiting").fetchone()
        return ready, waiting

    def scores(self, items: Sequence[str], asked: Floats) -> dict[str, npt.NDArray[Any]]:
        """Return how near each item is to a need, by whole and by lead; empty when none is known.

        An item without a vector yet is taken as near as the mean of the others: it neither gains
        nor loses by waiting.
        """
        known = self._of(items)
        if not known:
            return {}
        width = asked.shape[1]
        scores = np.full((2, len(items)), np.nan, np.float32)
        for place, item in enumerate(items):
            if (row := known.get(item)) is not None:
                if row.shape[1] != width:
                    raise NoMeaningError(f"a need of width {width}, texts of {row.shape[1]}")
                scores[:, place] = (row * asked).sum(axis=1)
        scores = np.where(np.isnan(scores), np.nanmean(scores, axis=1, keepdims=True), scores)
        return {"meaning": scores[0], "meaning_lead": scores[1]}

    def nearest(self, asked: Floats, limit: int) -> list[str]:
        """Return the items nearest to a need; none where there are too many to compare them all."""
        items, matrix = self._all()
        if not items or matrix.shape[1] != asked.shape[1]:
            return []
        near = matrix @ asked[0]
        best = np.argpartition(-near, min(limit, len(items)) - 1)[:limit]
        return [items[at] for at in best.tolist()]

    def _of(self, items: Sequence[str]) -> dict[str, Floats]:
        found: dict[str, Floats] = {}
        with self._open() as db:
            for item, body, head in db.execute(_OF_ITEMS, [json.dumps(list(items))]):
                found[item] = np.stack([_unpacked(body), _unpacked(head)])
        return found

    def _all(self) -> tuple[list[str], Floats]:
        with self._open() as db:
            count, last = db.execute("SELECT count(*), max(rowid) FROM vector").fetchone()
            if not count or count > NEAREST_OF:
                return [], np.zeros((0, 0), np.float32)
            if self._cached is None or self._cached[0] != (count, last):
                rows = db.execute("SELECT item, body FROM vector").fetchall()
                matrix = np.stack([_unpacked(body) for _, body in rows])
                self._cached = (count, last), [item for item, _ in rows], matrix
        return self._cached[1], self._cached[2]


def _queue(
    db: sqlite3.Connection, items: Iterable[EvidenceText], marks: Mapping[str, bytes]
) -> None:
    db.executemany(
        "INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?, ?)",
        ((i.item_id, i.firm_id, marks[i.item_id], i.title, i.text) for i in items),
    )


def _mark(item: EvidenceText) -> bytes:
    return blake2b(f"{item.title}\0{item.text}".encode(), digest_size=12).digest()


def _packed(vector: Floats) -> bytes:
    return vector.astype(np.float16).tobytes()


def _unpacked(blob: bytes) -> Floats:
    return np.frombuffer(blob, np.float16).astype(np.float32)

"""Which statements does the PostgreSQL engine speak? Hand-written, run on PostgreSQL only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

EVIDENCE, WORDS = "matching_indexedevidence", "matching_indexedword"
MAKE_INDEX = (
    f"CREATE INDEX IF NOT EXISTS matching_evidence_stems ON {EVIDENCE} "
    "USING gin (to_tsvector('simple', stems))"
)
COLUMNS = "firm, item, name, words, lead, client, declared"
ALIKE = (
    f"SELECT stem FROM unnest(%s::text[]) AS asked, {WORDS} WHERE stem %% asked "
    "ORDER BY similarity(stem, asked) DESC, stem LIMIT %s"
)
_TRIGRAMS = (
    f"CREATE INDEX IF NOT EXISTS matching_word_runs ON {WORDS} USING gin (stem gin_trgm_ops)"
)


def prepare() -> bool:
    """Make the indexes; True when letter runs can be looked up (the extension pg_trgm is there)."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE_INDEX)
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        if not cursor.fetchone()[0]:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if not cursor.fetchone()[0]:
                return False
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute(_TRIGRAMS)
        return True


def best(stems: Sequence[str], limit: int) -> list[tuple[Any, ...]]:
    """Return the rows that use most of the rarest words, at most `limit`."""
    if not stems:
        return []
    asked = " | ".join("'" + stem.replace("\\", "").replace("'", "''") + "'" for stem in stems)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM {EVIDENCE}, to_tsquery('simple', %s) AS asked "
            "WHERE to_tsvector('simple', stems) @@ asked "
            "ORDER BY ts_rank(to_tsvector('simple', stems), asked, 1) DESC, id LIMIT %s",
            [asked, limit],
        )
        return list(cursor.fetchall())


def of_items(items: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the rows of some items."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM {EVIDENCE} WHERE item = ANY(%s) ORDER BY id", [list(items)]
        )
        return list(cursor.fetchall())


def alike(words: Sequence[str], limit: int) -> list[str]:
    """Return stems that look like one of the words, by shared letter runs; needs pg_trgm."""
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, [list(words), limit])
        return [row[0] for row in cursor.fetchall()]


def count_words(change: int, counts: dict[str, int]) -> None:
    """Add to (or, with -1, take from) the numbers of texts in which stems stand."""
    if not counts:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {WORDS} (stem, texts) SELECT * FROM unnest(%s::text[], %s::int[]) "
            f"ON CONFLICT (stem) DO UPDATE SET texts = {WORDS}.texts + EXCLUDED.texts",
            [list(counts), [change * count for count in counts.values()]],
        )

"""How do terms come in, and how does the index follow what the registry records?"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from payvand.audit.public import Entry, append
from payvand.kernel import clock
from payvand.kernel.errors import Invalid, gettext_noop
from payvand.kernel.text import clean, compact_key
from payvand.matching import access, queries
from payvand.matching.models import Term
from payvand.matching.rules.evidence import EvidenceText
from payvand.registry.public import Actor

STREAM = uuid5(NAMESPACE_URL, "payvand:matching")
COLUMNS = ("fa", "en", "fa_also", "en_also", "codes", "said")
LONGEST, BATCH = 120, 500
CATCH_UP_SECONDS = 20.0  # of the worker's minute


class BadTerms(Invalid):
    """The file of terms cannot be read at all."""

    code = "matching.bad_terms"
    what = gettext_noop("The file of terms cannot be read.")
    why = gettext_noop("{problem}")
    now = gettext_noop("Use UTF-8 with the columns fa, en, fa_also, en_also, codes and said.")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out, and what to do about it."""

    line: int
    problem: str  # a msgid
    remedy: str


@dataclass
class Imported:
    """What an import did; the same file twice changes nothing the second time."""

    added: int = 0
    changed: int = 0
    same: int = 0
    kept: int = 0  # rows of the product that were edited here, and stay so
    new: list[str] = field(default_factory=list)  # Persian names of added rows
    bad: list[BadRow] = field(default_factory=list)


NO_NAME = gettext_noop("A name in one of the languages is missing.")
TOO_LONG = gettext_noop("A name has more than 120 letters.")
TWICE = gettext_noop("The same Persian name stands in an earlier row.")
ODD_CODE = gettext_noop("A code has no scheme.")
GIVE_BOTH = gettext_noop("Give a Persian and an English name.")
SHORTEN = gettext_noop("Shorten the name, or part it into several terms.")
MERGE_ROWS = gettext_noop("Put further names into fa_also, parted by |.")
WRITE_CODE = gettext_noop("Write isic:2220, hs:3926 or cpv:44160000.")


def import_terms(*, by: Actor, data: bytes, topic: str = "") -> Imported:
    """Take terms in from CSV; good rows are kept, bad ones told with line and remedy.

    A name that leads back to its own term, or to another term, is harmless: names are one step.
    Raises Refused, BadTerms.
    """
    access.may_edit_terms(by).or_raise()
    told = Imported()
    rows = list(_good_rows(_read(data), told))
    with transaction.atomic():
        _keep(rows, topic, told)
        if told.added or told.changed:
            facts = {"added": told.added, "changed": told.changed, "bad": len(told.bad)}
            entry = Entry(
                stream=STREAM, verb="matching.terms_imported", subject="terms", facts=facts
            )
            append([entry], by=by.name(), at=clock.now())
    return told


def seed_terms(*, by: Actor) -> Imported:
    """Take in the terms that come with the product, where there are none yet."""
    return Imported() if Term.objects.exists() else update_terms(by=by)


def update_terms(*, by: Actor) -> Imported:
    """Bring in the vocabulary of this release; rows that were edited here stay as they are.

    Twice changes nothing the second time. Raises Refused.
    """
    access.may_edit_terms(by).or_raise()
    told = Imported()
    with transaction.atomic():
        for topic, data in shipped_terms():
            _bring(list(_good_rows(_read(data), told)), topic, told)
        if told.added or told.changed:
            facts = {"added": told.added, "changed": told.changed, "kept": told.kept}
            entry = Entry(stream=STREAM, verb="matching.terms_updated", subject="terms",
                          facts=facts)  # fmt: skip
            append([entry], by=by.name(), at=clock.now())
    return told


def shipped_terms() -> Iterator[tuple[str, bytes]]:
    """Yield topic and CSV of the terms that come with the product."""
    folder = files("payvand.matching").joinpath("terms")
    for source in sorted(folder.iterdir(), key=lambda one: one.name):
        if source.name.endswith(".csv"):
            yield source.name.removesuffix(".csv"), source.read_bytes()


def mark_of(row: Any) -> str:
    """Return the fingerprint of a term's content."""
    told = json.dumps([getattr(row, name) for name in COLUMNS], ensure_ascii=False)
    return blake2b(told.encode(), digest_size=8).hexdigest()


def _bring(rows: Sequence[Term], topic: str, told: Imported) -> None:
    known = {term.fa_key: term for term in Term.objects.filter(fa_key__in=[r.fa_key for r in rows])}
    fresh, changed, marked = [], [], []
    for row in rows:
        row.field, row.shipped = topic, mark_of(row)
        old = known.get(row.fa_key)
        if old is None:
            fresh.append(row)
        elif (now := mark_of(old)) == row.shipped:
            told.same += 1
            if old.shipped != row.shipped:
                old.shipped = row.shipped
                marked.append(old)
        elif now == old.shipped:
            changed.append(_become(old, row, (*COLUMNS, "search", "shipped")))
        else:
            told.kept += 1
    Term.objects.bulk_create(fresh, batch_size=BATCH)
    Term.objects.bulk_update(
        changed, [*COLUMNS, "search", "shipped", "changed_at"], batch_size=BATCH
    )
    Term.objects.bulk_update(marked, ["shipped"], batch_size=BATCH)
    told.added += len(fresh)
    told.changed += len(changed)
    told.new += [row.fa for row in fresh]


def _become(old: Term, row: Term, names: Sequence[str]) -> Term:
    for name in names:
        setattr(old, name, getattr(row, name))
    old.changed_at = timezone.now()
    return old


def export_terms() -> str:
    """Return all terms as the CSV that `import_terms` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for term in queries.all_terms():
        writer.writerow([term.fa, term.en, "|".join(term.fa_also), "|".join(term.en_also),
                         " ".join(term.codes), "|".join(term.said)])  # fmt: skip
    return out.getvalue()


def _read(data: bytes) -> list[dict[str, str]]:
    try:
        text = data.decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text), restval="")
        if not {"fa", "en"} <= set(reader.fieldnames or ()):
            raise BadTerms(problem="The columns fa and en are not both there.")
        return [{k: v for k, v in row.items() if isinstance(k, str)} for row in reader]
    except UnicodeDecodeError as error:
        raise BadTerms(problem=f"Byte {error.start} is no UTF-8.") from error
    except csv.Error as error:
        raise BadTerms(problem=str(error)) from error


def _good_rows(rows: Iterable[dict[str, str]], told: Imported) -> Iterator[Term]:
    seen: set[str] = set()
    for line, row in enumerate(rows, 2):
        fa, en = clean(row["fa"]), clean(row["en"])
        fa_also, en_also = _several(row.get("fa_also", "")), _several(row.get("en_also", ""))
        codes, said = row.get("codes", "").split(), _several(row.get("said", ""))
        key = compact_key(fa)
        problem = _problem((fa, en, *fa_also, *en_also, *said), codes, key in seen)
        if problem:
            told.bad.append(BadRow(line, *problem))
            continue
        seen.add(key)
        keys = dict.fromkeys(compact_key(name) for name in (fa, en, *fa_also, *en_also))
        yield Term(fa=fa, en=en, fa_also=fa_also, en_also=en_also, codes=codes, said=said,
                   fa_key=key, search="".join(f"|{one}" for one in keys if one))  # fmt: skip


def _problem(
    names: tuple[str, ...], codes: Sequence[str], is_twice: bool
) -> tuple[str, str] | None:
    if not (compact_key(names[0]) and compact_key(names[1])):
        return NO_NAME, GIVE_BOTH
    if any(len(name) > LONGEST for name in names):
        return TOO_LONG, SHORTEN
    if is_twice:
        return TWICE, MERGE_ROWS
    if any(":" not in code for code in codes):
        return ODD_CODE, WRITE_CODE
    return None


def _several(cell: str) -> list[str]:
    return list(dict.fromkeys(name for part in (cell or "").split("|") if (name := clean(part))))


def _keep(rows: Sequence[Term], topic: str, told: Imported) -> None:
    known = {term.fa_key: term for term in Term.objects.filter(fa_key__in=[r.fa_key for r in rows])}
    fresh, changed = [], []
    for row in rows:
        old = known.get(row.fa_key)
        if old is None:
            row.field = topic
            fresh.append(row)
        elif mark_of(old) != mark_of(row):
            changed.append(_become(old, row, (*COLUMNS, "search")))
        else:
            told.same += 1
    Term.objects.bulk_create(fresh, batch_size=BATCH)
    Term.objects.bulk_update(changed, [*COLUMNS, "search", "changed_at"], batch_size=BATCH)
    told.added, told.changed = len(fresh), len(changed)


# --- the index -------------------------------------------------------------------------------


def index_changed(parties: Sequence[UUID]) -> None:
    """Let the index follow the registry for some parties: what they have now can be found now."""
    found: dict[str, list[EvidenceText]] = {str(party): [] for party in parties}
    for item in queries.evidence_of(found):
        found.setdefault(item.firm_id, []).append(item)
    queries.engine().replace(found)
    if place := queries.nearness():
        place.replace(found)


def index_after_commit(parties: Sequence[UUID]) -> None:
    """Follow the registry once its transaction has committed (the slot `evidence_changed`)."""
    kept = list(dict.fromkeys(parties))
    transaction.on_commit(lambda: index_changed(kept), robust=True)


def rebuild_index() -> int:
    """Index everything anew; returns the number of items."""
    count = queries.engine().rebuild(queries.evidence())
    if place := queries.nearness():
        place.rebuild(queries.evidence())
    return count


def catch_up(*, seconds: float = CATCH_UP_SECONDS) -> int:
    """Embed evidence that waits for its vectors; returns how many texts, 0 without a model."""
    place = queries.nearness()
    return place.catch_up(queries.bridge(), seconds=seconds) if place else 0


def tidy_index() -> None:
    """Index everything anew where much has changed since the last time.

    A process of its own does it: it needs much memory once, which the worker would never give back.
    """
    from payvand.matching.engine.embedded import journalled

    folder = settings.PAYVAND_MATCHING_INDEX
    if settings.PAYVAND_MATCHING_ENGINE != "embedded" or not folder:
        return
    if journalled(Path(folder)) > TIDY_AFTER:
        subprocess.run(INDEX_ANEW, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our words


INDEX_ANEW = (
    sys.executable, "-c", "from payvand.cli.main import main; main()", "match", "index",
)  # fmt: skip
TIDY_AFTER = 500  # changed firms

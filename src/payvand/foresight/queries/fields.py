"""How are the answers called that say what a case is worth?"""

from __future__ import annotations

from collections.abc import Iterable

from payvand.ui.language import pick
from payvand.window import public as window

WORTH = ("money", "integer", "decimal")  # types of answers that can be a value
CURRENCY = ("choice",)

Titles = dict[tuple[str, str], dict[str, str]]


def titles_of(types: Iterable[str] = ()) -> Titles:
    """Return the titles of form fields by (service, key), as the newest version has them.

    types: those of the fields that are wanted; none: all. One query, however many services.
    """
    versions = window.ServiceVersion.objects.order_by("pk").values_list("service_id", "pk")
    newest = dict(versions)  # the last one of each service stays
    wanted = set(types)
    return {
        (slug, field.id): {"fa": field.title.fa, "en": field.title.en}
        for slug, version in newest.items()
        for field in window.service_of(version).fields()
        if not wanted or field.type in wanted
    }


def choices_of(types: Iterable[str], services: dict[str, str]) -> list[tuple[str, str]]:
    """Return keys of fields to choose among, each with its titles and services; shared keys once.

    services: titles by slug, in the reader's language.
    """
    found: dict[str, list[str]] = {}
    for (slug, key), title in titles_of(types).items():
        found.setdefault(key, []).append(f"{pick(title)} ({services.get(slug, slug)})")
    return [(key, " · ".join(said)) for key, said in sorted(found.items())]

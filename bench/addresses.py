"""Which pages are there to be measured: an address for every pattern, and who may open it?

Run inside the demonstration's own settings and database: walks the url patterns, fills their
places with what the sample country holds, and keeps for each pattern the first address that some
account is shown. Prints JSON: `pages` as [name, account, path], `closed` the patterns without one.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator
from typing import Any

CANDIDATES = 6  # values tried for each place of a pattern
TRIES = 250  # requests for one pattern, at most
SKIP = ("admin/django", "static/", "api/", "/files/", "answer-files", ".csv")


def main() -> None:
    """Print the addresses."""
    import django

    django.setup()
    from django.test import Client

    found, closed = [], []
    clients = {name: _client(Client, name) for name in ["", *_accounts()]}
    for name, route, places in patterns():
        page = _first(clients, name, places)
        if page:
            found.append([route, *page])
        else:
            closed.append(route)
    json.dump({"pages": found, "closed": closed}, sys.stdout)


def patterns() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (name, route, converters by place) of every pattern that has a name."""
    from django.urls import URLPattern, get_resolver

    def below(resolver: Any, route: str, space: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for one in resolver.url_patterns:
            here = route + str(one.pattern)
            if isinstance(one, URLPattern):
                if one.name and not any(part in here for part in SKIP):
                    yield f"{space}{one.name}", here, dict(one.pattern.converters)
            else:
                inner = f"{space}{one.namespace}:" if one.namespace else space
                yield from below(one, here, inner)

    yield from below(get_resolver(), "", "")


def _accounts() -> list[str]:
    from payvand.demo import data

    return [account.username for account in data.ACCOUNTS]


def _client(client: Any, name: str) -> Any:
    from payvand.registry.models import User

    made = client(headers={"host": "127.0.0.1"})
    if name:
        made.force_login(User.objects.get(username=name),
                         backend="django.contrib.auth.backends.ModelBackend")  # fmt: skip
    return made


def _first(clients: dict[str, Any], name: str, places: dict[str, Any]) -> tuple[str, str] | None:
    """Return (account, path) of the first page that is shown; who was shown one is tried first."""
    from django.urls import NoReverseMatch, reverse
    from django.utils import translation

    tried = 0
    for values in _fillings(places):
        try:
            with translation.override("fa"):
                path = reverse(name, kwargs=dict(zip(places, values, strict=True)))
        except NoReverseMatch:
            continue
        for account in ["", *(name for name in reversed(clients) if name)]:
            answer = clients[account].get(path)
            tried += 1
            is_page = _is_page(answer)
            if answer.status_code == 200 and is_page:
                clients |= {account: clients.pop(account)}
                return account, path
            if answer.status_code in (200, 405) or tried >= TRIES:  # a form's address, a file
                return None
    return None


def _is_page(answer: Any) -> bool:
    """Say whether an answer is a whole page; a part of one is judged where it stands."""
    is_html = answer.headers.get("Content-Type", "").startswith("text/html")
    return is_html and b"<html" in answer.content[:500]


def _fillings(places: dict[str, Any]) -> Any:
    """Yield what may stand at all places of a pattern together."""
    from payvand.ledger.models import Obligation
    from payvand.ledger.public import OPEN
    from payvand.window.models import Draft, Fee

    if tuple(places) == ("case_id", "request_id"):
        asked = Obligation.objects.filter(kind="completion", state__in=OPEN).order_by("-pk")
        return list(asked.values_list("case_id", "pk")[:60])
    if tuple(places) == ("case_id", "fee_id"):
        unpaid = Fee.objects.filter(paid_at=None).order_by("-pk")
        return list(unpaid.values_list("application_id", "pk")[:40])
    if "kind" in places:  # an entry of a profile in the databank
        from payvand.registry.models import Capability

        rows = Capability.objects.order_by("-pk").values_list("party_id", "pk")[:CANDIDATES]
        return [(party, "capability", key)[: len(places)] for party, key in rows]
    if tuple(places) == ("party_id",):  # a firm's profile, and a person's
        from payvand.registry.models import Profile

        kinds = [Profile.objects.filter(kind=k, is_listed=True) for k in ("company", "freelancer")]
        return [(pk,) for rows in kinds for pk in rows.values_list("pk", flat=True)[:2]]
    if tuple(places) == ("token",):
        from payvand.ledger import links

        letters = Obligation.objects.filter(level="letter", state="sent").order_by("-pk")
        return [(links.create(key),) for key in letters.values_list("pk", flat=True)[:2]]
    if tuple(places) == ("draft_id", "step_id"):
        from payvand.window import compiled

        return [(d.pk, s.id) for d in Draft.objects.all()
                for s in compiled.service_of(d.version_id).steps]  # fmt: skip
    return itertools.product(*(_values(k, c) for k, c in places.items()))


def _values(place: str, converter: Any) -> list[Any]:
    """Return what may stand at a place: keys of models that fit, or names that the sample has."""
    from django.apps import apps

    kind = type(converter).__name__
    if kind in ("UUIDConverter", "IntConverter"):
        return list(itertools.chain.from_iterable(
            _keys(model, kind, place) for model in sorted(apps.get_models(), key=_order(place))
        ))[: CANDIDATES * 12]  # fmt: skip
    if place == "slug":
        from payvand.window.models import Service

        return list(Service.objects.values_list("pk", flat=True))
    if place in ("step_id", "step"):
        from payvand.window import compiled
        from payvand.window.models import ServiceVersion

        versions = ServiceVersion.objects.values_list("pk", flat=True)
        return list(dict.fromkeys(s.id for v in versions for s in compiled.service_of(v).steps))
    known = {"act": ["revoke", "suspend", "reinstate"], "province": ["IR-15"],
             "place": ["IR-15-1503", "IR-15"], "code": ["IR-15"], "area": ["IR-03"],
             "carrier": ["gas", "electricity"]}  # fmt: skip
    return known.get(place, [])


_ALIASES = {"case": "application", "inquiry": "obligation", "request": "obligation",
            "agency": "party", "fact": "calendarfact", "pair": "suspicion",
            "run": "importrun"}  # fmt: skip


def _order(place: str) -> Any:
    wanted = place.removesuffix("_id")
    wanted = _ALIASES.get(wanted, wanted).replace("_", "")
    return lambda model: (model._meta.model_name != wanted, model._meta.label)


def _keys(model: Any, kind: str, place: str) -> list[Any]:
    fits = {"UUIDConverter": ("UUIDField",),
            "IntConverter": ("AutoField", "BigAutoField", "IntegerField")}[kind]  # fmt: skip
    if model._meta.pk.get_internal_type() not in fits:
        return []
    rows = model._base_manager.order_by("-pk")
    first = _order(place)(model)[0] is False
    picked = list(rows.values_list("pk", flat=True)[: CANDIDATES * (6 if first else 1)])
    if first and model._meta.model_name == "obligation":  # of every kind and state one
        for pair in rows.values_list("kind", "state").distinct():
            picked += rows.filter(kind=pair[0], state=pair[1]).values_list("pk", flat=True)[:2]
    if first and model._meta.model_name == "party":
        for kind_of in rows.values_list("kind", flat=True).distinct():
            picked = [*rows.filter(kind=kind_of).values_list("pk", flat=True)[:2], *picked]
    if first and model._meta.model_name == "application":
        for state in rows.values_list("state", flat=True).distinct():
            picked += rows.filter(state=state).values_list("pk", flat=True)[:3]
    return picked


if __name__ == "__main__":
    main()

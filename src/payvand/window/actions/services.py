"""How does a pack become a service that people can apply for?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from payvand.audit import public as audit
from payvand.kernel import clock, text
from payvand.kernel.errors import Conflict, Invalid, gettext_noop
from payvand.kernel.ids import uuid7
from payvand.registry import public as registry
from payvand.registry.public import Actor
from payvand.window import access
from payvand.window.compiled import both
from payvand.window.models import Service, ServiceVersion
from payvand.window.rules import packs
from payvand.window.rules.pack_model import CompiledService


class BadPack(Invalid):
    """The pack has errors; `problems` lists them with file, line, what and how to mend."""

    code = "window.bad_pack"
    what = gettext_noop("The service definition has mistakes.")
    why = gettext_noop("{count} must be mended before it can be installed.")
    now = gettext_noop("Mend the lines named below and load it again.")


class VersionExists(Conflict):
    """A version never changes once it is installed."""

    code = "window.version_exists"
    what = gettext_noop("This version is installed already, with other content.")
    why = gettext_noop("Version {version} of {service} never changes once installed.")
    now = gettext_noop("Give the changed definition a new version number.")


def install_pack(*, by: Actor, text: str, filename: str, owner_slug: str = "",
                 effective_from: date | None = None) -> ServiceVersion:  # fmt: skip
    """Read, check and install a pack; raises BadPack with every problem found."""
    access.may_install(by).or_raise()
    result = packs.load(text, filename)
    if result.pack is None or result.errors:
        raise BadPack(count=len(result.errors), problems=result.problems)
    return publish(by=by, service=packs.compile(result.pack), owner_slug=owner_slug,
                   effective_from=effective_from)  # fmt: skip


@transaction.atomic
def publish(*, by: Actor, service: CompiledService, owner_slug: str = "",
            effective_from: date | None = None) -> ServiceVersion:  # fmt: skip
    """Install one immutable version; the same content twice is no change."""
    access.may_install(by).or_raise()
    now = clock.now()
    owner = registry.party_by_slug(owner_slug or service.owner).id
    row, _ = Service.objects.update_or_create(
        slug=service.id,
        defaults={
            "owner_id": owner, "title": both(service.title), "summary": both(service.summary),
            "category": service.category, "icon": service.icon,
            "search_key": _search_key(service),
        },
    )  # fmt: skip
    there = ServiceVersion.objects.filter(service=row, version=service.version).first()
    if there is not None:
        if there.digest != service.digest:
            raise VersionExists(service=service.id, version=service.version)
        return there
    registry.ensure_grounds([_ground(service, b) for b in service.legal_basis.values()], by=by)
    starts = effective_from or service.effective_from or clock.local_date(now)
    version = ServiceVersion.objects.create(
        service=row, version=service.version, body=service.to_json(), digest=service.digest,
        effective_from=starts, effective_to=service.effective_to, installed_at=now,
    )  # fmt: skip
    audit.append(
        [audit.Entry(uuid7(), "window.pack_installed", f"service:{service.id}",
                     {"version": service.version, "digest": service.digest})],
        by=by.name(), at=now,
    )  # fmt: skip
    return version


def _ground(service: CompiledService, basis: Any) -> dict[str, Any]:
    return {
        "code": f"{service.id}:{basis.id}", "kind": "sample" if basis.status == "sample" else "law",
        "title_fa": basis.title.fa, "title_en": basis.title.en,
        "ref": basis.ref.fa if basis.ref else "", "ref_en": basis.ref.en if basis.ref else "",
        "dated": basis.date.isoformat() if basis.date else "", "url": basis.url,
        "status": basis.status,
    }  # fmt: skip


def _search_key(service: CompiledService) -> str:
    words = [service.title.fa, service.title.en, service.summary.fa, service.summary.en]
    words += [i.title.fa for i in service.inquiries] + [i.title.en for i in service.inquiries]
    return " ".join(text.compact_key(w) for w in words)

"""Which office hears of a foreseen shortage, from which probability on, and which signs plans?

Set for each province and carrier: gas is the affair of the gas company's offices.

The office is told at once where the newest outlook lies above the new limit. Every setting stays on
record in a stream of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from payvand.audit import public as audit
from payvand.energy import access
from payvand.energy.actions import outlooks
from payvand.energy.actions.journal import record
from payvand.energy.models import Threshold
from payvand.energy.queries import balance as queries
from payvand.energy.rules.hours import ELECTRICITY
from payvand.kernel import clock
from payvand.kernel.errors import Invalid, gettext_noop
from payvand.registry import public as registry
from payvand.registry.public import Actor

LEAST, MOST = 0.01, 0.99


def stream_of(area: str, carrier: str = ELECTRICITY) -> UUID:
    """Return the stream in which the settings of a province and carrier are kept."""
    of = "" if carrier == ELECTRICITY else f":{carrier}"
    return uuid5(NAMESPACE_URL, f"payvand:energy:threshold:{area}{of}")


@dataclass(frozen=True, slots=True)
class Limit:
    """Who is warned from which probability on, who signs, and the order behind it.

    ground None leaves the one on record.
    """

    office: int
    signer: int
    probability: float = 0.5
    ground: int | None = None


@transaction.atomic
def set_threshold(area: str, limit: Limit, *, by: Actor, carrier: str = ELECTRICITY) -> None:
    """Say which office is warned in a province, from which probability on, and which signs.

    Raises Refused, Invalid.
    """
    access.may_set_threshold(by, area).or_raise()
    wrong = {}
    if not LEAST <= limit.probability <= MOST:
        wrong["percent"] = gettext_noop("Enter a percentage from 1 to 99.")
    operator = access.operator_of(area, carrier)
    if operator is not None and limit.signer in {
        card.id for card in registry.office_cards(agency=operator)
    }:
        wrong["signer"] = gettext_noop("The operator does not sign its own plans.")
    if wrong:
        raise Invalid(wrong)
    told = {"office_id": limit.office, "signer_id": limit.signer, "probability": limit.probability}
    if limit.ground is not None:
        told["ground_id"] = limit.ground
    Threshold.objects.update_or_create(area_id=area, carrier=carrier, defaults=told)
    record(by, "threshold_set", stream_of(area, carrier), f"area:{area}", office=limit.office,
           signer=limit.signer, probability=limit.probability)  # fmt: skip
    newest = queries.outlook_of(area, carrier)
    is_ahead = newest is not None and outlooks.day_of(newest) >= clock.local_date(clock.now())
    if newest is not None and newest.warning is None and is_ahead and operator is not None:
        outlooks.warn(newest)


def order_of(area: str, text: str, *, by: Actor) -> int:
    """Record the order or law that warnings and signatures rest on; the same text once only."""
    access.may_set_threshold(by, area).or_raise()
    code = f"energy:{area}:{sha256(text.encode()).hexdigest()[:12]}"
    ground = {"code": code, "kind": "order", "title_fa": text[:300], "title_en": text[:300],
              "status": "in_force"}  # fmt: skip
    return registry.ensure_grounds([ground], by=registry.system("energy"))[code]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it was made."""

    at: datetime
    percent: float
    office: dict[str, str]
    signer: dict[str, str]


def settings_of(area: str, carrier: str = ELECTRICITY, size: int = 10) -> list[Setting]:
    """Return how the threshold was set, the newest first. Two queries."""
    happened = audit.history(stream_of(area, carrier))[-size:]
    names = registry.office_names({e.facts[k] for e in happened for k in ("office", "signer")})
    return [
        Setting(e.at, 100 * e.facts["probability"], names.get(e.facts["office"], {}),
                names.get(e.facts["signer"], {}))
        for e in reversed(happened)
    ]  # fmt: skip

"""What may a profile and its entries say, and which refusals does the databank know?"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from payvand.kernel.errors import Conflict, NotFound, gettext_noop
from payvand.kernel.text import clean

KINDS = ("company", "knowledge_based", "guild", "freelancer", "expert")
PERSONAL = ("freelancer", "expert")  # profiles of natural persons
SIZES = ("1", "2-9", "10-49", "50-249", "250+")
LANGUAGES = ("fa", "en", "az", "lur", "ku", "ar", "tr", "ru", "zh", "de")
EVIDENCE = ("contract", "delivery", "licence", "offer", "product")
POSITIONS = ("founder", "board", "employee", "expert")
GROUPS = ("cluster", "consortium", "association", "fair")
DECLARED, VERIFIED = "declared", "verified"
LONGEST_TEXT = 2000

_MARKUP = re.compile(
    r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL | re.IGNORECASE
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What somebody says of themselves."""

    kind: str
    field: str = ""
    about_fa: str = ""
    about_en: str = ""
    from_home: bool = False
    languages: tuple[str, ...] = ()
    exports: bool | None = None
    exports_shown: bool = False
    size_band: str = ""
    website: str = ""
    is_shown: bool = True
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CapabilityDraft:
    """Something a party can do."""

    title_fa: str
    title_en: str = ""
    text_fa: str = ""
    text_en: str = ""
    readiness: int | None = None  # 1 to 9
    capacity: Decimal | None = None  # a month
    capacity_unit: str = ""
    domestic_percent: int | None = None
    domestic_basis: str = ""
    codes: str = ""


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """Something a party makes."""

    title_fa: str
    title_en: str = ""
    text_fa: str = ""
    text_en: str = ""
    domestic_percent: int | None = None
    domestic_basis: str = ""
    codes: str = ""


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """A certificate and the days between which it holds."""

    title: str
    number: str = ""
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class EvidenceDraft:
    """A short text that shows what a party has done."""

    kind: str
    text_fa: str = ""
    text_en: str = ""
    client: str = ""
    client_shown: bool = False
    dated: date | None = None
    codes: str = ""


@dataclass(frozen=True, slots=True)
class PositionDraft:
    """Somebody works in a firm or advises it."""

    person: UUID
    kind: str
    title_fa: str = ""
    title_en: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


Entry = CapabilityDraft | ProductDraft | CertificateDraft | EvidenceDraft


@dataclass(frozen=True, slots=True)
class Wrong:
    """Collects what is wrong, by field."""

    fields: dict[str, str] = field(default_factory=dict)

    def unless(self, fits: bool, name: str, message: str) -> None:
        """Note the message for the field unless it fits; the first one stays."""
        if not fits:
            self.fields.setdefault(name, message)


def plain(text: str, *, most: int = LONGEST_TEXT) -> str:
    r"""Return typed text as it is stored: markup and control characters taken out, cut to length.

    >>> plain("<b>دقت</b> &lt; 0.1 <script>alert(1)</script>\x07mm")
    'دقت < 0.1 mm'
    """
    if not text:
        return ""
    if "<" in text or "&" in text:
        # Entities are unfolded once, then markup that they hid is taken out too.
        text = _MARKUP.sub("", html.unescape(_MARKUP.sub("", text)))
    return clean(_CONTROL.sub("", text))[:most]


def has_markup(text: str) -> bool:
    """Does a text hold HTML tags, shown or hidden in entities?"""
    return bool(_MARKUP.search(text) or _MARKUP.search(html.unescape(text)))


def check_profile(draft: ProfileDraft, *, fields: frozenset[str]) -> dict[str, str]:
    """Return what is wrong with a profile, by field."""
    wrong = Wrong()
    wrong.unless(draft.kind in KINDS, "kind", gettext_noop("Choose a kind from the list."))
    wrong.unless(
        not draft.field or draft.field in fields,
        "field", gettext_noop("Choose a field of work from the list."),
    )  # fmt: skip
    wrong.unless(
        not draft.size_band or draft.size_band in SIZES,
        "size_band", gettext_noop("Choose one of the sizes."),
    )  # fmt: skip
    wrong.unless(
        all(language in LANGUAGES for language in draft.languages),
        "languages", gettext_noop("Choose languages from the list."),
    )  # fmt: skip
    wrong.unless(
        not draft.website or re.fullmatch(r"https?://[^\s<>\"']{3,190}", draft.website) is not None,
        "website", gettext_noop("A web address begins with http:// or https://."),
    )  # fmt: skip
    return wrong.fields


def check_entry(draft: Entry) -> dict[str, str]:
    """Return what is wrong with a capability, product, certificate or evidence item, by field."""
    wrong = Wrong()
    if isinstance(draft, EvidenceDraft):
        wrong.unless(draft.kind in EVIDENCE, "kind", gettext_noop("Choose a kind from the list."))
        wrong.unless(
            bool(draft.text_fa or draft.text_en),
            "text_fa", gettext_noop("Say in a sentence or two what was done."),
        )  # fmt: skip
        return wrong.fields
    if isinstance(draft, CertificateDraft):
        wrong.unless(bool(draft.title), "title", gettext_noop("The name is needed."))
        ordered = not (draft.valid_from and draft.valid_to) or draft.valid_from <= draft.valid_to
        wrong.unless(ordered, "valid_to", gettext_noop("The last day lies before the first."))
        return wrong.fields
    wrong.unless(
        bool(draft.title_fa or draft.title_en), "title_fa", gettext_noop("The name is needed.")
    )
    share = draft.domestic_percent
    wrong.unless(
        share is None or 0 <= share <= 100,
        "domestic_percent", gettext_noop("A share lies between 0 and 100 percent."),
    )  # fmt: skip
    wrong.unless(
        share is None or bool(draft.domestic_basis),
        "domestic_basis", gettext_noop("Say how the domestic share was counted."),
    )  # fmt: skip
    if isinstance(draft, CapabilityDraft):
        wrong.unless(
            draft.readiness is None or 1 <= draft.readiness <= 9,
            "readiness", gettext_noop("The readiness level is a number from 1 to 9."),
        )  # fmt: skip
        wrong.unless(
            draft.capacity is None or (draft.capacity >= 0 and bool(draft.capacity_unit)),
            "capacity_unit", gettext_noop("Name the unit of the monthly capacity."),
        )  # fmt: skip
    return wrong.fields


class ClaimOfAnother(Conflict):
    """The national id belongs to another person; only that person may claim the profile."""

    code = "registry.claim_of_another"
    what = gettext_noop("This is the profile of another person.")
    why = gettext_noop("A personal profile is kept by that person alone.")
    now = gettext_noop(
        "Check the national id. If it is yours and your account shows another one, ask the "
        "registrar of your province to correct the account."
    )


class ClaimOpen(Conflict):
    """The same claim waits for a decision already."""

    code = "registry.claim_open"
    what = gettext_noop("Your claim on this profile waits for a decision already.")
    now = gettext_noop("The registrar decides; you find the result under “My profiles”.")


class ClaimDecided(Conflict):
    """Somebody has decided on the claim in the meantime."""

    code = "registry.claim_decided"
    what = gettext_noop("This claim has been decided already.")
    now = gettext_noop("Reload the work list.")


class KeptAlready(Conflict):
    """The claimant keeps this profile already."""

    code = "registry.kept_already"
    what = gettext_noop("You keep this profile already.")
    now = gettext_noop("Open it under “My profiles”.")


class CannotMerge(Conflict):
    """The two entries cannot be one; ``reason`` says why."""

    code = "registry.cannot_merge"
    what = gettext_noop("These two entries cannot be merged.")
    why = "{reason}"
    now = gettext_noop("Mark them as different, or correct the wrong entry first.")


class MergeUndone(Conflict):
    """The merge was undone already."""

    code = "registry.merge_undone"
    what = gettext_noop("This merge was undone already.")
    now = gettext_noop("Reload the work list.")


class NoProfile(NotFound):
    """The party has no profile, or none that this reader may see."""

    code = "registry.no_profile"
    what = gettext_noop("There is no such profile in the databank.")
    why = gettext_noop("It does not exist, was erased, or its owner does not show it.")
    now = gettext_noop("Search in the databank.")


class StillNeeded(Conflict):
    """The personal data are still needed; ``reason`` says for what."""

    code = "registry.still_needed"
    what = gettext_noop("Your identity cannot be erased yet.")
    why = "{reason}"
    now = gettext_noop("The databank profile can be erased now; the rest when this has ended.")


class BadStep(Conflict):
    """The group cannot go to this state."""

    code = "registry.bad_step"
    what = gettext_noop("The group cannot go to this state.")
    now = gettext_noop("Choose another state from the list.")

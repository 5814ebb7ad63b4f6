"""Who is who, where, in which office, and under which calendar — dated and sourced."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q, QuerySet

from payvand.kernel.ids import uuid7
from payvand.ui.language import pick


class Place(models.Model):
    """A country, province or county; keys are ISO 3166-2 with our county suffix."""

    code = models.CharField(max_length=16, primary_key=True)  # IR, IR-15, IR-15-1503
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=10)  # country | province | county
    name_fa = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    sort_key = models.CharField(max_length=160, default="")
    predecessor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    # the place it was split from; null = as old as the list
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200, default="")


class Party(models.Model):
    """A person, a company or an agency."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10)  # person | company | agency
    slug = models.SlugField(max_length=80, null=True, unique=True)  # noqa: DJ001 - agencies only
    national_id = models.CharField(max_length=16, default="")  # 10 or 11 digits, checked
    name_fa = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, default="")
    sort_key = models.CharField(max_length=320, default="")
    search_key = models.CharField(max_length=640, default="")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    org_class = models.CharField(max_length=20, default="")  # bank, emergency…: closures exempt it
    email = models.EmailField(default="")
    mobile = models.CharField(max_length=16, default="")
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "national_id"], condition=~Q(national_id=""), name="party_once"
            )
        ]
        indexes = [models.Index(fields=["sort_key", "id"], name="party_order")]  # lists by pages


class DebtorRole(models.Model):
    """Which agency answers for a role (tax, standards…) at a place; the nearest place wins."""

    role = models.CharField(max_length=40)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="debtor_roles")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["role", "place"], name="debtor_role")]


class Connection(models.Model):
    """At which of the three levels is an organisation connected, since when?"""

    agency = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="connections")
    level = models.CharField(max_length=8)  # inbox | letter | rest
    address = models.CharField(max_length=300, default="")  # e-mail, drop folder or base address
    secret_name = models.CharField(max_length=80, default="")  # name of the setting, never a secret
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)


class Office(models.Model):
    """A post in the state: agency head, governor, first vice-president. Never a person."""

    role = models.CharField(max_length=40)  # agency-head, governor, first-vice-president…
    agency = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="offices")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    title_fa = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160)
    falls_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["role", "place"], name="office_role")]


class Accounts(UserManager["User"]):
    """Accounts together with the person behind each: every page greets somebody by name."""

    def get_queryset(self) -> QuerySet[User]:
        """Return the accounts with their parties, in one query."""
        return super().get_queryset().select_related("party")


class User(AbstractUser):
    """An account; what it may do follows from seats, offices and mandates, not from groups."""

    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="users")
    language = models.CharField(max_length=2, default="fa")
    must_change_password = models.BooleanField(default=False)  # somebody else has set it

    objects: ClassVar[Accounts] = Accounts()

    def get_full_name(self) -> str:
        """Return the name of the person in the reader's language; empty when nobody told it."""
        if self.party is not None:
            return pick({"fa": self.party.name_fa, "en": self.party.name_en or self.party.name_fa})
        return str(super().get_full_name())


class Holding(models.Model):
    """Who holds an office from when to when: the holder, or a deputy in order."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings")
    deputy_order = models.SmallIntegerField(default=0)  # 0 = the holder, 1 = first deputy…
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    decree = models.CharField(max_length=200, default="")


class Membership(models.Model):
    """A seat in an organisation."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    org = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12)  # clerk signatory secretariat decider head admin
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class Mandate(models.Model):
    """Somebody may act for another party, on recorded evidence."""

    principal = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="mandates_given")
    agent = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="mandates")
    services = models.CharField(max_length=300, default="*")  # slugs, comma separated, or *
    evidence = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class Ground(models.Model):
    """Why is an answer owed: a law, by-law, contract or order, with its date and address."""

    code = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10)  # law | bylaw | contract | order | sample
    title_fa = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    ref = models.CharField(max_length=300, default="")  # the article, in Persian
    ref_en = models.CharField(max_length=300, default="")
    dated = models.CharField(max_length=20, default="")  # Jalali or ISO, as the source gives it
    url = models.CharField(max_length=300, default="")
    status = models.CharField(max_length=10)  # in_force | sample | to_review


class Site(models.Model):
    """A place of work or a plot."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="sites")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    zone = models.CharField(max_length=40, default="")  # industrial-estate, city…
    address = models.CharField(max_length=300, default="")


class SiteTier(models.Model):
    """How critical a site is; set by the responsible authority, never by an applicant."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="tiers")
    tier = models.CharField(max_length=10)  # vital | sensitive | important | ordinary
    authority = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class CalendarFact(models.Model):
    """One dated rule of the working calendar; kept for ever, superseded by known_to."""

    scope = models.CharField(max_length=60)  # IR, IR-15, IR-15-1503 or org:<uuid>
    starts = models.DateField()
    ends = models.DateField(null=True)
    weekdays = models.CharField(max_length=20, default="")  # "4" or "3,4"; empty = every day
    kind = models.CharField(max_length=8)  # weekend holiday closure hours open remote
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    status = models.CharField(max_length=10)  # official announced estimated corrected sample
    title_fa = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160)
    source = models.CharField(max_length=300)
    exempt = models.CharField(max_length=200, default="")  # classes, comma separated
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["scope", "starts"], name="calendar_scope")]


class Revision(models.Model):
    """The state of one topic, as a random token; caches of every process compare it."""

    topic = models.CharField(max_length=20, primary_key=True)  # calendar, parties, places…
    token = models.CharField(max_length=16)


# What is known beside identity: who can do what, and the desk that keeps it true. At the end,
# because these models name those above.
from payvand.registry.models.databank import (  # noqa: E402
    Capability,
    Certificate,
    Evidence,
    Position,
    Presence,
    Product,
    Profile,
)
from payvand.registry.models.desk import (  # noqa: E402
    Alias,
    Claim,
    ImportRun,
    Keeper,
    Merge,
    Suspicion,
)
from payvand.registry.models.groups import (  # noqa: E402
    Group,
    GroupMember,
    GroupState,
    GroupStep,
)

__all__ = [
    "Alias",
    "CalendarFact",
    "Capability",
    "Certificate",
    "Claim",
    "Connection",
    "DebtorRole",
    "Evidence",
    "Ground",
    "Group",
    "GroupMember",
    "GroupState",
    "GroupStep",
    "Holding",
    "ImportRun",
    "Keeper",
    "Mandate",
    "Membership",
    "Merge",
    "Office",
    "Party",
    "Place",
    "Position",
    "Presence",
    "Product",
    "Profile",
    "Revision",
    "Site",
    "SiteTier",
    "Suspicion",
    "User",
]

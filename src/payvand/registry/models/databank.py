"""Who can do what? Profiles, capabilities, products, evidence: declared or verified, and ageing.

Nothing here joins a firm with a site or its tier. Every row says whether it is declared or verified
and by whom; `changed_at` is stamped by the actions, so that an index can ask what is new.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Fact(models.Model):
    """What every entry says of itself: declared or verified, by whom, from where, since when."""

    standing = models.CharField(max_length=8, default="declared")  # declared | verified
    verified_by = models.ForeignKey(
        "registry.Party", null=True, on_delete=models.PROTECT, related_name="+"
    )
    verified_role = models.CharField(max_length=10, default="")  # registrar | guild
    verified_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=120, default="")  # claim, import:12, sample…
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True


class Profile(Fact):
    """What a firm, guild, freelancer or expert says of themselves in the databank."""

    party = models.OneToOneField(
        "registry.Party", primary_key=True, on_delete=models.PROTECT, related_name="profile"
    )
    kind = models.CharField(max_length=16)  # company knowledge_based guild freelancer expert
    field = models.CharField(max_length=24, default="")  # main field: data/databank.yaml
    about_fa = models.TextField(default="")
    about_en = models.TextField(default="")
    from_home = models.BooleanField(default=False)  # works without an office
    languages = models.CharField(max_length=60, default="")  # fa,en,az
    exports = models.BooleanField(null=True)  # null = not said
    exports_shown = models.BooleanField(default=False)  # opt-in
    size_band = models.CharField(max_length=8, default="")  # 1 2-9 10-49 50-249 250+
    website = models.CharField(max_length=200, default="")
    is_shown = models.BooleanField(default=False)  # persons: only with their consent
    consent_at = models.DateTimeField(null=True)
    is_listed = models.BooleanField(default=False)  # cache: shown, not merged, written by actions
    confirmed_at = models.DateTimeField(null=True)
    confirm_due = models.DateField(null=True)
    asked_for = models.DateField(null=True)  # the due day for which the owner was asked to confirm
    asked_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["field", "kind"], name="profile_listed", condition=Q(is_listed=True)
            ),
            models.Index(
                fields=["confirm_due"], name="profile_due", condition=Q(confirm_due__isnull=False)
            ),
            models.Index(fields=["changed_at"], name="profile_changed"),
        ]


class Presence(models.Model):
    """A place at which a party works, down to the county; whoever works from home needs none."""

    party = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="presences")
    place = models.ForeignKey("registry.Place", on_delete=models.PROTECT, related_name="+")
    province = models.CharField(max_length=16, default="")  # the province around the place

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "place"], name="presence_once")]
        indexes = [models.Index(fields=["province", "party"], name="presence_province")]


class Position(Fact):
    """Somebody works in a firm, or advises it; public only with that person's consent."""

    person = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="positions")
    org = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="people")
    kind = models.CharField(max_length=10)  # founder board employee expert
    title_fa = models.CharField(max_length=120, default="")
    title_en = models.CharField(max_length=120, default="")
    is_shown = models.BooleanField(default=False)  # the person's own choice
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)


class Capability(Fact):
    """Something a party can do, how ripe it is, how much of it a month."""

    party = models.ForeignKey(
        "registry.Party", on_delete=models.PROTECT, related_name="capabilities"
    )
    title_fa = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, default="")
    text_fa = models.TextField(default="")
    text_en = models.TextField(default="")
    readiness = models.SmallIntegerField(null=True)  # technology readiness level, 1 to 9
    capacity = models.DecimalField(max_digits=16, decimal_places=3, null=True)  # a month
    capacity_unit = models.CharField(max_length=40, default="")
    domestic_percent = models.SmallIntegerField(null=True)  # 0 to 100
    domestic_basis = models.CharField(max_length=200, default="")  # how that share was counted
    codes = models.CharField(max_length=200, default="")  # isic:2930 hs:8708 cpv:34300000

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(readiness=None) | Q(readiness__range=(1, 9)), name="readiness_1_to_9"
            ),
            models.CheckConstraint(
                condition=Q(domestic_percent=None)
                | (Q(domestic_percent__range=(0, 100)) & ~Q(domestic_basis="")),
                name="share_with_basis",
            ),
        ]


class Certificate(Fact):
    """A certificate of a party, with the dates between which it holds."""

    party = models.ForeignKey(
        "registry.Party", on_delete=models.PROTECT, related_name="certificates"
    )
    capability = models.ForeignKey(
        Capability, null=True, on_delete=models.SET_NULL, related_name="certificates"
    )
    title = models.CharField(max_length=160)
    number = models.CharField(max_length=60, default="")
    issuer = models.CharField(max_length=160, default="")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)


class Product(Fact):
    """Something a party makes."""

    party = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="products")
    title_fa = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, default="")
    text_fa = models.TextField(default="")
    text_en = models.TextField(default="")
    domestic_percent = models.SmallIntegerField(null=True)
    domestic_basis = models.CharField(max_length=200, default="")
    codes = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(domestic_percent=None)
                | (Q(domestic_percent__range=(0, 100)) & ~Q(domestic_basis="")),
                name="product_share_with_basis",
            )
        ]


class Evidence(Fact):
    """A short text that shows what a party has done: a contract, delivery, licence or offer."""

    party = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10)  # contract delivery licence offer product
    text_fa = models.TextField(default="")
    text_en = models.TextField(default="")
    client = models.CharField(max_length=160, default="")
    client_shown = models.BooleanField(default=False)  # opt-in; never in open data
    dated = models.DateField(null=True)
    codes = models.CharField(max_length=200, default="")
    key = models.CharField(max_length=40, default="")  # digest of what an import gave: once only

    class Meta:
        indexes = [models.Index(fields=["changed_at", "id"], name="evidence_changed")]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "key"], condition=~Q(key=""), name="evidence_once"
            )
        ]

"""Which services exist, who applied for them, and what was granted?"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from payvand.kernel.ids import uuid7


class Service(models.Model):
    """A service, by the id of its pack."""

    slug = models.CharField(max_length=60, primary_key=True)
    owner = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="+")
    title = models.JSONField()
    summary = models.JSONField(default=dict)
    category = models.CharField(max_length=20, default="")
    icon = models.CharField(max_length=40, default="")
    licences_issued = models.IntegerField(default=0)  # the last number given to a licence
    search_key = models.TextField(default="")


class ServiceVersion(models.Model):
    """One immutable version of a pack; each application keeps the version it began with."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=20)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    installed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "version"], name="service_version_once")
        ]


class Draft(models.Model):
    """What somebody has typed so far; saved at each step, theirs alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    applicant = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    steps_done = models.JSONField(default=list)
    updated_at = models.DateTimeField()


class Application(models.Model):
    """One application; its id is the stream of the log and the case of every obligation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=12, unique=True)
    # indexed by the lists that read them, in Meta, and not once more each
    version = models.ForeignKey(
        ServiceVersion, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, db_index=False, related_name="+")
    applicant = models.ForeignKey(
        "registry.Party", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    place = models.ForeignKey(
        "registry.Place", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    submitted_by = models.CharField(max_length=80)
    assisted = models.BooleanField(default=False)  # filed at a counter, under a recorded mandate
    data = models.JSONField()
    plan = models.JSONField()  # active inquiries, branches, skipped with their traces
    state = models.CharField(max_length=12, default="in_review")
    # in_review awaiting deciding granted refused withdrawn deemed
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, default="")
    sequential = models.BooleanField(default=False)  # sample history asked one after another

    class Meta:
        indexes = [
            models.Index(fields=["applicant", "-id"], name="application_mine"),
            models.Index(fields=["service", "-id"], name="application_service"),
            models.Index(fields=["place"], name="application_place"),
        ]


class Attachment(models.Model):
    """A file that belongs to a draft, then to an application; checked when it came in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(Draft, null=True, on_delete=models.SET_NULL, related_name="files")
    application = models.ForeignKey(
        Application, null=True, on_delete=models.PROTECT, related_name="files"
    )
    field = models.CharField(max_length=80)
    name = models.CharField(max_length=160)
    stored = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()


class Fee(models.Model):
    """A sum that the service asks for, and the receipt of its payment."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="fees")
    key = models.CharField(max_length=60)
    title = models.JSONField()
    amount_rial = models.BigIntegerField()
    receipt = models.CharField(max_length=60, default="")
    paid_at = models.DateTimeField(null=True)


class Licence(models.Model):
    """What was granted: number, validity, status; anyone may verify it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=60, unique=True)
    check_code = models.CharField(max_length=12, unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="licences")
    holder = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    public = models.JSONField(default=dict)
    by_silence = models.BooleanField(default=False)
    liability = models.JSONField(default=list)  # remarks that stay on the licence
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    state = models.CharField(max_length=10, default="valid")  # valid suspended revoked
    state_reason = models.CharField(max_length=300, default="")
    renews = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")


class HandOver(models.Model):
    """The record handed to a national issuer where the law says that it issues."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=80)
    ref = models.CharField(max_length=200)
    body = models.JSONField()
    at = models.DateTimeField()
    receipt = models.CharField(max_length=120, default="")

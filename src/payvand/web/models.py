"""Which programs may call us, and what was answered to a request that may come again?"""

from __future__ import annotations

from django.db import models


class ApiToken(models.Model):
    """A secret by which a system of an organisation signs in; only its SHA-256 is kept."""

    org = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)  # which system holds it
    role = models.CharField(max_length=12)  # seat of the token in the organisation: clerk…
    place = models.CharField(max_length=16, default="")  # limits the seat to a place; empty = all
    reads_only = models.BooleanField(default=False)  # it may look, and change nothing
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)  # to the minute


class IdempotentRequest(models.Model):
    """A POST that was begun, and once it has ended, its answer."""

    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=100)
    request_hash = models.CharField(max_length=64)
    claim = models.UUIDField()  # which try is at work
    begun_at = models.DateTimeField()
    status = models.SmallIntegerField(null=True)  # null = at work
    content_type = models.CharField(max_length=80, default="")
    location = models.CharField(max_length=500, default="")
    body = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="key_once_per_actor")]
        indexes = [models.Index(fields=["begun_at"], name="idempotent_age")]

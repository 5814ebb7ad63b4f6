"""What happened, in which order, and can nobody have changed it since?"""

from __future__ import annotations

from django.db import models


class Chain(models.Model):
    """The head of one stream of events: a case, or one of the few streams outside cases."""

    stream = models.UUIDField(primary_key=True)
    seq = models.IntegerField(default=0)  # number of the last event; 0 = none yet
    head = models.CharField(max_length=64, default="")  # its SHA-256, hex


class Event(models.Model):
    """One thing that happened; never changed, never deleted."""

    id = models.BigAutoField(primary_key=True)
    stream = models.UUIDField()
    seq = models.IntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)  # "user:12@org", "system:sweeper", "link:…"
    verb = models.CharField(max_length=60)  # "ledger.answered"
    subject = models.CharField(max_length=80)  # "obligation:<uuid>"
    facts = models.TextField()  # canonical JSON, as hashed
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="event_once")]
        indexes = [models.Index(fields=["at"], name="event_at")]


class DailyRoot(models.Model):
    """The signed Merkle root over (stream, head, count) of all streams at the end of a day."""

    day = models.DateField(primary_key=True)
    root = models.CharField(max_length=64)
    streams = models.IntegerField()
    events = models.BigIntegerField()
    leaves = models.TextField()  # JSON [[stream, seq, head], …] of the streams that moved that day
    previous = models.CharField(max_length=64)
    signature = models.TextField()  # Ed25519 over the canonical JSON of the above, base64
    key_id = models.CharField(max_length=32)
    signed_at = models.DateTimeField()

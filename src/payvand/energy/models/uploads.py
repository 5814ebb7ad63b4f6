"""Which files wait for the worker, and how far has it come with each?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from payvand.energy.models.fields import carrier, place
from payvand.kernel.ids import uuid7

WAITING, READING, DONE, REFUSED = "waiting", "reading", "done", "refused"
OPEN = (WAITING, READING)
ROWS, DAYS = "rows", "days"  # what is counted: rows that are read, then days that are summed


class Upload(models.Model):
    """A file that was handed over to be read by the worker; it lies in the store until it is read.

    done of whole: rows, then days; whole is 0 where only the end will tell. held_until: no other
    worker takes it up before. tries: how often it was begun, which also names who holds it.
    report: what became of the rows. problem: why none of it could be read.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    carrier = carrier()
    area = place()
    kind = models.CharField(max_length=12)  # supply | readings | register | consumers
    name = models.CharField(max_length=80)
    suffix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()  # bytes
    by_user = models.BigIntegerField(null=True)  # the account in whose name it is read
    at = models.DateTimeField()
    state = models.CharField(max_length=8, default=WAITING)
    stage = models.CharField(max_length=4, default=ROWS)
    done = models.BigIntegerField(default=0)
    whole = models.BigIntegerField(default=0)
    tries = models.SmallIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "carrier", "kind", "digest"], condition=Q(state__in=OPEN),
                name="one_open_upload_a_file",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["at"], condition=Q(state__in=OPEN), name="uploads_open"),
            models.Index(fields=["area", "-at"], name="uploads_of_area"),
        ]

"""What has been counted, day by day? Read models only: all of it can be made again."""

from __future__ import annotations

from django.db import models


class Clocked(models.Model):
    """One obligation as it counts: narrow, so that a day is recounted without the ledger."""

    obligation = models.UUIDField(primary_key=True)
    case_id = models.UUIDField()
    agency = models.ForeignKey(
        "registry.Party", on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    place = models.CharField(max_length=16, default="")  # province code; empty = national
    service = models.CharField(max_length=60, default="")
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=10)
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # answered, deemed or cancelled
    sent_day = models.DateField()
    due_day = models.DateField(null=True)
    closed_day = models.DateField(null=True)
    on_time = models.BooleanField(default=False)
    seconds = models.BigIntegerField(null=True)  # from question to answer
    time_class = models.SmallIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["sent_day"], name="clocked_sent"),
            models.Index(fields=["due_day"], name="clocked_due"),
            models.Index(fields=["closed_day"], name="clocked_closed"),
            models.Index(fields=["agency", "due_at", "obligation"], name="clocked_agency"),
        ]


class DailyTally(models.Model):
    """The counts of one day, agency, province, service and kind.

    The stock of open late ones at the end of a day is the sum, over all days until then, of
    due − on_time − late_closed; so a quiet day needs no row.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()  # legal day in Tehran
    agency = models.ForeignKey(
        "registry.Party", on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    place = models.CharField(max_length=16, default="")
    service = models.CharField(max_length=60, default="")
    kind = models.CharField(max_length=16)
    received = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    due = models.IntegerField(default=0)  # fell due on the day
    on_time = models.IntegerField(default=0)  # of those
    deemed = models.IntegerField(default=0)  # of those: settled by silence, counted as late
    late_closed = models.IntegerField(default=0)  # overdue ones answered or closed on the day
    seconds = models.BigIntegerField(default=0)  # of the answered: from question to answer, in all
    c0 = models.IntegerField(default=0)  # answered, by class of answer time: measures.EDGES_DAYS
    c1 = models.IntegerField(default=0)
    c2 = models.IntegerField(default=0)
    c3 = models.IntegerField(default=0)
    c4 = models.IntegerField(default=0)
    c5 = models.IntegerField(default=0)
    c6 = models.IntegerField(default=0)
    c7 = models.IntegerField(default=0)
    c8 = models.IntegerField(default=0)
    c9 = models.IntegerField(default=0)
    c10 = models.IntegerField(default=0)
    c11 = models.IntegerField(default=0)
    c12 = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "agency", "place", "service", "kind"], name="tally_once"
            )
        ]
        indexes = [models.Index(fields=["agency", "day"], name="tally_agency")]


class Progress(models.Model):
    """How far the log has been counted; one row."""

    name = models.CharField(max_length=20, primary_key=True)
    event = models.BigIntegerField(default=0)  # the last event seen
    before = models.BigIntegerField(default=0)  # the last one seen a round earlier: read again
    at = models.DateTimeField(null=True)  # until when due times have been looked at
    version = models.CharField(max_length=8, default="")  # of the definitions
    waiting = models.JSONField(default=list)  # days still to be counted anew, if a round was cut

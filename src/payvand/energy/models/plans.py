"""What was planned, asked, kept and borne, and what was let out of it?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from payvand.energy.models.fields import carrier, place
from payvand.energy.models.used import Asset, Feeder
from payvand.kernel.ids import uuid7

STATES = ("draft", "proposed", "approved", "refused", "published", "settled", "superseded")
LEVERS = ("shed", "shift_out", "shift_back")


class Plan(models.Model):
    """Who gives what from one day until another; its id is its stream in the log.

    The days lie together where something is asked or taken back. A plan that begins later ends it
    on the eve: what was agreed for the days before stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    carrier = carrier()
    area = place()
    day = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=12, default="draft")
    code = models.CharField(max_length=12, default="")
    supersedes = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="successors"
    )
    inputs = models.CharField(max_length=64)  # hash of everything that was read
    result = models.JSONField()
    alternatives = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    decision = models.UUIDField(null=True)  # the obligation to decide
    order = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    kept = models.FloatField(null=True)  # delivered / asked of those who agreed
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "area", "day"], condition=Q(state="published"),
                name="one_plan_in_force",
            )
        ]  # fmt: skip
        indexes = [models.Index("area", models.F("day").desc(), name="plans_of_area")]


class PlanLine(models.Model):
    """One group, lever and period of a plan, with the code of the rule that decided.

    hour: place of the period, counted from the plan's first one.
    """

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lines")
    group = models.CharField(max_length=40)  # sector/tier
    lever = models.CharField(max_length=12)
    hour = models.SmallIntegerField()
    mw = models.FloatField()
    why = models.CharField(max_length=16)

    class Meta:
        indexes = [models.Index(fields=["plan", "group", "hour"], name="lines_of_plan")]


class FeederCut(models.Model):
    """A feeder that is off in a block of two hours by the rota of a plan; never shown singly."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="cuts")
    feeder = models.ForeignKey(Feeder, on_delete=models.PROTECT, related_name="+")
    hour = models.SmallIntegerField()
    mw = models.FloatField()


class Request(models.Model):
    """What one consumer is asked for; the obligation carries its term. No answer is no consent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="requests")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="requests")
    obligation = models.UUIDField(null=True, unique=True)
    out_mw = models.JSONField()  # a number for each period: to be given
    back_mw = models.JSONField()  # the same: taken later instead
    answer = models.CharField(max_length=10, default="")  # accepted | declined; empty: none
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # replaced by a newer plan

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "asset"], name="asked_once_a_plan")]


class Settlement(models.Model):
    """What came of a request: asked, expected use, metered use, delivered, credited."""

    request = models.OneToOneField(Request, on_delete=models.PROTECT, primary_key=True)
    asked_mwh = models.FloatField()
    delivered_mwh = models.FloatField(null=True)  # null: no baseline, settled by agreement
    baseline = models.JSONField(default=list)
    metered = models.JSONField(default=list)
    credit_rial = models.BigIntegerField(default=0)
    at = models.DateTimeField()


class BurdenEntry(models.Model):
    """So much was cut or moved, by a group or a consumer; entries are added, never changed."""

    id = models.BigAutoField(primary_key=True)
    carrier = carrier()
    area = place()
    day = models.DateField()
    group = models.CharField(max_length=40)
    asset = models.ForeignKey(Asset, null=True, on_delete=models.PROTECT, related_name="+")
    lever = models.CharField(max_length=12)
    mwh = models.FloatField()
    usual_mwh = models.FloatField()  # of a day, to compare large and small
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="burdens")

    class Meta:
        indexes = [models.Index(fields=["area", "day"], name="burden_of_area")]


class Release(models.Model):
    """One table that was put before the gate of privacy, with the groups it was made of."""

    id = models.BigAutoField(primary_key=True)
    scope = models.CharField(max_length=40)  # releases of one scope are judged together
    carrier = carrier()
    area = place()
    day = models.DateField()
    groups = models.JSONField()  # atom: [consumers, Wh, largest Wh]
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["scope", "at"], name="releases_of_scope")]


class Published(models.Model):
    """One cell of a release: its sum, a range, or the reason why neither is told."""

    id = models.BigAutoField(primary_key=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="cells")
    name = models.CharField(max_length=80)
    atoms = models.JSONField()
    wh = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    reason = models.CharField(max_length=12, default="")  # few | dominated | difference

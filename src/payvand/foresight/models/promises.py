"""What was learnt of a service's answer times, and which dates were promised to whom?

Rows are written once and never changed, but for the bookmark of the log.
"""

from __future__ import annotations

from django.db import models


class Learnt(models.Model):
    """The answer times of one service, as they were known at a moment; never changed."""

    service = models.ForeignKey("window.Service", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    model = models.CharField(max_length=24)  # version of the estimator
    calendar_version = models.CharField(max_length=64)
    digest = models.CharField(max_length=32)  # of the body
    closed = models.IntegerField(default=0)  # closed cases behind it
    body = models.JSONField()  # curves by group, correlation, gate, shares of fatal answers

    class Meta:
        indexes = [models.Index(fields=["service", "-id"], name="learnt_service")]


class Promise(models.Model):
    """What was told to an applicant: half finish by p50, nine in ten by p90, or why not."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(
        "window.Application", on_delete=models.PROTECT, db_constraint=False, related_name="+",
        db_index=False,
    )  # fmt: skip
    at = models.DateTimeField()
    cause = models.CharField(max_length=12)  # submitted answered silence
    model = models.CharField(max_length=24)  # version of the method
    learnt = models.ForeignKey(Learnt, null=True, on_delete=models.PROTECT, related_name="+")
    calendar_version = models.CharField(max_length=64)
    inputs = models.CharField(max_length=32)  # hash of everything that the sampler read
    seed = models.BigIntegerField()
    samples = models.IntegerField()
    verdict = models.CharField(max_length=24)  # promised, or the reason of the gate
    verdict_facts = models.JSONField(default=dict)
    basis = models.CharField(max_length=8, default="graph")  # graph | case
    p50 = models.DateField(null=True)
    p90 = models.DateField(null=True)
    points = models.JSONField(default=list)  # days after `at` by which so many are done: POINTS
    legal_at = models.DateTimeField(null=True)  # were every term used up, at that moment
    p_legal = models.FloatField(null=True)  # chance to be done by then, 0..1
    slowest = models.CharField(max_length=90, default="")
    shares = models.JSONField(default=list)  # [[question, days on the slowest way], …]
    slipped = models.BooleanField(default=False)  # the applicant was sent a notice of it
    told_p90 = models.DateField(null=True)  # the p90 of which the applicant was last told
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["application", "-id"], name="promise_case")]


class Reading(models.Model):
    """How far a work has come: the log that was read, the night's cases; a bookmark that moves."""

    name = models.CharField(max_length=40, primary_key=True)
    event = models.BigIntegerField(default=0)
    before = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    mark = models.CharField(max_length=110, default="")  # how far the night has come

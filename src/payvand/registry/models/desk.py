"""Who keeps a profile, who claims it, which two may be one, and what came with which file?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Keeper(models.Model):
    """An account that may keep a profile true; it gives no right to act for the party."""

    user = models.ForeignKey("registry.User", on_delete=models.PROTECT, related_name="kept")
    party = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="keepers")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "party"], condition=Q(until=None), name="keeper_once"
            )
        ]


class Claim(models.Model):
    """Somebody says that a profile is theirs to keep."""

    party = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="claims")
    user = models.ForeignKey("registry.User", on_delete=models.PROTECT, related_name="+")
    proof = models.CharField(max_length=500, default="")
    is_contested = models.BooleanField(default=False)  # somebody else keeps it already
    state = models.CharField(max_length=10, default="open")  # open accepted refused withdrawn
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, default="")
    reason = models.CharField(max_length=500, default="")

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="claim_open", condition=Q(state="open"))]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "party"], condition=Q(state="open"), name="claim_once"
            )
        ]


class Alias(models.Model):
    """A merged party: whatever points at it is read as pointing at the one that was kept."""

    gone = models.OneToOneField(
        "registry.Party", primary_key=True, on_delete=models.PROTECT, related_name="alias"
    )
    kept = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="aliases")
    merge = models.ForeignKey("registry.Merge", on_delete=models.PROTECT, related_name="+")


class Merge(models.Model):
    """That two entries were held to be one, by whom, why, and whether it was undone."""

    kept = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, default="")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, default="")

    class Meta:
        indexes = [models.Index(fields=["-made_at"], name="merge_latest")]


class Suspicion(models.Model):
    """Two entries that may be one: why it is thought so, and what a person decided."""

    left = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="+")
    score = models.FloatField()
    shared = models.CharField(max_length=200, default="")  # the rare words both names hold
    state = models.CharField(max_length=10, default="open")  # open | merged | different
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["left", "right"], name="suspicion_once")]
        indexes = [
            models.Index(fields=["-score"], name="suspicion_open", condition=Q(state="open"))
        ]


class ImportRun(models.Model):
    """One file that was read: what came of each of its rows."""

    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    counts = models.JSONField(default=dict)
    rows = models.JSONField(default=list)  # [place, outcome, name, party id or "", problems]
    changed_at = models.DateTimeField()

"""Which clusters, consortia, associations and fairs are there, and how far is each?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from payvand.kernel.ids import uuid7


class GroupState(models.Model):
    """One state in the life of a kind of group, with how long it should take; data, not code."""

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=24)
    order = models.SmallIntegerField()
    title_fa = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    target_days = models.IntegerField(null=True)  # null = may last
    is_operating = models.BooleanField(default=False)
    is_end = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="group_state_once")]


class Group(models.Model):
    """Parties that belong together: a cluster, a consortium, an association or a fair."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12)  # cluster consortium association fair
    name_fa = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, default="")
    about_fa = models.TextField(default="")
    about_en = models.TextField(default="")
    sort_key = models.CharField(max_length=320, default="")
    field = models.CharField(max_length=24, default="")
    place = models.ForeignKey(
        "registry.Place", null=True, on_delete=models.PROTECT, related_name="+"
    )
    lead = models.ForeignKey(
        "registry.Party", null=True, on_delete=models.PROTECT, related_name="led_groups"
    )  # the organiser; of an association: the guild that may verify its members
    state = models.CharField(max_length=24)
    state_since = models.DateField()
    state_due = models.DateField(null=True)  # when the state should be over
    starts = models.DateField(null=True)  # of a fair
    ends = models.DateField(null=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["kind", "state"], name="group_kind_state")]


class GroupStep(models.Model):
    """When a group entered a state, and why."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=24)
    since = models.DateField()
    note = models.CharField(max_length=300, default="")


class GroupMember(models.Model):
    """A party takes part in a group from when to when."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="members")
    party = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="groups")
    role = models.CharField(max_length=12, default="member")  # member | organiser
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "party"],
                condition=Q(valid_to=None),
                name="group_member_once",
            )
        ]

"""Who takes part in a fair, whom do they wish to meet, and who meets whom when?"""

from __future__ import annotations

from django.db import models

PARTY = "registry.Party"


class FairPlan(models.Model):
    """How a fair is laid out, and what its last schedule was worth."""

    group = models.OneToOneField(
        "registry.Group", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    slots_a_day = models.SmallIntegerField(default=10)
    minutes = models.SmallIntegerField(default=30)
    begins = models.CharField(max_length=5, default="09:00")
    rooms = models.SmallIntegerField(default=8)
    most = models.SmallIntegerField(default=4)  # meetings of one firm
    made_at = models.DateTimeField(null=True)
    worth = models.FloatField(default=0)
    bound = models.FloatField(default=0)  # what no schedule can exceed


class FairEntry(models.Model):
    """A party registers for a fair: as a firm, or as a buyer with what it needs."""

    group = models.ForeignKey("registry.Group", on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=5)  # firm | buyer
    need = models.ForeignKey(
        "matching.Need", null=True, on_delete=models.PROTECT, related_name="+"
    )  # a buyer's need that is shown at the fair
    wishes = models.JSONField(default=list)  # ids of parties it wants to meet
    days = models.CharField(max_length=12, default="")  # "1", "2"; empty = every day
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "party"], name="fair_entry_once")]


class FairMeeting(models.Model):
    """One meeting of the schedule."""

    group = models.ForeignKey("registry.Group", on_delete=models.PROTECT, related_name="+")
    slot = models.SmallIntegerField()  # from 0, over all days
    room = models.SmallIntegerField()  # from 1
    firm = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="+")
    value = models.FloatField(default=0)
    outcome = models.CharField(max_length=10, default="", blank=True)  # held | missed
    exchange = models.ForeignKey(
        "matching.Exchange", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "slot", "firm"], name="firm_one_place"),
            models.UniqueConstraint(fields=["group", "slot", "buyer"], name="buyer_one_place"),
            models.UniqueConstraint(fields=["group", "slot", "room"], name="room_one_meeting"),
        ]

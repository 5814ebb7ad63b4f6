"""How far ahead of the machine's clock does the demonstration live, and was it built?"""

from __future__ import annotations

from django.db import models


class DemoClock(models.Model):
    """The one row that the demonstration keeps for itself."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    ahead_seconds = models.BigIntegerField(default=0)  # added to the machine's clock
    built_at = models.DateTimeField(null=True)
    seed = models.IntegerField(default=0)
    applications = models.IntegerField(default=0)
    travels = models.BooleanField(default=False)  # is on its way to a goal
    began_at = models.DateTimeField(null=True)  # by the demo's clock
    goal_at = models.DateTimeField(null=True)  # none = to the next report of a delay
    done = models.JSONField(default=dict)  # what happened on the way, by kind
    held_until = models.DateTimeField(null=True)  # by the machine's clock: who walks, until when

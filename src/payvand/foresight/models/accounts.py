"""Where did the days go, who answers for it, and what was warned of?

`DelayDay` and `CaseShare` are read models: they can be made again from the ledger and the log.
"""

from __future__ import annotations

from django.db import models

from payvand.kernel.ids import uuid7


class DelayDay(models.Model):
    """The seconds of one day, of all cases of a service and province, charged to one cause."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()  # legal day in Tehran
    agency = models.ForeignKey(
        "registry.Party", on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )  # whose question it was; with cause `agency` or `idle` also who is asked about it
    place = models.CharField(max_length=16, default="")  # province code
    service = models.CharField(max_length=60)
    cause = models.SmallIntegerField()  # place in rules.attribution.CAUSES
    seconds = models.BigIntegerField()
    late = models.BigIntegerField(default=0)  # of those, past the term
    value_days = models.BigIntegerField(default=0)  # million rials × days

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "agency", "place", "service", "cause"], name="delay_day_once"
            )
        ]


class CaseShare(models.Model):
    """What one case spent with one cause and agency, in all."""

    id = models.BigAutoField(primary_key=True)
    case_id = models.UUIDField(db_index=True)
    code = models.CharField(max_length=12)
    place = models.CharField(max_length=16, default="")
    service = models.CharField(max_length=60)
    cause = models.SmallIntegerField()
    agency = models.ForeignKey(
        "registry.Party", on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    seconds = models.BigIntegerField()
    late = models.BigIntegerField(default=0)
    first_day = models.DateField()
    last_day = models.DateField()
    is_open = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "cause", "-seconds", "id"], name="delay_share_agency"),
            models.Index(fields=["cause", "-seconds", "id"], name="delay_share_cause"),
        ]


class Counted(models.Model):
    """How far the account was brought; one row."""

    name = models.CharField(max_length=20, primary_key=True)
    event = models.BigIntegerField(default=0)  # the last event seen
    before = models.BigIntegerField(default=0)  # the last one seen a round earlier: read again
    at = models.DateTimeField(null=True)
    version = models.CharField(max_length=48, default="")  # of definitions and value settings
    calendar = models.CharField(max_length=80, default="")


class CostRate(models.Model):
    """What a day of delay is taken to cost, from a day on; a later row replaces it, none changes.

    cost = value × days ÷ 365 × rate. The value is read from a field of the application where there
    is one, else it is the flat value.
    """

    service = models.CharField(max_length=60, default="")  # empty: every service without its own
    since = models.DateField()
    percent_a_year = models.DecimalField(max_digits=7, decimal_places=2)
    value_field = models.CharField(max_length=80, default="", blank=True)
    currency_field = models.CharField(max_length=80, default="", blank=True)
    exchange = models.JSONField(default=dict)  # code of the currency → rials
    flat_million_rial = models.BigIntegerField(default=0)
    note = models.CharField(max_length=300, default="")  # where the figures come from
    set_by = models.CharField(max_length=80)
    office = models.ForeignKey(
        "registry.Office", null=True, on_delete=models.PROTECT, db_constraint=False,
        related_name="+",
    )  # fmt: skip
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["service", "since"], name="delay_rate")]


class Scorecard(models.Model):
    """The figures of a period, before and after the offices had their say."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=10, default="draft")  # draft published
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=80)
    reply_until = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=8)  # of the definitions
    sample = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "last"], name="scorecard_once")]
        indexes = [models.Index(fields=["state", "-last"], name="scorecard_state")]


class ScoreLine(models.Model):
    """One agency and service of a scorecard, as drawn; never changed."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="lines")
    agency = models.ForeignKey(
        "registry.Party", on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    service = models.CharField(max_length=60, default="")  # empty: all services together
    due = models.IntegerField()  # fell due
    on_time = models.IntegerField()
    answered = models.IntegerField()
    median_days = models.FloatField(null=True)
    p90_days = models.FloatField(null=True)
    promised = models.IntegerField()  # cases with a promise that it took part in, now over
    kept = models.IntegerField()  # of those: over by the promised P90

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "agency", "service"], name="scorecard_line_once"
            )
        ]


class ScoreVoice(models.Model):
    """An agency's right of reply to a scorecard, and what it said."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="voices")
    agency = models.ForeignKey(
        "registry.Party", on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    obligation = models.UUIDField()
    text = models.CharField(max_length=2000, default="")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scorecard", "agency"], name="scorecard_voice_once")
        ]


class Warned(models.Model):
    """One warning that was given, and whether the answer was late in the end."""

    id = models.BigAutoField(primary_key=True)
    obligation = models.UUIDField()
    case_id = models.UUIDField()
    code = models.CharField(max_length=12, default="")
    title = models.JSONField(default=dict)
    agency = models.ForeignKey(
        "registry.Party", on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    place = models.CharField(max_length=16, default="")
    service = models.CharField(max_length=60, default="")
    level = models.CharField(max_length=4)  # p50 p80 p90
    day = models.DateField()
    at = models.DateTimeField()
    waited_days = models.FloatField()  # working days so far
    bound_days = models.FloatField()  # the quantile that was passed
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(null=True)  # None: not known yet
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["obligation", "level"], name="warned_once")]
        indexes = [
            models.Index(fields=["agency", "-day"], name="warned_agency"),
            models.Index(fields=["-day", "-id"], name="warned_day"),
            models.Index(fields=["id"], name="warned_open", condition=models.Q(late=None)),
        ]

"""What is known of demand and supply, who can give how much, and what was planned, asked and kept?

Sums and plans only: readings of single meters stay in Parquet (engine/store.py). The few large
consumers that are asked by name keep their own hours here, for themselves and the operator alone.
A day is a day in Tehran; its hours begin at half past, because readings are by the hour of UTC.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from payvand.kernel.ids import uuid7

STATES = ("draft", "proposed", "approved", "refused", "published", "settled", "superseded")
LEVERS = ("shed", "shift_out", "shift_back")


def _place() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey("registry.Place", on_delete=models.PROTECT, related_name="+")


class DayLoad(models.Model):
    """What one sector of one district used on a day, by hour; written when readings are rolled up.

    expected, n, bad: readings owed, come and not trusted. largest: Wh of the largest consumer.
    """

    carrier = models.CharField(max_length=12, default="electricity")
    area = _place()
    city = models.CharField(max_length=16)  # code of the county
    district = models.CharField(max_length=20)
    sector = models.CharField(max_length=20)
    day = models.DateField()
    wh = models.JSONField()  # 24 integers; null where no reading could be used
    expected = models.IntegerField(default=0)
    n = models.IntegerField(default=0)
    bad = models.IntegerField(default=0)
    consumers = models.IntegerField(default=0)
    largest = models.BigIntegerField(default=0)
    known_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "area", "day", "city", "district", "sector"],
                name="one_load_a_day",
            )
        ]


class ReadingsDue(models.Model):
    """A UTC day whose readings came and are not summed yet; the worker does, within a minute."""

    carrier = models.CharField(max_length=12)
    day = models.DateField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "day"], name="day_due_once")]


class Feeder(models.Model):
    """A line that is switched as a whole: where it lies, what hangs on it, how far it deviates."""

    code = models.CharField(max_length=40, primary_key=True)
    area = _place()
    city = models.CharField(max_length=16)
    district = models.CharField(max_length=20)
    consumers = models.IntegerField(default=0)
    usual_mw = models.JSONField(default=list)  # 24 numbers
    gap_ppm = models.IntegerField(default=0)  # head meter against the sum of the meters
    gap_day = models.DateField(null=True)
    cuts = models.IntegerField(default=0)  # blocks off this year


class Asset(models.Model):
    """A consumer that is asked by name, or protected by name.

    Its tier is read from the site's dated rank, which the authority sets. A medical device and
    protected hours are recorded with the authority and its decision. The title of a home never
    says who lives there. Caps are shares of its load in percent; of the day's energy for day_cap.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    party = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("registry.Site", null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, blank=True)  # the operator's number of the connection
    meter = models.BigIntegerField(null=True)  # of the register; its hours become AssetLoad
    is_home = models.BooleanField(default=False)
    title = models.JSONField(default=dict)
    search_key = models.CharField(max_length=400, blank=True)  # of a home its number alone
    area = _place()
    city = models.CharField(max_length=16)
    feeder = models.CharField(max_length=40)
    sector = models.CharField(max_length=20)
    is_medical = models.BooleanField(default=False)  # a home registered for a medical device
    protected_hours = models.JSONField(default=list)
    protected_by = models.ForeignKey(
        "registry.Party", null=True, on_delete=models.PROTECT, related_name="+"
    )
    protected_ref = models.CharField(max_length=200, blank=True)  # its decision: number and date
    usual_mw = models.JSONField(default=list)  # 24 numbers
    shed_cap = models.SmallIntegerField(default=0)
    day_cap = models.SmallIntegerField(default=10)
    notice_hours = models.SmallIntegerField(default=12)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "code"], condition=Q(closed_on=None) & ~Q(code=""),
                name="one_asset_a_code",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["area", "sector"], name="assets_of_area"),
                   models.Index(fields=["area", "-id"], name="assets_newest"),
                   models.Index(fields=["party"], name="assets_of_party")]  # fmt: skip


class Offer(models.Model):
    """What a consumer offers to move to other hours: how much, in which hours, at which price."""

    id = models.BigAutoField(primary_key=True)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="offers")
    mw = models.FloatField()
    from_hour = models.SmallIntegerField(default=0)
    to_hour = models.SmallIntegerField(default=24)  # not included
    notice_hours = models.SmallIntegerField(default=12)
    price_rial = models.BigIntegerField(default=0)  # for a MWh
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class AssetLoad(models.Model):
    """The metered hours of one such consumer on a day: for itself and the operator, nobody else."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    wh = models.JSONField()  # 24 integers or null

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "day"], name="asset_day_once")]


class Supply(models.Model):
    """What can be supplied in an hour, as it was known at a moment; late news are new rows.

    Of gas a row is a day, and its figure MWh.
    """

    carrier = models.CharField(max_length=12, default="electricity")
    area = _place()
    at = models.DateTimeField()
    mw = models.FloatField()
    sd_mw = models.FloatField(default=0)
    known_at = models.DateTimeField()
    source = models.CharField(max_length=80, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "area", "at", "known_at"], name="supply_as_known"
            )
        ]


class Forecast(models.Model):
    """Demand of a sector (empty: of all) for three days, as quantiles, made at one moment.

    72 figures in MW; of gas three, in MWh a day.
    """

    carrier = models.CharField(max_length=12, default="electricity")
    area = _place()
    sector = models.CharField(max_length=20, default="")
    made_at = models.DateTimeField()
    first = models.DateField()
    levels = models.JSONField()
    told = models.JSONField()  # by level, 72 numbers
    status = models.CharField(max_length=10)  # model | fallback | refused
    missing = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "area", "sector", "made_at"], name="forecast_once"
            )
        ]


class ForecastMemory(models.Model):
    """What was learnt from the errors of one series, so that the next night goes on from there.

    day: the last one that was forecast. kept: arrays in numpy's compressed form, no pickles.
    """

    carrier = models.CharField(max_length=12, default="electricity")
    area = _place()
    sector = models.CharField(max_length=20, default="")
    version = models.SmallIntegerField()
    day = models.DateField()
    kept = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "area", "sector"], name="memory_once")
        ]


class Outlook(models.Model):
    """Supply minus demand over three days: how likely a shortage is, how large, when."""

    id = models.BigAutoField(primary_key=True)
    carrier = models.CharField(max_length=12, default="electricity")
    area = _place()
    made_at = models.DateTimeField()
    first = models.DateField()
    probability = models.JSONField()  # by hour; null where supply is unknown
    short_mw = models.JSONField()
    supply_mw = models.JSONField()
    any_probability = models.FloatField(null=True)
    energy_mwh = models.FloatField(null=True)
    hours = models.FloatField(null=True)
    worst_hour = models.SmallIntegerField(default=-1)
    warning = models.UUIDField(null=True)  # the obligation to acknowledge it

    class Meta:
        indexes = [models.Index("area", models.F("made_at").desc(), name="latest_outlook")]


class Threshold(models.Model):
    """Which office hears of a foreseen shortage in a province, from which probability on."""

    area = models.OneToOneField(
        "registry.Place", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    office = models.ForeignKey("registry.Office", on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey("registry.Office", on_delete=models.PROTECT, related_name="+")
    probability = models.FloatField(default=0.5)
    ground = models.ForeignKey(
        "registry.Ground", null=True, on_delete=models.PROTECT, related_name="+"
    )


class Plan(models.Model):
    """Who gives what on one day; its id is its stream in the log."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = _place()
    day = models.DateField()
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
                fields=["area", "day"], condition=Q(state="published"), name="one_plan_in_force"
            )
        ]
        indexes = [models.Index("area", models.F("day").desc(), name="plans_of_area")]


class PlanLine(models.Model):
    """One group, lever and hour of a plan, with the code of the rule that decided."""

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
    out_mw = models.JSONField()  # 24 numbers: to be given
    back_mw = models.JSONField()  # 24 numbers: taken later instead
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
    area = _place()
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
    area = _place()
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

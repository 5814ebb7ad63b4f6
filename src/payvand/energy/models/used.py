"""What is known of demand, and who can give how much?

Sums only: readings of single meters stay in Parquet (engine/store.py). The few large consumers that
are asked by name keep their own periods here, for themselves and the operator alone.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from payvand.energy.models.fields import carrier, place
from payvand.kernel.ids import uuid7


class DayLoad(models.Model):
    """What one sector of one district used on a day, by hour; written when readings are rolled up.

    expected, n, bad: readings owed, come and not trusted. largest: Wh of the largest consumer.
    """

    carrier = carrier()
    area = place()
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
    area = place()
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
    carrier = carrier()
    party = models.ForeignKey("registry.Party", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("registry.Site", null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, blank=True)  # the operator's number of the connection
    meter = models.BigIntegerField(null=True)  # of the register; its hours become AssetLoad
    is_home = models.BooleanField(default=False)
    title = models.JSONField(default=dict)
    search_key = models.CharField(max_length=400, blank=True)  # of a home its number alone
    area = place()
    city = models.CharField(max_length=16)
    feeder = models.CharField(max_length=40, blank=True)  # gas has none
    sector = models.CharField(max_length=20)
    is_medical = models.BooleanField(default=False)  # a home registered for a medical device
    protected_hours = models.JSONField(default=list)
    protected_by = models.ForeignKey(
        "registry.Party", null=True, on_delete=models.PROTECT, related_name="+"
    )
    protected_ref = models.CharField(max_length=200, blank=True)  # its decision: number and date
    usual_mw = models.JSONField(default=list)  # a number for each period of a day
    shed_cap = models.SmallIntegerField(default=0)
    day_cap = models.SmallIntegerField(default=10)
    notice_hours = models.SmallIntegerField(default=12)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "area", "code"], condition=Q(closed_on=None) & ~Q(code=""),
                name="one_asset_a_code",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["area", "sector"], name="assets_of_area"),
                   models.Index(fields=["area", "-id"], name="assets_newest"),
                   models.Index(fields=["party"], name="assets_of_party")]  # fmt: skip


class Offer(models.Model):
    """What a consumer offers to move, or to give up: how much, in which hours, at which price.

    Of a carrier that is read once a day the hours are those of the whole day.
    """

    id = models.BigAutoField(primary_key=True)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="offers")
    mw = models.FloatField()
    from_hour = models.SmallIntegerField(default=0)
    to_hour = models.SmallIntegerField(default=24)  # not included
    notice_hours = models.SmallIntegerField(default=12)
    price_rial = models.BigIntegerField(default=0)  # for a MWh
    comes_back = models.BooleanField(default=True)  # False: given up, such as by another fuel
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class AssetLoad(models.Model):
    """The metered periods of such a consumer on a day: for itself and the operator, nobody else."""

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    wh = models.JSONField()  # integers or null, one for each period of the day

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "day"], name="asset_day_once")]

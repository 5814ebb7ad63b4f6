"""What supply is stated, what is foreseen, who hears of it, and what may be cut of whom?"""

from __future__ import annotations

from django.db import models

from payvand.energy.models.fields import carrier, place


class Supply(models.Model):
    """What can be supplied in an hour, as it was known at a moment; late news are new rows.

    Of gas a row is a day, and its figure MWh.
    """

    carrier = carrier()
    area = place()
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

    carrier = carrier()
    area = place()
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

    carrier = carrier()
    area = place()
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
    carrier = carrier()
    area = place()
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
    """Which office hears of a foreseen shortage of a carrier in a province, from when on."""

    id = models.BigAutoField(primary_key=True)
    carrier = carrier()
    area = place()
    office = models.ForeignKey("registry.Office", on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey("registry.Office", on_delete=models.PROTECT, related_name="+")
    probability = models.FloatField(default=0.5)
    ground = models.ForeignKey(
        "registry.Ground", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "area"], name="one_threshold_a_carrier")
        ]


class SectorRule(models.Model):
    """How much of a sector may be cut, or that it never is, as somebody decreed it from a day on.

    Caps are percent of a period and of all that a plan looks over. A later day replaces an earlier
    one; a province's rule goes before the country's. What nobody decreed is in policies.yaml.
    """

    id = models.BigAutoField(primary_key=True)
    carrier = carrier()
    area = place()
    sector = models.CharField(max_length=20)
    since = models.DateField()
    harm = models.FloatField(default=2.0)
    shift_harm = models.FloatField(default=0.2)
    shed_cap = models.FloatField(default=0.0)
    day_cap = models.FloatField(default=0.0)
    is_never_cut = models.BooleanField(default=False)
    source = models.JSONField(default=dict)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "area", "sector", "since"], name="one_rule_a_day"
            )
        ]

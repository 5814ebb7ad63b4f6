"""Plans, consumers, thresholds and burdens have a carrier; what is there is of electricity."""

from __future__ import annotations

import datetime
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

CARRIER = {"default": "electricity", "max_length": 12}


def _to(model: str, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model, **options
    )


def copy(apps: Any, schema_editor: Any) -> None:
    """A plan of a day ends on it; a threshold so far is that of electricity."""
    apps.get_model("energy", "Plan").objects.update(last=F("day"))
    new, old = (apps.get_model("energy", name) for name in ("ThresholdOf", "Threshold"))
    names = ("area_id", "office_id", "signer_id", "probability", "ground_id")
    new.objects.bulk_create(
        new(carrier="electricity", **row) for row in old.objects.order_by("area_id").values(*names)
    )


class Migration(migrations.Migration):
    dependencies = [("energy", "0004_assets_metered"), ("registry", "0008_claims_taken_back")]

    operations = [
        migrations.CreateModel(
            name="SectorRule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("carrier", models.CharField(**CARRIER)),
                ("sector", models.CharField(max_length=20)),
                ("since", models.DateField()),
                ("harm", models.FloatField(default=2.0)),
                ("shift_harm", models.FloatField(default=0.2)),
                ("shed_cap", models.FloatField(default=0.0)),
                ("day_cap", models.FloatField(default=0.0)),
                ("is_never_cut", models.BooleanField(default=False)),
                ("source", models.JSONField(default=dict)),
                ("is_sample", models.BooleanField(default=False)),
                ("area", _to("registry.place")),
            ],
        ),
        migrations.AddConstraint(
            "SectorRule",
            models.UniqueConstraint(
                fields=["carrier", "area", "sector", "since"], name="one_rule_a_day"
            ),
        ),
        migrations.CreateModel(
            name="ThresholdOf",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("carrier", models.CharField(**CARRIER)),
                ("probability", models.FloatField(default=0.5)),
                ("area", _to("registry.place")),
                ("ground", _to("registry.ground", null=True)),
                ("office", _to("registry.office")),
                ("signer", _to("registry.office")),
            ],
        ),
        migrations.AddConstraint(
            "ThresholdOf",
            models.UniqueConstraint(fields=["carrier", "area"], name="one_threshold_a_carrier"),
        ),
        migrations.RemoveConstraint("asset", "one_asset_a_code"),
        migrations.RemoveConstraint("plan", "one_plan_in_force"),
        migrations.AddField("asset", "carrier", models.CharField(**CARRIER)),
        migrations.AlterField("asset", "feeder", models.CharField(blank=True, max_length=40)),
        migrations.AddField("offer", "comes_back", models.BooleanField(default=True)),
        migrations.AddField("plan", "carrier", models.CharField(**CARRIER)),
        migrations.AddField(
            "plan",
            "last",
            models.DateField(default=datetime.date(1970, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddField("burdenentry", "carrier", models.CharField(**CARRIER)),
        migrations.AddField("release", "carrier", models.CharField(**CARRIER)),
        migrations.AddConstraint(
            "asset",
            models.UniqueConstraint(
                condition=Q(closed_on=None) & ~Q(code=""),
                fields=["carrier", "area", "code"],
                name="one_asset_a_code",
            ),
        ),
        migrations.AddConstraint(
            "plan",
            models.UniqueConstraint(
                condition=Q(state="published"),
                fields=["carrier", "area", "day"],
                name="one_plan_in_force",
            ),
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
    ]

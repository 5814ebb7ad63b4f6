"""The thresholds of carriers take the place of those of provinces."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("energy", "0005_carriers_planned")]

    operations = [
        migrations.DeleteModel("Threshold"),
        migrations.RenameModel("ThresholdOf", "Threshold"),
    ]

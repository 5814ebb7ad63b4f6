"""Accounts know whether somebody else has set their password."""

from django.db import migrations, models

import payvand.registry.models


class Migration(migrations.Migration):
    """Add the mark, and the manager that reads accounts with their parties."""

    dependencies = [("registry", "0003_databank")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="must_change_password",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterModelManagers(
            name="user",
            managers=[("objects", payvand.registry.models.Accounts())],
        ),
    ]

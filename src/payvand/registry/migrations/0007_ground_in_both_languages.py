"""The article that a ground cites can be told in English too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the English article; what was recorded keeps its Persian one until it is installed anew."""

    dependencies = [("registry", "0006_asked_to_confirm")]

    operations = [
        migrations.AddField(
            model_name="ground",
            name="ref_en",
            field=models.CharField(default="", max_length=300),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0003_rounds_and_endings'),
    ]

    operations = [
        migrations.AddField(
            model_name='term',
            name='said',
            field=models.JSONField(blank=True, default=list),
        ),
    ]

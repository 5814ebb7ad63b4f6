from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('demo', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='democlock',
            name='travels',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='democlock',
            name='began_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='democlock',
            name='goal_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='democlock',
            name='done',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='democlock',
            name='held_until',
            field=models.DateTimeField(null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0007_ground_in_both_languages'),
    ]

    operations = [
        migrations.AlterField(
            model_name='claim',
            name='state',
            field=models.CharField(default='open', max_length=10),
        ),
    ]

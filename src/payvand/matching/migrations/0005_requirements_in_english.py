from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0004_hints'),
    ]

    operations = [
        migrations.AddField(
            model_name='needrequirement',
            name='text_en',
            field=models.CharField(blank=True, default='', max_length=300),
        ),
    ]

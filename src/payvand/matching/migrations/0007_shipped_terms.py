"""Terms that came with the product are marked, so that a later release may renew them.

Whoever seeded them did so at once: rows of the product's topics that nobody changed within an hour
after the first one are as they came. Others were edited, have no mark, and stay as they are.
"""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import Min

from payvand.matching.actions import mark_of, shipped_terms


def mark(apps, _editor):
    """Mark the rows that are as they came."""
    terms = apps.get_model("matching", "Term").objects.filter(
        field__in=[topic for topic, _ in shipped_terms()]
    )
    first = terms.aggregate(at=Min("changed_at"))["at"]
    if first is None:
        return
    rows = list(terms.filter(changed_at__lte=first + timedelta(hours=1)))
    for row in rows:
        row.shipped = mark_of(row)
    terms.bulk_update(rows, ["shipped"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("matching", "0006_resumed_deals")]

    operations = [
        migrations.AddField(
            model_name="term",
            name="shipped",
            field=models.CharField(blank=True, default="", editable=False, max_length=16),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop, elidable=True),
    ]

"""Security events that happened at once have an order in the index, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exodrive", "0013_corrected_names"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="securityevent",
            name="security_events_by_time",
        ),
        migrations.AddIndex(
            model_name="securityevent",
            index=models.Index(
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="security_events_by_time",
            ),
        ),
    ]

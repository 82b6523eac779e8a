"""A name for every state of the catalogue, so that a process knows whether what it read still holds."""

import django.contrib.postgres.functions
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cars", "0039_several_spans_a_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="CatalogueVersion",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="updated"
                    ),
                ),
                (
                    "version",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "db_table": "catalogue_versions",
                "default_permissions": (),
            },
        ),
        # Without a name nothing is kept; without this one that would go on until the first write.
        migrations.RunSQL(
            "INSERT INTO catalogue_versions (created_at, updated_at) VALUES (now(), now())",
            migrations.RunSQL.noop,
        ),
    ]

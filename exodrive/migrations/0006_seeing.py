"""What is needed to see how the site is: signs of life of worker and beat, and counts of what happened."""

import uuid

import django.utils.timezone
from django.db import migrations, models

from exodrive.rls import PUBLIC, SERVICE, STAFF, Policy, Protect, everything, reading


class Migration(migrations.Migration):
    dependencies = [
        ("exodrive", "0004_prune_runs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
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
                    "name",
                    models.CharField(
                        max_length=20, primary_key=True, serialize=False, verbose_name="process"
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("beat_at", models.DateTimeField(verbose_name="last seen")),
            ],
            options={
                "verbose_name": "heartbeat",
                "verbose_name_plural": "heartbeats",
                "db_table": "heartbeats",
            },
        ),
        migrations.CreateModel(
            name="EventCount",
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
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40, verbose_name="event")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("count", models.PositiveIntegerField(verbose_name="count")),
            ],
            options={
                "verbose_name": "event count",
                "verbose_name_plural": "event counts",
                "db_table": "event_counts",
                "indexes": [models.Index(models.F("created_at"), name="event_counts_by_time")],
            },
        ),
        Protect(
            "heartbeats",
            grants={STAFF: "SELECT", SERVICE: "SELECT, INSERT, UPDATE"},
            policies=reading(STAFF) | everything(SERVICE),
        ),
        Protect(
            "event_counts",
            grants={STAFF: "SELECT", SERVICE: "SELECT, INSERT, DELETE", PUBLIC: "INSERT"},
            policies=reading(STAFF)
            | everything(SERVICE)
            | {"public_new": Policy(PUBLIC, "INSERT", "", "count BETWEEN 1 AND 1000000")},
        ),
    ]

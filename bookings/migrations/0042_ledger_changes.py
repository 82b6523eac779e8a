"""Which cars' days were written when, so that a process knows which days it has to read again; days of holds by date."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0041_booked_rides"),
        ("cars", "0041_rides"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("car_id", models.BigIntegerField(help_text="Empty: all days were removed.", null=True)),
                ("xid", models.BigIntegerField(db_index=True, help_text="The transaction.")),
            ],
            options={
                "db_table": "ledger_changes",
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="caravailability",
            index=models.Index(
                models.F("date"),
                models.F("car"),
                condition=models.Q(("expires_at__isnull", False)),
                name="days_that_may_lapse",
            ),
        ),
    ]

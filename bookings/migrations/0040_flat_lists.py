"""Indexes for lists that grow: payments by time, and the few bookings whose deposit failed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0039_hours"),
        ("cars", "0040_catalogue_versions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                models.F("id"),
                condition=models.Q(("deposit_status", "failed")),
                name="bookings_whose_deposit_failed",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(models.F("created_at"), models.F("id"), name="payments_by_time"),
        ),
    ]

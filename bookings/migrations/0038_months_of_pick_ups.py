"""How many bookings each month has, so that figures of some months are planned for as many as there are."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bookings", "0037_block_events")]
    operations = [
        migrations.RunSQL(
            "CREATE STATISTICS IF NOT EXISTS bookings_by_month"
            " ON (date_trunc('month', start_date::timestamp)::date) FROM bookings",
            "DROP STATISTICS IF EXISTS bookings_by_month",
        )
    ]

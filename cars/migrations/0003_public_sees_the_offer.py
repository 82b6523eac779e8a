"""The public sees prices of what it sees: of offered cars, and of the car of its own booking or hold.

What is for every car stays open to all, and so do extras, which are no car's: one that is gone is called by its name.
"""

from django.db import migrations

VISIBLE_CAR = "car_id IS NULL OR EXISTS (SELECT 1 FROM cars WHERE cars.id = car_id)"
TABLES = ("seasons", "discounts", "fees")


def alter(table, condition):
    return f"ALTER POLICY public_read ON {table} USING ({condition})"


class Migration(migrations.Migration):
    dependencies = [("cars", "0002_rules_and_prices"), ("bookings", "0001_initial")]
    operations = [migrations.RunSQL(alter(table, VISIBLE_CAR), alter(table, "true")) for table in TABLES]

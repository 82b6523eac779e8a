"""PostgreSQL itself takes no other time zone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cars", "0034_time_zones_have_a_city")]

    operations = [
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(("time_zone__regex", "^[A-Z][A-Za-z]+(/[A-Za-z0-9_+-]+){1,2}$")),
                name="time_zone_is_area_and_city",
            ),
        ),
    ]

"""A place may close for lunch."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cars", "0038_constraints_in_words"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="openinghours",
            options={
                "ordering": ["location", "weekday", "opens"],
                "verbose_name": "opening hours",
                "verbose_name_plural": "opening hours",
            },
        ),
        migrations.RemoveConstraint(
            model_name="openinghours",
            name="one_row_per_weekday",
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.UniqueConstraint(
                fields=("location", "weekday", "opens"),
                name="opens_once_at_a_time",
                violation_error_code="opens",
                violation_error_message="It opens at that time already.",
            ),
        ),
    ]

"""What constraints say when they refuse; places lie on earth."""

import django.core.validators
from django.db import migrations, models

import exodrive.db.amounts

# A coordinate beyond its range shows no place; the nearest one in it keeps the row.
WITHIN_RANGE = """
UPDATE locations SET latitude = least(greatest(latitude, -90), 90), longitude = least(greatest(longitude, -180), 180)
WHERE abs(latitude) > 90 OR abs(longitude) > 180
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cars", "0037_service"),
    ]

    operations = [
        migrations.AlterField(
            model_name="car",
            name="daily_rate",
            field=exodrive.db.amounts.PriceField(
                decimal_places=4,
                max_digits=11,
                validators=[exodrive.db.amounts.above_zero],
                verbose_name="rate per day",
            ),
        ),
        migrations.AlterField(
            model_name="car",
            name="weekend_rate",
            field=exodrive.db.amounts.PriceField(
                blank=True,
                decimal_places=4,
                help_text="Saturday and Sunday. Empty: the rate per day.",
                max_digits=11,
                null=True,
                validators=[exodrive.db.amounts.above_zero],
                verbose_name="rate per weekend day",
            ),
        ),
        migrations.AlterField(
            model_name="discount",
            name="percent",
            field=models.DecimalField(
                decimal_places=1,
                max_digits=4,
                validators=[exodrive.db.amounts.above_zero, django.core.validators.MaxValueValidator(90)],
                verbose_name="per cent off",
            ),
        ),
        migrations.AlterField(
            model_name="fee",
            name="amount",
            field=exodrive.db.amounts.PriceField(
                decimal_places=4,
                max_digits=11,
                validators=[exodrive.db.amounts.above_zero],
                verbose_name="amount",
            ),
        ),
        migrations.AlterField(
            model_name="location",
            name="latitude",
            field=models.DecimalField(
                decimal_places=6,
                help_text="From -90 to 90, like 48.856614.",
                max_digits=9,
                validators=[
                    django.core.validators.MinValueValidator(-90),
                    django.core.validators.MaxValueValidator(90),
                ],
                verbose_name="latitude",
            ),
        ),
        migrations.AlterField(
            model_name="location",
            name="longitude",
            field=models.DecimalField(
                decimal_places=6,
                help_text="From -180 to 180, like 2.352222.",
                max_digits=9,
                validators=[
                    django.core.validators.MinValueValidator(-180),
                    django.core.validators.MaxValueValidator(180),
                ],
                verbose_name="longitude",
            ),
        ),
        migrations.AlterField(
            model_name="season",
            name="rate",
            field=exodrive.db.amounts.PriceField(
                blank=True,
                decimal_places=4,
                max_digits=11,
                null=True,
                validators=[exodrive.db.amounts.above_zero],
                verbose_name="rate per day",
            ),
        ),
        migrations.RunSQL(WITHIN_RANGE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(("latitude__range", (-90, 90))),
                name="latitude_is_on_earth",
                violation_error_code="latitude",
                violation_error_message="A latitude is between -90 and 90.",
            ),
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.CheckConstraint(
                condition=models.Q(("longitude__range", (-180, 180))),
                name="longitude_is_on_earth",
                violation_error_code="longitude",
                violation_error_message="A longitude is between -180 and 180.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="car",
            name="rates_are_positive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("daily_rate__gt", 0),
                    models.Q(("weekend_rate", None), ("weekend_rate__gt", 0), _connector="OR"),
                ),
                name="rates_are_positive",
                violation_error_code="daily_rate",
                violation_error_message="Rates are more than 0.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="car",
            name="car_minimum_below_maximum",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_days", None),
                    ("max_days", None),
                    ("min_days__lte", models.F("max_days")),
                    _connector="OR",
                ),
                name="car_minimum_below_maximum",
                violation_error_code="max_days",
                violation_error_message="The longest rental is shorter than the shortest.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="carimage",
            name="a_drawing_or_a_photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("art", ""), ("file__gt", "")),
                    models.Q(("art__gt", ""), ("file", "")),
                    _connector="OR",
                ),
                name="a_drawing_or_a_photo",
                violation_error_code="file",
                violation_error_message="Choose a drawing or upload a photo, not both.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="discount",
            name="discount_is_a_percentage",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gt", 0), ("percent__lte", 90)),
                name="discount_is_a_percentage",
                violation_error_code="percent",
                violation_error_message="More than 0 and at most 90 per cent.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="extra",
            name="extra_is_not_negative",
            constraint=models.CheckConstraint(
                condition=models.Q(("price__gte", 0)),
                name="extra_is_not_negative",
                violation_error_code="price",
                violation_error_message="A price is not below 0.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="fee",
            name="fee_is_positive",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)),
                name="fee_is_positive",
                violation_error_code="amount",
                violation_error_message="A fee is more than 0.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="fee",
            name="young_driver_fee_has_an_age",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "young_driver"), _negated=True),
                    ("below_age__isnull", False),
                    _connector="OR",
                ),
                name="young_driver_fee_has_an_age",
                violation_error_code="below_age",
                violation_error_message="Say below which age.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="fleet",
            name="fleet_minimum_below_maximum",
            constraint=models.CheckConstraint(
                condition=models.Q(("min_days__gte", 1), ("min_days__lte", models.F("max_days"))),
                name="fleet_minimum_below_maximum",
                violation_error_code="max_days",
                violation_error_message="The longest rental is shorter than the shortest.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="fleet",
            name="fleet_weekdays_are_some",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dropoff_weekdays__range", (1, 127)), ("pickup_weekdays__range", (1, 127))
                ),
                name="fleet_weekdays_are_some",
                violation_error_code="pickup_weekdays",
                violation_error_message="Choose at least one weekday.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="location",
            name="time_zone_is_area_and_city",
            constraint=models.CheckConstraint(
                condition=models.Q(("time_zone__regex", "^[A-Z][A-Za-z]+(/[A-Za-z0-9_+-]+){1,2}$")),
                name="time_zone_is_area_and_city",
                violation_error_code="time_zone",
                violation_error_message="A time zone is written like Europe/Paris.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="openinghours",
            name="opens_before_it_closes",
            constraint=models.CheckConstraint(
                condition=models.Q(("opens__lt", models.F("closes"))),
                name="opens_before_it_closes",
                violation_error_code="closes",
                violation_error_message="It closes before it opens.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="season",
            name="season_starts_before_it_ends",
            constraint=models.CheckConstraint(
                condition=models.Q(("start_date__lte", models.F("end_date"))),
                name="season_starts_before_it_ends",
                violation_error_code="end_date",
                violation_error_message="The last day is before the first.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="season",
            name="season_has_a_rate_or_a_percentage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("percent__gt", 0), ("percent__isnull", False), ("rate__isnull", True)),
                    models.Q(("percent__isnull", True), ("rate__gt", 0), ("rate__isnull", False)),
                    _connector="OR",
                ),
                name="season_has_a_rate_or_a_percentage",
                violation_error_code="rate",
                violation_error_message="Give a rate or a percentage, not both.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="term",
            name="one_term_of_a_kind_per_fleet",
            constraint=models.UniqueConstraint(
                fields=("fleet", "kind"),
                name="one_term_of_a_kind_per_fleet",
                violation_error_code="kind",
                violation_error_message="There is a text of this kind already.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="term",
            name="one_term_of_a_kind_per_car",
            constraint=models.UniqueConstraint(
                fields=("car", "kind"),
                name="one_term_of_a_kind_per_car",
                violation_error_code="kind",
                violation_error_message="There is a text of this kind already.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="term",
            name="term_of_a_fleet_or_of_a_car",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("car__isnull", False), ("fleet", None)),
                    models.Q(("car", None), ("fleet__isnull", False)),
                    _connector="OR",
                ),
                name="term_of_a_fleet_or_of_a_car",
                violation_error_message="A text belongs to a fleet or to a car.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="term",
            name="term_of_a_fleet_says_something",
            constraint=models.CheckConstraint(
                condition=models.Q(("words__gt", ""), ("car__isnull", False), _connector="OR"),
                name="term_of_a_fleet_says_something",
                violation_error_code="words",
                violation_error_message="Write the text.",
            ),
        ),
    ]

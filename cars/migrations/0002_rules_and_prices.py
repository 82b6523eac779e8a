import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from exodrive.rls import PUBLIC, SERVICE, STAFF, Protect, everything, reading

# Cars that exist follow one fleet with the rules they had.
FIRST_FLEET = """
INSERT INTO fleets (name, min_days, max_days, buffer_days, horizon_days, lead_time_hours, cut_off_hour, pickup_weekdays,
  dropoff_weekdays, created_at, updated_at)
VALUES ('Exodrive', 1, 28, 0, 365, 0, 12, 127, 127, now(), now());
UPDATE cars SET fleet_id = (SELECT min(id) FROM fleets);
SET CONSTRAINTS ALL IMMEDIATE
"""


def open_to_read(table):
    """What a quote or a refusal is made of: staff write it, everybody reads it."""
    return Protect(
        table,
        grants={STAFF: "SELECT, INSERT, UPDATE, DELETE", SERVICE: "SELECT", PUBLIC: "SELECT"},
        policies=everything(STAFF) | reading(SERVICE) | reading(PUBLIC),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cars", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Season",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_es", models.CharField(blank=True, max_length=60, verbose_name="name (Spanish)")),
                ("name_fr", models.CharField(blank=True, max_length=60, verbose_name="name (French)")),
                ("name_pt", models.CharField(blank=True, max_length=60, verbose_name="name (Portuguese)")),
                ("start_date", models.DateField(verbose_name="first day")),
                ("end_date", models.DateField(verbose_name="last day")),
                ("priority", models.SmallIntegerField(default=0, verbose_name="priority")),
                (
                    "rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="rate per day",
                    ),
                ),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of the car's rate per day, e.g. 120.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="per cent of the rate",
                    ),
                ),
            ],
            options={
                "verbose_name": "season",
                "verbose_name_plural": "seasons",
                "db_table": "seasons",
                "ordering": ["start_date", "-priority", "id"],
            },
        ),
        migrations.AlterModelOptions(
            name="car",
            options={
                "base_manager_name": "objects",
                "ordering": ["daily_rate", "id"],
                "verbose_name": "car",
                "verbose_name_plural": "cars",
            },
        ),
        migrations.AddField(
            model_name="car",
            name="cut_off_hour",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MaxValueValidator(24)],
                verbose_name="same-day cut-off hour",
            ),
        ),
        migrations.AddField(
            model_name="car",
            name="dropoff_weekdays",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="return weekdays"),
        ),
        migrations.AddField(
            model_name="car",
            name="horizon_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="bookable days ahead"),
        ),
        migrations.AddField(
            model_name="car",
            name="lead_time_hours",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="lead time (hours)"),
        ),
        migrations.AddField(
            model_name="car",
            name="pickup_weekdays",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="pick-up weekdays"),
        ),
        migrations.AlterField(
            model_name="car",
            name="buffer_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MaxValueValidator(30)],
                verbose_name="buffer days",
            ),
        ),
        migrations.AlterField(
            model_name="car",
            name="max_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(365),
                ],
                verbose_name="maximum days",
            ),
        ),
        migrations.AlterField(
            model_name="car",
            name="min_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="minimum days",
            ),
        ),
        migrations.CreateModel(
            name="ClosedDay",
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
                ("date", models.DateField(verbose_name="date")),
                ("every_year", models.BooleanField(default=False, verbose_name="every year")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: every location.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closed_days",
                        to="cars.location",
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "closed day",
                "verbose_name_plural": "closed days",
                "db_table": "closed_days",
                "ordering": ["date", "id"],
            },
        ),
        migrations.CreateModel(
            name="Discount",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_es", models.CharField(blank=True, max_length=60, verbose_name="name (Spanish)")),
                ("name_fr", models.CharField(blank=True, max_length=60, verbose_name="name (French)")),
                ("name_pt", models.CharField(blank=True, max_length=60, verbose_name="name (Portuguese)")),
                (
                    "min_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="7 for a week, 28 for a month.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="from days",
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="per cent off",
                    ),
                ),
                (
                    "car",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="discounts",
                        to="cars.car",
                        verbose_name="car",
                    ),
                ),
            ],
            options={
                "verbose_name": "discount",
                "verbose_name_plural": "discounts",
                "db_table": "discounts",
                "ordering": ["min_days", "id"],
            },
        ),
        migrations.CreateModel(
            name="Extra",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_es", models.CharField(blank=True, max_length=60, verbose_name="name (Spanish)")),
                ("name_fr", models.CharField(blank=True, max_length=60, verbose_name="name (French)")),
                ("name_pt", models.CharField(blank=True, max_length=60, verbose_name="name (Portuguese)")),
                (
                    "price",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=9,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="price",
                    ),
                ),
                (
                    "per",
                    models.CharField(
                        choices=[("rental", "Per rental"), ("day", "Per day")],
                        default="rental",
                        max_length=6,
                        verbose_name="for",
                    ),
                ),
                (
                    "stock",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="How many exist on any day.", verbose_name="stock"
                    ),
                ),
                (
                    "max_per_booking",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="at most per booking",
                    ),
                ),
                ("is_offered", models.BooleanField(default=True, verbose_name="offered")),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where it can be had. Empty: everywhere, from one stock.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extras",
                        to="cars.location",
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "extra",
                "verbose_name_plural": "extras",
                "db_table": "extras",
                "ordering": ["price", "id"],
            },
        ),
        migrations.CreateModel(
            name="Fee",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_es", models.CharField(blank=True, max_length=60, verbose_name="name (Spanish)")),
                ("name_fr", models.CharField(blank=True, max_length=60, verbose_name="name (French)")),
                ("name_pt", models.CharField(blank=True, max_length=60, verbose_name="name (Portuguese)")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cleaning", "Cleaning"),
                            ("delivery", "Delivery"),
                            ("one_way", "One-way"),
                            ("young_driver", "Young driver"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=9,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="amount",
                    ),
                ),
                (
                    "per",
                    models.CharField(
                        choices=[("rental", "Per rental"), ("day", "Per day")],
                        default="rental",
                        max_length=6,
                        verbose_name="for",
                    ),
                ),
                (
                    "below_age",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Young driver: for drivers younger than this.",
                        null=True,
                        verbose_name="below age",
                    ),
                ),
                (
                    "car",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fees",
                        to="cars.car",
                        verbose_name="car",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where the car is returned (one-way) or picked up (delivery). Empty: everywhere.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fees",
                        to="cars.location",
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "fee",
                "verbose_name_plural": "fees",
                "db_table": "fees",
                "ordering": ["kind", "id"],
            },
        ),
        migrations.CreateModel(
            name="Fleet",
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
                (
                    "name",
                    models.CharField(default="Exodrive", max_length=60, unique=True, verbose_name="name"),
                ),
                (
                    "min_days",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="minimum days",
                    ),
                ),
                (
                    "max_days",
                    models.PositiveSmallIntegerField(
                        default=28,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="maximum days",
                    ),
                ),
                (
                    "buffer_days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Kept free after a rental.",
                        validators=[django.core.validators.MaxValueValidator(30)],
                        verbose_name="buffer days",
                    ),
                ),
                (
                    "horizon_days",
                    models.PositiveSmallIntegerField(
                        default=365,
                        help_text="The last return day, counted from today.",
                        verbose_name="bookable days ahead",
                    ),
                ),
                (
                    "lead_time_hours",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Between booking and opening time on the pick-up day.",
                        verbose_name="lead time (hours)",
                    ),
                ),
                (
                    "cut_off_hour",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="Pick-up today can be booked before this hour.",
                        validators=[django.core.validators.MaxValueValidator(24)],
                        verbose_name="same-day cut-off hour",
                    ),
                ),
                (
                    "pickup_weekdays",
                    models.PositiveSmallIntegerField(default=127, verbose_name="pick-up weekdays"),
                ),
                (
                    "dropoff_weekdays",
                    models.PositiveSmallIntegerField(default=127, verbose_name="return weekdays"),
                ),
            ],
            options={
                "verbose_name": "fleet",
                "verbose_name_plural": "fleets",
                "db_table": "fleets",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("min_days__gte", 1), ("min_days__lte", models.F("max_days"))),
                        name="fleet_minimum_below_maximum",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dropoff_weekdays__range", (1, 127)), ("pickup_weekdays__range", (1, 127))
                        ),
                        name="fleet_weekdays_are_some",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="car",
            name="fleet",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cars",
                to="cars.fleet",
                verbose_name="fleet",
            ),
        ),
        migrations.RunSQL(FIRST_FLEET, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="car",
            name="fleet",
            field=models.ForeignKey(
                blank=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cars",
                to="cars.fleet",
                verbose_name="fleet",
            ),
        ),
        migrations.AddConstraint(
            model_name="car",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_days", None),
                    ("max_days", None),
                    ("min_days__lte", models.F("max_days")),
                    _connector="OR",
                ),
                name="car_minimum_below_maximum",
            ),
        ),
        migrations.AddField(
            model_name="season",
            name="car",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="seasons",
                to="cars.car",
                verbose_name="car",
            ),
        ),
        migrations.AddConstraint(
            model_name="discount",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gt", 0), ("percent__lte", 90)), name="discount_is_a_percentage"
            ),
        ),
        migrations.AddConstraint(
            model_name="extra",
            constraint=models.CheckConstraint(
                condition=models.Q(("price__gte", 0)), name="extra_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="fee_is_positive"),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "young_driver"), _negated=True),
                    ("below_age__isnull", False),
                    _connector="OR",
                ),
                name="young_driver_fee_has_an_age",
                violation_error_message="Say below which age.",
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.CheckConstraint(
                condition=models.Q(("start_date__lte", models.F("end_date"))),
                name="season_starts_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("percent__gt", 0), ("rate", None)),
                    models.Q(("percent", None), ("rate__gt", 0)),
                    _connector="OR",
                ),
                name="season_has_a_rate_or_a_percentage",
                violation_error_message="Give a rate or a percentage, not both.",
            ),
        ),
        open_to_read("fleets"),
        open_to_read("closed_days"),
        open_to_read("seasons"),
        open_to_read("discounts"),
        open_to_read("fees"),
        open_to_read("extras"),
    ]

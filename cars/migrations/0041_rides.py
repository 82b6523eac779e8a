"""Rides: classes of cars, services with their hours, places, rates, surcharges and tours."""

import datetime
from decimal import Decimal

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.db import migrations, models

import cars.models.rides.services
import exodrive.db.amounts
import exodrive.db.arrays
import exodrive.db.folding

# A rate or a tour of another kind than its service cannot be written, nor can a service change its kind while it has any.
OF_ITS_KIND = """
ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (service_id, service_kind) REFERENCES services (id, kind)
"""
NO_MORE = "ALTER TABLE {table} DROP CONSTRAINT {name}"
KEPT = (
    {"table": "ride_rates", "name": "rate_of_the_kind_of_its_service"},
    {"table": "tours", "name": "tour_of_a_service_that_is_one"},
)


class Migration(migrations.Migration):
    dependencies = [
        ("cars", "0040_catalogue_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Place",
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
                ("slug", models.SlugField(unique=True, verbose_name="slug")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("airport", "Airport"),
                            ("station", "Station"),
                            ("city", "Town"),
                            ("hotel", "Hotel"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
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
                (
                    "longitude",
                    models.DecimalField(
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
                (
                    "radius_km",
                    models.DecimalField(
                        decimal_places=1,
                        default=Decimal("2.0"),
                        help_text="An address this near belongs to the place.",
                        max_digits=4,
                        validators=[exodrive.db.amounts.above_zero],
                        verbose_name="radius (km)",
                    ),
                ),
                (
                    "wait_minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: 60 at airports, 15 at stations, 10 elsewhere.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(240)],
                        verbose_name="included waiting (minutes)",
                    ),
                ),
            ],
            options={
                "verbose_name": "place of rides",
                "verbose_name_plural": "places of rides",
                "db_table": "places",
                "ordering": [exodrive.db.folding.Folded("name"), "pk"],
            },
        ),
        migrations.CreateModel(
            name="Zone",
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
            ],
            options={
                "verbose_name": "zone",
                "verbose_name_plural": "zones",
                "db_table": "zones",
                "ordering": [exodrive.db.folding.Folded("name"), "pk"],
            },
        ),
        migrations.CreateModel(
            name="CarClass",
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
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Classes are listed from the lowest.", verbose_name="position"
                    ),
                ),
                (
                    "passengers",
                    models.PositiveSmallIntegerField(
                        help_text="Whom each car of the class takes beside a driver.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="passengers",
                    ),
                ),
                (
                    "bags",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(50)],
                        verbose_name="bags",
                    ),
                ),
            ],
            options={
                "verbose_name": "car class",
                "verbose_name_plural": "car classes",
                "db_table": "car_classes",
                "ordering": ["position", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("passengers__range", (1, 20))),
                        name="class_takes_somebody",
                        violation_error_code="passengers",
                        violation_error_message="A class takes 1 to 20 passengers.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="car",
            name="car_class",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: not for rides.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cars",
                to="cars.carclass",
                verbose_name="car class",
            ),
        ),
        migrations.CreateModel(
            name="Service",
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
                        choices=[("hourly", "By the hour"), ("transfer", "Transfer"), ("tour", "Tour")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("slug", models.SlugField(unique=True, verbose_name="slug")),
                ("with_driver", models.BooleanField(default=True, verbose_name="with driver")),
                ("is_offered", models.BooleanField(default=False, verbose_name="offered")),
                (
                    "tax_rate",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Carriage of passengers often has another one than hire by the hour.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="tax rate (per cent)",
                    ),
                ),
                (
                    "deposit",
                    exodrive.db.amounts.PriceField(
                        decimal_places=4, default=0, max_digits=11, verbose_name="security deposit"
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("description_es", models.TextField(blank=True, verbose_name="description (Spanish)")),
                ("description_fr", models.TextField(blank=True, verbose_name="description (French)")),
                ("description_pt", models.TextField(blank=True, verbose_name="description (Portuguese)")),
                (
                    "unit_minutes",
                    models.PositiveSmallIntegerField(
                        choices=[(15, "quarter of an hour"), (30, "half hour"), (60, "hour")],
                        default=30,
                        help_text="Each that has begun counts.",
                        verbose_name="is charged by the",
                    ),
                ),
                (
                    "min_minutes",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="shortest duration (minutes)",
                    ),
                ),
                (
                    "max_minutes",
                    models.PositiveSmallIntegerField(
                        default=720,
                        validators=[django.core.validators.MaxValueValidator(10080)],
                        verbose_name="longest duration (minutes)",
                    ),
                ),
                (
                    "step_minutes",
                    models.PositiveSmallIntegerField(
                        choices=[(5, "5"), (10, "10"), (15, "15"), (20, "20"), (30, "30"), (60, "60")],
                        default=15,
                        verbose_name="starts every (minutes)",
                    ),
                ),
                (
                    "quick_minutes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(10080),
                            ]
                        ),
                        blank=True,
                        default=cars.models.rides.services.usual_durations,
                        help_text="Buttons beside the times, like 30, 60, 120.",
                        size=8,
                        verbose_name="quick durations (minutes)",
                    ),
                ),
                (
                    "before_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(720)],
                        verbose_name="kept free before (minutes)",
                    ),
                ),
                (
                    "after_minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(720)],
                        verbose_name="kept free after (minutes)",
                    ),
                ),
                (
                    "lead_time_minutes",
                    models.PositiveSmallIntegerField(default=120, verbose_name="lead time (minutes)"),
                ),
                (
                    "horizon_days",
                    models.PositiveSmallIntegerField(
                        default=180,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="bookable days ahead",
                    ),
                ),
                (
                    "free_cancel_hours",
                    models.PositiveSmallIntegerField(
                        default=24, verbose_name="free cancellation until (hours before)"
                    ),
                ),
                (
                    "cancel_until_minutes",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="cancellation by the customer until (minutes before)"
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        help_text="Whose cars drive, and whose clock and closed days count.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="cars.location",
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "ride service",
                "verbose_name_plural": "ride services",
                "db_table": "services",
                "ordering": ["kind", "id"],
            },
        ),
        migrations.CreateModel(
            name="ServiceHours",
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
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="weekday",
                    ),
                ),
                ("opens", models.TimeField(verbose_name="opens")),
                (
                    "closes",
                    models.TimeField(
                        help_text="At or before the opening time: on the next day. 00:00 to 00:00: all day.",
                        verbose_name="closes",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="cars.service",
                        verbose_name="ride service",
                    ),
                ),
            ],
            options={
                "verbose_name": "hours of a service",
                "verbose_name_plural": "hours of a service",
                "db_table": "service_hours",
                "ordering": ["service", "weekday", "opens"],
            },
        ),
        migrations.CreateModel(
            name="Surcharge",
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
                            ("night", "Night"),
                            ("holiday", "Holiday"),
                            ("airport", "Airport"),
                            ("short_notice", "Short notice"),
                            ("waiting", "Waiting"),
                            ("extra_stop", "Extra stop"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        help_text="Of the rate.",
                        max_digits=4,
                        null=True,
                        validators=[
                            exodrive.db.amounts.above_zero,
                            django.core.validators.MaxValueValidator(300),
                        ],
                        verbose_name="per cent",
                    ),
                ),
                (
                    "amount",
                    exodrive.db.amounts.PriceField(
                        blank=True,
                        decimal_places=4,
                        max_digits=11,
                        null=True,
                        validators=[exodrive.db.amounts.above_zero],
                        verbose_name="amount",
                    ),
                ),
                (
                    "per",
                    models.CharField(
                        choices=[
                            ("ride", "Per ride"),
                            ("unit", "Per unit of time"),
                            ("quarter_hour", "Per quarter of an hour"),
                            ("stop", "Per stop"),
                        ],
                        default="ride",
                        help_text="By the hour, a unit that begins in the time counts; a transfer and a tour are one unit.",
                        max_length=12,
                        verbose_name="for",
                    ),
                ),
                (
                    "from_time",
                    models.TimeField(
                        blank=True,
                        help_text="Night: until after midnight, too.",
                        null=True,
                        verbose_name="from",
                    ),
                ),
                ("to_time", models.TimeField(blank=True, null=True, verbose_name="until")),
                (
                    "weekdays",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="weekdays"),
                ),
                ("first_day", models.DateField(blank=True, null=True, verbose_name="first day")),
                ("last_day", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("every_year", models.BooleanField(default=False, verbose_name="every year")),
                (
                    "notice_minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="booked later than (minutes before)",
                    ),
                ),
                (
                    "car_class",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: every class.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surcharges",
                        to="cars.carclass",
                        verbose_name="car class",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where the ride begins or ends. Empty: everywhere; of an airport surcharge, every airport.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surcharges",
                        to="cars.place",
                        verbose_name="place of rides",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="surcharges",
                        to="cars.service",
                        verbose_name="ride service",
                    ),
                ),
            ],
            options={
                "verbose_name": "surcharge",
                "verbose_name_plural": "surcharges",
                "db_table": "surcharges",
                "ordering": ["service", "kind", "id"],
            },
        ),
        migrations.CreateModel(
            name="Tour",
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
                    "service_kind",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Value("tour"),
                        output_field=models.CharField(max_length=8),
                    ),
                ),
                (
                    "duration_minutes",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(15),
                            django.core.validators.MaxValueValidator(10080),
                        ],
                        verbose_name="duration (minutes)",
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("en", "English"),
                                ("es", "Spanish"),
                                ("fr", "French"),
                                ("pt", "Portuguese"),
                            ],
                            max_length=2,
                        ),
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "default_capacity",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="seats",
                    ),
                ),
                (
                    "min_passengers",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="takes place from (persons)",
                    ),
                ),
                (
                    "meeting_place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tours",
                        to="cars.place",
                        verbose_name="meeting place",
                    ),
                ),
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tour",
                        to="cars.service",
                        verbose_name="ride service",
                    ),
                ),
            ],
            options={
                "verbose_name": "tour",
                "verbose_name_plural": "tours",
                "db_table": "tours",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RideRate",
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
                    "service_kind",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(basis="hour", then=models.Value("hourly")),
                            models.When(basis__in=["route", "zones", "band"], then=models.Value("transfer")),
                            default=models.Value("tour"),
                        ),
                        output_field=models.CharField(max_length=8),
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("hour", "Per hour"),
                            ("route", "Between two places"),
                            ("zones", "Between two zones"),
                            ("band", "By distance"),
                            ("person", "Per person"),
                            ("vehicle", "Per car"),
                        ],
                        max_length=7,
                        verbose_name="is charged",
                    ),
                ),
                ("both_ways", models.BooleanField(default=True, verbose_name="also the other way")),
                (
                    "to_km",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="up to (km)",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10080),
                        ],
                        verbose_name="usual duration (minutes)",
                    ),
                ),
                (
                    "amount",
                    exodrive.db.amounts.PriceField(
                        decimal_places=4,
                        max_digits=11,
                        validators=[exodrive.db.amounts.above_zero],
                        verbose_name="amount",
                    ),
                ),
                (
                    "child_amount",
                    exodrive.db.amounts.PriceField(
                        blank=True,
                        decimal_places=4,
                        help_text="Empty: as for everybody.",
                        max_digits=11,
                        null=True,
                        verbose_name="amount for a child",
                    ),
                ),
                (
                    "day_cap",
                    exodrive.db.amounts.PriceField(
                        blank=True,
                        decimal_places=4,
                        help_text="Of the hours alone; empty: no limit.",
                        max_digits=11,
                        null=True,
                        verbose_name="at most in 24 hours",
                    ),
                ),
                (
                    "included_km_per_hour",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="included km per hour"
                    ),
                ),
                (
                    "excess_km_price",
                    exodrive.db.amounts.PriceField(
                        blank=True,
                        decimal_places=4,
                        help_text="By the hour: beyond the included ones. By distance: beyond the longest; empty: no farther.",
                        max_digits=11,
                        null=True,
                        verbose_name="price per extra km",
                    ),
                ),
                (
                    "car_class",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: every class that has no rate of its own.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rates",
                        to="cars.carclass",
                        verbose_name="car class",
                    ),
                ),
                (
                    "from_place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cars.place",
                        verbose_name="from place",
                    ),
                ),
                (
                    "to_place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cars.place",
                        verbose_name="to place",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rates",
                        to="cars.service",
                        verbose_name="ride service",
                    ),
                ),
                (
                    "from_zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cars.zone",
                        verbose_name="from zone",
                    ),
                ),
                (
                    "to_zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cars.zone",
                        verbose_name="to zone",
                    ),
                ),
            ],
            options={
                "verbose_name": "rate of a ride",
                "verbose_name_plural": "rates of a ride",
                "db_table": "ride_rates",
                "ordering": ["service", "basis", "to_km", "id"],
            },
        ),
        migrations.AddField(
            model_name="place",
            name="zone",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: only prices of its own, or by distance.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="places",
                to="cars.zone",
                verbose_name="zone",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.UniqueConstraint(
                fields=("id", "kind"),
                name="service_and_its_kind",
                violation_error_code="kind",
                violation_error_message="A service keeps its kind.",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("max_minutes__lte", 10080),
                    ("min_minutes__gte", 1),
                    ("min_minutes__lte", models.F("max_minutes")),
                ),
                name="shortest_ride_below_longest",
                violation_error_code="max_minutes",
                violation_error_message="The longest ride is shorter than the shortest, or longer than a week.",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("step_minutes__in", (5, 10, 15, 20, 30, 60)), ("unit_minutes__in", [15, 30, 60])
                ),
                name="units_and_steps_divide_the_hour",
                violation_error_code="unit_minutes",
                violation_error_message="Units and steps divide the hour.",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("after_minutes__lte", 720), ("before_minutes__lte", 720)),
                name="gaps_of_half_a_day",
                violation_error_code="before_minutes",
                violation_error_message="At most 12 hours are kept free around a ride.",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("tax_rate__range", (0, 100))),
                name="tax_is_a_percentage",
                violation_error_code="tax_rate",
                violation_error_message="A tax rate is between 0 and 100 per cent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    exodrive.db.arrays.AllWithin("quick_minutes", 1, 10080), ("quick_minutes__len__lte", 8)
                ),
                name="quick_durations_are_durations",
                violation_error_code="quick_minutes",
                violation_error_message="At most 8 durations, none longer than a week.",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicehours",
            constraint=models.UniqueConstraint(
                fields=("service", "weekday", "opens"),
                name="service_opens_once_at_a_time",
                violation_error_code="opens",
                violation_error_message="It opens at that time already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicehours",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__lte", 6)),
                name="service_hours_of_a_weekday",
                violation_error_code="weekday",
                violation_error_message="A week has seven days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="surcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount", None),
                        ("percent__gt", 0),
                        ("percent__isnull", False),
                        ("percent__lte", 300),
                    ),
                    models.Q(("amount__gt", 0), ("amount__isnull", False), ("percent", None)),
                    _connector="OR",
                ),
                name="surcharge_percent_or_amount",
                violation_error_code="amount",
                violation_error_message="Give an amount or a percentage, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="surcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "waiting"), ("per", "quarter_hour"), ("percent", None)),
                    models.Q(("kind", "extra_stop"), ("per", "stop"), ("percent", None)),
                    models.Q(
                        ("kind__in", ["night", "holiday", "airport", "short_notice"]),
                        ("per__in", ["ride", "unit"]),
                    ),
                    _connector="OR",
                ),
                name="surcharge_counts_what_it_is_for",
                violation_error_code="per",
                violation_error_message="Waiting is an amount per quarter of an hour, a stop an amount per stop; the others are per ride or unit.",
            ),
        ),
        migrations.AddConstraint(
            model_name="surcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("from_time__isnull", False),
                        ("kind", "night"),
                        ("to_time__isnull", False),
                        models.Q(("from_time", models.F("to_time")), _negated=True),
                    ),
                    models.Q(
                        models.Q(("kind", "night"), _negated=True), ("from_time", None), ("to_time", None)
                    ),
                    _connector="OR",
                ),
                name="night_has_its_hours",
                violation_error_code="from_time",
                violation_error_message="A night surcharge has two times, the others have none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="surcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("first_day__isnull", False),
                        ("kind", "holiday"),
                        ("last_day__gte", models.F("first_day")),
                        ("last_day__isnull", False),
                        (
                            "last_day__lt",
                            django.db.models.expressions.CombinedExpression(
                                models.F("first_day"), "+", models.Value(datetime.timedelta(days=365))
                            ),
                        ),
                    ),
                    models.Q(
                        models.Q(("kind", "holiday"), _negated=True),
                        ("every_year", False),
                        ("first_day", None),
                        ("last_day", None),
                    ),
                    _connector="OR",
                ),
                name="holiday_has_its_days",
                violation_error_code="first_day",
                violation_error_message="A holiday surcharge has a first and a last day, in order and less than a year apart; the others have none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="surcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "short_notice"),
                        ("notice_minutes__gte", 1),
                        ("notice_minutes__isnull", False),
                    ),
                    models.Q(models.Q(("kind", "short_notice"), _negated=True), ("notice_minutes", None)),
                    _connector="OR",
                ),
                name="short_notice_has_its_minutes",
                violation_error_code="notice_minutes",
                violation_error_message="Say how short the notice is; only for short notice.",
            ),
        ),
        migrations.AddConstraint(
            model_name="surcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekdays", None), ("weekdays__range", (1, 127)), _connector="OR"),
                name="surcharge_weekdays_are_some",
                violation_error_code="weekdays",
                violation_error_message="Choose at least one weekday.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tour",
            constraint=models.CheckConstraint(
                condition=models.Q(("duration_minutes__range", (15, 10080))),
                name="tour_has_a_duration",
                violation_error_code="duration_minutes",
                violation_error_message="A tour takes a quarter of an hour to a week.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tour",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_passengers__gte", 1), ("min_passengers__lte", models.F("default_capacity"))
                ),
                name="tour_fits_its_seats",
                violation_error_code="min_passengers",
                violation_error_message="It takes more persons to take place than it has seats.",
            ),
        ),
        migrations.AddConstraint(
            model_name="tour",
            constraint=models.CheckConstraint(
                condition=models.Q(("languages__len__gte", 1)),
                name="tour_is_told_in_some_language",
                violation_error_code="languages",
                violation_error_message="Choose at least one language.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riderate",
            constraint=models.UniqueConstraint(
                fields=(
                    "service",
                    "car_class",
                    "basis",
                    "from_place",
                    "to_place",
                    "from_zone",
                    "to_zone",
                    "to_km",
                ),
                name="one_rate_for_the_same_ride",
                nulls_distinct=False,
                violation_error_code="amount",
                violation_error_message="There is a rate for this already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riderate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", 0),
                    models.Q(("child_amount", None), ("child_amount__gte", 0), _connector="OR"),
                ),
                name="ride_rate_is_positive",
                violation_error_code="amount",
                violation_error_message="Rates are more than 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riderate",
            constraint=models.CheckConstraint(
                condition=models.Q(("day_cap", None), ("day_cap__gte", models.F("amount")), _connector="OR"),
                name="day_cap_covers_an_hour",
                violation_error_code="day_cap",
                violation_error_message="The most in 24 hours is less than one hour costs.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riderate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            ("basis__in", ["hour", "person", "vehicle"]),
                            ("to_km", None),
                            ("from_place", None),
                            ("to_place", None),
                            ("from_zone", None),
                            ("to_zone", None),
                        ),
                        models.Q(
                            ("basis", "route"),
                            ("from_place__isnull", False),
                            ("to_km", None),
                            ("to_place__isnull", False),
                            ("from_zone", None),
                            ("to_zone", None),
                        ),
                        models.Q(
                            ("basis", "zones"),
                            ("from_zone__isnull", False),
                            ("to_km", None),
                            ("to_zone__isnull", False),
                            ("from_place", None),
                            ("to_place", None),
                        ),
                        models.Q(
                            ("basis", "band"),
                            ("to_km__gte", 1),
                            ("to_km__isnull", False),
                            ("from_place", None),
                            ("to_place", None),
                            ("from_zone", None),
                            ("to_zone", None),
                        ),
                        _connector="OR",
                    )
                ),
                name="rate_says_from_where_to_where",
                violation_error_code="from_place",
                violation_error_message="Say two places, or two zones, or up to how many km: one of the three.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riderate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("from_place", None),
                    models.Q(("from_place", models.F("to_place")), _negated=True),
                    _connector="OR",
                ),
                name="route_leads_somewhere",
                violation_error_code="to_place",
                violation_error_message="A transfer leads to another place.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riderate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("basis__in", ["route", "zones", "band"]),
                        ("minutes__gte", 1),
                        ("minutes__isnull", False),
                    ),
                    models.Q(("basis__in", ["hour", "person", "vehicle"]), ("minutes", None)),
                    _connector="OR",
                ),
                name="transfer_rate_has_a_duration",
                violation_error_code="minutes",
                violation_error_message="Say how long it usually takes.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riderate",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", "person"), ("child_amount", None), _connector="OR"),
                name="only_persons_are_children",
                violation_error_code="child_amount",
                violation_error_message="Only a rate per person has another one for children.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riderate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("basis", "hour"),
                    models.Q(("day_cap", None), ("included_km_per_hour", None)),
                    _connector="OR",
                ),
                name="only_hours_add_up_to_a_day",
                violation_error_code="day_cap",
                violation_error_message="Only a rate per hour has a limit for 24 hours and includes km.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riderate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("basis__in", ["hour", "band"]), ("excess_km_price", None), _connector="OR"
                ),
                name="only_hours_and_distances_count_km",
                violation_error_code="excess_km_price",
                violation_error_message="Only a rate per hour or by distance has a price per extra km.",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                name="place_is_on_earth",
                violation_error_code="latitude",
                violation_error_message="The place is not on earth.",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(("radius_km__gt", 0)),
                name="place_has_a_radius",
                violation_error_code="radius_km",
                violation_error_message="Type more than 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(("wait_minutes", None), ("wait_minutes__lte", 240), _connector="OR"),
                name="waiting_has_an_end",
                violation_error_code="wait_minutes",
                violation_error_message="At most 240 minutes.",
            ),
        ),
        *(migrations.RunSQL(OF_ITS_KIND.format(**one), NO_MORE.format(**one)) for one in KEPT),
    ]

import datetime

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import cars.models
from exodrive.rls import PUBLIC, SERVICE, STAFF, Policy, Protect, everything, reading


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("exodrive", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agency",
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
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("slug", models.SlugField(unique=True, verbose_name="slug")),
            ],
            options={
                "verbose_name": "agency",
                "verbose_name_plural": "agencies",
                "db_table": "agencies",
            },
        ),
        migrations.CreateModel(
            name="Location",
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
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("slug", models.SlugField(unique=True, verbose_name="slug")),
                ("address", models.CharField(max_length=250, verbose_name="address")),
                ("latitude", models.DecimalField(decimal_places=6, max_digits=9, verbose_name="latitude")),
                ("longitude", models.DecimalField(decimal_places=6, max_digits=9, verbose_name="longitude")),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/Paris",
                        max_length=60,
                        validators=[cars.models.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="locations",
                        to="cars.agency",
                        verbose_name="agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "location",
                "verbose_name_plural": "locations",
                "db_table": "locations",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Car",
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
                ("make", models.CharField(max_length=60, verbose_name="make")),
                ("model", models.CharField(max_length=60, verbose_name="model")),
                ("slug", models.SlugField(unique=True, verbose_name="slug")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1900),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="year",
                    ),
                ),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="seats",
                    ),
                ),
                ("doors", models.PositiveSmallIntegerField(default=4, verbose_name="doors")),
                (
                    "gearbox",
                    models.CharField(
                        choices=[("automatic", "Automatic"), ("manual", "Manual")],
                        default="automatic",
                        max_length=10,
                        verbose_name="gearbox",
                    ),
                ),
                (
                    "fuel",
                    models.CharField(
                        choices=[
                            ("petrol", "Petrol"),
                            ("diesel", "Diesel"),
                            ("hybrid", "Hybrid"),
                            ("electric", "Electric"),
                        ],
                        default="petrol",
                        max_length=10,
                        verbose_name="fuel",
                    ),
                ),
                ("power_kw", models.PositiveSmallIntegerField(verbose_name="power (kW)")),
                ("plate", models.CharField(max_length=20, unique=True, verbose_name="plate")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("offered", "Offered"),
                            ("maintenance", "In maintenance"),
                            ("retired", "Retired"),
                        ],
                        default="offered",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "daily_rate",
                    models.DecimalField(decimal_places=2, max_digits=9, verbose_name="rate per day"),
                ),
                (
                    "weekend_rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Saturday and Sunday. Empty: the rate per day.",
                        max_digits=9,
                        null=True,
                        verbose_name="rate per weekend day",
                    ),
                ),
                (
                    "deposit",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=9, verbose_name="security deposit"
                    ),
                ),
                (
                    "included_km_per_day",
                    models.PositiveIntegerField(default=200, verbose_name="included km per day"),
                ),
                (
                    "excess_km_price",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=6, verbose_name="price per extra km"
                    ),
                ),
                (
                    "minimum_age",
                    models.PositiveSmallIntegerField(default=25, verbose_name="minimum driver age"),
                ),
                (
                    "min_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minimum days"),
                ),
                (
                    "max_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="maximum days"),
                ),
                (
                    "buffer_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="buffer days"),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("description_es", models.TextField(blank=True, verbose_name="description (Spanish)")),
                ("description_fr", models.TextField(blank=True, verbose_name="description (French)")),
                ("description_pt", models.TextField(blank=True, verbose_name="description (Portuguese)")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cars",
                        to="cars.location",
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "car",
                "verbose_name_plural": "cars",
                "db_table": "cars",
                "ordering": ["daily_rate", "id"],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
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
                ("opens", models.TimeField(default=datetime.time(10, 0), verbose_name="opens")),
                ("closes", models.TimeField(default=datetime.time(18, 0), verbose_name="closes")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening_hours",
                        to="cars.location",
                        verbose_name="location",
                    ),
                ),
            ],
            options={
                "verbose_name": "opening hours",
                "verbose_name_plural": "opening hours",
                "db_table": "location_hours",
                "ordering": ["location", "weekday"],
            },
        ),
        migrations.CreateModel(
            name="CarImage",
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
                    "art",
                    models.SlugField(
                        blank=True, help_text="Name of a drawing in static/img/cars.", verbose_name="drawing"
                    ),
                ),
                (
                    "file",
                    models.ImageField(
                        blank=True,
                        upload_to="cars",
                        validators=[
                            django.core.validators.FileExtensionValidator(["jpg", "jpeg", "png", "webp"])
                        ],
                        verbose_name="photo",
                    ),
                ),
                ("alt", models.CharField(max_length=200, verbose_name="what the picture shows")),
                (
                    "alt_es",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="what the picture shows (Spanish)"
                    ),
                ),
                (
                    "alt_fr",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="what the picture shows (French)"
                    ),
                ),
                (
                    "alt_pt",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="what the picture shows (Portuguese)"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "car",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="images",
                        to="cars.car",
                        verbose_name="car",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
                "db_table": "car_images",
                "ordering": ["position", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("art", ""), ("file__gt", "")),
                            models.Q(("art__gt", ""), ("file", "")),
                            _connector="OR",
                        ),
                        name="a_drawing_or_a_photo",
                        violation_error_message="Choose a drawing or upload a photo, not both.",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="car",
            index=models.Index(
                models.F("daily_rate"),
                models.F("id"),
                condition=models.Q(("status", "offered")),
                name="offered_cars_by_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="car",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("daily_rate__gt", 0),
                    models.Q(("weekend_rate", None), ("weekend_rate__gt", 0), _connector="OR"),
                ),
                name="rates_are_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.UniqueConstraint(fields=("location", "weekday"), name="one_row_per_weekday"),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("opens__lt", models.F("closes"))), name="opens_before_it_closes"
            ),
        ),
        Protect(
            "agencies",
            grants={STAFF: "SELECT, INSERT, UPDATE, DELETE", SERVICE: "SELECT"},
            policies=everything(STAFF) | reading(SERVICE),
        ),
        Protect(
            "locations",
            grants={STAFF: "SELECT, INSERT, UPDATE, DELETE", SERVICE: "SELECT", PUBLIC: "SELECT"},
            policies=everything(STAFF) | reading(SERVICE) | reading(PUBLIC),
        ),
        Protect(
            "location_hours",
            grants={STAFF: "SELECT, INSERT, UPDATE, DELETE", SERVICE: "SELECT", PUBLIC: "SELECT"},
            policies=everything(STAFF) | reading(SERVICE) | reading(PUBLIC),
        ),
        Protect(
            "cars",
            grants={STAFF: "SELECT, INSERT, UPDATE, DELETE", SERVICE: "SELECT", PUBLIC: "SELECT"},
            policies={
                **everything(STAFF),
                **reading(SERVICE),
                "public_offered": Policy(PUBLIC, "SELECT", "status = 'offered'"),
            },
        ),
        Protect(
            "car_images",
            grants={STAFF: "SELECT, INSERT, UPDATE, DELETE", SERVICE: "SELECT", PUBLIC: "SELECT"},
            policies={
                **everything(STAFF),
                **reading(SERVICE),
                "public_of_visible_cars": Policy(
                    PUBLIC, "SELECT", "EXISTS (SELECT 1 FROM cars WHERE cars.id = car_images.car_id)"
                ),
            },
        ),
    ]

"""Tours on a date: departures, which have their cars as blocks do, and a row for every seat that exists."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0042_ledger_changes"),
        ("cars", "0041_rides"),
    ]

    operations = [
        migrations.CreateModel(
            name="DepartureSeat",
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
                ("seat", models.PositiveSmallIntegerField(verbose_name="seat")),
                ("expires_at", models.DateTimeField(null=True, verbose_name="lapses")),
            ],
            options={
                "verbose_name": "seat",
                "verbose_name_plural": "seats",
                "db_table": "departure_seats",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TourDeparture",
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
                    "before_minutes",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="minutes kept free before"
                    ),
                ),
                (
                    "after_minutes",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="minutes kept free after"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="seats",
                    ),
                ),
                (
                    "cutoff_minutes",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[django.core.validators.MaxValueValidator(10080)],
                        verbose_name="seats are sold until (minutes before)",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("es", "Spanish"),
                            ("fr", "French"),
                            ("pt", "Portuguese"),
                        ],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                            ("done", "Done"),
                        ],
                        default="open",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
            ],
            options={
                "verbose_name": "departure",
                "verbose_name_plural": "departures",
                "db_table": "tour_departures",
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="vehicleassignment",
            name="span_has_one_claimant",
        ),
        migrations.AddField(
            model_name="hold",
            name="seats",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="seats"),
        ),
        migrations.AddField(
            model_name="ride",
            name="seats",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="seats"),
        ),
        migrations.AddField(
            model_name="departureseat",
            name="booking",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seats",
                to="bookings.booking",
            ),
        ),
        migrations.AddField(
            model_name="departureseat",
            name="hold",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="held_seats",
                to="bookings.hold",
            ),
        ),
        migrations.AddField(
            model_name="tourdeparture",
            name="car",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="departures",
                to="cars.car",
                verbose_name="car",
            ),
        ),
        migrations.AddField(
            model_name="tourdeparture",
            name="tour",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="departures",
                to="cars.tour",
                verbose_name="tour",
            ),
        ),
        migrations.AddField(
            model_name="departureseat",
            name="departure",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="seats",
                to="bookings.tourdeparture",
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="departure",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="bookings.tourdeparture",
                verbose_name="departure",
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="departure",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="bookings.tourdeparture",
                verbose_name="departure",
            ),
        ),
        migrations.AddField(
            model_name="vehicleassignment",
            name="departure",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="spans",
                to="bookings.tourdeparture",
            ),
        ),
        migrations.AddIndex(
            model_name="vehicleassignment",
            index=models.Index(
                models.F("departure"),
                condition=models.Q(("departure__isnull", False)),
                name="spans_of_a_departure",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("departure", None), ("seats", 0)),
                    models.Q(("departure__isnull", False), ("seats__range", (1, 60))),
                    _connector="OR",
                ),
                name="hold_has_seats_on_a_departure",
            ),
        ),
        migrations.AddConstraint(
            model_name="ride",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("departure", None), ("seats", 0)),
                    models.Q(("departure__isnull", False), ("seats__range", (1, 60))),
                    _connector="OR",
                ),
                name="ride_has_seats_on_a_departure",
            ),
        ),
        migrations.AddConstraint(
            model_name="vehicleassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("block", None), ("booking__isnull", False), ("departure", None), ("hold", None)
                    ),
                    models.Q(
                        ("block", None), ("booking", None), ("departure", None), ("hold__isnull", False)
                    ),
                    models.Q(
                        ("block__isnull", False), ("booking", None), ("departure", None), ("hold", None)
                    ),
                    models.Q(
                        ("block", None), ("booking", None), ("departure__isnull", False), ("hold", None)
                    ),
                    _connector="OR",
                ),
                name="span_has_one_claimant",
            ),
        ),
        migrations.AddIndex(
            model_name="tourdeparture",
            index=models.Index(models.F("tour"), models.F("starts_at"), name="departures_of_a_tour"),
        ),
        migrations.AddConstraint(
            model_name="tourdeparture",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__isnull", False),
                    ("starts_at__isnull", False),
                    ("starts_at__lt", models.F("ends_at")),
                    ("after_minutes__lte", 720),
                    ("before_minutes__lte", 720),
                ),
                name="departure_has_its_hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="tourdeparture",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__range", (1, 60)), ("cutoff_minutes__lte", 10080)),
                name="departure_has_some_seats",
            ),
        ),
        migrations.AddConstraint(
            model_name="tourdeparture",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "closed", "cancelled", "done"])),
                name="departure_of_a_known_status",
            ),
        ),
        migrations.AddIndex(
            model_name="departureseat",
            index=models.Index(
                models.F("booking"), condition=models.Q(("booking__isnull", False)), name="seats_of_a_booking"
            ),
        ),
        migrations.AddIndex(
            model_name="departureseat",
            index=models.Index(
                models.F("hold"), condition=models.Q(("hold__isnull", False)), name="seats_of_a_hold"
            ),
        ),
        migrations.AddConstraint(
            model_name="departureseat",
            constraint=models.UniqueConstraint(fields=("departure", "seat"), name="one_row_per_seat"),
        ),
        migrations.AddConstraint(
            model_name="departureseat",
            constraint=models.CheckConstraint(
                condition=models.Q(("booking", None), ("hold", None), _connector="OR"),
                name="seat_has_one_claimant",
            ),
        ),
        migrations.AddConstraint(
            model_name="departureseat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("expires_at", None), ("hold", None)),
                    models.Q(("expires_at__isnull", False), ("hold__isnull", False)),
                    _connector="OR",
                ),
                name="only_held_seats_lapse",
            ),
        ),
        # The release before this one goes on inserting.
        migrations.RunSQL(
            "ALTER TABLE holds ALTER seats SET DEFAULT 0; ALTER TABLE rides ALTER seats SET DEFAULT 0",
            migrations.RunSQL.noop,
        ),
    ]

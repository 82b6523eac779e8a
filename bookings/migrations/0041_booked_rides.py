"""What a ride is for: its service and class, places and addresses; which kind a booking is; holds of rides."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0040_flat_lists"),
        ("cars", "0041_rides"),
    ]

    # Nobody could book a ride before this: the table is empty, and no row ever has the defaults of 0.
    operations = [
        migrations.AddField(
            model_name="booking",
            name="kind",
            field=models.CharField(
                choices=[
                    ("rental", "Rental"),
                    ("hourly", "By the hour"),
                    ("transfer", "Transfer"),
                    ("tour", "Tour"),
                ],
                default="rental",
                editable=False,
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="car_class",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="holds",
                to="cars.carclass",
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="choice",
            field=models.JSONField(
                default=dict, editable=False, help_text="Of a ride: places by id, passengers, bags."
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="service",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="holds",
                to="cars.service",
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="bags",
            field=models.PositiveSmallIntegerField(
                default=0, validators=[django.core.validators.MaxValueValidator(99)], verbose_name="bags"
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="car_class",
            field=models.ForeignKey(
                default=0,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rides",
                to="cars.carclass",
                verbose_name="car class",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="ride",
            name="children",
            field=models.PositiveSmallIntegerField(
                default=0,
                validators=[django.core.validators.MaxValueValidator(60)],
                verbose_name="of them children",
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="distance_km",
            field=models.DecimalField(
                decimal_places=1, max_digits=6, null=True, verbose_name="way by road (km)"
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="driver_name",
            field=models.CharField(
                blank=True,
                default="",
                max_length=200,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[^\\x00-\\x1f\\x7f]*\\Z", "Write it on one line."
                    )
                ],
                verbose_name="driver",
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="flight_number",
            field=models.CharField(
                blank=True,
                default="",
                max_length=6,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[A-Z0-9]{2}[0-9]{1,4}$", "Type a flight number like AF1234."
                    )
                ],
                verbose_name="flight number",
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="from_place",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cars.place",
                verbose_name="from place",
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="from_text",
            field=models.CharField(
                blank=True,
                default="",
                max_length=250,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[^\\x00-\\x1f\\x7f]*\\Z", "Write it on one line."
                    )
                ],
                verbose_name="pick-up address",
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="given_car",
            field=models.BooleanField(default=False, verbose_name="this very car"),
        ),
        migrations.AddField(
            model_name="ride",
            name="passengers",
            field=models.PositiveSmallIntegerField(
                default=1,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(60),
                ],
                verbose_name="passengers",
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="service",
            field=models.ForeignKey(
                default=0,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rides",
                to="cars.service",
                verbose_name="ride service",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="ride",
            name="sign_name",
            field=models.CharField(
                blank=True,
                default="",
                max_length=200,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[^\\x00-\\x1f\\x7f]*\\Z", "Write it on one line."
                    )
                ],
                verbose_name="name on the sign",
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="to_place",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cars.place",
                verbose_name="to place",
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="to_text",
            field=models.CharField(
                blank=True,
                default="",
                max_length=250,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[^\\x00-\\x1f\\x7f]*\\Z", "Write it on one line."
                    )
                ],
                verbose_name="destination",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["rental", "hourly", "transfer", "tour"])),
                name="booking_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("car_class", None), ("service", None)),
                    models.Q(
                        ("car_class__isnull", False), ("service__isnull", False), ("starts_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="hold_of_a_ride_has_its_class",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("choice", models.TextField())
                    ),
                    1000,
                ),
                name="holds_choice_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="ride",
            constraint=models.CheckConstraint(
                condition=models.Q(("bags__lte", 99), ("children__lte", 60), ("passengers__range", (1, 60))),
                name="ride_of_some_people",
            ),
        ),
        # The release before this one goes on inserting. Not db_default: Django would read the columns back from every INSERT,
        # and the public may not.
        migrations.RunSQL(
            "ALTER TABLE bookings ALTER kind SET DEFAULT 'rental'; ALTER TABLE holds ALTER choice SET DEFAULT '{}'",
            migrations.RunSQL.noop,
        ),
    ]

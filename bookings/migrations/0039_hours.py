"""Hours in the ledger: service days, and the spans that stand on them.

A span is one number of car and minute, so that one index of core operators keeps two of them apart, gaps included:
car * 2^28 + minutes since 2000-01-01 in UTC, which fit until 2510. `bookings.availability.hours.spans` asks by the same
expression; another encoding needs another constraint.

The local day is checked by a trigger and not here: a CHECK is evaluated again when a dump is restored, and after a change
of a zone's law it could not be.
"""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

SLOT = (
    "int8range(car_id * 268435456 + extract(epoch FROM starts_at AT TIME ZONE 'UTC')::bigint / 60 - 15778080 - before_minutes,"
    " car_id * 268435456 + extract(epoch FROM ends_at AT TIME ZONE 'UTC')::bigint / 60 - 15778080 + after_minutes)"
)
PROMISE = f"""
ALTER TABLE vehicle_assignments
  ADD COLUMN day_status varchar(8) NOT NULL GENERATED ALWAYS AS ('service') STORED,
  ADD CONSTRAINT span_in_whole_minutes CHECK (
    starts_at < ends_at AND ends_at <= starts_at + interval '25 hours'
    AND extract(second FROM starts_at AT TIME ZONE 'UTC') = 0 AND extract(second FROM ends_at AT TIME ZONE 'UTC') = 0
    AND starts_at >= '2000-01-03 00:00Z' AND ends_at < '2200-01-03 00:00Z'
  ),
  ADD CONSTRAINT span_on_a_service_day FOREIGN KEY (car_id, date, day_status)
    REFERENCES car_availability (car_id, date, status) DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT no_car_twice_at_once EXCLUDE USING gist (({SLOT}) WITH &&)
"""
# The release before this one goes on inserting holds and blocks; spans are written by SQL.
DEFAULTS = """
ALTER TABLE vehicle_assignments ALTER before_minutes SET DEFAULT 0, ALTER after_minutes SET DEFAULT 0;
ALTER TABLE holds ALTER before_minutes SET DEFAULT 0, ALTER after_minutes SET DEFAULT 0;
ALTER TABLE blocked_dates ALTER before_minutes SET DEFAULT 0, ALTER after_minutes SET DEFAULT 0
"""


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0038_months_of_pick_ups"),
        ("cars", "0039_several_spans_a_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ride",
            fields=[
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
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
            ],
            options={
                "verbose_name": "ride",
                "verbose_name_plural": "rides",
                "db_table": "rides",
            },
        ),
        migrations.CreateModel(
            name="VehicleAssignment",
            fields=[
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
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("date", models.DateField(verbose_name="date")),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "before_minutes",
                    models.PositiveSmallIntegerField(default=0, verbose_name="minutes kept free before"),
                ),
                (
                    "after_minutes",
                    models.PositiveSmallIntegerField(default=0, verbose_name="minutes kept free after"),
                ),
                ("expires_at", models.DateTimeField(null=True, verbose_name="lapses")),
            ],
            options={
                "verbose_name": "span",
                "verbose_name_plural": "spans",
                "db_table": "vehicle_assignments",
            },
        ),
        migrations.RemoveConstraint(
            model_name="caravailability",
            name="one_claimant_that_fits_the_status",
        ),
        migrations.RemoveConstraint(
            model_name="caravailability",
            name="only_holds_lapse",
        ),
        migrations.RemoveIndex(
            model_name="caravailability",
            name="taken_cars_of_a_day",
        ),
        migrations.AddField(
            model_name="block",
            name="after_minutes",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="minutes kept free after"
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="before_minutes",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="minutes kept free before"
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="ends_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="ends at"),
        ),
        migrations.AddField(
            model_name="block",
            name="starts_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="starts at"),
        ),
        migrations.AddField(
            model_name="hold",
            name="after_minutes",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="minutes kept free after"
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="before_minutes",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="minutes kept free before"
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="ends_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="ends at"),
        ),
        migrations.AddField(
            model_name="hold",
            name="starts_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="starts at"),
        ),
        migrations.AlterField(
            model_name="caravailability",
            name="status",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("booked", "Booked"),
                    ("held", "Held"),
                    ("blocked", "Blocked"),
                    ("buffer", "Buffer"),
                    ("service", "By the hour"),
                ],
                max_length=8,
                verbose_name="status",
            ),
        ),
        migrations.AddIndex(
            model_name="caravailability",
            index=models.Index(
                models.F("date"),
                models.F("car"),
                include=("expires_at", "status"),
                name="taken_cars_of_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("after_minutes", 0), ("before_minutes", 0), ("ends_at", None), ("starts_at", None)
                    ),
                    models.Q(
                        ("ends_at__isnull", False),
                        ("starts_at__isnull", False),
                        ("starts_at__lt", models.F("ends_at")),
                        ("after_minutes__lte", 720),
                        ("before_minutes__lte", 720),
                    ),
                    _connector="OR",
                ),
                name="block_has_its_hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="caravailability",
            constraint=models.UniqueConstraint(fields=("car", "date", "status"), name="a_day_and_its_use"),
        ),
        migrations.AddConstraint(
            model_name="caravailability",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("block", None),
                        ("booking__isnull", False),
                        ("hold", None),
                        ("status__in", ["pending", "booked", "buffer"]),
                    ),
                    models.Q(
                        ("block", None),
                        ("booking", None),
                        ("hold__isnull", False),
                        ("status__in", ["held", "buffer"]),
                    ),
                    models.Q(
                        ("block__isnull", False), ("booking", None), ("hold", None), ("status", "blocked")
                    ),
                    models.Q(("block", None), ("booking", None), ("hold", None), ("status", "service")),
                    _connector="OR",
                ),
                name="one_claimant_that_fits_the_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="caravailability",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("expires_at", None), ("hold", None)),
                    models.Q(("expires_at__isnull", False), ("hold__isnull", False)),
                    ("status", "service"),
                    _connector="OR",
                ),
                name="only_holds_lapse",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("after_minutes", 0), ("before_minutes", 0), ("ends_at", None), ("starts_at", None)
                    ),
                    models.Q(
                        ("ends_at__isnull", False),
                        ("starts_at__isnull", False),
                        ("starts_at__lt", models.F("ends_at")),
                        ("after_minutes__lte", 720),
                        ("before_minutes__lte", 720),
                    ),
                    _connector="OR",
                ),
                name="hold_has_its_hours",
            ),
        ),
        migrations.AddField(
            model_name="ride",
            name="booking",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="ride", to="bookings.booking"
            ),
        ),
        migrations.AddField(
            model_name="vehicleassignment",
            name="block",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="spans",
                to="bookings.block",
            ),
        ),
        migrations.AddField(
            model_name="vehicleassignment",
            name="booking",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="spans",
                to="bookings.booking",
            ),
        ),
        migrations.AddField(
            model_name="vehicleassignment",
            name="car",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="spans",
                to="cars.car",
            ),
        ),
        migrations.AddField(
            model_name="vehicleassignment",
            name="hold",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="spans",
                to="bookings.hold",
            ),
        ),
        migrations.AddConstraint(
            model_name="ride",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__isnull", False),
                    ("starts_at__isnull", False),
                    ("starts_at__lt", models.F("ends_at")),
                    ("after_minutes__lte", 720),
                    ("before_minutes__lte", 720),
                ),
                name="ride_has_its_hours",
            ),
        ),
        migrations.AddIndex(
            model_name="vehicleassignment",
            index=models.Index(models.F("car"), models.F("date"), name="spans_of_a_car"),
        ),
        migrations.AddIndex(
            model_name="vehicleassignment",
            index=models.Index(
                models.F("date"),
                models.F("car"),
                include=("starts_at", "ends_at", "before_minutes", "after_minutes", "expires_at"),
                name="spans_of_a_day",
            ),
        ),
        migrations.AddIndex(
            model_name="vehicleassignment",
            index=models.Index(
                models.F("booking"), condition=models.Q(("booking__isnull", False)), name="spans_of_a_booking"
            ),
        ),
        migrations.AddIndex(
            model_name="vehicleassignment",
            index=models.Index(
                models.F("hold"), condition=models.Q(("hold__isnull", False)), name="spans_of_a_hold"
            ),
        ),
        migrations.AddIndex(
            model_name="vehicleassignment",
            index=models.Index(
                models.F("block"), condition=models.Q(("block__isnull", False)), name="spans_of_a_block"
            ),
        ),
        migrations.AddConstraint(
            model_name="vehicleassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("block", None), ("booking__isnull", False), ("hold", None)),
                    models.Q(("block", None), ("booking", None), ("hold__isnull", False)),
                    models.Q(("block__isnull", False), ("booking", None), ("hold", None)),
                    _connector="OR",
                ),
                name="span_has_one_claimant",
            ),
        ),
        migrations.AddConstraint(
            model_name="vehicleassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("expires_at", None), ("hold", None)),
                    models.Q(("expires_at__isnull", False), ("hold__isnull", False)),
                    _connector="OR",
                ),
                name="only_held_spans_lapse",
            ),
        ),
        migrations.AddConstraint(
            model_name="vehicleassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("after_minutes__lte", 720), ("before_minutes__lte", 720)),
                name="gaps_below_a_day",
            ),
        ),
        migrations.RunSQL(DEFAULTS, migrations.RunSQL.noop),
        migrations.RunSQL(PROMISE, migrations.RunSQL.noop),
    ]

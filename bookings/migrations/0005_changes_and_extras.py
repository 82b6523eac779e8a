import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from exodrive.rls import PUBLIC, SERVICE, STAFF, Policy, Protect, everything, reading

OWN_BOOKING = "booking_id = (SELECT app_booking_id())"


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0004_search"),
        ("cars", "0002_rules_and_prices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="delivery",
            field=models.BooleanField(default=False, verbose_name="delivery"),
        ),
        migrations.AddField(
            model_name="booking",
            name="driver_age",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="driver's age"),
        ),
        migrations.AddField(
            model_name="hold",
            name="visitor",
            field=models.CharField(
                blank=True, default="", help_text="Who holds, as a keyed hash.", max_length=64
            ),
        ),
        migrations.CreateModel(
            name="BookingChange",
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
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("staff", "Staff"),
                            ("customer", "Customer"),
                            ("provider", "Payment provider"),
                            ("job", "Automatic"),
                            ("database", "Database"),
                        ],
                        max_length=8,
                        verbose_name="actor",
                    ),
                ),
                ("before", models.JSONField(verbose_name="before")),
                ("after", models.JSONField(verbose_name="after")),
                (
                    "difference",
                    models.DecimalField(decimal_places=2, max_digits=10, verbose_name="price difference"),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="bookings.booking",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "db_table": "booking_changes",
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="BookingExtra",
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
                ("quantity", models.PositiveSmallIntegerField(verbose_name="quantity")),
                ("start_date", models.DateField(verbose_name="first day")),
                ("end_date", models.DateField(verbose_name="last day")),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extras",
                        to="bookings.booking",
                    ),
                ),
                (
                    "extra",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cars.extra",
                        verbose_name="extra",
                    ),
                ),
            ],
            options={
                "verbose_name": "extra of a booking",
                "verbose_name_plural": "extras of a booking",
                "db_table": "booking_extras",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("booking", "extra"), name="one_row_per_booking_and_extra"
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="some_of_an_extra"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExtraDay",
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
                ("taken", models.PositiveSmallIntegerField(verbose_name="taken")),
                (
                    "extra",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="cars.extra",
                    ),
                ),
            ],
            options={
                "verbose_name": "day of an extra",
                "verbose_name_plural": "days of extras",
                "db_table": "extra_days",
                "constraints": [
                    models.UniqueConstraint(fields=("extra", "date"), name="one_count_per_extra_day")
                ],
            },
        ),
        Protect(
            "booking_extras",
            grants={STAFF: "SELECT", SERVICE: "SELECT", PUBLIC: "SELECT"},
            policies={
                **reading(STAFF),
                **reading(SERVICE),
                "public_own": Policy(PUBLIC, "SELECT", OWN_BOOKING),
            },
        ),
        Protect(
            "extra_days",
            grants={STAFF: "SELECT", SERVICE: "SELECT", PUBLIC: "SELECT"},
            policies=reading(STAFF) | reading(SERVICE) | reading(PUBLIC),
        ),
        Protect(
            "booking_changes",
            grants={STAFF: "SELECT, INSERT", SERVICE: "SELECT, INSERT", PUBLIC: "INSERT"},
            policies={
                **everything(STAFF),
                **everything(SERVICE),
                "public_new": Policy(PUBLIC, "INSERT", "", f"{OWN_BOOKING} AND actor_kind = 'customer'"),
            },
        ),
    ]

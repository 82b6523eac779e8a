import uuid
from decimal import Decimal

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from exodrive.rls import PUBLIC, SERVICE, STAFF, Policy, Protect, everything, reading

# What the token of the request opens. Definers, so that nobody needs to read tokens.
APP_BOOKING_ID = """
CREATE FUNCTION app_booking_id() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT booking_id FROM booking_secure_tokens
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now()
$$
"""
APP_HOLD_ID = """
CREATE FUNCTION app_hold_id() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id FROM holds WHERE token_hash = current_setting('app.token_hash', true)
$$
"""
CLOSE = "REVOKE ALL ON FUNCTION {0} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {0} TO exo_public, exo_staff, exo_service"

OWN_BOOKING = "booking_id = (SELECT app_booking_id())"
OWN_HOLD = "hold_id = (SELECT app_hold_id())"
SOON = "expires_at <= now() + interval '1 day'"  # nobody keeps days for ever by writing a far date
OWN_DAYS = f"expires_at <= now() OR {OWN_HOLD} OR {OWN_BOOKING}"
MAY_BECOME = (
    f"(expires_at IS NULL OR {SOON}) AND (status IN ('pending', 'held', 'buffer')"
    f" OR (status = 'booked' AND {OWN_BOOKING}))"
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cars", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Block",
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
                ("start_date", models.DateField(verbose_name="first day")),
                ("end_date", models.DateField(verbose_name="last day")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("maintenance", "Maintenance"),
                            ("owner_use", "Owner use"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "car",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="blocks",
                        to="cars.car",
                        verbose_name="car",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "block",
                "verbose_name_plural": "blocks",
                "db_table": "blocked_dates",
            },
        ),
        migrations.CreateModel(
            name="Booking",
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
                ("reference", models.CharField(max_length=12, verbose_name="reference")),
                ("start_date", models.DateField(verbose_name="pick-up day")),
                ("end_date", models.DateField(verbose_name="return day")),
                ("pickup_time", models.TimeField(verbose_name="pick-up time")),
                ("return_time", models.TimeField(verbose_name="return time")),
                ("buffer_days", models.PositiveSmallIntegerField(default=0, verbose_name="buffer days")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("upcoming", "Upcoming"),
                            ("active", "Active"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                            ("refunded", "Refunded"),
                        ],
                        default="pending",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("status_changed_at", models.DateTimeField(editable=False, verbose_name="status changed")),
                (
                    "payment_status",
                    models.CharField(
                        choices=[
                            ("unpaid", "Unpaid"),
                            ("processing", "Processing"),
                            ("paid", "Paid"),
                            ("partially_refunded", "Partially refunded"),
                            ("refunded", "Refunded"),
                            ("failed", "Failed"),
                        ],
                        default="unpaid",
                        max_length=18,
                        verbose_name="payment",
                    ),
                ),
                (
                    "payment_method",
                    models.CharField(
                        choices=[("pick_up", "At pick-up")],
                        default="pick_up",
                        max_length=10,
                        verbose_name="payment method",
                    ),
                ),
                (
                    "quote",
                    models.JSONField(
                        help_text="As booked: line items, total, tax, deposit.", verbose_name="quote"
                    ),
                ),
                ("terms", models.JSONField(default=dict, verbose_name="cancellation terms")),
                ("total", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="total")),
                (
                    "deposit",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=10, verbose_name="deposit"
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("full_name", models.CharField(max_length=200, verbose_name="full name")),
                ("email", models.EmailField(max_length=254, verbose_name="email")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "special_requests",
                    models.TextField(blank=True, max_length=2000, verbose_name="special requests"),
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
                        default="en",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("web", "Website"),
                            ("mobile", "Website, mobile"),
                            ("api", "API"),
                            ("staff", "Staff"),
                        ],
                        default="web",
                        max_length=6,
                        verbose_name="source",
                    ),
                ),
                ("dates_chosen_at", models.DateTimeField(null=True, verbose_name="dates chosen")),
                ("handed_over_at", models.DateTimeField(null=True, verbose_name="handed over")),
                ("returned_at", models.DateTimeField(null=True, verbose_name="returned")),
                (
                    "return_odometer_km",
                    models.PositiveIntegerField(null=True, verbose_name="odometer at return (km)"),
                ),
                (
                    "return_fuel_eighths",
                    models.PositiveSmallIntegerField(null=True, verbose_name="fuel at return (eighths)"),
                ),
                ("return_damage", models.BooleanField(null=True, verbose_name="damage at return")),
                ("return_note", models.TextField(blank=True, max_length=2000, verbose_name="note at return")),
                (
                    "car",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="cars.car",
                        verbose_name="car",
                    ),
                ),
            ],
            options={
                "verbose_name": "booking",
                "verbose_name_plural": "bookings",
                "db_table": "bookings",
            },
        ),
        migrations.CreateModel(
            name="BookingLocation",
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
                    "kind",
                    models.CharField(choices=[("pick_up", "Pick-up"), ("drop_off", "Return")], max_length=8),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="bookings.booking",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cars.location"
                    ),
                ),
            ],
            options={
                "verbose_name": "place of a booking",
                "verbose_name_plural": "places of a booking",
                "db_table": "booking_locations",
            },
        ),
        migrations.CreateModel(
            name="BookingNote",
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
                ("text", models.TextField(max_length=2000, verbose_name="note")),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="bookings.booking",
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "db_table": "booking_notes",
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="BookingToken",
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
                ("nonce", models.BinaryField(max_length=16)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "booking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="link",
                        to="bookings.booking",
                    ),
                ),
            ],
            options={
                "verbose_name": "booking link",
                "verbose_name_plural": "booking links",
                "db_table": "booking_secure_tokens",
            },
        ),
        migrations.CreateModel(
            name="Customer",
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
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="email")),
                ("full_name", models.CharField(max_length=200, verbose_name="full name")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="customer",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "db_table": "customers",
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="bookings.customer",
                verbose_name="customer",
            ),
        ),
        migrations.CreateModel(
            name="Hold",
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
                ("start_date", models.DateField(verbose_name="first day")),
                ("end_date", models.DateField(verbose_name="last day")),
                ("buffer_days", models.PositiveSmallIntegerField(default=0, verbose_name="buffer days")),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="lapses")),
                ("extended_at", models.DateTimeField(null=True, verbose_name="extended")),
                ("dates_chosen_at", models.DateTimeField(verbose_name="dates chosen")),
                ("source", models.CharField(default="web", max_length=6, verbose_name="source")),
                ("nonce", models.BinaryField(max_length=16)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "booking",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="bookings.booking",
                        verbose_name="booking",
                    ),
                ),
                (
                    "car",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="cars.car",
                        verbose_name="car",
                    ),
                ),
            ],
            options={
                "verbose_name": "hold",
                "verbose_name_plural": "holds",
                "db_table": "holds",
            },
        ),
        migrations.CreateModel(
            name="CarAvailability",
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
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("booked", "Booked"),
                            ("held", "Held"),
                            ("blocked", "Blocked"),
                            ("buffer", "Buffer"),
                        ],
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("expires_at", models.DateTimeField(null=True, verbose_name="lapses")),
                (
                    "block",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ledger",
                        to="bookings.block",
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ledger",
                        to="bookings.booking",
                    ),
                ),
                (
                    "car",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_days",
                        to="cars.car",
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ledger",
                        to="bookings.hold",
                    ),
                ),
            ],
            options={
                "verbose_name": "taken day",
                "verbose_name_plural": "taken days",
                "db_table": "car_availability",
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
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
                ("scope", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("http_status", models.PositiveSmallIntegerField(null=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "booking",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="bookings.booking",
                    ),
                ),
            ],
            options={
                "verbose_name": "idempotency key",
                "verbose_name_plural": "idempotency keys",
                "db_table": "idempotency_keys",
            },
        ),
        migrations.CreateModel(
            name="StatusChange",
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
                    "from_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pending", "Pending"),
                            ("upcoming", "Upcoming"),
                            ("active", "Active"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                            ("refunded", "Refunded"),
                        ],
                        max_length=9,
                        verbose_name="from",
                    ),
                ),
                (
                    "to_status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("upcoming", "Upcoming"),
                            ("active", "Active"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                            ("refunded", "Refunded"),
                        ],
                        max_length=9,
                        verbose_name="to",
                    ),
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
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="when")),
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
                        related_name="changes",
                        to="bookings.booking",
                    ),
                ),
            ],
            options={
                "verbose_name": "status change",
                "verbose_name_plural": "status changes",
                "db_table": "booking_status_changes",
                "ordering": ["at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(("start_date__lte", models.F("end_date"))),
                name="block_starts_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookinglocation",
            constraint=models.UniqueConstraint(fields=("booking", "kind"), name="one_place_of_each_kind"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="customer_email_in_lower_case",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                models.F("status"), models.F("start_date"), name="bookings_by_status_and_pick_up"
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(models.F("car"), models.F("start_date"), name="bookings_of_a_car_by_pick_up"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(fields=("reference",), name="one_booking_per_reference"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("start_date__lte", models.F("end_date"))),
                name="booking_starts_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("return_fuel_eighths", None), ("return_fuel_eighths__lte", 8), _connector="OR"
                ),
                name="fuel_in_eighths",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("start_date__lte", models.F("end_date"))),
                name="hold_starts_before_it_ends",
            ),
        ),
        migrations.AddIndex(
            model_name="caravailability",
            index=models.Index(
                models.F("date"), models.F("car"), include=("expires_at",), name="taken_cars_of_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="caravailability",
            constraint=models.UniqueConstraint(fields=("car", "date"), name="one_claim_per_car_day"),
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
                    _connector="OR",
                ),
                name="only_holds_lapse",
            ),
        ),
        migrations.AddConstraint(
            model_name="idempotencykey",
            constraint=models.UniqueConstraint(fields=("scope", "key"), name="one_answer_per_key"),
        ),
        migrations.RunSQL(
            APP_BOOKING_ID + ";" + CLOSE.format("app_booking_id()"), "DROP FUNCTION app_booking_id()"
        ),
        migrations.RunSQL(APP_HOLD_ID + ";" + CLOSE.format("app_hold_id()"), "DROP FUNCTION app_hold_id()"),
        Protect(
            "customers",
            grants={STAFF: "SELECT, INSERT, UPDATE", SERVICE: "SELECT, INSERT, UPDATE", PUBLIC: "SELECT"},
            policies={
                **everything(STAFF),
                **everything(SERVICE),
                "public_own": Policy(PUBLIC, "SELECT", "id = (SELECT customer_id FROM bookings)"),
            },
        ),
        Protect(
            "bookings",
            grants={
                STAFF: "SELECT, INSERT, UPDATE",
                SERVICE: "SELECT, INSERT, UPDATE",
                PUBLIC: "SELECT, INSERT, UPDATE (status, phone, special_requests, pickup_time, return_time)",
            },
            policies={
                **everything(STAFF),
                **everything(SERVICE),
                "public_own": Policy(PUBLIC, "SELECT", "id = (SELECT app_booking_id())"),
                "public_new": Policy(
                    PUBLIC, "INSERT", "", "status = 'pending' AND payment_status = 'unpaid'"
                ),
                "public_change_own": Policy(
                    PUBLIC, "UPDATE", "id = (SELECT app_booking_id())", "id = (SELECT app_booking_id())"
                ),
            },
        ),
        Protect(
            "booking_secure_tokens",
            grants={STAFF: "SELECT, INSERT, UPDATE", SERVICE: "SELECT, INSERT, UPDATE", PUBLIC: "INSERT"},
            policies={
                **everything(STAFF),
                **everything(SERVICE),
                "public_new": Policy(PUBLIC, "INSERT", "", "true"),
            },
        ),
        Protect(
            "booking_locations",
            grants={
                STAFF: "SELECT, INSERT, UPDATE",
                SERVICE: "SELECT, INSERT, UPDATE",
                PUBLIC: "SELECT, INSERT, UPDATE (location_id)",
            },
            policies={
                **everything(STAFF),
                **everything(SERVICE),
                "public_own": Policy(PUBLIC, "SELECT", OWN_BOOKING),
                "public_new": Policy(PUBLIC, "INSERT", "", "true"),
                "public_change_own": Policy(PUBLIC, "UPDATE", OWN_BOOKING, OWN_BOOKING),
            },
        ),
        Protect(
            "booking_status_changes",
            grants={STAFF: "SELECT", SERVICE: "SELECT"},
            policies=reading(STAFF) | reading(SERVICE),
        ),
        Protect("booking_notes", grants={STAFF: "SELECT, INSERT"}, policies=everything(STAFF)),
        Protect(
            "holds",
            grants={
                STAFF: "SELECT, INSERT, UPDATE, DELETE",
                SERVICE: "SELECT, UPDATE, DELETE",
                PUBLIC: "SELECT, INSERT, DELETE, UPDATE (expires_at, extended_at, booking_id)",
            },
            policies={
                **everything(STAFF),
                **everything(SERVICE),
                "public_own": Policy(PUBLIC, "SELECT", "id = (SELECT app_hold_id())"),
                "public_new": Policy(PUBLIC, "INSERT", "", f"booking_id IS NULL AND {SOON}"),
                "public_change_own": Policy(
                    PUBLIC, "UPDATE", "id = (SELECT app_hold_id())", f"id = (SELECT app_hold_id()) AND {SOON}"
                ),
                "public_drop_own": Policy(
                    PUBLIC, "DELETE", "id = (SELECT app_hold_id()) AND booking_id IS NULL"
                ),
            },
        ),
        Protect(
            "blocked_dates",
            grants={STAFF: "SELECT, INSERT, UPDATE, DELETE", SERVICE: "SELECT"},
            policies=everything(STAFF) | reading(SERVICE),
        ),
        Protect(
            "car_availability",
            grants={
                STAFF: "SELECT, INSERT, UPDATE, DELETE",
                SERVICE: "SELECT, INSERT, UPDATE, DELETE",
                PUBLIC: "SELECT (car_id, date, status, expires_at, hold_id, booking_id), INSERT, UPDATE, DELETE",
            },
            policies={
                **everything(STAFF),
                **everything(SERVICE),
                "public_read": Policy(PUBLIC, "SELECT", "true"),
                "public_claim": Policy(PUBLIC, "INSERT", "", MAY_BECOME),
                "public_take_over": Policy(PUBLIC, "UPDATE", OWN_DAYS, MAY_BECOME),
                "public_release": Policy(PUBLIC, "DELETE", OWN_DAYS),
            },
        ),
        Protect(
            "idempotency_keys",
            grants={STAFF: "SELECT", SERVICE: "SELECT, DELETE"},
            policies=reading(STAFF) | everything(SERVICE),
        ),
        # A customer also sees the car of their own booking or hold, whatever its status.
        migrations.RunSQL(
            "CREATE POLICY public_own ON cars FOR SELECT TO exo_public USING ("
            "id = (SELECT car_id FROM bookings WHERE id = (SELECT app_booking_id()))"
            " OR id = (SELECT car_id FROM holds WHERE id = (SELECT app_hold_id())))",
            "DROP POLICY public_own ON cars",
        ),
    ]

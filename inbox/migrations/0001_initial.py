import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from exodrive.rls import PUBLIC, SERVICE, STAFF, Policy, Protect, everything


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bookings", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InboxEmail",
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
                    "audience",
                    models.CharField(
                        choices=[("customer", "Customer"), ("staff", "Staff")],
                        max_length=8,
                        verbose_name="to",
                    ),
                ),
                (
                    "template",
                    models.CharField(
                        choices=[
                            ("booking_received", "Request received"),
                            ("booking_confirmed", "Booking confirmed"),
                            ("booking_cancelled", "Booking cancelled"),
                            ("new_link", "New link"),
                            ("new_booking", "New booking"),
                        ],
                        max_length=30,
                        verbose_name="mail",
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
                            ("queued", "Queued"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=7,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("due_at", models.DateTimeField(null=True, verbose_name="next attempt")),
                ("claimed_at", models.DateTimeField(null=True, verbose_name="claimed")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("recipient", models.TextField(blank=True, verbose_name="sent to")),
                ("error", models.CharField(blank=True, max_length=200, verbose_name="error")),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="emails",
                        to="bookings.booking",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail",
                "verbose_name_plural": "mails",
                "db_table": "inbox_emails",
                "ordering": ["created_at", "id"],
                "indexes": [
                    models.Index(
                        models.F("created_at"),
                        condition=models.Q(("status__in", ["queued", "sending"])),
                        name="mails_to_send",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InboxItem",
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
                    models.CharField(
                        choices=[("new_booking", "New booking")],
                        default="new_booking",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "Pending"), ("done", "Done")],
                        default="pending",
                        max_length=7,
                        verbose_name="status",
                    ),
                ),
                ("done_at", models.DateTimeField(null=True, verbose_name="done")),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inbox_items",
                        to="bookings.booking",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
            ],
            options={
                "verbose_name": "inbox item",
                "verbose_name_plural": "inbox items",
                "db_table": "inbox_items",
                "indexes": [
                    models.Index(
                        models.F("created_at"),
                        condition=models.Q(("status", "pending")),
                        name="pending_items_oldest_first",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("booking", "kind"), name="one_item_per_booking_and_kind")
                ],
            },
        ),
        Protect(
            "inbox_items",
            grants={STAFF: "SELECT, INSERT, UPDATE", SERVICE: "SELECT, INSERT, UPDATE", PUBLIC: "INSERT"},
            policies={
                **everything(STAFF),
                **everything(SERVICE),
                "public_new": Policy(PUBLIC, "INSERT", "", "status = 'pending'"),
            },
        ),
        Protect(
            "inbox_emails",
            grants={STAFF: "SELECT, INSERT, UPDATE", SERVICE: "SELECT, INSERT, UPDATE", PUBLIC: "INSERT"},
            policies={
                **everything(STAFF),
                **everything(SERVICE),
                "public_new": Policy(PUBLIC, "INSERT", "", "status = 'queued'"),
            },
        ),
    ]

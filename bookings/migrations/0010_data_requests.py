"""Requests of customers about their own data, and when a person was erased.

Audit rows stay append-only with one exception: while a person is erased, a reason may become "[…]", and nothing else may
change. Not even the owner of the schema gets past that.
"""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from exodrive.rls import SERVICE, STAFF, Protect, everything, reading

APPEND_ONLY = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('app.erasing', true) = 'yes' AND to_jsonb(NEW) ->> 'reason' = '[…]'
    AND to_jsonb(NEW) - '{reason,updated_at}'::text[] = to_jsonb(OLD) - '{reason,updated_at}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit rows are never changed or deleted'
    USING ERRCODE = '23514', CONSTRAINT = 'audit_is_append_only';
END $$
"""
BEFORE = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows are never changed or deleted'
    USING ERRCODE = '23514', CONSTRAINT = 'audit_is_append_only';
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0009_links_with_pins"),
    ]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="personal data erased"),
        ),
        migrations.AddField(
            model_name="customer",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="personal data erased"),
        ),
        migrations.CreateModel(
            name="DataRequest",
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
                        choices=[("copy", "Copy of the data"), ("erasure", "Erasure of the data")],
                        max_length=7,
                        verbose_name="what",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("asked", "Not confirmed yet"),
                            ("waiting", "Confirmed, waits for a booking to end"),
                            ("done", "Done"),
                        ],
                        default="asked",
                        max_length=7,
                        verbose_name="outcome",
                    ),
                ),
                ("nonce", models.BinaryField(max_length=16)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("expires_at", models.DateTimeField(verbose_name="link works until")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="data_requests",
                        to="bookings.booking",
                    ),
                ),
            ],
            options={
                "verbose_name": "request about personal data",
                "verbose_name_plural": "requests about personal data",
                "db_table": "data_requests",
                "constraints": [
                    models.UniqueConstraint(fields=("booking", "kind"), name="one_data_request_of_each_kind")
                ],
            },
        ),
        Protect(
            "data_requests",
            grants={STAFF: "SELECT", SERVICE: "SELECT, DELETE"},
            policies=reading(STAFF) | everything(SERVICE),
        ),
        migrations.RunSQL(APPEND_ONLY, BEFORE),
    ]

"""Security events: who signed in, whose token ended, who read or erased whose data."""

import uuid

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import DO_NOTHING

KINDS = [
    ("signed_in", "Signed in"),
    ("sign_in_failed", "Sign-in failed"),
    ("code_accepted", "Second step passed"),
    ("code_refused", "Second step failed"),
    ("second_step_on", "Second step turned on"),
    ("second_step_off", "Second step turned off"),
    ("recovery_codes", "New recovery codes"),
    ("password_refused", "Wrong password while signed in"),
    ("password_changed", "Password changed"),
    ("session_ended", "Session ended by its owner"),
    ("token_made", "API token made"),
    ("token_ended", "API token ended"),
    ("link_replaced", "Link replaced"),
    ("pin_set", "PIN set"),
    ("pin_removed", "PIN removed"),
    ("data_read", "Copy of the data handed over"),
    ("data_erased", "Personal data erased"),
]


def person(name):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
        verbose_name=name,
    )


def moment(name):
    return models.DateTimeField(name, default=django.utils.timezone.now, editable=False)


class Migration(migrations.Migration):
    dependencies = [("exodrive", "0010_tokens_expire")]
    operations = [
        migrations.CreateModel(
            name="SecurityEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, serialize=False),
                ),
                ("created_at", moment("created")),
                ("updated_at", moment("updated")),
                ("kind", models.CharField("what", max_length=20, choices=KINDS)),
                ("user", person("whose")),
                ("actor", person("who")),
                ("booking_id", models.UUIDField("booking", null=True)),
                ("network", models.CharField("address", max_length=43, blank=True)),
                ("detail", models.CharField("detail", max_length=60, blank=True)),
            ],
            options={
                "verbose_name": "security event",
                "verbose_name_plural": "security events",
                "db_table": "security_events",
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(models.F("created_at").desc(), name="security_events_by_time"),
                    models.Index(fields=["booking_id"], name="security_events_of_a_booking"),
                ],
            },
        ),
    ]

"""What the mail provider reports: the events, each once, and what they come to on the mail itself."""

import django.utils.timezone
from django.db import migrations, models

from exodrive.rls import SERVICE, STAFF, Protect, everything, reading


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0007_links_follow_the_return"),
        ("inbox", "0004_booking_changed"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailEvent",
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
                ("event_id", models.CharField(max_length=200)),
                ("message_id", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sent", "On its way"),
                            ("delayed", "Delayed"),
                            ("delivered", "Delivered"),
                            ("failed", "Not sent"),
                            ("bounced", "Bounced"),
                            ("complained", "Marked as spam"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "mail event",
                "verbose_name_plural": "mail events",
                "db_table": "mail_events",
            },
        ),
        migrations.AddField(
            model_name="inboxemail",
            name="delivery",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sent", "On its way"),
                    ("delayed", "Delayed"),
                    ("delivered", "Delivered"),
                    ("failed", "Not sent"),
                    ("bounced", "Bounced"),
                    ("complained", "Marked as spam"),
                ],
                max_length=10,
                verbose_name="delivery state",
            ),
        ),
        migrations.AddField(
            model_name="inboxemail",
            name="delivery_at",
            field=models.DateTimeField(null=True, verbose_name="delivery reported"),
        ),
        migrations.AddField(
            model_name="inboxemail",
            name="message_id",
            field=models.CharField(blank=True, max_length=200, verbose_name="the provider's id"),
        ),
        migrations.AlterField(
            model_name="inboxitem",
            name="kind",
            field=models.CharField(
                choices=[("new_booking", "New booking"), ("mail_bounced", "Email problem")],
                default="new_booking",
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="inboxemail",
            index=models.Index(
                models.F("message_id"),
                condition=models.Q(("message_id", ""), _negated=True),
                name="mails_by_their_providers_id",
            ),
        ),
        migrations.AddIndex(
            model_name="mailevent",
            index=models.Index(models.F("message_id"), name="events_of_a_mail"),
        ),
        migrations.AddConstraint(
            model_name="mailevent",
            constraint=models.UniqueConstraint(fields=("event_id",), name="one_row_per_mail_event"),
        ),
        # `request_new_link` writes a mail in SQL and names only the columns that it knows.
        migrations.RunSQL(
            "ALTER TABLE inbox_emails ALTER message_id SET DEFAULT '', ALTER delivery SET DEFAULT ''",
            "ALTER TABLE inbox_emails ALTER message_id DROP DEFAULT, ALTER delivery DROP DEFAULT",
        ),
        Protect(
            "mail_events",
            grants={STAFF: "SELECT", SERVICE: "SELECT, INSERT, DELETE"},
            policies=reading(STAFF) | everything(SERVICE),
        ),
    ]

"""Bookings that nobody has paid must prove their mailbox. Those made before need no proof."""

import datetime
import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0017_mailboxes"),
    ]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="network",
            field=models.CharField(
                blank=True, default="", help_text="From which network, as a keyed hash.", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="since",
            field=models.DateTimeField(
                default=datetime.datetime(2026, 11, 26, 19, 49, 50, 572616, tzinfo=datetime.UTC),
                help_text="By this visitor, one hold after the other.",
                verbose_name="kept since",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="bookingevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("address_corrected", "Email address corrected"),
                    ("link_rotated", "Link replaced"),
                    ("pin_set", "PIN set"),
                    ("pin_removed", "PIN removed"),
                    ("copy_given", "Copy of the data handed over"),
                    ("erased", "Personal data erased"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
        migrations.CreateModel(
            name="MailboxCode",
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
                ("mailbox", models.CharField(max_length=254, verbose_name="mailbox")),
                ("visitor", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=2, verbose_name="language")),
                ("code", models.CharField(max_length=6)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
            ],
            options={
                "verbose_name": "code for a mailbox",
                "verbose_name_plural": "codes for mailboxes",
                "db_table": "mailbox_codes",
                "indexes": [
                    models.Index(models.F("mailbox"), models.F("created_at"), name="codes_of_a_mailbox")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "mailbox__regex",
                                "^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]([a-z0-9-]*[a-z0-9])$",
                            )
                        ),
                        name="code_has_a_mailbox",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="hold",
            name="code",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="holds",
                to="bookings.mailboxcode",
            ),
        ),
        migrations.CreateModel(
            name="BookingProof",
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
                ("due_at", models.DateTimeField(verbose_name="to be proven by")),
                ("proven_at", models.DateTimeField(null=True, verbose_name="proven")),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mail", "By the link in the email"),
                            ("code", "By a code sent by email"),
                            ("earlier", "By an earlier rental"),
                            ("payment", "By a payment"),
                            ("staff", "By staff"),
                        ],
                        max_length=8,
                        verbose_name="how",
                    ),
                ),
                ("visitor", models.CharField(blank=True, max_length=64)),
                ("network", models.CharField(blank=True, max_length=64)),
                ("nonce", models.BinaryField(max_length=16)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("corrections", models.PositiveSmallIntegerField(default=0)),
                (
                    "booking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proof",
                        to="bookings.booking",
                    ),
                ),
            ],
            options={
                "verbose_name": "proof of a mailbox",
                "verbose_name_plural": "proofs of mailboxes",
                "db_table": "booking_proofs",
                "indexes": [
                    models.Index(
                        models.F("due_at"), condition=models.Q(("proven_at", None)), name="proofs_to_come"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("how", ""), ("proven_at", None)),
                            models.Q(("proven_at__isnull", False), models.Q(("how", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="what_is_proven_says_how",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "INSERT INTO booking_proofs (id, booking_id, due_at, proven_at, how, visitor, network, nonce, token_hash,"
            " corrections, created_at, updated_at)"
            " SELECT gen_random_uuid(), id, created_at, now(), 'staff', '', '', '', 'before-' || id, 0, now(), now() FROM bookings",
            migrations.RunSQL.noop,
            elidable=True,
        ),
    ]

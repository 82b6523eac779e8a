"""Mails and inbox items about personal data, and old mails that the worker may forget."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inbox", "0006_replaced_links"), ("bookings", "0011_copy_and_erase")]

    operations = [
        migrations.AlterField(
            model_name="inboxemail",
            name="template",
            field=models.CharField(
                choices=[
                    ("booking_received", "Request received"),
                    ("booking_confirmed", "Booking confirmed"),
                    ("booking_changed", "Booking changed"),
                    ("booking_cancelled", "Booking cancelled"),
                    ("new_link", "New link"),
                    ("link_replaced", "Link replaced"),
                    ("data_copy", "Copy of the data"),
                    ("data_erasure", "Erasure of the data"),
                    ("new_booking", "New booking"),
                ],
                max_length=30,
                verbose_name="mail",
            ),
        ),
        migrations.AlterField(
            model_name="inboxitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new_booking", "New booking"),
                    ("mail_bounced", "Email problem"),
                    ("erasure", "Erasure asked for"),
                ],
                default="new_booking",
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.RunSQL(
            "GRANT DELETE ON inbox_emails TO exo_service", "REVOKE DELETE ON inbox_emails FROM exo_service"
        ),
    ]

import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0022_room_for_every_amount"),
        ("inbox", "0010_paced_mails"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="inboxemail",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("recipient", models.TextField())
                    ),
                    32768,
                ),
                name="inbox_emails_recipient_length",
            ),
        ),
    ]

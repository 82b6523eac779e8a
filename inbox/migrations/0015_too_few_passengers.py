"""Staff are shown bookings whose departure has too few passengers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0014_ride_driver"),
    ]

    operations = [
        migrations.AlterField(
            model_name="inboxitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new_booking", "New booking"),
                    ("mail_bounced", "Email problem"),
                    ("erasure", "Erasure asked for"),
                    ("payment", "Payment to look at"),
                    ("too_few", "Too few passengers"),
                ],
                default="new_booking",
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]

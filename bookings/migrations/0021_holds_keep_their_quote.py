"""A hold keeps the price that was shown when it was placed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0020_names_that_are_seen")]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="quote",
            field=models.JSONField(
                null=True,
                editable=False,
                verbose_name="quote",
                help_text="As shown when it was placed. Empty: by a release that kept none.",
            ),
        ),
    ]

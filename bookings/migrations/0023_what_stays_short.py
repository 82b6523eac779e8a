import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0022_room_for_every_amount"),
        ("cars", "0004_seasons_have_a_price"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("quote", models.TextField())
                    ),
                    65536,
                ),
                name="bookings_quote_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("terms", models.TextField())
                    ),
                    1000,
                ),
                name="bookings_terms_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("special_requests", models.TextField())
                    ),
                    2000,
                ),
                name="bookings_special_requests_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("return_note", models.TextField())
                    ),
                    2000,
                ),
                name="bookings_return_note_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookingchange",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("before", models.TextField())
                    ),
                    16384,
                ),
                name="booking_changes_before_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookingchange",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("after", models.TextField())
                    ),
                    16384,
                ),
                name="booking_changes_after_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookingchange",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("reason", models.TextField())
                    ),
                    2000,
                ),
                name="booking_changes_reason_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookinglink",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(models.F("nonce")), 16
                ),
                name="booking_secure_tokens_nonce_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(models.F("nonce")), 16
                ),
                name="holds_nonce_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="statuschange",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length(
                        django.db.models.functions.comparison.Cast("reason", models.TextField())
                    ),
                    2000,
                ),
                name="booking_status_changes_reason_length",
            ),
        ),
    ]

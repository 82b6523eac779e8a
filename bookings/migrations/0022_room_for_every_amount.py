"""Sums have room for all of their parts, in the decimals of any currency."""

from decimal import Decimal

from django.db import migrations

import exodrive.db.amounts


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0021_holds_keep_their_quote"),
    ]

    operations = [
        # It reads the columns; it is written again after `migrate`.
        migrations.RunSQL("DROP TRIGGER IF EXISTS booking_change_guard ON bookings", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="booking",
            name="deposit",
            field=exodrive.db.amounts.AmountField(
                decimal_places=4, default=Decimal("0"), max_digits=20, verbose_name="deposit"
            ),
        ),
        migrations.AlterField(
            model_name="booking",
            name="total",
            field=exodrive.db.amounts.AmountField(decimal_places=4, max_digits=20, verbose_name="total"),
        ),
        migrations.AlterField(
            model_name="bookingchange",
            name="difference",
            field=exodrive.db.amounts.AmountField(
                decimal_places=4, max_digits=20, verbose_name="price difference"
            ),
        ),
    ]

"""Prices keep the decimals of any currency."""

from django.db import migrations

import exodrive.db.amounts


class Migration(migrations.Migration):
    dependencies = [
        ("cars", "0005_lists_as_readers_sort"),
    ]

    operations = [
        migrations.AlterField(
            model_name="car",
            name="daily_rate",
            field=exodrive.db.amounts.PriceField(
                decimal_places=4, max_digits=11, verbose_name="rate per day"
            ),
        ),
        migrations.AlterField(
            model_name="car",
            name="deposit",
            field=exodrive.db.amounts.PriceField(
                decimal_places=4, default=0, max_digits=11, verbose_name="security deposit"
            ),
        ),
        migrations.AlterField(
            model_name="car",
            name="excess_km_price",
            field=exodrive.db.amounts.PriceField(
                decimal_places=4, default=0, max_digits=11, verbose_name="price per extra km"
            ),
        ),
        migrations.AlterField(
            model_name="car",
            name="weekend_rate",
            field=exodrive.db.amounts.PriceField(
                blank=True,
                decimal_places=4,
                help_text="Saturday and Sunday. Empty: the rate per day.",
                max_digits=11,
                null=True,
                verbose_name="rate per weekend day",
            ),
        ),
        migrations.AlterField(
            model_name="extra",
            name="price",
            field=exodrive.db.amounts.PriceField(decimal_places=4, max_digits=11, verbose_name="price"),
        ),
        migrations.AlterField(
            model_name="fee",
            name="amount",
            field=exodrive.db.amounts.PriceField(decimal_places=4, max_digits=11, verbose_name="amount"),
        ),
        migrations.AlterField(
            model_name="season",
            name="rate",
            field=exodrive.db.amounts.PriceField(
                blank=True, decimal_places=4, max_digits=11, null=True, verbose_name="rate per day"
            ),
        ),
    ]

"""Tokens have scopes and an end. Those that exist keep opening everything, for 90 days more."""

from datetime import timedelta

from django.db import migrations, models
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("exodrive", "0009_second_step")]
    operations = [
        migrations.AddField(
            "apitoken",
            "expires_at",
            models.DateTimeField(
                "expires",
                db_default=CombinedExpression(Now(), "+", models.Value(timedelta(days=90))),
                editable=False,
            ),
        ),
        migrations.AddField(
            "apitoken",
            "scopes",
            models.CharField("scopes", db_default="read book staff", max_length=60),
        ),
    ]

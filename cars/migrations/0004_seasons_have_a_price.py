"""A season with neither rate nor percentage passed the old check, because NULL is not false. It priced as 100 per cent."""

from django.db import migrations, models
from django.db.models import Q

NAME = "season_has_a_rate_or_a_percentage"
WORDS = "Give a rate or a percentage, not both."


def constraint(condition):
    return models.CheckConstraint(condition=condition, name=NAME, violation_error_message=WORDS)


class Migration(migrations.Migration):
    dependencies = [("cars", "0003_public_sees_the_offer")]
    operations = [
        migrations.RunSQL("UPDATE seasons SET percent = 100 WHERE rate IS NULL AND percent IS NULL", ""),
        migrations.RemoveConstraint("Season", NAME),
        migrations.AddConstraint(
            "Season",
            constraint(
                Q(rate__isnull=True, percent__isnull=False, percent__gt=0)
                | Q(percent__isnull=True, rate__isnull=False, rate__gt=0)
            ),
        ),
    ]

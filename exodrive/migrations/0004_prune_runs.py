"""Let the worker forget old job runs."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exodrive", "0003_groups")]
    operations = [
        migrations.RunSQL(
            "GRANT DELETE ON job_runs TO exo_service", "REVOKE DELETE ON job_runs FROM exo_service"
        )
    ]

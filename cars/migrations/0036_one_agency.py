"""An agency to begin with: a location needs one, and nobody should have to make it first."""

from django.conf import settings
from django.db import migrations

SLUG = "exodrive"


def make(apps, schema_editor):
    Agency = apps.get_model("cars", "Agency")
    if not Agency.objects.exists():
        Agency.objects.create(slug=SLUG, name=settings.BUSINESS_NAME)


class Migration(migrations.Migration):
    dependencies = [("cars", "0035_time_zone_is_area_and_city")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]

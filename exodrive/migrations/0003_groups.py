"""The two groups that say what a member of staff may do."""

from django.db import migrations


def make(apps, schema_editor):
    for name in ("Desk", "Manager"):
        apps.get_model("auth", "Group").objects.get_or_create(name=name)


def remove(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=["Desk", "Manager"]).delete()


class Migration(migrations.Migration):
    dependencies = [("exodrive", "0002_django_tables")]
    operations = [migrations.RunPython(make, remove)]

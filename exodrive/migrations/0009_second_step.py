"""The tables of django-otp: for the login role alone, which runs nothing but signing in and a user's own account page."""

from django.db import migrations

ALL = "SELECT, INSERT, UPDATE, DELETE"
GRANTS = {
    "otp_totp_totpdevice": {"exo_app": ALL},
    "otp_static_staticdevice": {"exo_app": ALL},
    "otp_static_statictoken": {"exo_app": ALL},
}


def grant(apps, schema_editor):
    for table, roles in GRANTS.items():
        for role, what in roles.items():
            schema_editor.execute(f"GRANT {what} ON {table} TO {role}")


def revoke(apps, schema_editor):
    for table, roles in GRANTS.items():
        for role in roles:
            schema_editor.execute(f"REVOKE ALL ON {table} FROM {role}")


class Migration(migrations.Migration):
    dependencies = [
        ("exodrive", "0008_no_more_than_needed"),
        ("otp_totp", "0003_add_timestamps"),
        ("otp_static", "0003_add_timestamps"),
    ]
    operations = [migrations.RunPython(grant, revoke)]

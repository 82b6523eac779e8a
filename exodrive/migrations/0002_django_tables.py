"""Which of Django's own tables each role may use. `exodrive/tests/test_tables.py` holds the same list."""

from django.db import migrations

ALL = "SELECT, INSERT, UPDATE, DELETE"
READ = "SELECT"
GRANTS = {
    "django_session": {"exo_app": ALL, "exo_staff": ALL},
    "auth_group": {"exo_app": READ, "exo_staff": READ, "exo_service": READ},
    "auth_permission": {"exo_app": READ, "exo_staff": READ},
    "auth_group_permissions": {"exo_app": READ, "exo_staff": READ},
    "users_groups": {"exo_app": READ, "exo_staff": ALL, "exo_service": READ},
    "users_user_permissions": {"exo_app": READ, "exo_staff": ALL},
    "django_content_type": {"exo_app": READ, "exo_staff": READ},
    "django_admin_log": {"exo_staff": "SELECT, INSERT"},
    "django_migrations": {"exo_app": READ, "exo_staff": READ, "exo_service": READ, "exo_public": READ},
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
        ("exodrive", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
    ]
    operations = [migrations.RunPython(grant, revoke)]

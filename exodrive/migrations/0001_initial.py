import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from exodrive.rls import SERVICE, STAFF, Protect, everything, reading

KEEP_UPDATED_AT = """
CREATE FUNCTION keep_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$
"""

SIGNING_IN = "exo_app"  # the login role itself finds users and tokens before it knows who asks


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunSQL(KEEP_UPDATED_AT, "DROP FUNCTION keep_updated_at()"),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="updated"
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="email")),
                ("full_name", models.CharField(blank=True, max_length=200, verbose_name="full name")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Sees nothing without a group.",
                        verbose_name="may enter the admin",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "db_table": "users",
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="updated"
                    ),
                ),
                ("name", models.CharField(help_text="What uses it.", max_length=100, verbose_name="name")),
                ("hint", models.CharField(editable=False, max_length=20, verbose_name="begins with")),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("last_used_at", models.DateTimeField(editable=False, null=True, verbose_name="last used")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "db_table": "api_tokens",
            },
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="updated"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="job")),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                ("ok", models.BooleanField(null=True, verbose_name="succeeded")),
                ("count", models.IntegerField(default=0, verbose_name="count")),
                ("error", models.TextField(blank=True, verbose_name="error")),
            ],
            options={
                "verbose_name": "job run",
                "verbose_name_plural": "job runs",
                "db_table": "job_runs",
                "ordering": ["-started_at"],
                "indexes": [
                    models.Index(
                        models.F("name"),
                        models.OrderBy(models.F("started_at"), descending=True),
                        name="latest_runs_of_a_job",
                    )
                ],
            },
        ),
        Protect(
            "users",
            grants={
                SIGNING_IN: "SELECT, UPDATE (password, last_login, updated_at)",
                STAFF: "SELECT, INSERT, UPDATE, DELETE",
                SERVICE: "SELECT",
            },
            policies=everything(STAFF) | reading(SERVICE) | everything(SIGNING_IN),
        ),
        Protect(
            "api_tokens",
            grants={SIGNING_IN: "SELECT", STAFF: "SELECT, INSERT, UPDATE"},
            policies=everything(STAFF) | reading(SIGNING_IN),
        ),
        Protect(
            "job_runs",
            grants={STAFF: "SELECT", SERVICE: "SELECT, INSERT, UPDATE"},
            policies=reading(STAFF) | everything(SERVICE),
        ),
    ]

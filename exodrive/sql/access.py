"""Who may do what with users, jobs and counts, and with Django's own tables. Applied after `migrate`."""

from exodrive.db.access import Policy, Table, full_access, read_only, without_policies
from exodrive.rls import PUBLIC, SERVICE, STAFF

READ = "SELECT"
ALL = "SELECT, INSERT, UPDATE, DELETE"
SIGNING_IN = "exo_app"  # the login role itself finds users and tokens before it knows who asks
# Nobody writes down what somebody else has done.
IN_OWN_NAME = "actor_id IS NOT DISTINCT FROM nullif(current_setting('app.user_id', true), '')::bigint"

TABLES = {
    "users": Table(
        grants={
            SIGNING_IN: "SELECT, UPDATE (password, last_login, updated_at)",
            # Nobody deletes users: history names them.
            STAFF: "SELECT, INSERT, UPDATE",
            # The worker writes to staff and names them, and needs no password hashes.
            SERVICE: "SELECT (id, email, full_name, is_active, is_superuser)",
        },
        policies=full_access(STAFF) | read_only(SERVICE) | full_access(SIGNING_IN),
    ),
    "api_tokens": Table(
        grants={SIGNING_IN: "SELECT, UPDATE (last_used_at)", STAFF: "SELECT, INSERT, UPDATE"},
        policies=full_access(STAFF) | full_access(SIGNING_IN),
    ),
    "security_events": Table(
        grants={SIGNING_IN: "INSERT", STAFF: "SELECT, INSERT", SERVICE: "SELECT, INSERT, DELETE"},
        policies={
            **read_only(STAFF),
            **read_only(SERVICE),
            "login_new": Policy(SIGNING_IN, "INSERT", check=IN_OWN_NAME),
            "staff_new": Policy(STAFF, "INSERT", check=IN_OWN_NAME),
            "service_new": Policy(SERVICE, "INSERT", check=IN_OWN_NAME),
            "service_old": Policy(SERVICE, "DELETE", "created_at < now() - interval '30 days'"),
        },
    ),
    "job_runs": Table(
        grants={STAFF: READ, SERVICE: ALL},
        policies=read_only(STAFF) | full_access(SERVICE),
    ),
    "heartbeats": Table(
        grants={STAFF: READ, SERVICE: "SELECT, INSERT, UPDATE"},
        policies=read_only(STAFF) | full_access(SERVICE),
    ),
    "event_counts": Table(
        grants={STAFF: READ, SERVICE: "SELECT, INSERT, DELETE", PUBLIC: "INSERT"},
        policies={
            **read_only(STAFF),
            **full_access(SERVICE),
            "public_new": Policy(PUBLIC, "INSERT", check="count BETWEEN 1 AND 1000000"),
        },
    ),
    # Django's own.
    "django_session": without_policies({SIGNING_IN: ALL, STAFF: ALL}),
    "auth_group": without_policies({SIGNING_IN: READ, STAFF: READ, SERVICE: READ}),
    "auth_permission": without_policies({SIGNING_IN: READ, STAFF: READ}),
    "auth_group_permissions": without_policies({SIGNING_IN: READ, STAFF: READ}),
    "users_groups": without_policies({SIGNING_IN: READ, STAFF: ALL, SERVICE: READ}),
    "users_user_permissions": without_policies({SIGNING_IN: READ, STAFF: ALL}),
    "django_content_type": without_policies({SIGNING_IN: READ, STAFF: READ}),
    "django_admin_log": without_policies({STAFF: "SELECT, INSERT"}),
    # `/readyz` compares it with the release, as whoever the process can be.
    "django_migrations": without_policies({SIGNING_IN: READ, STAFF: READ, SERVICE: READ, PUBLIC: READ}),
    # django-otp's: for the login role alone, which runs nothing but signing in and a user's own account page.
    "otp_totp_totpdevice": without_policies({SIGNING_IN: ALL}),
    "otp_static_staticdevice": without_policies({SIGNING_IN: ALL}),
    "otp_static_statictoken": without_policies({SIGNING_IN: ALL}),
}

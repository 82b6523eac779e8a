"""What `manage.py start` does between the services and the processes: each step does nothing when nothing changed."""

import hashlib
import os
import signal
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import environ
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from exodrive.db.access import NotApplied, apply
from exodrive.dev import schema
from exodrive.dev.embedded.process import StackError, die_with_parent
from exodrive.i18n.catalogues import compile_all

STAFF_EMAIL = "staff@exodrive.test"
GIVEN = "(the password in STAFF_PASSWORD)"


def point_django_at(urls: Mapping[str, str]) -> None:
    """Let this process, whose settings were read before the services were up, use them as the schema's owner."""
    os.environ.update(urls)
    url = environ.Env.db_url_config(urls.get("DATABASE_OWNER_URL") or urls["DATABASE_URL"])
    connection.close()
    settings.DATABASES["default"].update(
        {key: url[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    )
    settings.REDIS_URL = settings.CELERY_BROKER_URL = urls["REDIS_URL"]


def migrate() -> bool:
    """Apply the migrations that are missing, and what changed of who may do what; True when there was anything."""
    loaded = schema.load()
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with suppress(NotApplied):  # an older release on a newer database
            return bool(apply()) or loaded
        return False
    call_command("migrate", interactive=False, verbosity=0)
    return True


def compile_messages() -> bool:
    """Compile the catalogues that changed; True when there were any."""
    return bool(compile_all(settings.BASE_DIR / "locale"))


def seed() -> bool:
    """Load the demo fleet into a site without cars; True when it did."""
    if apps.get_model("cars", "Car")._default_manager.exists():
        return False
    with connection.cursor() as cursor:
        # A hundred small transactions of invented rows: none of them needs to wait for the disk.
        cursor.execute("SET synchronous_commit = off")
    call_command("seed_demo", verbosity=0)
    return True


def collect_static() -> bool:
    """Collect the static files when one was added, changed or removed since the last time; True when it did."""
    stamp, signature = Path(settings.STATIC_ROOT).with_suffix(".stamp"), _static_signature()
    if stamp.exists() and stamp.read_text() == signature:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(signature)
    return True


def in_a_copy(step: Callable[[], object]) -> Callable[[], bool]:
    """Begin a step that needs no database in a copy of this process, on another processor; call the answer to wait for it.

    Raises StackError there when the step failed.
    """
    connection.close()  # the copy must not talk on our connection
    dies = die_with_parent(signal.SIGKILL)
    copy = os.fork()
    if not copy:
        status = 1
        try:
            dies()
            step()
            status = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(status)

    def wait() -> bool:
        if os.waitpid(copy, 0)[1]:
            raise StackError("A step of the start failed; what it said stands above.")
        return True

    return wait


def _static_signature() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = os.stat(storage.path(name))
            digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def staff_login(*, email: str, password: str, generated: str) -> tuple[str, str]:
    """Make sure that somebody can sign in; return email and password to print.

    `password` is set on every start when given, and not printed: who gave it knows it, and terminals are logged. Otherwise a
    new user gets `generated`; for one who has changed it since, a remark stands in its place.
    """
    users = get_user_model()._default_manager
    email = (email or STAFF_EMAIL).strip().lower()
    user = users.filter(email=email).first()
    if user is None:
        users.create_superuser(email, password or generated)
        return email, GIVEN if password else generated
    if password:
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
        return email, GIVEN
    return email, generated if user.check_password(generated) else "(the password that was set for it)"

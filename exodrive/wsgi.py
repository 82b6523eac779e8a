"""WSGI entry point for gunicorn."""

import os
from importlib import import_module

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from django.utils import translation

from exodrive.checks import refuse_unsafe_production


def warm_up() -> None:
    """Load views and translations before the workers are forked, so that none of them begins with its slowest answer."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            reverse("home")


def wait_at_the_gate() -> None:
    """`manage.py start` loads this code while it still prepares the database and the files that are served."""
    if gate := os.environ.get("START_GATE", ""):
        del os.environ["START_GATE"]  # whoever this process starts has no such pipe
        with os.fdopen(int(gate), "rb") as pipe:
            pipe.read()  # ends when the launcher closes its end


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exodrive.settings")
django.setup(set_prefix=False)
import_module(settings.ROOT_URLCONF)
wait_at_the_gate()
application = get_wsgi_application()
refuse_unsafe_production(public_may=True)
warm_up()

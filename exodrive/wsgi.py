"""WSGI entry point for gunicorn."""

import os

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


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exodrive.settings")
application = get_wsgi_application()
refuse_unsafe_production(public_may=True)
warm_up()

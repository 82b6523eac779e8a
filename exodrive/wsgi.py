"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from exodrive.checks import refuse_unsafe_production

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exodrive.settings")
application = get_wsgi_application()
refuse_unsafe_production(public_may=True)

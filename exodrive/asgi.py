"""ASGI entry point, for servers that want one; the site itself is synchronous."""

import os

from django.core.asgi import get_asgi_application

from exodrive.checks import refuse_unsafe_production

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exodrive.settings")
application = get_asgi_application()
refuse_unsafe_production(public_may=True)

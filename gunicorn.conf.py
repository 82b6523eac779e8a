"""What gunicorn needs to know beside the Procfile's line. It reads this file by itself when it is started here."""

import os
from typing import Any

worker_class = "exodrive.http.worker.PatientWorker"
worker_connections = (
    400  # at once in each process; with a file for each long body still within 1024 descriptors
)


def on_starting(server: Any) -> None:
    """Before it listens; the application is loaded already (`--preload`) or will be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exodrive.settings")
    from django.core.exceptions import ImproperlyConfigured

    from exodrive.checks import refuse_open_development

    try:
        for address in server.cfg.address:
            refuse_open_development(address if isinstance(address, str) else address[0])
    except ImproperlyConfigured as refusal:
        raise SystemExit(str(refusal)) from None

"""`manage.py runserver`, which does not show development's secrets to the net."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from whitenoise.runserver_nostatic.management.commands.runserver import Command as Runserver

from exodrive.checks import refuse_open_development, refuse_unsafe_production


class Command(Runserver):
    """Listens on 127.0.0.1 unless told otherwise."""

    def run(self, **options: Any) -> None:
        """Raises CommandError when it may not listen there, or with what production lacks."""
        try:
            refuse_open_development(self.addr)
            refuse_unsafe_production(public_may=True)
        except ImproperlyConfigured as refusal:
            raise CommandError(str(refusal)) from None
        super().run(**options)

"""`manage.py paypal_sim`: a PayPal on this machine, to try payments without an account."""

import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from exodrive.dev.paypal_sim import Simulator

PORT = 8430


class Command(BaseCommand):
    """Listens on the loopback address until it is interrupted. What it knows ends with it."""

    help = "Simulate PayPal on this machine; prints the variables with which a site uses it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where it listens, and where its webhooks go."""
        parser.add_argument("--port", type=int, default=PORT, help=f"(default {PORT}; 0 is any that is free)")
        parser.add_argument(
            "--webhook-url",
            default=f"{settings.SITE_URL}/api/webhooks/paypal",
            help="for signed events (default: this site's)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError in production, and when the port is taken."""
        if settings.PRODUCTION:
            raise CommandError("The simulator is for development: it would take anybody's word for money.")
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        try:
            with Simulator(options["port"], webhook_url=options["webhook_url"]) as sim:
                for name, value in sim.settings(settings.VAR_DIR / "paypal-sim-ca.pem").items():
                    self.stdout.write(f"{name}={value}")
                self.stdout.write(f"Webhooks go to {options['webhook_url']}. Ctrl+C stops it.")
                self.stdout.flush()
                _wait()
        except OSError as error:
            raise CommandError(f"Cannot listen on port {options['port']}: {error}") from None
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")


def _wait() -> None:
    threading.Event().wait()

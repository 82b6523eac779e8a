"""App configuration."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """The inbox app."""

    name = "inbox"

    def ready(self) -> None:
        """Listen to what happens to bookings and to mails."""
        from inbox import receivers  # noqa: F401
        from inbox.mail import webhooks  # noqa: F401

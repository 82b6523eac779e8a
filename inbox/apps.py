"""App configuration."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """The inbox app."""

    name = "inbox"

    def ready(self) -> None:
        """Listen to what happens to bookings."""
        from inbox import receivers  # noqa: F401

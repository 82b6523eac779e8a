"""App configuration."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """The bookings app."""

    name = "bookings"

    def ready(self) -> None:
        """Let the admin of the cars know which bookings a change contradicts; listen to what moves money."""
        from bookings import receivers  # noqa: F401
        from bookings.availability.conflicts import facts_about
        from cars import forms

        forms.contradictions = facts_about

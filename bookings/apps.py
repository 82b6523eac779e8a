"""App configuration."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """The bookings app."""

    name = "bookings"

    def ready(self) -> None:
        """Let the admin of the cars know which bookings a change of rules contradicts."""
        from bookings.availability.conflicts import in_words
        from cars import forms

        forms.contradictions = in_words

"""App configuration."""

from django.apps import AppConfig


class ExodriveConfig(AppConfig):
    """The exodrive app."""

    name = "exodrive"

    def ready(self) -> None:
        """Register the system checks; listen to who signs in."""
        from exodrive import checks, sessions  # noqa: F401

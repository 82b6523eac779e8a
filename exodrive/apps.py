"""App configuration."""

from django.apps import AppConfig


class ExodriveConfig(AppConfig):
    """The exodrive app."""

    name = "exodrive"

    def ready(self) -> None:
        """Register the system checks; listen to who signs in."""
        from exodrive import checks  # noqa: F401
        from exodrive.staff import sessions  # noqa: F401

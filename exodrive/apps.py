"""App configuration."""

from django.apps import AppConfig


class ExodriveConfig(AppConfig):
    """The exodrive app."""

    name = "exodrive"

    def ready(self) -> None:
        """Register the system checks."""
        from exodrive import checks  # noqa: F401

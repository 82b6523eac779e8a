"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from exodrive.db.access.upkeep import after_migrate


class ExodriveConfig(AppConfig):
    """The exodrive app."""

    name = "exodrive"

    def ready(self) -> None:
        """Register the system checks; listen to who signs in and to `migrate`."""
        from exodrive import checks  # noqa: F401
        from exodrive.staff import sessions  # noqa: F401

        # Once per migrate, when every app has its tables.
        post_migrate.connect(after_migrate, sender=self, dispatch_uid="exodrive.access")

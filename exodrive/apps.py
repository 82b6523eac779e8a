"""App configuration."""

from django.apps import AppConfig


class ExodriveConfig(AppConfig):
    """The exodrive app."""

    name = "exodrive"

"""App configuration."""

from django.apps import AppConfig


class CarsConfig(AppConfig):
    """The cars app."""

    name = "cars"

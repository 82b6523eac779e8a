"""The project that wires cars, bookings and inbox together."""

from exodrive.celery import app as celery_app

__all__ = ["celery_app"]

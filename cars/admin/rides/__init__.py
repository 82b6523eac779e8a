"""Rides in the Django admin: services with their prices, and what several services share."""

from cars.admin.rides import catalogue, services

__all__ = ["catalogue", "services"]

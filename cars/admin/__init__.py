"""The fleet in the Django admin: everybody who works here may look, managers may change."""

from cars.admin import cars, places, prices, rides

__all__ = ["cars", "places", "prices", "rides"]

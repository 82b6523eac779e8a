"""Where bookings begin and end."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from exodrive.timestamps import Timestamped


class BookingLocation(Timestamped):
    """Where a booking's car is picked up or returned."""

    class Kind(models.TextChoices):
        PICK_UP = "pick_up", _("Pick-up")
        DROP_OFF = "drop_off", _("Return")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey("bookings.Booking", on_delete=models.CASCADE, related_name="places")
    kind = models.CharField(max_length=8, choices=Kind)
    location = models.ForeignKey("cars.Location", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "booking_locations"
        verbose_name = _("place of a booking")
        verbose_name_plural = _("places of a booking")
        constraints = [models.UniqueConstraint(fields=["booking", "kind"], name="one_place_of_each_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.location}"


# With its location: one query for the places of any number of bookings.
PLACES = models.Prefetch("places", BookingLocation.objects.select_related("location"))
# The same for a long list that is only shown: Django builds a query for each booking whose `places` it fills.
PLACED = models.Prefetch("places", BookingLocation.objects.select_related("location"), to_attr="placed")

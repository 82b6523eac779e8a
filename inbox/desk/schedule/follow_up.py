"""What staff wanted to come back to on a day."""

from datetime import date

from django.db.models import QuerySet

from bookings.models import Booking


def follow_ups(day: date) -> QuerySet[Booking]:
    """The bookings with a follow-up on that day or before it that nobody has crossed off, the longest due first."""
    found = Booking.objects.filter(triage__follow_up_on__lte=day).select_related("car", "triage")
    return found.order_by("triage__follow_up_on", "pk")

"""The staff pages where people work on bookings that what is typed in the admin would contradict."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from cars.models import Car, ClosedDay, Location


def bookings_page(row: Any) -> str:
    """The page for this row, as it was typed; "" where there is none."""
    match row:
        case Car():
            query = "" if row.is_offered else f"?{urlencode({'status': row.status})}"
            return reverse("staff_car_bookings", args=[row.pk]) + query
        case ClosedDay():
            where = {"place": row.location_id} if row.location_id else {}
            return f"{reverse('staff_closing')}?{urlencode({'day': row.date.isoformat(), **where})}"
        case Location():
            return f"{reverse('staff_closing')}?{urlencode({'place': row.pk})}"
    return ""

"""What the tests of the public pages share."""

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from bookings.days import Days


def text_of(response) -> str:
    """What one reads on the page: without tags, with single spaces."""
    plain = re.sub(r"(?s)<(script|template)\b.*?</\1>|<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(plain).split())


def car_url(car, **query) -> str:
    return reverse("car", args=[car.slug], query={k: str(v) for k, v in query.items()})


def press_continue(client: Client, car, days: Days, **typed):
    """POST of the car page's Continue button."""
    return client.post(car_url(car), {"start": days.start, "end": days.end, **typed})


MARTA = {
    "full_name": "Marta Oliveira",
    "email": "marta.oliveira@example.com",
    "pickup_time": "10:00",
    "return_time": "18:00",
}
